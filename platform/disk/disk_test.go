package disk_test

import (
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
)

func openTemp(t *testing.T) disk.FS {
	t.Helper()
	return open(t, t.TempDir())
}

func open(t *testing.T, root string) disk.FS {
	t.Helper()
	fsys, err := disk.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return fsys
}

func TestConformance(t *testing.T) { disktest.Run(t, openTemp) }
