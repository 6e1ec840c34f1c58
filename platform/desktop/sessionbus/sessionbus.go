// Package sessionbus connects to the message bus of the user's session, where there is one. It never starts a bus: one that only we are on
// would answer nothing, and stay behind.
package sessionbus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/godbus/dbus/v5"
)

// Connect returns a connection of its own, which the caller closes. What is under way ends with ctx. Without a session's bus the error
// matches errors.ErrUnsupported.
func Connect(ctx context.Context) (*dbus.Conn, error) {
	address := address()
	if address == "" {
		return nil, fmt.Errorf("this session has no message bus: %w", errors.ErrUnsupported)
	}
	conn, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("reach the session's message bus: %w: %w", errors.ErrUnsupported, err)
	}
	return conn, nil
}

// address is where the session says its bus is, or where systemd puts it.
func address() string {
	if said := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); said != "" {
		return said
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return ""
	}
	socket := filepath.Join(dir, "bus")
	if info, err := os.Stat(socket); err != nil || info.Mode()&os.ModeSocket == 0 {
		return ""
	}
	return "unix:path=" + dbus.EscapeBusAddressValue(socket)
}

// Missing tells whether a call failed because nobody on the bus offers what was asked for.
func Missing(err error) bool {
	var e dbus.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.UnknownMethod",
		"org.freedesktop.DBus.Error.UnknownInterface", "org.freedesktop.DBus.Error.UnknownObject", "org.freedesktop.DBus.Error.Spawn.ServiceNotFound":
		return true
	}
	return false
}
