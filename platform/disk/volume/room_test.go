package volume

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/disk/disktest"
)

func TestRoom(t *testing.T) {
	dir := disktest.TempDir(t)
	free, size, err := Room(t.Context(), dir)
	if err != nil || size <= 0 || free < 0 || free > size {
		t.Errorf("%d of %d are free, %v", free, size, err)
	}
	if _, _, err := Room(t.Context(), filepath.Join(dir, "not here")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 { // whichever comes first: it must not stay away, nor be half an answer
		if free, size, err := Room(ctx, dir); err != nil && (free != 0 || size != 0 || !errors.Is(err, context.Canceled)) {
			t.Fatalf("%d, %d, %v", free, size, err)
		}
	}
}
