package s3store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3test"
)

// TestServerIsFull fills a small disk below a real server: what does not fit is refused, and what is there stays.
func TestServerIsFull(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skip("mounting a small disk needs root:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	t.Setenv("TMPDIR", dir)
	t.Run("server", func(t *testing.T) { fillServer(t, s3test.VersityGW(t).NewBucket(t)) }) // its folder is made below TMPDIR
}

func fillServer(t *testing.T, b objstore.Bucket) {
	put(t, b, "k", "small")
	big := make([]byte, 8<<20)
	_, err := b.Put(t.Context(), "k", bytes.NewReader(big), int64(len(big)), objstore.PutOptions{})
	if kind := objstore.KindOf(err); kind != objstore.Full {
		t.Errorf("kind %v, %v", kind, err)
	}
	if text := read(t, b, "k"); text != "small" {
		t.Errorf("k has %d bytes", len(text))
	}
}

func TestReadOnlyServer(t *testing.T) {
	srv := s3test.VersityGW(t)
	b := srv.NewBucket(t)
	put(t, b, "k", "x")
	srv.Process.Restart(t, "--readonly")
	_, err := b.Put(t.Context(), "k", strings.NewReader("y"), 1, objstore.PutOptions{})
	if objstore.KindOf(err) != objstore.Denied {
		t.Errorf("kind %v, %v", objstore.KindOf(err), err)
	}
	if text := read(t, b, "k"); text != "x" {
		t.Errorf("k is %q", text)
	}
	got := objstore.Describe(objstore.Probe(t.Context(), b))
	if !strings.Contains(got, "list ok, write denied, read -") {
		t.Error(got)
	}
}
