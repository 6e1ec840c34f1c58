//go:build linux || darwin

package disk_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"elkjopcloud/platform/disk"
)

// linked gives a root with a folder link and a file link that lead outside, and the outside.
func linked(t *testing.T) (fsys disk.FS, root, outside string) {
	t.Helper()
	root, outside = t.TempDir(), t.TempDir()
	writeFile(t, filepath.Join(outside, "secret"), "secret")
	must(t, os.Symlink(outside, filepath.Join(root, "out")))
	must(t, os.Symlink(filepath.Join(outside, "secret"), filepath.Join(root, "f")))
	writeFile(t, filepath.Join(root, "own"), "own")
	return open(t, root), root, outside
}

func TestLinksAreNeverFollowed(t *testing.T) {
	fsys, _, outside := linked(t)
	_, statErr := fsys.Stat("out/secret")
	_, openErr := fsys.Open("out/secret")
	_, createErr := fsys.Create("out/new")
	_, listErr := fsys.ReadDir(context.Background(), "out")
	_, writeErr := fsys.OpenWrite("out/secret")
	for what, err := range map[string]error{
		"stat": statErr, "open": openErr, "create": createErr, "list": listErr, "openwrite": writeErr,
		"mkdir": fsys.Mkdir("out/dir"), "remove": fsys.Remove("out/secret"), "rename from": fsys.Rename("out/secret", "x"),
		"rename to": fsys.Rename("own", "out/own"), "exchange": fsys.Exchange("own", "out/secret"),
		"syncdir": fsys.SyncDir("out"), "setmeta": fsys.SetMeta("out/secret", 1, true),
	} {
		if !errors.Is(err, disk.ErrNotInside) {
			t.Errorf("%s through a link: %v", what, err)
		}
	}
	if _, err := fsys.Open("f"); !errors.Is(err, disk.ErrNotRegular) {
		t.Errorf("open a link: %v", err)
	}
	if err := fsys.SetMeta("f", 1, true); !errors.Is(err, disk.ErrNotRegular) {
		t.Errorf("setmeta of a link: %v", err)
	}
	if info, err := fsys.Stat("f"); err != nil || info.Type != disk.Symlink {
		t.Errorf("stat of a link: %+v, %v", info, err)
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
		t.Errorf("outside: %v, %v", entries, err)
	}
}

// A folder that is swapped for a link again and again, while files are made and removed in it: nothing may ever reach the outside.
func TestSwappedLinks(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	must(t, os.Mkdir(filepath.Join(root, "real"), 0o755))
	must(t, os.Symlink(outside, filepath.Join(root, "link")))
	writeFile(t, filepath.Join(outside, "victim"), "safe")
	fsys := open(t, root)
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
			_ = os.Rename(filepath.Join(root, "real"), filepath.Join(root, "dir"))
			_ = os.Rename(filepath.Join(root, "dir"), filepath.Join(root, "real"))
			_ = os.Rename(filepath.Join(root, "link"), filepath.Join(root, "dir"))
			_ = os.Rename(filepath.Join(root, "dir"), filepath.Join(root, "link"))
		}
	}()
	for range 5000 {
		if w, err := fsys.Create("dir/new"); err == nil {
			_ = w.Close()
		}
		_ = fsys.Remove("dir/victim")
		_ = fsys.Rename("dir/victim", "stolen")
		if r, err := fsys.Open("dir/victim"); err == nil {
			t.Error("opened a file outside")
			_ = r.Close()
		}
		_ = fsys.Remove("dir/new")
	}
	stop.Store(true)
	<-done
	entries, err := os.ReadDir(outside)
	if err != nil || len(entries) != 1 || entries[0].Name() != "victim" {
		t.Errorf("outside: %v, %v", entries, err)
	}
}

