package transfer

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore/memstore"
)

// TestRealDisk goes up and down once between the store and the disk of this computer: what fstat says of an opened file must be what
// a look at its path says, or nothing could ever be uploaded.
func TestRealDisk(t *testing.T) {
	dir := t.TempDir()
	fsys, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	x := New(memstore.New(nil), Options{MultipartFrom: 5 * mib, PartSize: 5 * mib})
	for _, size := range []int{0, 1000, 11 * mib} {
		content := noise(size, 70)
		if err := os.WriteFile(filepath.Join(dir, "f"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		info, err := fsys.Stat("f")
		if err != nil {
			t.Fatal(err)
		}
		up, err := x.Upload(t.Context(), fsys, "f", info.Signature, func() string { return "v/f/" + string(rune('a'+size%7)) }, nil)
		if err != nil {
			t.Fatal(err)
		}
		if sum, err := x.Hash(t.Context(), fsys, "f", info.Signature); err != nil || sum != up.SHA256 {
			t.Errorf("hash %x, %v", sum, err)
		}
		half := content[:size/2]
		if err := os.WriteFile(filepath.Join(dir, ".staging"), []byte(half), 0o600); err != nil {
			t.Fatal(err)
		}
		err = x.Download(t.Context(), []Range{{up.Key, 0, up.Size}}, up.Size, up.SHA256, fsys, ".staging")
		got, readErr := os.ReadFile(filepath.Join(dir, ".staging"))
		if err := errors.Join(err, readErr, os.Remove(filepath.Join(dir, ".staging"))); err != nil || string(got) != content {
			t.Errorf("%d bytes: %v, right: %v", size, err, string(got) == content)
		}
	}
}

// What was read is no longer what stands at its path when a folder on the way is another one, or leads to the same one.
func TestFolderReplacedWhileRead(t *testing.T) {
	for name, x := range map[string]struct {
		replace func(dir string) error
		want    error
	}{
		"as it was": {func(string) error { return nil }, nil},
		"renamed":   {func(dir string) error { return os.Rename(dir+"/a", dir+"/z") }, ErrChanged},
		"a copy": {func(dir string) error {
			return errors.Join(os.Rename(dir+"/a", dir+"/z"), os.CopyFS(dir+"/a", os.DirFS(dir+"/z")))
		}, ErrChanged},
		"a link": {func(dir string) error {
			return errors.Join(os.Rename(dir+"/a", dir+"/z"), os.Symlink(dir+"/z", dir+"/a"))
		}, ErrChanged},
		"another root": {func(dir string) error {
			return errors.Join(os.Rename(dir, dir+"-old"), os.CopyFS(dir, os.DirFS(dir+"-old")))
		}, ErrChanged},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "root")
			if err := errors.Join(os.MkdirAll(dir+"/a/b", 0o700), os.WriteFile(dir+"/a/b/f", []byte("content"), 0o600)); err != nil {
				t.Fatal(err)
			}
			fsys, err := disk.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			r, err := fsys.Open("a/b/f")
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if err := x.replace(dir); err != nil {
				t.Skipf("this disk cannot: %v", err)
			}
			s := &source{fsys: fsys, path: "a/b/f", r: r, info: r.Opened()}
			if err := s.unchanged(); !errors.Is(err, x.want) {
				t.Errorf("got %v, want %v", err, x.want)
			}
		})
	}
}
