package statedb_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"elkjopcloud/platform/statedb"
)

// A real disk of one megabyte runs full; after that everything committed is still there and smaller things may be written.
func TestDiskRunsFull(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("mounting a small disk needs root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, 0) })
	db := open(t, filepath.Join(dir, "state.db"))
	stored := []string{}
	for {
		text := strings.Repeat("x", 50_000)
		err := add(db, text)
		if errors.Is(err, statedb.ErrFull) {
			break
		}
		if err != nil {
			t.Fatalf("Write = %v, want ErrFull", err)
		}
		if stored = append(stored, text); len(stored) > 100 {
			t.Fatal("the disk never ran full")
		}
	}
	if diff := cmp.Diff(stored, texts(t, db)); diff != "" {
		t.Error(diff)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(stored, texts(t, open(t, filepath.Join(dir, "state.db")))); diff != "" {
		t.Error(diff)
	}
}
