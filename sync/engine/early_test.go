package engine_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
)

// batchTold calls then when the nth batch of a device is about to be stored.
func (d *pair) batchTold(nth int, then func() faultstore.Fault) {
	n := 0
	d.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpPut && strings.Contains(key, "/history/") {
			if n++; n == nth {
				return then()
			}
		}
		return faultstore.Fault{}
	})
}

// small is a device that sends ten files with its first batch, some more while that is told, and then those with the second.
func (h *house) small(parallel int) *pair {
	return h.add(disktest.Options{}, "Synced", engine.Options{Most: 1000, Chunk: 10, Parallel: parallel})
}

// TestSentEarly: while a batch is told the small files of the next are sent, each once, also where that is done side by side.
func TestSentEarly(t *testing.T) {
	for _, parallel := range []int{1, 4} {
		h := newHouse(t)
		a, b := h.small(parallel), h.whole()
		a.many(100, "first")
		there := 0
		a.batchTold(2, func() faultstore.Fault {
			there = len(h.contents(a))
			return faultstore.Fault{}
		})
		a.ok()
		a.wants(engine.UpToDate)
		if got := len(h.contents(a)); got < 3 || got > 5 || there < 2 || parallel == 1 && there != 3 {
			t.Errorf("%d at once: %d objects, %d of them before the second batch", parallel, got, there)
		}
		if held := h.bytes(a); held["first 7"] != 1 || held["first 47"] != 1 || held["first 99"] != 1 {
			t.Errorf("sent more than once, or not: %v", held)
		}
		settle(b, a)
		if !maps.Equal(a.files(), b.files()) || len(b.files()) != 100 {
			t.Errorf("%d files", len(b.files()))
		}
	}
}

// bytes counts in how many objects of content a text is; of texts that tests write.
func (h *house) bytes(d *pair) map[string]int {
	out := map[string]int{}
	for _, k := range h.contents(d) {
		body, _ := h.store.Bytes(k)
		for i := range 100 {
			text := fmt.Sprintf("first %d", i)
			if strings.Contains(string(body), text+"PK") { // the next file of the zip, or its end, follows
				out[text]++
			}
		}
	}
	return out
}

// TestChangedAfterSentEarly: what happens to a file between the sending of its bytes and the batch that tells it is told, too.
func TestChangedAfterSentEarly(t *testing.T) {
	h := newHouse(t)
	a, b := h.small(1), h.whole()
	a.many(100, "first")
	a.batchTold(1, func() faultstore.Fault {
		a.write("docs/f050", "second")
		a.remove("docs/f051")
		if err := a.disk.Rename("docs/f052", "docs/moved"); err != nil {
			t.Fatal(err)
		}
		a.e.Mark("docs/f050", "docs/f051", "docs/f052", "docs/moved")
		return faultstore.Fault{}
	})
	a.ok()
	a.wants(engine.UpToDate)
	settle(b, a)
	if got := b.files(); !maps.Equal(a.files(), got) || len(got) != 99 || got["docs/f050"] != "second" || got["docs/moved"] != "first 52" {
		t.Errorf("%d files: %v", len(got), got["docs/f050"])
	}
}

// TestSentEarlyForNothing: when the batch cannot be told, or the program ends, what was sent early is sent again and nothing is told twice.
func TestSentEarlyForNothing(t *testing.T) {
	for _, restart := range []bool{false, true} {
		h := newHouse(t)
		a, b := h.small(1), h.whole()
		a.many(100, "first")
		a.batchTold(1, func() faultstore.Fault {
			return faultstore.Fault{Action: faultstore.Before, Err: objstore.Errorf(objstore.Unreachable, objstore.OpPut, "history", "injected")}
		})
		if err := a.cycle(); err == nil {
			t.Fatal("the batch was told")
		}
		if restart {
			a.start()
		}
		a.ok()
		a.wants(engine.UpToDate)
		settle(b, a)
		if !maps.Equal(a.files(), b.files()) || len(b.files()) != 100 {
			t.Errorf("%d files", len(b.files()))
		}
	}
}

