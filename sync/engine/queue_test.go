package engine_test

import (
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
)

// sending calls f before each content object is stored, with the name of its file.
func (d *pair) sending(f func(name string)) {
	d.faults.Decide(func(op, key string) faultstore.Fault {
		if parts := strings.Split(key, "/"); op == objstore.OpPut && strings.HasPrefix(key, "Synced/docs/") && len(parts) > 2 {
			f(parts[2])
		}
		return faultstore.Fault{}
	})
}

// TestUploadFirst: what a person wants first goes with the next batch, also when others are on their way already.
func TestUploadFirst(t *testing.T) {
	h := newHouse(t)
	a := h.add(disktest.Options{}, "Synced", engine.Options{Most: 1000, Chunk: 2})
	a.oneByOne()
	a.many(30, "first")
	var order []string
	a.sending(func(name string) {
		if order = append(order, name); len(order) == 2 {
			a.e.First("docs/f029")
		}
	})
	a.e.First("docs/f017")
	a.ok()
	if len(order) != 30 || order[0] != "f017" || order[9] != "f029" {
		t.Errorf("sent %d in the order %v", len(order), order)
	}
	a.wants(engine.UpToDate)
	if q := a.e.Queue(); len(q) > 0 {
		t.Errorf("left in the queue: %v", q)
	}
}

// TestQueue: what moves comes before what waits, and what has been moved is gone from it.
func TestQueue(t *testing.T) {
	h := newHouse(t)
	a := h.add(disktest.Options{}, "Synced", engine.Options{Most: 1000, Chunk: 2})
	a.oneByOne()
	a.many(4, "first")
	a.write("docs/large", strings.Repeat("x", 5000))
	var seen [][]engine.Transfer
	a.sending(func(string) { seen = append(seen, a.e.Queue()) })
	a.ok()
	want := []engine.Transfer{{Path: "docs/f000", Up: true, Bytes: 7, Moving: true}, {Path: "docs/f001", Up: true, Bytes: 7, Moving: true},
		{Path: "docs/f002", Up: true, Bytes: 7}, {Path: "docs/f003", Up: true, Bytes: 7}, {Path: "docs/large", Up: true, Bytes: 5000}}
	if len(seen) != 5 || !slices.Equal(seen[0], want) || !slices.Equal(seen[1], want[1:]) {
		t.Errorf("the queue was %v", seen)
	}
	b := h.add(disktest.Options{}, "Synced", engine.Options{Most: 1000, Window: 1})
	seen = nil
	b.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpGet && strings.HasPrefix(key, "Synced/docs/") {
			seen = append(seen, b.e.Queue())
		}
		return faultstore.Fault{}
	})
	b.ok()
	if len(seen) != 5 || len(seen[0]) != 5 || len(seen[4]) != 1 || seen[0][0].Up || !seen[0][0].Moving || seen[0][1].Moving || len(b.e.Queue()) > 0 {
		t.Errorf("the queue was %v", seen)
	}
}

// TestQueueOfWhatIsWanted: what a person wants first is the first that waits, at once, also when there are too many to be named; a queue that stands moves nothing.
func TestQueueOfWhatIsWanted(t *testing.T) {
	h := newHouse(t)
	a := h.add(disktest.Options{}, "Synced", engine.Options{Most: 5000, Chunk: 1})
	a.oneByOne()
	a.many(2500, "first")
	var seen []engine.Transfer
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if op != objstore.OpPut || !strings.HasPrefix(key, "Synced/docs/") {
			return faultstore.Fault{}
		}
		for path, want := range map[string]bool{"docs/f000": true, "docs/f1500": true, "docs/f2499": true, "docs/f2500": false, "docs": false} {
			if a.e.Sends(path) != want {
				t.Errorf("sends %s: %v", path, !want)
			}
		}
		a.e.First("docs/f1500")
		seen = a.e.Queue()
		return faultstore.Fault{Action: faultstore.Before}
	})
	_ = a.e.Cycle(t.Context())
	if len(seen) != 2000 || !seen[0].Moving || seen[0].Path != "docs/f000" || seen[1].Path != "docs/f1500" || !seen[1].First || seen[2].First || seen[2].Moving {
		t.Errorf("the queue was %d: %v", len(seen), seen[:min(len(seen), 3)])
	}
	if q := a.e.Queue(); len(q) != 2000 || q[0].Path != "docs/f1500" || slices.ContainsFunc(q, func(x engine.Transfer) bool { return x.Moving }) {
		t.Errorf("without the storage the queue is %d: %v", len(q), q[:min(len(q), 3)])
	}
}

// TestHugeFirst: a huge file that a person wants goes on its way although small ones wait.
func TestHugeFirst(t *testing.T) {
	for _, first := range []bool{true, false} {
		h := newHouse(t)
		a := h.add(disktest.Options{}, "Synced", engine.Options{Most: 1000, Huge: 100, Beside: func(move func()) { move() }})
		a.oneByOne()
		a.many(3, "first")
		a.write("docs/huge", huge("film"))
		var order []string
		a.sending(func(name string) { order = append(order, name) })
		if first {
			a.e.First("docs/huge")
		}
		a.ok()
		if len(order) != 4 || (order[0] == "huge") != first {
			t.Errorf("wanted %v: sent in the order %v", first, order)
		}
		a.wants(engine.UpToDate)
	}
}