// A folder deep inside becomes a link to where it has gone: the same file, but no longer below the root.
func TestFolderBecomesALink(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "a/b/c"), 0o755))
	writeFile(t, filepath.Join(root, "a/b/c/f"), "mine")
	fsys := open(t, root)
	for _, link := range []string{"a/b", "a/b/c"} {
		r, err := fsys.Open("a/b/c/f")
		must(t, err)
		must(t, r.Close())
		gone := filepath.Join(outside, "gone")
		must(t, os.Rename(filepath.Join(root, link), gone))
		must(t, os.Symlink(gone, filepath.Join(root, link)))
		_, openErr := fsys.Open("a/b/c/f")
		_, statErr := fsys.Stat("a/b/c/f")
		if !errors.Is(openErr, disk.ErrNotInside) || !errors.Is(statErr, disk.ErrNotInside) {
			t.Errorf("%s is a link: open %v, stat %v", link, openErr, statErr)
		}
		must(t, os.Remove(filepath.Join(root, link)))
		must(t, os.Rename(gone, filepath.Join(root, link)))
	}
}

// Descriptors are numbers that the next file gets: a closed reader must not touch that one.
func TestClosedReader(t *testing.T) {
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "f"), "first")
	writeFile(t, filepath.Join(root, "g"), "other")
	fsys := open(t, root)
	r, err := fsys.Open("f")
	must(t, err)
	reads := make(chan error)
	go func() {
		for {
			p := make([]byte, 5)
			if _, err := r.ReadAt(p, 0); err != nil || string(p) != "first" {
				reads <- err
				return
			}
		}
	}()
	must(t, r.Close())
	g, err := fsys.Open("g")
	must(t, err)
	defer g.Close()
	if err := <-reads; !errors.Is(err, fs.ErrClosed) {
		t.Errorf("read beside close: %v", err)
	}
	_, readErr := r.Read(make([]byte, 1))
	_, seekErr := r.Seek(0, io.SeekStart)
	_, infoErr := r.Info()
	for what, err := range map[string]error{"read": readErr, "seek": seekErr, "look": infoErr, "close": r.Close()} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if b, err := io.ReadAll(g); err != nil || string(b) != "other" {
		t.Errorf("the next file: %q, %v", b, err)
	}
}

func TestPipesDoNotBlock(t *testing.T) {
	root := t.TempDir()
	must(t, syscall.Mkfifo(filepath.Join(root, "pipe"), 0o644))
	fsys := open(t, root)
	if _, err := fsys.Open("pipe"); !errors.Is(err, disk.ErrNotRegular) {
		t.Errorf("open: %v", err)
	}
	if info, err := fsys.Stat("pipe"); err != nil || info.Type != disk.Special {
		t.Errorf("stat: %+v, %v", info, err)
	}
}

// A name that the disk refuses only when it is asked has a kind of its own, whoever asks.
func TestRefusedNames(t *testing.T) {
	fsys, long := open(t, t.TempDir()), strings.Repeat("n", 300)
	w, err := fsys.Create("f")
	must(t, err)
	must(t, w.Close())
	_, create := fsys.Create(long)
	for op, err := range map[string]error{"create": create, "make folder": fsys.Mkdir(long), "rename": fsys.Rename("f", long)} {
		if !errors.Is(err, disk.ErrName) {
			t.Errorf("%s: %v", op, err)
		}
	}
}

func TestHardLinksAreTwoEntries(t *testing.T) {
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "name"), "x")
	must(t, os.Link(filepath.Join(root, "name"), filepath.Join(root, "NAME")))
	if err := open(t, root).Rename("name", "NAME"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(root); len(entries) != 2 {
		t.Errorf("left: %v", entries)
	}
}

func TestExecBits(t *testing.T) {
	for _, c := range []struct{ before, after fs.FileMode }{{0o644, 0o755}, {0o600, 0o700}, {0o640, 0o750}, {0o755, 0o755}, {0o710, 0o710}} {
		root := t.TempDir()
		path := filepath.Join(root, "f")
		writeFile(t, path, "")
		must(t, os.Chmod(path, c.before))
		fsys := open(t, root)
		must(t, fsys.SetMeta("f", 5e9, true))
		if st, err := os.Stat(path); err != nil || st.Mode() != c.after {
			t.Errorf("%v became %v, want %v (%v)", c.before, st.Mode(), c.after, err)
		}
		must(t, fsys.SetMeta("f", 5e9, false))
		if info, err := fsys.Stat("f"); err != nil || info.Exec || info.Mtime != 5e9 {
			t.Errorf("%+v, %v", info, err)
		}
	}
}
