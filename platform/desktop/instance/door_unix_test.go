//go:build unix

package instance

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

// A killed program leaves its socket.
func TestALeftSocketIsReplaced(t *testing.T) {
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(home, socketName), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	if err := left.Close(); err != nil {
		t.Fatal(err)
	}
	came := serving(t, home)
	if err := HandOver(t.Context(), home, Request{}); err != nil {
		t.Fatal(err)
	}
	<-came
}

// A home that others may enter is no place for the socket.
func TestTheSocketIsPrivate(t *testing.T) {
	home := t.TempDir()
	if err := os.Chmod(home, 0o755); err != nil {
		t.Fatal(err)
	}
	serving(t, home)
	dir := filepath.Dir(readHolder(home).Door)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%s: %v %v", dir, info.Mode(), err)
	}
}
