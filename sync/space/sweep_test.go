package space

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

func (d *device) sweep() SweepReport {
	d.w.t.Helper()
	r, err := d.space.Sweep(d.w.t.Context(), d.Volume, SweepOptions{})
	if err != nil {
		d.w.t.Fatalf("sweep by device %d: %v", d.id, err)
	}
	return r
}

// contents counts the content objects in the store.
func (w *world) contents() (n int) {
	for _, k := range w.keys("Synced/") {
		if _, ok := layout.ParseContent(strings.TrimPrefix(k, "Synced/")); ok {
			n++
		}
	}
	return n
}

// intact fails the test when a version that is kept has lost its bytes.
func (d *device) intact() {
	d.w.t.Helper()
	r, err := d.Check(d.w.t.Context(), true, nil)
	if err != nil || len(r.Missing)+len(r.Damaged) > 0 {
		d.w.t.Fatalf("device %d: %v, missing %+v, damaged %+v", d.id, err, r.Missing, r.Damaged)
	}
}

// TestSweepWhenACopyStandsForAnOldVersion: a file that was found again turned out to be an old one, which is then deleted for ever. The new version is
// recent, and the old one is what it is known by.
func TestSweepWhenACopyStandsForAnOldVersion(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("f", "one")
	a.save("stays", "2")
	b.pull(List)
	w.pass(31 * day)
	a.sweep()
	b.send(merge.Op{Kind: merge.Create, Name: "f", Content: b.upload("f", "one"), Found: true})
	a.pull(List)
	a.delete("f")
	ops, err := a.PurgeOps(a.Trash(TrashFilter{})[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	a.send(ops...)
	for range 12 {
		w.pass(6 * day)
		a.sweep()
		a.intact()
	}
	if s := a.show(); !strings.Contains(s, "stays") || strings.Contains(s, "f ") {
		t.Errorf("shown: %s", s)
	}
	if got := w.contents(); got != 1 {
		t.Errorf("%d objects", got)
	}
}

func TestSweepForgetsWhatHasExpiredAndNothingElse(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("stays", "1")
	a.save("goes", "2")
	a.save("changes", "old")
	a.delete("goes")
	for i := range 7 {
		a.save("changes", fmt.Sprint("new", i))
	}
	a.upload("orphan", "never named")
	if got := w.contents(); got != 11 {
		t.Fatalf("%d objects", got)
	}
	w.pass(28 * day)
	a.sweep()
	w.pass(25 * time.Hour)
	if r := a.sweep(); !r.Finished || r.Objects != 0 {
		t.Errorf("before its time: %+v", r)
	}
	w.pass(6 * day)
	if r := a.sweep(); !r.Planned {
		t.Errorf("planned: %+v", r)
	}
	w.pass(time.Hour)
	if r := a.sweep(); r.Planned || r.Finished {
		t.Errorf("an hour later: %+v", r)
	}
	w.pass(day)
	b.pull(List)
	if r := b.sweep(); !r.Finished || r.Objects != 4 {
		t.Errorf("finished by the other: %+v", r)
	}
	if got := w.contents(); got != 7 {
		t.Errorf("%d objects are left: %v", got, w.keys("Synced/"))
	}
	for _, d := range []*device{a, b, w.device(3), w.restart(a)} {
		d.pull(List)
		agree(t, a, d)
		d.intact()
		if n := d.node("changes"); len(d.Versions(n.ID)) != 6 {
			t.Errorf("device %d: versions %+v", d.id, d.Versions(n.ID))
		}
	}
}

// TestLateCopyBringsNoVersionsBack: a computer that was away makes a conflict copy of an earlier version. What that one had replaced was forgotten
// as the file's sixth and seventh version before, and is not promised again as the copy's third and fourth.
func TestLateCopyBringsNoVersionsBack(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	for i := range 8 {
		a.save("f", fmt.Sprint("text ", i))
	}
	b.pull(Poll)
	w.pass(40 * day)
	for range 2 {
		a.sweep()
		w.pass(25 * time.Hour)
	}
	if got := w.contents(); got != 6 {
		t.Fatalf("%d contents are left", got)
	}
	b.pull(List)
	n := b.node("f")
	old := b.Versions(n.ID)[4].ID
	b.send(merge.Op{Kind: merge.Put, Node: n.ID, Version: old, Content: b.upload("f", "late")})
	a.pull(List)
	c := a.node("f")
	if c.Current != n.Current {
		t.Fatalf("the late one shows as the file: %s", a.show())
	}
	for _, d := range []*device{a, b} { // b still knows what was forgotten
		for n := range d.State().Nodes {
			for _, v := range d.Versions(n.ID) {
				if _, err := w.store.Head(t.Context(), d.key(v.Content.Extents[0].Key)); err != nil {
					t.Errorf("device %d: %s promises %v: %v", d.id, n.Name, v.ID, err)
				}
			}
			if got := len(d.Versions(n.ID)); !n.Dir && n.Name != "f" && got != 2 {
				t.Errorf("device %d: %s has %d versions, not its own and the one that it was made from", d.id, n.Name, got)
			}
		}
		d.intact()
	}
}

func TestRestoreOrPutBetweenTheStepsKeepsTheContent(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(d *device, n merge.Node)
	}{
		{"restore", func(d *device, n merge.Node) { d.send(merge.Op{Kind: merge.Restore, Node: n.ID, Version: n.Current}) }},
		{"put by reference", func(d *device, n merge.Node) {
			v, _ := d.State().Version(n.Current)
			d.send(merge.Op{Kind: merge.Create, Name: "copy", Content: &v.Content})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.device(1), w.device(2)
			a.pull(Poll)
			a.save("f", "precious")
			b.pull(Poll)
			n := a.node("f")
			a.delete("f")
			b.pull(Poll)
			w.pass(29*day + 23*time.Hour)
			ready := w.restart(b) // still sees it in the trash, and has planned its restore
			ready.pull(List)
			w.pass(2*day + 23*time.Hour + 50*time.Minute)
			a.sweep()
			c.do(ready, n)
			w.pass(25 * time.Hour)
			a.sweep()
			for range 3 {
				w.pass(25 * time.Hour)
				a.sweep()
			}
			for _, d := range []*device{a, b, w.device(3)} {
				d.pull(List)
				agree(t, a, d)
				d.intact()
			}
			if !strings.Contains(a.show(), "=") {
				t.Errorf("shown: %s", a.show())
			}
		})
	}
}

func TestSweepDeletesNothingWhileSomethingCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(w *world, a *device, p *Pending)
	}{
		{"damaged batch", func(w *world, a *device, p *Pending) { w.spoil(a.key(p.Key), flip) }},
		{"missing batch", func(w *world, a *device, p *Pending) { w.store.Delete(w.t.Context(), a.key(p.Key)) }},
		{"newer batch", func(w *world, a *device, p *Pending) {
			body, _ := pack([]byte(`{"format":7}`))
			put(w.t.Context(), w.store, a.key(layout.Batch(merge.BatchID{Device: 8, Seq: 1, Run: 1})), body, objstore.PutOptions{})
		}},
		{"a notice that names more", func(w *world, a *device, p *Pending) {
			write(w.t.Context(), w.store, a.key(layout.Notice), notice{Format: 1, Newest: []merge.BatchID{{Device: 8, Seq: 3, Run: 1}}})
		}},
	} {
		for _, step := range []int{1, 2} {
			t.Run(fmt.Sprint(c.name, " at step ", step), func(t *testing.T) {
				w := newWorld(t)
				a := w.device(1)
				a.pull(Poll)
				a.save("f", "1")
				a.delete("f")
				a.upload("orphan", "x")
				w.pass(40 * day)
				p := a.save("g", "2")
				a.save("h", "3")
				w.pass(2 * time.Hour)
				if step == 2 {
					a.sweep()
					w.pass(25 * time.Hour)
					q := a.save("i", "4")
					a.save("j", "5")
					p = q
				}
				before := w.contents()
				c.spoil(w, a, p)
				b := w.device(2) // knows nothing but what is in the store
				if _, err := b.space.Sweep(t.Context(), b.Volume, SweepOptions{}); !errors.Is(err, ErrUnsure) {
					t.Errorf("it was sure: %v", err)
				}
				if got := w.contents(); got != before {
					t.Errorf("%d of %d objects are left", got, before)
				}
			})
		}
	}
}

