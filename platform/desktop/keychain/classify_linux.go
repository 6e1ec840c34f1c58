package keychain

import (
	"errors"
	"strings"

	"github.com/godbus/dbus/v5"
	service "github.com/zalando/go-keyring/secret_service"
)

// lockedError tells whether the Secret Service refused because of a lock. The library's words for a prompt that the user closed are
// the only ones it has.
func lockedError(err error) bool {
	var refused dbus.Error
	if errors.As(err, &refused) {
		return refused.Name == "org.freedesktop.Secret.Error.IsLocked"
	}
	return strings.Contains(err.Error(), "failed to unlock")
}

// systemLocked reads the Locked property of the login keyring, which needs no prompt.
func systemLocked() bool {
	secrets, err := service.NewSecretService()
	if err != nil {
		return false
	}
	property, err := secrets.GetLoginCollection().GetProperty("org.freedesktop.Secret.Collection.Locked")
	if err != nil {
		return false
	}
	locked, ok := property.Value().(bool)
	return ok && locked
}
