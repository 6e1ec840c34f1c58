package space

import (
	"errors"
	"strings"
	"testing"
	"time"

	"elkjopcloud/sync/merge"
)

const day = 24 * time.Hour

func TestTrash(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("letter.txt", "one")
	a.save("other.txt", "two")
	dir := merge.Stamp{}
	p := a.send(merge.Op{Kind: merge.Mkdir, Name: "Photos"})
	dir = p.Batch.Stamp(0)
	for _, n := range []string{"x.jpg", "y.jpg"} {
		a.send(merge.Op{Kind: merge.Create, Parent: dir, Name: n, Content: a.upload("Photos/"+n, n)})
	}
	b.pull(Poll)
	b.delete("letter.txt")
	w.pass(day)
	folder := a.State().Root().Folder("Photos")
	list := []merge.Entry{{Node: dir, Dir: true, Place: folder.Members()[0].Place}}
	for _, n := range folder.Files() {
		list = append(list, merge.Entry{Node: n.ID, Version: n.Current, Place: n.Place})
	}
	a.send(merge.Op{Kind: merge.Delete, List: list})
	a.pull(Poll)

	got := a.Trash(TrashFilter{})
	if len(got) != 2 || got[0].Path != "Photos" || got[1].Path != "letter.txt" {
		t.Fatalf("trash: %+v", got)
	}
	if e := got[0]; !e.Dir || e.Files != 2 || e.Size != 10 || e.DeletedBy != "PC 1" || e.ExpiresAt.Sub(e.DeletedAt) != 30*day {
		t.Errorf("folder: %+v", e)
	}
	if e := got[1]; e.Dir || e.Files != 1 || e.Size != 3 || e.DeletedBy != "PC 2" || w.clock().Sub(e.DeletedAt) < day {
		t.Errorf("file: %+v", e)
	}
	found := a.Trash(TrashFilter{Find: "X.J"})
	if len(found) != 1 || found[0].Path != "Photos/x.jpg" {
		t.Fatalf("found: %+v", found)
	}

	restore(t, a, found[0].ID)
	if s := a.show(); !strings.Contains(s, "Photos/x.jpg") || strings.Contains(s, "y.jpg") {
		t.Errorf("after restoring one file: %s", s)
	}
	restore(t, a, got[1].ID)
	if _, err := a.RestoreOps(got[1].ID); !errors.Is(err, ErrNotInTrash) {
		t.Errorf("restored twice: %v", err)
	}
	b.pull(Poll)
	agree(t, a, b)
	w.pass(30 * day)
	if left := a.Trash(TrashFilter{}); len(left) != 0 {
		t.Errorf("expired: %+v", left)
	}
	for _, id := range []string{"", "0", "nonsense", found[0].ID} {
		if _, err := a.RestoreOps(id); !errors.Is(err, ErrNotInTrash) {
			t.Errorf("restore %q: %v", id, err)
		}
	}
}

func restore(t *testing.T, d *device, ids ...string) {
	t.Helper()
	ops, err := d.RestoreOps(ids...)
	if err != nil {
		t.Fatal(err)
	}
	d.send(ops...)
}

func TestRestoreBesideWhatStandsThereNow(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("plan.txt", "old")
	a.delete("plan.txt")
	a.save("plan.txt", "new")
	restore(t, a, a.Trash(TrashFilter{})[0].ID)
	if got := len(a.State().Root().Files()); got != 2 || !strings.Contains(a.show(), "plan (restored") {
		t.Errorf("shown: %s", a.show())
	}
}

func TestPurgedFolderIsGoneAsAWhole(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	dir := a.send(merge.Op{Kind: merge.Mkdir, Name: "d"}).Batch.Stamp(0)
	f := a.send(merge.Op{Kind: merge.Create, Parent: dir, Name: "f", Content: a.upload("d/f", "x")}).Batch.Stamp(0)
	a.send(merge.Op{Kind: merge.Delete, List: []merge.Entry{{Node: dir, Dir: true, Place: dir}, {Node: f, Version: f, Place: f}}})
	ops, err := a.PurgeOps(a.Trash(TrashFilter{})[0].ID)
	if err != nil || len(ops) != 2 {
		t.Fatalf("%v, %v", ops, err)
	}
	a.send(ops...)
	if got := a.Trash(TrashFilter{}); len(got) != 0 {
		t.Errorf("left: %+v", got)
	}
}

