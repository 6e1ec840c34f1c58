package engine_test

import (
	"maps"
	"strings"
	"sync/atomic"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
)

// TestHashedSideBySide: who joins with the files that are there already reads them several at once, fetches and sends none; a drive that goes
// meanwhile only delays it.
func TestHashedSideBySide(t *testing.T) {
	h := newHouse(t)
	a := h.synced(disktest.Options{})
	a.many(200, "equal")
	settle(a)
	b := h.add(disktest.Options{}, "Synced", engine.Options{Parallel: 4})
	b.many(200, "equal")
	b.write("docs/f007", "equal ?")
	var read, moved atomic.Int64
	b.faults.Decide(func(op, key string) faultstore.Fault {
		if o := op == objstore.OpGet || op == objstore.OpPut; o && strings.Contains(key, "/docs/") {
			moved.Add(1)
		}
		return faultstore.Fault{}
	})
	b.disk.SetFaults(func(op, path string) error {
		if op == "read" && read.Add(1) > 100 {
			return disk.ErrGone
		}
		return nil
	}, nil)
	if err := b.cycle(); !disk.IsGone(err) {
		t.Fatalf("the drive is gone: %v", err)
	}
	b.disk.SetFaults(nil, nil)
	settle(b, a)
	got := b.files()
	if !maps.Equal(got, a.files()) || len(got) != 201 || got["docs/f007"] != "equal 7" {
		t.Errorf("%d files: %q", len(got), got["docs/f007"])
	}
	if moved.Load() > 3 {
		t.Errorf("%d objects moved", moved.Load())
	}
}

// TestCopiesAreNotSent: of a copy of what the volume holds no bytes are sent, whether it is small, or so large that it would move beside the cycles.
func TestCopiesAreNotSent(t *testing.T) {
	h := newHouse(t)
	a, b := h.add(disktest.Options{}, "Synced", engine.Options{Huge: 2_000}), h.synced(disktest.Options{})
	a.write("film", film(5_000))
	a.write("note", "small")
	settle(a, b)
	before := len(h.contents(a))
	a.write("d/film", film(5_000))
	a.write("d/note", "small")
	a.write("d/other", film(5_001)[1:])
	settle(a, b)
	if got := b.files(); !maps.Equal(got, a.files()) || len(got) != 5 {
		t.Errorf("the other computer has %d files", len(got))
	}
	if n := len(h.contents(a)) - before; n != 1 {
		t.Errorf("%d objects were sent, not the one that is new", n)
	}
}
