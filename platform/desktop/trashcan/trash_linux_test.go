package trashcan

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// home gives the test a home folder of its own and returns its bin.
func home(t *testing.T) (dir, bin string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_DATA_HOME", "")
	return dir, filepath.Join(dir, ".local/share/Trash")
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func move1(t *testing.T, path string) {
	t.Helper()
	if err := Move(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", path, err)
	}
}

// inBin finds what was at a path: the content that belongs to the info file which names it.
func inBin(t *testing.T, bin, shown string) []string {
	t.Helper()
	infos, err := filepath.Glob(filepath.Join(bin, "info", "*.trashinfo"))
	if err != nil {
		t.Fatal(err)
	}
	var contents []string
	for _, info := range infos {
		text, err := os.ReadFile(info)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "\nPath="+(&url.URL{Path: shown}).EscapedPath()+"\nDeletionDate=20") {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(info), ".trashinfo")
		content, err := os.ReadFile(filepath.Join(bin, "files", name))
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(content))
	}
	return contents
}

func TestMovedFilesAreInTheBin(t *testing.T) {
	dir, bin := home(t)
	for _, name := range []string{"a.txt", "Årsrapport 100 %.pdf", ".hidden", "new\nline", "bad\xffname", "a#b?c;d", strings.Repeat("x", 255)} {
		path := filepath.Join(dir, "docs", name)
		write(t, path, "content of "+name)
		move1(t, path)
		if got := inBin(t, bin, path); len(got) != 1 || got[0] != "content of "+name {
			t.Errorf("%q: the bin has %q", name, got)
		}
	}
}

func TestEqualNamesDoNotMeet(t *testing.T) {
	dir, bin := home(t)
	for _, folder := range []string{"a", "b", "c"} {
		path := filepath.Join(dir, folder, "same.txt")
		write(t, path, folder)
		move1(t, path)
	}
	for _, folder := range []string{"a", "b", "c"} {
		if got := inBin(t, bin, filepath.Join(dir, folder, "same.txt")); len(got) != 1 || got[0] != folder {
			t.Errorf("%s: the bin has %q", folder, got)
		}
	}
}

// A file in the bin without its info (another program's left-over) is never overwritten.
func TestNothingInTheBinIsOverwritten(t *testing.T) {
	dir, bin := home(t)
	write(t, filepath.Join(bin, "files", "a.txt"), "older")
	write(t, filepath.Join(dir, "a.txt"), "newer")
	move1(t, filepath.Join(dir, "a.txt"))
	if content, err := os.ReadFile(filepath.Join(bin, "files", "a.txt")); err != nil || string(content) != "older" {
		t.Errorf("%q %v", content, err)
	}
	if got := inBin(t, bin, filepath.Join(dir, "a.txt")); len(got) != 1 || got[0] != "newer" {
		t.Errorf("the bin has %q", got)
	}
}

