package engine_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
)

// film returns bytes that do not repeat.
func film(n int) string {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{7}).Read(b)
	return string(b)
}

// cutters are two computers that send what has changed in a file, and the film that both have.
func cutters(t *testing.T, opt engine.Options) (*house, *pair, *pair, string) {
	h := newHouse(t)
	a, b := h.add(disktest.Options{}, "Synced", opt), h.add(disktest.Options{}, "Synced", opt)
	for _, d := range []*pair{a, b} {
		d.blocks = &transfer.MemBlocks{}
		d.start()
	}
	was := film(5_000)
	a.write("film", was)
	settle(a, b)
	return h, a, b, was
}

// asked notes which objects are fetched.
func (d *pair) asked() *[]string {
	var keys []string
	d.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpGet && !strings.Contains(key, ".volume") {
			keys = append(keys, key)
		}
		return faultstore.Fault{}
	})
	return &keys
}

// TestChangedBlocks: of a large file only what has changed is sent and fetched, from either side, and each version can be had back.
func TestChangedBlocks(t *testing.T) {
	for name, opt := range map[string]engine.Options{"at once": {}, "beside the cycles": {Huge: 2_000}} {
		h, a, b, was := cutters(t, opt)
		first := h.contents(a)[0]
		got := b.asked()
		now := was[:1_000] + "X" + was[1_001:]
		a.write("film", now)
		settle(a, b)
		if b.files()["film"] != now {
			t.Fatalf("%s: the other computer has %d other bytes", name, len(b.files()["film"]))
		}
		if len(*got) == 0 || slices.Contains(*got, first) {
			t.Errorf("%s: fetched %v", name, *got)
		}
		now = now[:3_000] + "Y" + now[3_001:] + "and more"
		b.write("film", now)
		settle(b, a)
		if a.files()["film"] != now {
			t.Fatalf("%s: the first computer has other bytes", name)
		}
		sent := 0
		for _, key := range h.contents(a) {
			o, _ := h.store.Bytes(key)
			if key != first {
				sent += len(o)
				if !strings.HasSuffix(key, ".part") {
					t.Errorf("%s: %s holds a whole version", name, key)
				}
			}
		}
		if len(h.contents(a)) != 3 || sent > 3_000 {
			t.Errorf("%s: %d bytes in %v", name, sent, h.contents(a))
		}
		if r, err := a.v.Check(t.Context(), true, nil); err != nil || len(r.Missing)+len(r.Damaged) > 0 || r.Versions != 3 {
			t.Errorf("%s: check says %+v, %v", name, r, err)
		}
		c := h.synced(disktest.Options{})
		settle(c)
		if !maps.Equal(c.files(), a.files()) {
			t.Errorf("%s: who joins has other files", name)
		}
	}
}

// TestChangedIsReadOnce: a large file that changed is read once to see what has changed, and once more only as far as that is sent; also when the others
// cannot be told for a while.
func TestChangedIsReadOnce(t *testing.T) {
	_, a, b, was := cutters(t, engine.Options{Huge: 2_000})
	now := was[:1_000] + "X" + was[1_001:]
	a.write("film", now)
	opened := 0
	a.disk.SetFaults(func(op, path string) error {
		if op == "open" && path == "film" {
			opened++
		}
		return nil
	}, nil)
	deaf := true
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if deaf && op == objstore.OpPut && strings.Contains(key, "/history/") {
			return faultstore.Fault{Action: faultstore.Before}
		}
		return faultstore.Fault{}
	})
	for range 3 {
		if a.cycle() == nil {
			t.Fatal("the others were told")
		}
	}
	deaf = false
	settle(a, b)
	if b.files()["film"] != now || opened != 2 {
		t.Errorf("opened %d times; the other computer has %d bytes", opened, len(b.files()["film"]))
	}
	a.write("film", "Y"+now[1:])
	settle(a, b)
	if b.files()["film"] != "Y"+now[1:] || opened != 4 {
		t.Errorf("then opened %d times; the other computer has %d bytes", opened, len(b.files()["film"]))
	}
}

// TestChangedBlocksHeal: when the store loses what later versions are made of, the file goes there again as a whole.
func TestChangedBlocksHeal(t *testing.T) {
	for name, spoil := range map[string]func(h *house, key string){
		"gone":    func(h *house, key string) { h.store.ForeignDelete(key) },
		"damaged": func(h *house, key string) { h.store.Foreign(key, strings.Repeat("x", 5_000)) },
	} {
		h, a, b, was := cutters(t, engine.Options{})
		first := h.contents(a)[0]
		a.write("film", was[:1_000]+"X"+was[1_001:])
		settle(a, b)
		spoil(h, first)
		r, err := a.v.Check(t.Context(), true, nil)
		lost := append(r.Missing, r.Damaged...)
		if err != nil || len(lost) != 2 {
			t.Fatalf("%s: lost: %v, %v", name, lost, err)
		}
		left, err := a.e.Heal(t.Context(), lost)
		if err != nil || len(left) != 1 || left[0].Current {
			t.Fatalf("%s: left: %+v, %v", name, left, err)
		}
		c := h.synced(disktest.Options{})
		settle(a, c)
		if !maps.Equal(c.files(), a.files()) {
			t.Errorf("%s: who joins has other files", name)
		}
	}
}

// TestChangedBlocksLost: a store that has lost what a file was made of gets the next version as a whole.
func TestChangedBlocksLost(t *testing.T) {
	h, a, b, was := cutters(t, engine.Options{})
	h.store.ForeignDelete(h.contents(a)[0])
	now := was[:1_000] + "X" + was[1_001:]
	a.write("film", now)
	settle(a, b)
	if b.files()["film"] != now {
		t.Error("the other computer does not have the new version")
	}
}

// TestChangedBlocksLate: what was sent before a crash is told only while a live file still holds what it rests on.
func TestChangedBlocksLate(t *testing.T) {
	for _, deleted := range []bool{false, true} {
		_, a, b, was := cutters(t, engine.Options{Huge: 2_000})
		now := was[:1_000] + "X" + was[1_001:]
		a.write("film", now)
		cut := false
		a.faults.Decide(func(op, key string) faultstore.Fault {
			if op == objstore.OpPut && strings.Contains(key, "/history/") {
				cut = true
			}
			if cut {
				return faultstore.Fault{Action: faultstore.Before}
			}
			return faultstore.Fault{}
		})
		if err := a.cycle(); err == nil || !cut {
			t.Fatalf("the batch was told: %v", err)
		}
		a.memory.intent = nil // the batch was never made; what was sent is remembered
		a.faults.Decide(nil)
		if deleted {
			if err := b.disk.Remove("film"); err != nil {
				t.Fatal(err)
			}
			settle(b)
		}
		a.start()
		settle(a, b)
		if a.files()["film"] != now || b.files()["film"] != now {
			t.Fatalf("deleted %v: the new version is lost", deleted)
		}
		s := a.v.State()
		for v := range s.AllVersions {
			whole := len(v.Content.Extents) == 1
			if n, ok := s.Node(s.Holder(v.Node, v.ID)); ok && s.Live(n.ID) && s.Resolve(n.Current) == v.ID && whole != deleted {
				t.Errorf("deleted %v: it lies in %v", deleted, v.Content.Extents)
			}
		}
	}
}
