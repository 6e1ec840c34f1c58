package disk_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
)

// hold opens a file as a program does that shares nothing.
func hold(t *testing.T, path string) (release func()) {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	must(t, err)
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING, 0, 0)
	must(t, err)
	return func() { windows.CloseHandle(h) }
}

func TestFileHeldByAnotherProgram(t *testing.T) {
	dir := disktest.TempDir(t)
	writeFile(t, filepath.Join(dir, "f"), "held")
	fsys := open(t, dir)
	release := hold(t, filepath.Join(dir, "f"))
	_, openErr := fsys.Open("f")
	for what, err := range map[string]error{"open": openErr, "remove": fsys.Remove("f"), "rename": fsys.Rename("f", "g")} {
		if !errors.Is(err, disk.ErrBusy) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if info, err := fsys.Stat("f"); err != nil || info.Size != 4 {
		t.Errorf("looking is always possible: %+v, %v", info, err)
	}
	release()
	must(t, fsys.Rename("f", "g"))
}

func TestReadingKeepsNobodyOut(t *testing.T) {
	dir := disktest.TempDir(t)
	path := filepath.Join(dir, "f")
	writeFile(t, path, "first")
	r, err := open(t, dir).Open("f")
	must(t, err)
	defer r.Close()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString("FIRST")
	must(t, err)
	must(t, f.Close())
	must(t, os.Rename(path, filepath.Join(dir, "g")))
	must(t, os.Remove(filepath.Join(dir, "g")))
	if b, err := io.ReadAll(r); err != nil || string(b) != "FIRST" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestNamesThatWindowsWouldChange(t *testing.T) {
	dir := disktest.TempDir(t)
	writeFile(t, filepath.Join(dir, "f"), "x")
	fsys := open(t, dir)
	for _, name := range []string{"trail.", "trail ", "CON", "a?b"} {
		if w, err := fsys.Create(name); err == nil {
			_ = w.Close()
			t.Errorf("created %q", name)
		}
		if fsys.Mkdir(name) == nil {
			t.Errorf("made folder %q", name)
		}
		if fsys.Rename("f", name) == nil {
			t.Errorf("renamed to %q", name)
		}
	}
	for _, name := range []string{"f:stream", `..\f`, `d\f`} {
		if _, err := fsys.Create(name); !errors.Is(err, disk.ErrNotInside) {
			t.Errorf("create %q: %v", name, err)
		}
	}
}

func TestLongPaths(t *testing.T) {
	fsys := openTemp(t)
	path := strings.Repeat("d", 100)
	for range 5 {
		must(t, fsys.Mkdir(path))
		path += "/" + strings.Repeat("d", 100)
	}
	w, err := fsys.Create(path)
	must(t, err)
	must(t, w.Close())
	for ; path != ""; path = strings.TrimSuffix(path, strings.Repeat("d", 100)) {
		path = strings.TrimSuffix(path, "/")
		must(t, fsys.Remove(path))
	}
}
