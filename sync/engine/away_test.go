package engine_test

import (
	"context"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
)

// TestAway: what the volume knows nothing of any more stays on the disk, is said, and is not told anew as if it were just made.
func TestAway(t *testing.T) {
	h := newHouse(t)
	a := h.synced(disktest.Options{})
	a.write("f", "one")
	a.ok()
	for _, k := range h.store.Keys() {
		if strings.Contains(k, ".volume/") {
			if err := h.store.Delete(context.Background(), k); err != nil {
				t.Fatal(err)
			}
		}
	}
	a.cache = &space.MemCache{}
	a.start()
	if err := a.cycle(); err != nil {
		t.Fatal(err)
	}
	a.wants(engine.NeedsYou, engine.CodeAway+" f")
	if a.files()["f"] != "one" {
		t.Errorf("the disk has %v", a.files())
	}
	if batches, _ := h.objects(); batches != 0 {
		t.Errorf("%d batches were written", batches)
	}
}
