package keychain

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"elkjopcloud/platform/desktop/bustest"
)

// inSession, when set, says that this process runs in a session of its own, and what to do there.
const inSession = "ELKJOP_TEST_KEYRING_SESSION"

// TestRealKeyring runs the round trip against GNOME's keyring in a private session; TestNoKeyring the same without one.
func TestRealKeyring(t *testing.T) {
	if os.Getenv(inSession) == "unlocked" {
		roundTrip(t, System())
		locked(t)
		return
	}
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs %s: %v", tool, err)
		}
	}
	const script = `printf x | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && exec "$0" -test.run='^TestRealKeyring$' -test.v`
	inPrivateSession(t, "unlocked", "dbus-run-session", "--", "sh", "-c", script)
}

// locked locks the keyring with a secret in it, and looks that it counts as locked and not as empty.
func locked(t *testing.T) {
	t.Helper()
	k := System()
	if err := k.Store(t.Context(), "elkjopcloud-test", "kept", "x"); err != nil {
		t.Fatal(err)
	}
	bus, err := dbus.SessionBus()
	if err != nil {
		t.Fatal(err)
	}
	secrets := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	all := []dbus.ObjectPath{"/org/freedesktop/secrets/collection/login"}
	if err := secrets.Call("org.freedesktop.Secret.Service.Lock", 0, all).Err; err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if got, err := k.Load(ctx, "elkjopcloud-test", "kept"); !errors.Is(err, ErrLocked) || errors.Is(err, ErrNotFound) {
		t.Errorf("Load from a locked keyring = %q %v, want ErrLocked", got, err)
	}
}

func TestNoService(t *testing.T) {
	bustest.Start(t)
	if _, err := System().Load(t.Context(), "elkjopcloud-test", "x"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("Load = %v, want ErrUnavailable", err)
	}
}

func TestNoKeyring(t *testing.T) {
	if os.Getenv(inSession) == "none" {
		if _, err := System().Load(t.Context(), "elkjopcloud-test", "x"); !errors.Is(err, ErrUnavailable) {
			t.Errorf("Load = %v, want ErrUnavailable", err)
		}
		return
	}
	inPrivateSession(t, "none", "env", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "sh", "-c", `exec "$0" -test.run='^TestNoKeyring$'`)
}

// inPrivateSession runs this test program by a command that takes its path as the last argument, with an empty home.
func inPrivateSession(t *testing.T, kind string, command ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), command[0], append(command[1:], self)...)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), inSession+"="+kind, "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_DATA_HOME="+home)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestLockedErrors(t *testing.T) {
	tests := []struct {
		err  error
		want error
	}{
		{dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}, ErrLocked},
		{dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}, ErrUnavailable},
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/x'"), ErrLocked},
		{errors.New("dial unix: no such file"), ErrUnavailable},
	}
	for _, tt := range tests {
		if got := classify(tt.err); !errors.Is(got, tt.want) {
			t.Errorf("%v, want %v", got, tt.want)
		}
	}
}
