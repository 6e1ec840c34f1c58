// Package bustest gives a test a message bus of its own, on which it plays the services of a desktop.
package bustest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// config is a session's bus that starts no services: what a test did not put there is not there.
const config = `<busconfig><type>session</type><listen>unix:dir=DIR</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`

// Start starts a bus that the test's environment names as the session's, and returns a connection to it. Both end with the test, which is
// skipped where there is no dbus-daemon.
func Start(t *testing.T) *dbus.Conn {
	t.Helper()
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skipf("needs dbus-daemon: %v", err)
	}
	dir, err := os.MkdirTemp("", "bus-") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	file := filepath.Join(dir, "config")
	if err := os.WriteFile(file, []byte(strings.Replace(config, "DIR", dir, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", run(t, daemon, file))
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// None lets the test's environment name a bus that does not exist.
func None(t *testing.T) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
}

// run returns the address of the bus that a new daemon offers.
func run(t *testing.T, daemon, file string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), daemon, "--config-file="+file, "--nofork", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the bus did not say where it is: %v", err)
	}
	return strings.TrimSpace(address)
}

// Serve puts an object on the bus under a name of its own, as a service of a desktop does.
func Serve(t *testing.T, conn *dbus.Conn, name string, path dbus.ObjectPath, iface string, object any) {
	t.Helper()
	if err := conn.Export(object, path, iface); err != nil {
		t.Fatal(err)
	}
	if reply, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%s: reply %d, %v", name, reply, err)
	}
}
