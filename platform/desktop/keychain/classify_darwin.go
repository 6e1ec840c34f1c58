package keychain

import (
	"errors"
	"os/exec"
)

// Exit codes of /usr/bin/security, which the library calls: the low byte of the OSStatus.
const (
	notAllowed = 36  // errSecInteractionNotAllowed: locked, and nobody may be asked
	authFailed = 51  // errSecAuthFailed: the user typed a wrong password
	cancelled  = 128 // errSecUserCanceled
)

func lockedError(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	code := exit.ExitCode()
	return code == notAllowed || code == authFailed || code == cancelled
}

// systemLocked: the system asks the user by itself and tells us nothing meanwhile.
func systemLocked() bool { return false }
