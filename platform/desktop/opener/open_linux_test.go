package opener

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/desktop/bustest"
	"elkjopcloud/platform/desktop/fileuri"
)

// asked remembers what the services of a desktop were asked.
type asked struct {
	mu   sync.Mutex
	what []string
	err  *dbus.Error
}

func (a *asked) note(what string) *dbus.Error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		a.what = append(a.what, what)
	}
	return a.err
}

// fileManager is org.freedesktop.FileManager1.
type fileManager struct{ *asked }

func (f fileManager) ShowItems(addresses []string, _ string) *dbus.Error {
	return f.note("show " + addresses[0])
}

// openPortal is org.freedesktop.portal.OpenURI. Of files it says which one it was handed.
type openPortal struct{ *asked }

func (p openPortal) OpenURI(_, link string, _ map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return "/request", p.note("link " + link)
}

func (p openPortal) OpenFile(_ string, file dbus.UnixFD, _ map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return "/request", p.note("file " + handed(file))
}

func (p openPortal) OpenDirectory(_ string, file dbus.UnixFD, _ map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	return "/request", p.note("directory of " + handed(file))
}

// told returns what was asked.
func (a *asked) told() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.what
}

func handed(fd dbus.UnixFD) string {
	f := os.NewFile(uintptr(fd), "")
	defer f.Close()
	name, err := os.Readlink(filepath.Join("/proc/self/fd", strconv.Itoa(int(fd))))
	if err != nil {
		return err.Error()
	}
	return name
}

// opened replaces xdg-open by a program that writes its argument to the file that is returned.
func opened(t *testing.T) string {
	t.Helper()
	bin, out := t.TempDir(), filepath.Join(t.TempDir(), "argument")
	script := "#!/bin/sh\n[ $# = 1 ] && printf %s \"$1\" >'" + out + "'\n"
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	return out
}

func hostile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "$(touch x) `y` ;&'\"\n ø.txt")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheFileManagerIsAskedFirst(t *testing.T) {
	conn, seen, path := bustest.Start(t), &asked{}, hostile(t)
	bustest.Serve(t, conn, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1", fileManager{seen})
	if err := Reveal(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"show " + fileuri.Of(path)}, seen.told()); d != "" {
		t.Error(d)
	}
}

func TestThenThePortal(t *testing.T) {
	conn, seen, path := bustest.Start(t), &asked{}, hostile(t)
	bustest.Serve(t, conn, portal, portalPath, "org.freedesktop.portal.OpenURI", openPortal{seen})
	if err := errors.Join(Reveal(t.Context(), path), Open(t.Context(), path), Link(t.Context(), "https://www.elkjop.no/", "")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"directory of " + path, "file " + path, "link https://www.elkjop.no/"}, seen.told()); d != "" {
		t.Error(d)
	}
}

func TestThenXdgOpen(t *testing.T) {
	refuses := &asked{err: dbus.NewError("org.freedesktop.DBus.Error.Failed", nil)}
	tests := []struct {
		name string
		bus  func(*testing.T)
	}{
		{"no bus", bustest.None},
		{"nobody on the bus", func(t *testing.T) { bustest.Start(t) }},
		{"they refuse", func(t *testing.T) {
			conn := bustest.Start(t)
			bustest.Serve(t, conn, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1", fileManager{refuses})
			bustest.Serve(t, conn, portal, portalPath, "org.freedesktop.portal.OpenURI", openPortal{refuses})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.bus(t)
			path, argument := hostile(t), opened(t)
			for _, step := range []struct {
				do   func() error
				want string
			}{
				{func() error { return Open(t.Context(), path) }, path},
				{func() error { return Open(t.Context(), filepath.Dir(path)) }, filepath.Dir(path)},
				{func() error { return Reveal(t.Context(), path) }, filepath.Dir(path)},
				{func() error { return Link(t.Context(), "https://www.elkjop.no/?a&b", "") }, "https://www.elkjop.no/?a&b"},
			} {
				if err := step.do(); err != nil {
					t.Fatal(err)
				}
				if got, err := os.ReadFile(argument); string(got) != step.want || err != nil {
					t.Errorf("opened %q (%v), want %q", got, err, step.want)
				}
			}
		})
	}
}

func TestNoWayAtAll(t *testing.T) {
	bustest.None(t)
	t.Setenv("PATH", t.TempDir())
	if err := Open(t.Context(), t.TempDir()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Open = %v", err)
	}
}
