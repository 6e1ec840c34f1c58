package engine_test

import (
	"maps"
	"slices"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
)

// restart starts the program again, with the choice that was made, or without.
func (d *pair) restart(chosen bool) {
	d.start()
	if chosen {
		d.e.KeepOff(d.chosen)
	}
}

// off keeps folders off the device, all others are on it.
func (d *pair) off(paths ...string) {
	d.t.Helper()
	var ids []merge.ID
	for _, p := range paths {
		f := d.v.State().Root().Find(p)
		if f == nil {
			d.t.Fatalf("there is no folder %s", p)
		}
		for _, n := range f.Members() {
			ids = append(ids, n.ID)
		}
	}
	d.e.KeepOff(ids)
	d.chosen = ids
}

func (d *pair) paths() []string { return slices.Sorted(maps.Keys(d.files())) }

// has checks what is on the disk.
func (d *pair) has(paths ...string) {
	d.t.Helper()
	if got := d.paths(); !slices.Equal(got, paths) {
		d.t.Errorf("%s has %q, want %q", d.name(), got, paths)
	}
}

// TestOff: a folder goes from one device and comes again; the other has it all the time, and hears nothing. 60 files would be a question otherwise.
func TestOff(t *testing.T) {
	a, b := two(t, 60)
	b.write("docs/sub/x", "x")
	b.write("keep", "k")
	settle(b, a)
	a.off("docs")
	settle(a)
	a.has("keep")
	if _, err := a.disk.Stat("docs"); err == nil {
		t.Error("the folder still stands")
	}
	a.wants(engine.UpToDate)
	writes := a.memory.saves
	settle(a, b)
	if a.memory.saves != writes || len(b.files()) != 62 {
		t.Errorf("%d changes of the database without need; the other has %d files", a.memory.saves-writes, len(b.files()))
	}
	b.write("docs/new", "n")
	b.remove("docs/f000")
	settle(b, a)
	a.has("keep")
	a.off()
	settle(a)
	if !maps.Equal(a.files(), b.files()) {
		t.Errorf("all is on again:\n%v\n%v", a.paths(), b.paths())
	}
	a.wants(engine.UpToDate)
}

// TestOffTellsFirst: what was changed goes only when the cloud has it, and is in the safety folder or the cloud at any time.
func TestOffTellsFirst(t *testing.T) {
	a, b := two(t, 3)
	a.write("docs/f000", "edited")
	a.write("docs/new", "new")
	a.faults.Decide(failing("put", "", objstore.Unreachable))
	a.off("docs")
	_ = a.cycle()
	if f := a.files(); f["docs/f000"] != "edited" || f["docs/new"] != "new" {
		t.Fatalf("offline: %v", f)
	}
	a.faults.Decide(nil)
	settle(a, b)
	a.has()
	if f := b.files(); f["docs/f000"] != "edited" || f["docs/new"] != "new" || len(f) != 4 {
		t.Errorf("the other has %v", f)
	}
}

// TestOffGuard: real deletions are asked about while a folder goes by choice, which it does at once, and comes not back with them.
func TestOffGuard(t *testing.T) {
	for _, answer := range []string{engine.Keep, engine.Apply} {
		a, b := apart(t) // 90 of 200 files are gone at a
		for _, name := range []string{"x", "y", "z"} {
			b.write("other/"+name, name)
		}
		b.ok()
		b.asks(true, 90, 0)
		b.off("other")
		b.ok()
		b.asks(true, 90, 0)
		if len(b.files()) != 200 {
			t.Errorf("%d files at b", len(b.files()))
		}
		b.answer(answer)
		settle(b, a)
		want := map[string]int{engine.Keep: 200, engine.Apply: 110}[answer]
		if len(b.files()) != want || len(a.files()) != want+3 {
			t.Errorf("%s: %d files at a, %d at b", answer, len(a.files()), len(b.files()))
		}
		b.wants(engine.UpToDate)
	}
}

// TestOffRestarts: the program dies at every write of the database while a folder goes, comes and goes; nothing is told of that.
func TestOffRestarts(t *testing.T) {
	for at := 1; at < 12; at++ {
		a, b := two(t, 5)
		b.write("keep", "k")
		settle(b, a)
		a.off("docs")
		saves := a.memory.saves + at
		a.memory.fail = func(engine.Change) error {
			if a.memory.saves >= saves {
				return errStranger
			}
			return nil
		}
		_ = a.cycle()
		a.memory.fail = nil
		a.restart(at%2 == 1) // or it is turned on again meanwhile
		settle(a, b)
		if len(b.files()) != 6 {
			t.Fatalf("after %d changes: the other has %v", at, b.paths())
		}
		if at%2 == 1 {
			a.has("keep")
		} else if len(a.files()) != 6 {
			t.Errorf("after %d changes: %v", at, a.paths())
		}
	}
}

// TestOffLostDatabase: with the database lost, what is left of the folder goes, and with the choice lost, too, all comes down.
func TestOffLostDatabase(t *testing.T) {
	a, b := two(t, 5)
	a.off("docs")
	settle(a)
	a.has()
	a.memory.base, a.memory.joined = newMemory().base, false
	a.cache = &space.MemCache{}
	a.restart(true)
	settle(a, b)
	a.has()
	if len(b.files()) != 5 {
		t.Fatalf("the other has %v", b.paths())
	}
	a.memory.base, a.memory.joined = newMemory().base, false
	a.restart(false)
	settle(a, b)
	if len(a.files()) != 5 || len(b.files()) != 5 {
		t.Errorf("%v\n%v", a.paths(), b.paths())
	}
}

// TestOffRemains: an ignored file stays, and the folder with it, which is said and is no problem.
func TestOffRemains(t *testing.T) {
	h := newHouse(t)
	a := h.synced(disktest.Options{})
	a.write("docs/sub/x", "x")
	a.write("docs/film.part", "left")
	settle(a)
	a.off("docs")
	settle(a)
	a.has("docs/film.part")
	a.wants(engine.UpToDate)
	if got := a.status().Remain; !slices.Equal(got, []string{"docs"}) {
		t.Errorf("remains: %q", got)
	}
	a.off()
	settle(a)
	a.has("docs/film.part", "docs/sub/x")
	if got := a.status().Remain; len(got) != 0 {
		t.Errorf("remains: %q", got)
	}
}

// TestOffName: a name that this disk cannot hold is no problem where it is kept off.
func TestOffName(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{WindowsNames: true})
	a.write("docs/a:b", "x")
	settle(a, b)
	if len(b.codes()) != 1 {
		t.Fatalf("problems %q", b.codes())
	}
	b.off("docs")
	settle(b)
	b.wants(engine.UpToDate)
}

// TestOffMeanwhile: a choice that is made while files come down holds from the next window on.
func TestOffMeanwhile(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.add(disktest.Options{}, "Synced", engine.Options{Window: 1, Most: 100})
	a.many(20, "x")
	settle(a)
	n := 0
	b.opt.Told = func(ev engine.Event) {
		if n++; n == 3 {
			b.off("docs")
		}
	}
	b.start()
	settle(b)
	b.has()
	if n > 8 {
		t.Errorf("%d things were done", n)
	}
	a.ok()
	if len(a.files()) != 20 {
		t.Errorf("the other has %v", a.paths())
	}
}
