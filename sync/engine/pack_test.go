package engine_test

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/space"
)

// contents returns the keys of content in the store.
func (h *house) contents(d *pair) []string {
	var out []string
	for _, k := range h.store.Keys() {
		rel, _ := d.vol.Rel(k)
		if _, ok := layout.ParseContent(rel); ok {
			out = append(out, k)
		}
	}
	return out
}

// TestManySmallFiles: they go in one request and come in few, moving them sends nothing, and a changed one is an object of its own.
func TestManySmallFiles(t *testing.T) {
	h := newHouse(t)
	a, b := h.whole(), h.whole()
	a.many(100, "first")
	a.ok()
	if got := h.contents(a); len(got) != 1 || !strings.HasPrefix(got[0], "Synced/docs/") || !strings.HasSuffix(got[0], ".zip") {
		t.Fatalf("objects %v", got)
	}
	gets := 0
	b.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpGet && strings.HasSuffix(key, ".zip") {
			gets++
		}
		return faultstore.Fault{}
	})
	settle(b, a)
	if gets != 2 || !maps.Equal(a.files(), b.files()) || len(b.files()) != 100 {
		t.Errorf("%d requests, %d files", gets, len(b.files()))
	}
	if err := b.disk.Rename("docs", "papers"); err != nil {
		t.Fatal(err)
	}
	settle(b, a)
	b.write("papers/f003", "changed")
	settle(b, a)
	if got := h.contents(a); len(got) != 2 || a.files()["papers/f003"] != "changed" || a.files()["papers/f004"] != "first 4" {
		t.Errorf("objects %v, %v", got, a.files())
	}
}

// TestManyCopies: small files that lie in the volume already are not sent when they are copied here, also where most of a folder is new.
func TestManyCopies(t *testing.T) {
	h := newHouse(t)
	a, b := h.whole(), h.whole()
	a.many(100, "first")
	a.ok()
	before := len(h.contents(a))
	for path, body := range a.files() {
		a.write("copies/"+path, body)
	}
	settle(a, b)
	if got := h.contents(a); len(got) != before || !maps.Equal(a.files(), b.files()) || len(b.files()) != 200 {
		t.Errorf("objects %v, %d files", got, len(b.files()))
	}
	for i := range 20 {
		a.write(fmt.Sprintf("more/%d", i), fmt.Sprintf("first %d", 90+i))
	}
	settle(a, b)
	if got := h.contents(a); len(got) != before+1 || !maps.Equal(a.files(), b.files()) || len(b.files()) != 220 {
		t.Errorf("objects %v, %d files", got, len(b.files()))
	}
}

// TestHealInAZip: what the store has lost of an object that holds many files goes there again from the files here, to other objects: what is in the store
// is never written over. Who joins then gets everything.
func TestHealInAZip(t *testing.T) {
	for name, spoil := range map[string]func(h *house, key string){
		"damaged": func(h *house, key string) {
			b, _ := h.store.Bytes(key)
			h.store.Foreign(key, strings.Replace(string(b), "first 7", "worst 7", 1))
		},
		"cut": func(h *house, key string) {
			b, _ := h.store.Bytes(key)
			h.store.Foreign(key, string(b[:len(b)/8]))
		},
		"gone": func(h *house, key string) { h.store.ForeignDelete(key) },
	} {
		h := newHouse(t)
		a := h.whole()
		a.many(20, "first")
		a.ok()
		key := h.contents(a)[0]
		spoil(h, key)
		spoilt, _ := h.store.Bytes(key)
		heals := func() (lost, left []space.Lost) {
			r, err := a.v.Check(t.Context(), true, nil)
			lost = append(r.Missing, r.Damaged...)
			if err == nil {
				left, err = a.e.Heal(t.Context(), lost)
			}
			if err != nil {
				t.Fatal(err)
			}
			return lost, left
		}
		a.write("docs/f003", "newer") // and not told yet: it heals nothing
		lost, left := heals()
		if name == "damaged" && (len(lost) != 1 || len(left) != 0) || name == "gone" && (len(lost) != 20 || len(left) != 1) || len(lost) == 0 {
			t.Errorf("%s: %d lost, %d left", name, len(lost), len(left))
		}
		for _, l := range left {
			if l.Path != "docs/f003" {
				t.Errorf("%s: %s is left", name, l.Path)
			}
		}
		if lost, _ := heals(); len(lost) != len(left) {
			t.Errorf("%s: %d are lost afterwards, %d were left", name, len(lost), len(left))
		}
		if now, _ := h.store.Bytes(key); !bytes.Equal(now, spoilt) {
			t.Errorf("%s: the object was written over", name)
		}
		a.ok()
		b := h.synced(disktest.Options{})
		b.ok()
		if got, want := b.files(), a.files(); !maps.Equal(got, want) {
			t.Errorf("%s: another computer gets %d files: %v", name, len(got), got)
		}
	}
}

