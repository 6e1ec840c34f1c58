package control

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
)

const (
	socketName = "control.sock"
	recordName = "control.path" // holds the socket's path where the home's own is too long for a socket
	// longest is how many bytes a socket's path may have: 104 with its end on macOS, 108 on Linux and Windows.
	longest = 103
)

// Listen makes the socket of a home directory, from which a socket that a killed program left is removed. Only who holds the home may call it.
// The home becomes its owner's alone.
func Listen(home string) (net.Listener, error) {
	home = oneName(home)
	if err := private(home); err != nil {
		return nil, err
	}
	if err := clean(home); err != nil {
		return nil, err
	}
	path, err := place(home)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect %s: %w", path, err), l.Close())
	}
	return &listener{Listener: l, home: home}, nil
}

// Dial returns the client that runs on a home directory. It fails when nobody listens there.
func Dial(ctx context.Context, home string) (*Remote, error) {
	r := &Remote{dial: func(ctx context.Context) (net.Conn, error) { return dial(ctx, home) }}
	conn, err := r.dial(ctx)
	if err != nil {
		return nil, err
	}
	return r, conn.Close()
}

func dial(ctx context.Context, home string) (net.Conn, error) {
	path, err := find(oneName(home))
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	return d.DialContext(ctx, "unix", path)
}

// oneName follows the links on the way, so that all who mean the same home look at the same place.
func oneName(home string) string {
	if real, err := filepath.EvalSymlinks(home); err == nil {
		home = real
	}
	if abs, err := filepath.Abs(home); err == nil {
		home = abs
	}
	return home
}

// listener removes what was made for it when it is closed.
type listener struct {
	net.Listener
	home string
}

func (l *listener) Close() error {
	err := l.Listener.Close()
	return errors.Join(err, clean(l.home))
}

// private takes away from others what rights they have on the home.
func private(home string) error {
	info, err := os.Stat(home)
	if err != nil {
		return fmt.Errorf("look at the home: %w", err)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	if err := os.Chmod(home, 0o700); err != nil {
		return fmt.Errorf("protect the home: %w", err)
	}
	return nil
}

// place returns where the socket is to be: in the home, or, when that path is too long, in a new folder of its own, recorded in the home.
func place(home string) (string, error) {
	path := filepath.Join(home, socketName)
	if len(path) <= longest {
		return path, nil
	}
	dir, err := os.MkdirTemp(shortPlace(), shortName(home)+"-*") // 0700, and nobody can have made it before
	if err != nil {
		return "", fmt.Errorf("make a folder for the control socket: %w", err)
	}
	path = filepath.Join(dir, socketName)
	if len(path) > longest {
		return "", errors.Join(fmt.Errorf("%s is too long for a socket", path), os.Remove(dir))
	}
	if err := os.WriteFile(filepath.Join(home, recordName), []byte(path), 0o600); err != nil {
		return "", errors.Join(fmt.Errorf("record the control socket: %w", err), os.Remove(dir))
	}
	return path, nil
}

func shortPlace() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	return os.TempDir()
}

// shortName is the same for the same home.
func shortName(home string) string {
	sum := sha256.Sum256([]byte(home))
	return "elkjop-" + hex.EncodeToString(sum[:6])
}

// find returns where the socket of a home is said to be.
func find(home string) (string, error) {
	path := filepath.Join(home, socketName)
	if len(path) <= longest {
		return path, nil
	}
	record, err := os.ReadFile(filepath.Join(home, recordName))
	if err != nil {
		return "", fmt.Errorf("find the control socket: %w", err)
	}
	return string(record), nil
}

// clean removes a socket, and the folder that was made for it, that nobody listens on. A file that is no socket is left alone, and so is a
// folder whose name is not of our making.
func clean(home string) error {
	path, err := find(home)
	if err != nil {
		return ignoreMissing(err)
	}
	if err := removeSocket(path); err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if dir == filepath.Clean(home) {
		return nil
	}
	if strings.HasPrefix(filepath.Base(dir), shortName(home)) {
		if err := ignoreMissing(os.Remove(dir)); err != nil {
			return err
		}
	}
	return ignoreMissing(os.Remove(filepath.Join(home, recordName)))
}

func removeSocket(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return ignoreMissing(err)
	}
	if info.Mode().IsRegular() || info.IsDir() || filepath.Base(path) != socketName {
		return fmt.Errorf("%s is not our socket: %w", path, fs.ErrExist)
	}
	return ignoreMissing(os.Remove(path))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