func TestFoldersAndLinks(t *testing.T) {
	dir, bin := home(t)
	write(t, filepath.Join(dir, "tree/deep/file"), "x")
	write(t, filepath.Join(dir, "target"), "stays")
	if err := os.Symlink(filepath.Join(dir, "target"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	move1(t, filepath.Join(dir, "tree"))
	move1(t, filepath.Join(dir, "link"))
	if content, err := os.ReadFile(filepath.Join(bin, "files/tree/deep/file")); err != nil || string(content) != "x" {
		t.Errorf("%q %v", content, err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "target")); err != nil || string(content) != "stays" {
		t.Errorf("what the link led to: %q %v", content, err)
	}
}

func TestRefusals(t *testing.T) {
	dir, bin := home(t)
	if err := Move(t.Context(), filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	write(t, filepath.Join(dir, "a"), "stays")
	if err := Move(ended, filepath.Join(dir, "a")); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "a")); err != nil || !bytes.Equal(content, []byte("stays")) {
		t.Errorf("%q %v", content, err)
	}
	if left, _ := os.ReadDir(filepath.Join(bin, "info")); len(left) != 0 {
		t.Errorf("info files left over: %v", left)
	}
}

// drive mounts another drive; its files must not be copied to the home's bin.
func drive(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("mounting a drive needs root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

func TestOtherDrivesHaveTheirOwnBin(t *testing.T) {
	_, homeBin := home(t)
	top := drive(t, "size=1m")
	write(t, filepath.Join(top, "pictures/a.jpg"), "picture")
	move1(t, filepath.Join(top, "pictures/a.jpg"))
	own := filepath.Join(top, ".Trash-"+uid())
	if got := inBin(t, own, "pictures/a.jpg"); len(got) != 1 || got[0] != "picture" {
		t.Errorf("the drive's bin has %q", got)
	}
	if _, err := os.Stat(homeBin); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the home's bin was used: %v", err)
	}
}

func TestSharedBinNeedsTheStickyBit(t *testing.T) {
	for name, mode := range map[string]fs.FileMode{"sticky": 0o777 | fs.ModeSticky, "open to all": 0o777} {
		t.Run(name, func(t *testing.T) {
			home(t)
			top := drive(t, "size=1m")
			shared := filepath.Join(top, ".Trash")
			if err := errors.Join(os.Mkdir(shared, 0o700), os.Chmod(shared, mode)); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(top, "a"), "x")
			move1(t, filepath.Join(top, "a"))
			want := filepath.Join(top, ".Trash-"+uid())
			if mode&fs.ModeSticky != 0 {
				want = filepath.Join(shared, uid())
			}
			if got := inBin(t, want, "a"); len(got) != 1 {
				t.Errorf("%s has %q", want, got)
			}
		})
	}
}

func TestBinThatIsALinkIsNotUsed(t *testing.T) {
	home(t)
	top, outside := drive(t, "size=1m"), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(top, ".Trash-"+uid())); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(top, "a"), "stays")
	if err := Move(t.Context(), filepath.Join(top, "a")); !errors.Is(err, ErrNoBin) {
		t.Errorf("Move = %v, want ErrNoBin", err)
	}
	if _, err := os.Stat(filepath.Join(top, "a")); err != nil {
		t.Error(err)
	}
}

func TestFullDriveLeavesTheFileAlone(t *testing.T) {
	home(t)
	top := drive(t, "size=64k,nr_inodes=3")
	write(t, filepath.Join(top, "a"), "stays")
	if err := Move(t.Context(), filepath.Join(top, "a")); err == nil {
		t.Error("no room for the bin, and no error")
	}
	if content, err := os.ReadFile(filepath.Join(top, "a")); err != nil || string(content) != "stays" {
		t.Errorf("%q %v", content, err)
	}
}

func uid() string { return strconv.Itoa(os.Getuid()) }

func TestCandidate(t *testing.T) {
	tests := []struct {
		name string
		n    int
		want string
	}{
		{"a.txt", 0, "a.txt"}, {"a.txt", 1, "a 2.txt"}, {"a.txt", 9, "a 10.txt"}, {".bashrc", 1, ".bashrc 2"}, {"folder", 2, "folder 3"},
		{strings.Repeat("å", 120) + ".txt", 1, strings.Repeat("å", 112) + " 2.txt"},
	}
	for _, tt := range tests {
		if got := candidate(tt.name, tt.n); got != tt.want {
			t.Errorf("candidate(%q, %d) = %q, want %q", tt.name, tt.n, got, tt.want)
		}
	}
}

func TestTrashInfo(t *testing.T) {
	got := trashInfo("/home/kari/a b%c\n.txt", time.Date(2026, 11, 22, 14, 3, 5, 0, time.Local))
	if want := "[Trash Info]\nPath=/home/kari/a%20b%25c%0A.txt\nDeletionDate=2026-11-22T14:03:05\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
