package sidebar

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// user is a home directory of nobody, with a desktop.
func user(t *testing.T, desktop string) (bookmarks, places string) {
	t.Helper()
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_DATA_HOME": filepath.Join(home, "data"),
		"XDG_CURRENT_DESKTOP": desktop, "DISPLAY": "", "WAYLAND_DISPLAY": "",
	} {
		t.Setenv(name, value)
	}
	return filepath.Join(home, "config/gtk-3.0/bookmarks"), filepath.Join(home, "data/user-places.xbel")
}

func content(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestOnADesktop(t *testing.T) {
	tests := []struct {
		desktop    string
		gtk, inKDE bool
	}{{"ubuntu:GNOME", true, false}, {"KDE", true, true}, {"", false, false}}
	for _, tt := range tests {
		t.Run(tt.desktop, func(t *testing.T) {
			bookmarks, places := user(t, tt.desktop)
			r, err := System().Pin(t.Context(), cloud, Record{})
			if errors.Is(err, errors.ErrUnsupported) == tt.gtk || !tt.gtk && r.Shown() {
				t.Fatalf("Pin = %+v %v", r, err)
			}
			if got := content(t, bookmarks) == cloudLine; got != tt.gtk {
				t.Errorf("bookmarks: %q", content(t, bookmarks))
			}
			p, err := parsePlaces([]byte(content(t, places)))
			if _, ok := p.find(cloud.Path); ok != tt.inKDE {
				t.Errorf("places: %q %v", content(t, places), err)
			}
			if _, err := os.Stat(filepath.Dir(bookmarks)); (err == nil) != tt.gtk {
				t.Errorf("the folder of the bookmarks: %v", err)
			}
		})
	}
}

func TestALifeInTheSidebar(t *testing.T) {
	bookmarks, places := user(t, "")
	write(t, bookmarks, "file:///x X\n")
	write(t, places, foreignPlaces)
	s, moved := System(), Entry{Name: cloud.Name, Path: "/mnt/disk/Elkjøp"}
	pin := func(e Entry, was Record) Record {
		t.Helper()
		r, err := s.Pin(t.Context(), e, was)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := pin(cloud, Record{})
	r = pin(moved, r)
	want := Record{Path: moved.Path, Marks: map[string]Mark{"gtk": Pinned, "kde": Pinned}}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
	if got := content(t, bookmarks); got != "file:///x X\nfile:///mnt/disk/Elkj%C3%B8p Elkjøp Cloud\n" {
		t.Errorf("%q", got)
	}
	write(t, bookmarks, "file:///x X\n") // the user takes it out of one
	r = pin(moved, r)
	if r.Marks["gtk"] != Removed || r.Marks["kde"] != Pinned || content(t, bookmarks) != "file:///x X\n" {
		t.Errorf("%+v %q", r, content(t, bookmarks))
	}
	r, err := s.Unpin(t.Context(), moved, r)
	if err != nil || r.Shown() || content(t, places) != foreignPlaces || content(t, bookmarks) != "file:///x X\n" {
		t.Errorf("Unpin = %+v %v\n%q\n%s", r, err, content(t, bookmarks), content(t, places))
	}
}

func TestALinkedListStaysALink(t *testing.T) {
	bookmarks, _ := user(t, "GNOME")
	real := filepath.Join(t.TempDir(), "dotfiles")
	write(t, real, "file:///x\n")
	if err := errors.Join(os.MkdirAll(filepath.Dir(bookmarks), 0o700), os.Symlink(real, bookmarks)); err != nil {
		t.Fatal(err)
	}
	if _, err := System().Pin(t.Context(), cloud, Record{}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(bookmarks)
	if err != nil || info.Mode()&os.ModeSymlink == 0 || content(t, real) != "file:///x\n"+cloudLine {
		t.Errorf("%v %v %q", info, err, content(t, real))
	}
	if info, err := os.Stat(real); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v %v", info, err)
	}
}

func TestADamagedListIsLeftAlone(t *testing.T) {
	bookmarks, places := user(t, "KDE")
	write(t, places, "<xbel> half a f")
	r, err := System().Pin(t.Context(), cloud, Record{})
	if !errors.Is(err, errStrange) || ByHand(err) == "" || r.Marks["gtk"] != Pinned || r.Marks["kde"] != "" {
		t.Errorf("Pin = %+v %v", r, err)
	}
	if content(t, places) != "<xbel> half a f" || content(t, bookmarks) != cloudLine {
		t.Errorf("%q %q", content(t, places), content(t, bookmarks))
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(bookmarks), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
