package plan

import (
	"fmt"
	"testing"
)

func TestTooMuch(t *testing.T) {
	tests := []struct {
		name string
		t    Tally
		want bool
	}{
		{"nothing", Tally{Files: 100}, false},
		{"49 of 100", Tally{Files: 100, Deleted: 49}, false},
		{"50 of 100", Tally{Files: 100, Deleted: 50}, true},
		{"50 of 200 is a quarter", Tally{Files: 200, Deleted: 50}, false},
		{"51 of 200, deleted or rewritten", Tally{Files: 200, Deleted: 25, Rewritten: 26}, true},
		{"999 of many", Tally{Files: 1e6, Deleted: 999}, false},
		{"1000 of many", Tally{Files: 1e6, Rewritten: 1000}, true},
		{"a small folder emptied", Tally{Files: 4, Deleted: 4, Emptied: true}, false},
		{"a folder emptied", Tally{Files: 5, Deleted: 5, Emptied: true}, true},
		{"emptied by moves", Tally{Files: 5, Emptied: true}, false},
		{"in steps", Tally{Files: 100, Deleted: 30}.Add(30, 0), true},
	}
	for _, tt := range tests {
		if got := tt.t.TooMuch(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// TestHolds: few rewritten files go on while many deletions wait, unless rewriting is what is too much.
func TestHolds(t *testing.T) {
	tests := []struct{ now, counted, want Tally }{
		{Tally{Files: 200, Deleted: 100, Rewritten: 10}, Tally{Files: 200, Deleted: 100, Rewritten: 10}, Tally{Files: 200, Deleted: 100}},
		{Tally{Files: 200, Deleted: 100, Rewritten: 60}, Tally{Files: 200, Deleted: 100, Rewritten: 60}, Tally{Files: 200, Deleted: 100, Rewritten: 60}},
		{Tally{Files: 200, Deleted: 1, Rewritten: 10}, Tally{Files: 200, Deleted: 1, Rewritten: 60}, Tally{Files: 200, Deleted: 1, Rewritten: 10}},
		{Tally{Files: 200, Rewritten: 10}, Tally{Files: 200, Deleted: 60, Rewritten: 10}, Tally{Files: 200, Rewritten: 10}},
		{Tally{Files: 10, Deleted: 9, Rewritten: 1, Emptied: true}, Tally{Files: 10, Deleted: 9, Rewritten: 1, Emptied: true}, Tally{Files: 10, Deleted: 9, Emptied: true}},
	}
	for _, tt := range tests {
		if got := tt.now.Holds(tt.counted); got != tt.want {
			t.Errorf("of %+v, counted as %+v: %+v, want %+v", tt.now, tt.counted, got, tt.want)
		}
	}
}

func fillMany(t *testing.T, d *simDisk, n int) {
	t.Helper()
	fill(t, d, "d/")
	for i := range n {
		fill(t, d, fmt.Sprintf("d/%03d=content %d", i, i))
	}
}

// What is taken away counts on the way up, on the way down only until a person has confirmed it; moves never count.
func TestTally(t *testing.T) {
	tests := []struct {
		name string
		do   func(d *simDisk)
		want Tally
	}{
		{"all deleted", func(d *simDisk) { d.removeAll("d") }, Tally{Files: 60, Deleted: 60, Emptied: true}},
		{"folder renamed", func(d *simDisk) { _ = d.rename("d", "e") }, Tally{Files: 60}},
		{"files moved", func(d *simDisk) {
			_ = d.mkdir("e")
			for i := range 60 {
				_ = d.rename(fmt.Sprintf("d/%03d", i), fmt.Sprintf("e/%03d", i))
			}
		}, Tally{Files: 60}},
		{"rewritten", func(d *simDisk) {
			for i := range 10 {
				d.write(d.at(fmt.Sprintf("d/%03d", i)), fmt.Sprint("new", i))
			}
		}, Tally{Files: 60, Rewritten: 10}},
		{"bits changed", func(d *simDisk) {
			n := d.at("d/000")
			n.exec, n.ctime = true, d.now()
		}, Tally{Files: 60}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, a, b := caseWorld(t)
			fillMany(t, a.disk, 60)
			settled(t, w)
			tt.do(a.disk)
			in := a.look(true)
			if got := TallyUp(in, PlanUp(in)); got != tt.want {
				t.Errorf("up: %+v", got)
			}
			for a.cycle() {
			}
			b.pull()
			in = b.look(true)
			if got := TallyDown(in, PlanDown(in)); got != tt.want {
				t.Errorf("down: %+v", got)
			}
		})
	}
}

// Files that come back elsewhere with the same bytes are not taken away: a copy and delete instead of a move.
func TestTallyCopied(t *testing.T) {
	w, a, b := caseWorld(t)
	fillMany(t, a.disk, 60)
	settled(t, w)
	_ = a.disk.mkdir("e")
	for i := range 60 {
		_ = a.disk.create(fmt.Sprintf("e/%03d", i), fmt.Sprint("content ", i), false)
	}
	a.disk.removeAll("d")
	in := a.look(true)
	if got := TallyUp(in, PlanUp(in)); got.Deleted != 0 || got.TooMuch() {
		t.Errorf("up: %+v", got)
	}
	for a.cycle() {
	}
	b.pull()
	in = b.look(true)
	if got := TallyDown(in, PlanDown(in)); got.Deleted != 0 || got.TooMuch() {
		t.Errorf("down: %+v", got)
	}
}

func TestTallyConfirmed(t *testing.T) {
	w, a, b := caseWorld(t)
	fillMany(t, a.disk, 60)
	settled(t, w)
	a.disk.removeAll("d")
	n := len(w.store)
	for a.cycle() {
	}
	for _, batch := range w.store[n:] {
		c := *batch
		c.Confirmed = true
		b.log.Add(&c)
		b.got[c.BatchID] = true
	}
	in := b.look(true)
	downs := PlanDown(in)
	if got := TallyDown(in, downs); got.Deleted != 0 || got.TooMuch() || len(downs.Do) < 60 {
		t.Errorf("%+v for %d acts", got, len(downs.Do))
	}
}

// TestGuardOneByOne: files that go one by one are no mass of files when the last one goes.
func TestGuardOneByOne(t *testing.T) {
	last := Tally{Files: 1, Deleted: 1, Emptied: true}
	if last.Add(4, 0).TooMuch() {
		t.Error("asked about the last of five files that went one by one")
	}
}
