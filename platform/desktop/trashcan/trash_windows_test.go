package trashcan

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk/disktest"
)

func TestMovedFilesAreInTheBin(t *testing.T) {
	dir := disktest.TempDir(t)
	root, err := volumeRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.txt", "Årsrapport 100 %.txt", "a.txt"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		had, err := binItems(root)
		if err != nil {
			t.Fatal(err)
		}
		if err := Move(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if has, err := binItems(root); has != had+1 || err != nil {
			t.Errorf("the bin had %d things, now %d (%v)", had, has, err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there (%v)", path, err)
		}
	}
}

func TestMissingFile(t *testing.T) {
	if err := Move(t.Context(), filepath.Join(disktest.TempDir(t), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Move = %v", err)
	}
}