func TestFoldersThatShowedAsOneComeBackAsOne(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	var dirs []merge.Stamp
	for _, d := range []*device{a, b} {
		dirs = append(dirs, d.send(merge.Op{Kind: merge.Mkdir, Name: "Docs"}).Batch.Stamp(0))
	}
	a.pull(List)
	files := []merge.Stamp{}
	for i, name := range []string{"one", "two"} {
		files = append(files, a.send(merge.Op{Kind: merge.Create, Parent: dirs[i], Name: name, Content: a.upload(name, name)}).Batch.Stamp(0))
	}
	var list []merge.Entry
	for i := range 2 {
		list = append(list, merge.Entry{Node: dirs[i], Dir: true, Place: dirs[i]}, merge.Entry{Node: files[i], Version: files[i], Place: files[i]})
	}
	a.send(merge.Op{Kind: merge.Delete, List: list})
	got := a.Trash(TrashFilter{})
	if len(got) != 1 || got[0].Files != 2 || len(got[0].Nodes) != 2 {
		t.Fatalf("trash: %+v", got)
	}
	restore(t, a, got[0].ID)
	if s := a.show(); !strings.Contains(s, "Docs/one") || !strings.Contains(s, "Docs/two") {
		t.Errorf("shown: %s", s)
	}
}

func TestVersions(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	for _, s := range []string{"1", "2"} {
		a.save("f", s)
		w.pass(time.Hour)
	}
	b.pull(Poll)
	b.save("f", "three")
	a.pull(Poll)
	n, ok := a.FileAt("F")
	if !ok {
		t.Fatal("no file")
	}
	vs := a.Versions(n.ID)
	if len(vs) != 3 || !vs[0].Current || vs[0].Device != "PC 2" || vs[0].Size != 5 || vs[1].Current || vs[2].Device != "PC 1" {
		t.Fatalf("versions: %+v", vs)
	}
	op, err := a.RestoreVersionOp(n.ID, vs[2].ID)
	if err != nil {
		t.Fatal(err)
	}
	a.send(op)
	b.pull(Poll)
	agree(t, a, b)
	now := b.Versions(n.ID)
	if len(now) != 4 || now[0].Content.Hash != vs[2].Content.Hash {
		t.Errorf("versions: %+v", now)
	}
	if _, err := a.RestoreVersionOp(n.ID, merge.Stamp{Time: 1}); !errors.Is(err, ErrNoVersion) {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestWhichVersionsAreKept(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	for i := range 9 {
		a.save("f", strings.Repeat("x", i+1))
		w.pass(10 * day)
	}
	// The ninth is 10 days old; replaced were the eighth 10 days ago, the seventh 20, the sixth 30 and a little.
	n := a.node("f")
	sizes := func() (out []int64) {
		for _, v := range a.Versions(n.ID) {
			out = append(out, v.Size)
		}
		return out
	}
	if got := sizes(); len(got) != 6 || got[0] != 9 || got[5] != 4 {
		t.Errorf("kept: %v", got)
	}
	for i := range 8 {
		a.save("f", strings.Repeat("y", i+20))
	}
	if got := sizes(); len(got) != 8+3 || got[10] != 7 {
		t.Errorf("kept what was current in the last 30 days: %v", got)
	}
}

func TestAsItWas(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	type moment struct {
		at    time.Time
		shown string
	}
	var then []moment
	mark := func() {
		b.pull(List)
		then = append(then, moment{w.clock(), b.show()})
		w.pass(2 * time.Hour)
	}
	mark()
	a.save("f", "1")
	mark()
	a.save("f", "2")
	a.save("g", "2")
	mark()
	b.delete("f")
	mark()
	a.pull(List)
	if err := a.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	a.save("h", "3")
	mark()
	for name, d := range map[string]*device{"with all": b, "from the checkpoint": w.device(3), "its writer": a} {
		d.pull(List)
		for i, m := range then {
			s, err := d.At(t.Context(), m.at)
			if err != nil {
				t.Fatalf("%s, moment %d: %v", name, i, err)
			}
			if got := showState(s); got != m.shown {
				t.Errorf("%s, moment %d: %q, it was %q", name, i, got, m.shown)
			}
		}
	}
	for _, k := range w.keys(a.key(".volume/history/0000000000000001/0000000001")) {
		if err := w.store.Delete(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	c := w.device(4)
	c.pull(List)
	if _, err := c.At(t.Context(), then[1].at); !errors.Is(err, ErrTooEarly) {
		t.Errorf("before the histories: %v", err)
	}
	if s, err := c.At(t.Context(), then[4].at); err != nil || showState(s) != then[4].shown {
		t.Errorf("after the checkpoint: %v", err)
	}
}

// forceCheckpoint writes a checkpoint whether it is worth it or not.
func (d *device) forceCheckpoint() error {
	d.busy.Lock()
	defer d.busy.Unlock()
	c, err := d.cut(d.w.t.Context(), d.w.clock(), func(merge.Node) bool { return false })
	if err == nil {
		_, err = d.putCheckpoint(d.w.t.Context(), c)
	}
	return err
}
