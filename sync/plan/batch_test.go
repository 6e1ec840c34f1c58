package plan

import (
	"testing"

	"elkjopcloud/sync/merge"

	"github.com/google/go-cmp/cmp"
)

// planned returns what a device would tell, and the content of all of it.
func planned(d *simDev) (Input, []Up, map[Handle]Sent) {
	in := d.look(true)
	ups := PlanUp(in)
	d.write(ups.Adopt, ups.Forget)
	sent := map[Handle]Sent{}
	for _, u := range ups.Do {
		if n := d.disk.at(u.Path); u.Kind == merge.Create || u.Kind == merge.Put {
			sent[u.ID] = Sent{Content: simFile(n.content, u.Exec), Disk: d.disk.signature(n)}
		}
	}
	return in, ups.Do, sent
}

func rowsByName(c Commit) map[string]*Base {
	out := map[string]*Base{}
	for _, b := range c.Set {
		out[b.Name] = b
	}
	return out
}

// Operations come in the order in which they can be applied, a move names the version of its own put, and rows have the stamps.
func TestBatch(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "a=1", "gone=2", "old/", "old/x=3")
	settled(t, w)
	fill(t, d.disk, "n/", "n/m/", "n/m/f=4")
	rename(t, d.disk, "a", "n/b")
	d.disk.write(d.disk.at("n/b"), "5555")
	_ = d.disk.remove("gone")
	rename(t, d.disk, "old", "n/old")
	in, ups, sent := planned(d)
	at := merge.Stamp{Time: 9000, Device: 1, Run: 7}
	ops, commit := Batch(in, at, ups, sent)
	var kinds []merge.Kind
	for _, op := range ops {
		kinds = append(kinds, op.Kind)
	}
	if diff := cmp.Diff([]merge.Kind{"mkdir", "mkdir", "create", "put", "move", "move", "delete"}, kinds); diff != "" {
		t.Fatalf("kinds: %s", diff)
	}
	st := func(i int) merge.Stamp { s := at; s.Index = uint32(i + 1); return s }
	if ops[1].Parent != st(0) || ops[2].Parent != st(1) {
		t.Errorf("parents are %v and %v", ops[1].Parent, ops[2].Parent)
	}
	for _, op := range ops[4:6] {
		if op.Parent != st(0) {
			t.Errorf("move goes to %v", op.Parent)
		}
		if op.Members == nil && op.Version != st(3) {
			t.Errorf("move names %v, not the put in its batch", op.Version)
		}
	}
	rows := rowsByName(commit)
	for name, want := range map[string]merge.Stamp{"n": st(0), "m": st(1), "f": st(2)} {
		if m := rows[name].Nodes; len(m) != 1 || m[0].ID != want || m[0].Place != want {
			t.Errorf("row %s has nodes %v", name, m)
		}
	}
	if b := rows["b"]; b.Version != st(3) || simContent(b.Hash) != "5555" || b.Nodes[0].Place == b.Nodes[0].ID || b.Disk != sent[b.ID].Disk {
		t.Errorf("row of the moved and edited file: %+v", *b)
	}
	if len(commit.Drop) != 1 {
		t.Errorf("drops %v", commit.Drop)
	}
}

// A move without the put of the same file leaves the file's old content in Base, so that the put is planned again.
func TestBatchChunk(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "a=1", "x=2")
	settled(t, w)
	rename(t, d.disk, "a", "b")
	d.disk.write(d.disk.at("b"), "5555")
	d.disk.at("b").exec = true
	rename(t, d.disk, "x", "y")
	n := d.disk.at("y")
	n.exec, n.ctime = true, d.disk.now()
	in, ups, sent := planned(d)
	var moves []Up
	for _, u := range ups {
		if u.Kind == merge.Move {
			moves = append(moves, u)
		}
	}
	_, commit := Batch(in, merge.Stamp{Time: 9000, Device: 1, Run: 1}, moves, sent)
	for _, b := range commit.Set {
		d.base.Set(b)
	}
	in = d.look(true)
	want(t, "still to tell", upLines(PlanUp(in)), "put b ", "put y 2")
}

// A file that changed after it was scanned is told as it was read, and one whose bit changed is told again.
func TestBatchReadLater(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "a=1")
	in := d.look(true)
	ups := PlanUp(in).Do
	d.disk.write(d.disk.at("a"), "22")
	d.disk.at("a").exec = true
	n := d.disk.at("a")
	_, commit := Batch(in, merge.Stamp{Time: 1, Device: 1, Run: 1}, ups, map[Handle]Sent{ups[0].ID: {Content: simFile("22", false), Disk: d.disk.signature(n)}})
	row := commit.Set[0]
	if simContent(row.Hash) != "22" || row.Disk.Exec {
		t.Errorf("row %+v", *row)
	}
	w.bad = nil
}

// The rows survive being kept with the intent: what is replayed after a crash is what was stamped.
func TestBatchReplay(t *testing.T) {
	w, d, other := caseWorld(t)
	fill(t, d.disk, "a=1", "b=2")
	settled(t, w)
	d.disk.swap("a", "b")
	d.disk.write(d.disk.at("a"), "3333")
	in := d.look(true)
	ups := PlanUp(in)
	do, sent := d.chunk(in, ups.Do)
	d.stamp(in, do, sent)
	d.send() // and the program stops before it writes Base
	for other.cycle() {
	}
	settled(t, w)
	want(t, "disk", shownTree(other.disk), "a=3333", "b=1")
	if n := len(w.store); n > 3 {
		t.Errorf("%d batches, so something was told twice", n)
	}
}