// TestHealByTwo: each computer heals what it has of one zip, and what both have is healed once.
func TestHealByTwo(t *testing.T) {
	h := newHouse(t)
	a, b := h.whole(), h.synced(disktest.Options{})
	a.many(20, "first")
	settle(a, b)
	h.store.ForeignDelete(h.contents(a)[0])
	a.write("docs/f003", "newer on A")
	b.write("docs/f004", "newer on B")
	puts := func() int { return len(h.contents(a)) }
	for i, d := range []*pair{a, b} {
		r, err := d.v.Check(t.Context(), true, nil)
		if err != nil || len(r.Missing) != []int{20, 1}[i] {
			t.Fatalf("%s misses %d, %v", d.name(), len(r.Missing), err)
		}
		left, err := d.e.Heal(t.Context(), r.Missing)
		if err != nil || len(left) != 1-i {
			t.Errorf("%s leaves %v, %v", d.name(), left, err)
		}
		if d == a {
			if _, err := b.v.Pull(t.Context(), space.List); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := puts(); n != 2 {
		t.Errorf("%d objects: %v", n, h.contents(a))
	}
	settle(a, b)
	c := h.synced(disktest.Options{})
	c.ok()
	if got := c.files(); !maps.Equal(got, a.files()) || got["docs/f003"] != "newer on A" || got["docs/f004"] != "newer on B" {
		t.Errorf("a third computer gets %v", got)
	}
}

// TestHealCutOff: the network goes while much is sent again. What is told as healed is, and the rest stays lost until the next time.
func TestHealCutOff(t *testing.T) {
	for after := range 8 {
		h := newHouse(t)
		a := h.whole()
		a.oneByOne()
		a.many(6, "first")
		a.ok()
		for _, key := range h.contents(a) {
			h.store.ForeignDelete(key)
		}
		r, err := a.v.Check(t.Context(), true, nil)
		if err != nil || len(r.Missing) != 6 {
			t.Fatalf("%d missing, %v", len(r.Missing), err)
		}
		var n atomic.Int32
		a.faults.Decide(func(string, string) faultstore.Fault {
			if int(n.Add(1)) > after {
				return faultstore.Fault{Action: faultstore.Before}
			}
			return faultstore.Fault{}
		})
		left, err := a.e.Heal(t.Context(), r.Missing)
		a.faults.Decide(nil)
		if err == nil && len(left) > 0 || err != nil && len(left) == 0 {
			t.Errorf("after %d requests: %d left, %v", after, len(left), err)
		}
		a.ok()
		again, err := a.v.Check(t.Context(), true, nil)
		if err != nil || len(again.Missing) > len(r.Missing) {
			t.Errorf("after %d requests: %d missing, %v", after, len(again.Missing), err)
		}
		if left, err = a.e.Heal(t.Context(), again.Missing); err != nil || len(left) > 0 {
			t.Errorf("after %d requests, the second time: %d left, %v", after, len(left), err)
		}
		if again, err = a.v.Check(t.Context(), true, nil); err != nil || len(again.Missing)+len(again.Damaged) > 0 {
			t.Errorf("after %d requests: %+v, %v", after, again, err)
		}
	}
}

// TestDamagedInAZip: one file whose bytes are wrong there is a problem of its own; the others come.
func TestDamagedInAZip(t *testing.T) {
	h := newHouse(t)
	a, b := h.whole(), h.synced(disktest.Options{})
	a.many(20, "first")
	a.ok()
	key := h.contents(a)[0]
	object, _ := h.store.Bytes(key)
	h.store.Foreign(key, strings.Replace(string(object), "first 7", "worst 7", 1))
	b.ok()
	b.wants("needs-you", "damaged docs/f007")
	if len(b.files()) != 19 {
		t.Errorf("%d files came", len(b.files()))
	}
}
