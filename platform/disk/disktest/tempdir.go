package disktest

import (
	"os"
	"path/filepath"
	"testing"
)

// TempDir is t.TempDir without os.RemoveAll, which does not work on every system that can run these tests. Links are removed, never
// followed.
func TempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "disk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeTree(t, dir) })
	return dir
}

func removeTree(t testing.TB, dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			removeTree(t, path)
		} else if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
	if err := os.Remove(dir); err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
}