func TestSweepWithAStaleListing(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("f", "precious")
	n := a.node("f")
	b.pull(Poll)
	a.delete("f")
	w.pass(32 * day)
	b.pull(List)
	b.send(merge.Op{Kind: merge.Restore, Node: n.ID, Version: n.Current})
	restored := layout.DeviceHistory(2)
	w.pass(3 * day)
	stale := w.device(3)
	stale.net.list = func(_ string, objects []objstore.Object) []objstore.Object {
		return only(objects, func(o objstore.Object) bool { return !strings.Contains(o.Key, restored) })
	}
	for range 3 {
		stale.sweep() // the notice names the batch that its listing lacks
		w.pass(25 * time.Hour)
	}
	c := w.device(4)
	c.pull(List)
	c.intact()
	if !strings.Contains(c.show(), "f=") {
		t.Errorf("shown: %s", c.show())
	}
}

func TestSweepIsResumedAfterACrashAnywhere(t *testing.T) {
	for _, lost := range []bool{false, true} {
		for at := 0; ; at++ {
			w := newWorld(t)
			a := w.device(1)
			a.pull(Poll)
			a.save("stays", "1")
			a.save("goes", "2")
			a.delete("goes")
			w.pass(40 * day)
			fired := false
			for range 3 {
				a = w.restart(a)
				f := cutAt(a.net, at, lost)
				_, _ = a.space.Sweep(t.Context(), a.Volume, SweepOptions{})
				fired = fired || *f
				w.pass(25 * time.Hour)
			}
			for range 3 {
				a = w.restart(a)
				a.sweep()
				w.pass(25 * time.Hour)
			}
			if got := w.contents(); got != 1 {
				t.Fatalf("crash at %d: %d objects", at, got)
			}
			c := w.device(2)
			c.pull(Poll)
			agree(t, a, c)
			c.intact()
			if !fired {
				break
			}
		}
	}
}

