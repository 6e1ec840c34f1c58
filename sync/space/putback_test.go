package space

import (
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
)

// TestStoreSetBack: the store is three days old again. Whoever knows more puts the history back, so that the others and those who come later
// know it, too; those who come first add what they did meanwhile.
func TestStoreSetBack(t *testing.T) {
	for _, c := range []struct {
		name       string
		checkpoint bool // made of what is lost, and all that is left of it on the device
	}{{"batches", false}, {"a checkpoint", true}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.device(1), w.device(2)
			a.pull(Poll)
			a.save("f", "0")
			b.pull(List)
			b.save("g", "1")
			old := w.store.Clone()
			a.pull(List)
			for _, text := range []string{"2", "3"} {
				w.pass(day)
				a.save("f"+text, text)
				a.delete("f" + text)
				a.save("h"+text, text)
			}
			b.pull(List)
			w.pass(day)
			if c.checkpoint {
				if err := a.forceCheckpoint(); err != nil {
					t.Fatal(err)
				}
			}
			want := a.show()
			w.store.Become(old)
			stranger := w.device(3)
			stranger.pull(List)
			stranger.save("new", "9")
			a = w.restart(a)
			a.pull(List)
			if a.PutBack() == 0 {
				t.Error("nothing was put back")
			}
			late := w.device(4)
			a.save("after", "x") // which names what it stands on
			for range 2 {
				for _, d := range []*device{a, late, stranger} {
					d.pull(List)
				}
			}
			agree(t, a, late, stranger)
			if got := a.show(); got == want || len(got) < len(want) {
				t.Errorf("shown: %s\nbefore: %s", got, want)
			}
			for _, d := range []*device{a, late, stranger} {
				if ps := d.Problems(); len(ps) > 0 {
					t.Errorf("device %d: %v", d.id, ps)
				}
			}
			n := a.PutBack()
			a.pull(List)
			if a.PutBack() != n {
				t.Error("it was put back twice")
			}
		})
	}
}

// TestNothingIsPutBackThatWasSwept: a device that was away knows batches that have been swept since.
func TestNothingIsPutBackThatWasSwept(t *testing.T) {
	w := newWorld(t)
	a, away := w.device(1), w.device(2)
	a.pull(Poll)
	away.pull(Poll)
	away.save("mine", "m")
	a.pull(List)
	for range 4 {
		a.save("f", "1")
		a.delete("f")
	}
	away.pull(List)
	for range 12 {
		w.pass(10 * day)
		a.save("g", w.clock().String())
		w.pass(day)
		a.sweep()
		w.pass(day + day/8)
		a.sweep()
	}
	before := len(w.keys("Synced/" + layout.History))
	if before > 12 {
		t.Fatalf("%d batches are left: nothing was swept", before)
	}
	away = w.restart(away)
	away.pull(List)
	if n := away.PutBack(); n != 0 || len(w.keys("Synced/"+layout.History)) != before {
		t.Errorf("put back %d times: %d batches, before %d", n, len(w.keys("Synced/"+layout.History)), before)
	}
	agree(t, a, away)
}

// TestStaleListingPutsNothingBack: what a listing does not show yet is there all the same.
func TestStaleListingPutsNothingBack(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("f", "1")
	a.save("g", "2")
	a = w.restart(a)
	a.net.list = func(string, []objstore.Object) []objstore.Object { return nil }
	a.net.forget()
	a.pull(List)
	if n := a.net.count("put "); a.PutBack() != 0 || n != 0 {
		t.Errorf("put back %d times with %d requests", a.PutBack(), n)
	}
}

// TestNothingCanBePutBack: the store lost something and is full. What the others did is read all the same, and later all is put back.
func TestNothingCanBePutBack(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("f", "1")
	old := w.store.Clone()
	a.save("g", "2")
	w.store.Become(old)
	b.pull(List)
	b.save("h", "3")
	a = w.restart(a)
	full := true
	a.net.before = func(op, key string) error {
		if full && op == "put" {
			return &objstore.Error{Kind: objstore.Full, Op: op, Key: key, Err: errCut}
		}
		return nil
	}
	for range 2 {
		a.pull(List)
		if a.show() != "f=6b86b2 g=d4735e h=4e0740" || a.PutBack() != 0 {
			t.Errorf("shown: %s, put back %d times", a.show(), a.PutBack())
		}
	}
	full = false
	a.pull(List)
	b.pull(List)
	agree(t, a, b)
	if a.PutBack() != 1 {
		t.Errorf("put back %d times", a.PutBack())
	}
}