// TestFailedEarly: what cannot be read early is a problem when its turn has come, and the others go.
func TestFailedEarly(t *testing.T) {
	h := newHouse(t)
	a, b := h.small(1), h.whole()
	a.many(100, "first")
	a.disk.SetFaults(func(op, p string) error {
		if op == "open" && strings.HasPrefix(p, "docs/f03") {
			return refused{}
		}
		return nil
	}, nil)
	a.ok()
	b.ok()
	if got := len(b.files()); got != 90 || len(a.codes()) != 10 {
		t.Errorf("%d files arrived, problems %q", got, a.codes())
	}
	a.disk.SetFaults(nil, nil)
	settle(a, b)
	if a.wants(engine.UpToDate); !maps.Equal(a.files(), b.files()) || len(b.files()) != 100 {
		t.Errorf("%v", b.files())
	}
}

// TestCopiesEarly: what is read early and lies in the volume already is not sent, and not read again.
func TestCopiesEarly(t *testing.T) {
	h := newHouse(t)
	a, b := h.small(1), h.whole()
	a.many(100, "first")
	a.ok()
	before := len(h.contents(a))
	for path, body := range a.files() {
		a.write("copies/"+path, body)
	}
	opened := 0
	a.start()
	a.disk.SetFaults(func(op, p string) error {
		if op == "open" && strings.HasPrefix(p, "copies/") {
			opened++
		}
		return nil
	}, nil)
	a.ok()
	a.disk.SetFaults(nil, nil)
	settle(a, b)
	if got := len(h.contents(a)); got != before || opened != 100 || !maps.Equal(a.files(), b.files()) || len(b.files()) != 200 {
		t.Errorf("%d objects more, %d opened, %d files", got-before, opened, len(b.files()))
	}
}

// TestFirstBeforeEarly: what a person wants first goes with the next batch, whatever is sent early.
func TestFirstBeforeEarly(t *testing.T) {
	h := newHouse(t)
	a, b := h.small(1), h.whole()
	a.many(100, "first")
	a.e.First("docs/f099")
	batches, at := 0, 0
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpPut && strings.Contains(key, "/history/") {
			if batches++; batches == 2 {
				b.ok()
				at = len(b.files())
			}
		}
		return faultstore.Fault{}
	})
	a.ok()
	if at != 1 {
		t.Errorf("%d files came with the first batch", at)
	}
	settle(b, a)
	if !maps.Equal(a.files(), b.files()) || len(b.files()) != 100 {
		t.Errorf("%d files", len(b.files()))
	}
}

// TestTotalsWhileTold: how many files are safe is right after each batch, and not only when the cycle ends.
func TestTotalsWhileTold(t *testing.T) {
	for name, volume := range map[string]string{"synced": "Synced", "backup": "Backup/PC/docs"} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			a := h.add(disktest.Options{}, volume, engine.Options{Most: 1000, Chunk: 10, UpOnly: name == "backup"})
			a.many(100, "first")
			batches := 0
			a.faults.Decide(func(op, key string) faultstore.Fault {
				if op == objstore.OpPut && strings.Contains(key, "/history/") {
					told := 0
					for range a.v.State().AllVersions {
						told++
					}
					if got := a.e.Status().Files; got != told {
						t.Errorf("%d files are safe before batch %d, %d were told", got, batches, told)
					}
					batches++
				}
				return faultstore.Fault{}
			})
			a.ok()
			if got := a.e.Status().Files; got != 100 || batches < 3 {
				t.Errorf("%d files after %d batches", got, batches)
			}
			a.faults.Decide(nil)
			for i := range 4 {
				a.remove(fmt.Sprintf("docs/f%03d", i))
			}
			a.write("docs/f004", "changed")
			a.write("docs/f005", "changed, too")
			a.ok()
			if got := a.e.Status().Files; got != 96 {
				t.Errorf("%d files at the end", got)
			}
		})
	}
}
