//go:build unix

package instance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

const (
	socketName = ".elkjop-start.sock"
	// longest is how many bytes a socket's path may have: 104 with its end on macOS, 108 on Linux.
	longest = 103
)

// socket is a Unix socket in a folder that only its owner may enter.
type socket struct {
	net.Listener
	path string
	own  string // a folder that was made for it, "" when it lies in the home
}

// openDoor makes the socket. Who has the lock may remove what a killed program left.
func openDoor(home string) (door, error) {
	s := &socket{path: filepath.Join(home, socketName)}
	if info, err := os.Stat(home); err != nil || info.Mode().Perm()&0o077 != 0 || len(s.path) > longest {
		if s.own, err = os.MkdirTemp("", "elkjop-start-"); err != nil { // 0700
			return nil, err
		}
		s.path = filepath.Join(s.own, "sock")
	}
	if info, err := os.Lstat(s.path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		if err := os.Remove(s.path); err != nil {
			return nil, err
		}
	}
	var err error
	if s.Listener, err = net.Listen("unix", s.path); err != nil {
		return nil, errors.Join(err, s.clean())
	}
	return s, nil
}

func (s *socket) accept() (visitor, error) { return s.Accept() }

func (s *socket) address() string { return s.path }

// close removes the socket, which the listener does by itself.
func (s *socket) close() error { return errors.Join(s.Close(), s.clean()) }

func (s *socket) clean() error {
	if s.own == "" {
		return nil
	}
	return os.Remove(s.own)
}

func knock(ctx context.Context, address string) (visitor, error) {
	info, err := os.Lstat(address)
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeSocket == 0 {
		return nil, fmt.Errorf("%s is no socket", address)
	}
	var d net.Dialer
	return d.DialContext(ctx, "unix", address)
}
