package dirstore_test

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/dirstore"
)

// TestFull fills a small disk: what does not fit is refused, what is there stays, and space that is freed can be used.
func TestFull(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	must(t, os.Mkdir(dir, 0o777))
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("mounting a small disk needs root:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	must(t, dirstore.Create(dir))
	s, err := dirstore.Open(dir, dirstore.Options{})
	must(t, err)
	put(t, s, "k", "small", map[string]string{"a": "b"})
	big := make([]byte, 2<<20)
	_, err = s.Put(t.Context(), "k", bytes.NewReader(big), int64(len(big)), objstore.PutOptions{})
	if objstore.KindOf(err) != objstore.Full {
		t.Errorf("kind %v, %v", objstore.KindOf(err), err)
	}
	id, err := s.NewUpload(t.Context(), "u", objstore.PutOptions{})
	must(t, err)
	if _, err := s.PutPart(t.Context(), "u", id, 1, bytes.NewReader(big), int64(len(big))); objstore.KindOf(err) != objstore.Full {
		t.Errorf("part: kind %v, %v", objstore.KindOf(err), err)
	}
	if text, meta := read(t, s, "k"); text != "small" || meta["a"] != "b" {
		t.Errorf("%q, %v", text, meta)
	}
	put(t, s, "l", string(big[:700<<10]), nil)
	must(t, s.Delete(t.Context(), "l"))
	put(t, s, "m", string(big[:700<<10]), nil)
}

// TestUnmounted takes the disk away from under an open store.
func TestUnmounted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	must(t, os.Mkdir(dir, 0o777))
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("mounting a disk needs root:", err)
	}
	must(t, dirstore.Create(dir))
	s, err := dirstore.Open(dir, dirstore.Options{})
	must(t, err)
	put(t, s, "k", "x", nil)
	must(t, syscall.Unmount(dir, 0)) // an open store does not hold the drive
	wantAllGone(t, s, "ABC")
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("something was written to the mount point: %q", left)
	}
}