func TestPurgedEntriesGoEarlyButNotBeforeALateRestore(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("f", "1")
	w.pass(40 * day) // object and version are old enough
	a.delete("f")
	ops, err := a.PurgeOps(a.Trash(TrashFilter{})[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	a.send(ops...)
	w.pass(2 * time.Hour)
	start := w.clock()
	for w.contents() > 0 {
		w.pass(25 * time.Hour)
		a.sweep()
		if w.clock().Sub(start) > 12*day {
			t.Fatal("it is still there")
		}
	}
	if took := w.clock().Sub(start); took < grace {
		t.Errorf("gone after %v", took)
	}
}

func TestStaleUploadsAreAborted(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("f", "1")
	old := a.key(layout.Content("old", layout.NewULID(1, [10]byte{1})))
	young := a.key(layout.Content("young", layout.NewULID(1, [10]byte{2})))
	if _, err := w.store.NewUpload(t.Context(), old, objstore.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	w.pass(30 * day)
	if _, err := w.store.NewUpload(t.Context(), young, objstore.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	a.sweep()
	w.pass(25 * time.Hour)
	a.sweep()
	ups, err := w.store.ListUploads(t.Context(), "")
	if err != nil || len(ups) != 1 || ups[0].Key != young {
		t.Errorf("left: %v, %v", ups, err)
	}
}

func TestSweepInPieces(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("f", "1")
	for i := range 7 {
		a.upload(fmt.Sprint("orphan", i), "x")
	}
	w.pass(31 * day)
	a.sweep()
	w.pass(25 * time.Hour)
	for want := 8 - 3; want > 1; want -= 3 {
		r, err := a.space.Sweep(t.Context(), a.Volume, SweepOptions{Limit: 3})
		if err != nil || r.Finished || w.contents() != want {
			t.Fatalf("%+v, %v, %d objects", r, err, w.contents())
		}
	}
	if r := a.sweep(); !r.Finished || w.contents() != 1 {
		t.Errorf("%+v, %d objects", r, w.contents())
	}
	a.intact()
}

// TestALongLife lets three devices work for months while sweeps go on, and compares them with one that never forgot.
func TestALongLife(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { longLife(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func longLife(t *testing.T, rnd *rand.Rand) {
	w := newWorld(t)
	ds := []*device{w.device(1), w.device(2), w.device(3)}
	for range 90 {
		d := ds[rnd.IntN(3)]
		d.pull(List)
		name := fmt.Sprint("file ", rnd.IntN(6))
		_, exists := d.State().Root().File(name)
		switch bin := d.Trash(TrashFilter{}); {
		case rnd.IntN(4) == 0 && len(bin) > 0:
			restore(t, d, bin[rnd.IntN(len(bin))].ID)
		case rnd.IntN(3) == 0 && exists:
			d.delete(name)
		case rnd.IntN(6) == 0 && exists:
			vs := d.Versions(d.node(name).ID)
			op, err := d.RestoreVersionOp(d.node(name).ID, vs[len(vs)-1].ID)
			if err != nil {
				t.Fatal(err)
			}
			d.send(op)
		default:
			d.save(name, fmt.Sprint(rnd.Uint64()))
		}
		w.pass(time.Duration(rnd.IntN(60)) * time.Hour)
		if _, err := d.space.Sweep(t.Context(), d.Volume, SweepOptions{}); err != nil {
			t.Fatal(err)
		}
		if rnd.IntN(10) == 0 {
			i := rnd.IntN(3)
			ds[i] = w.restart(ds[i])
		}
	}
	fresh := w.device(9)
	for _, d := range append(ds, fresh) {
		d.pull(List)
		d.intact()
		agree(t, ds[0], d)
		if ps := d.Problems(); len(ps) != 0 {
			t.Fatalf("problems: %+v", ps)
		}
	}
	first := w.keys("Synced/.volume/history/")[0]
	if !strings.Contains(first, "/0000000001-") {
		return
	}
	t.Errorf("the histories were never swept: %d batches, %d checkpoints", len(w.keys("Synced/.volume/history/")), len(w.keys("Synced/.volume/checkpoint/")))
}
