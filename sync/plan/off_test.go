package plan

import (
	"fmt"
	"testing"

	"elkjopcloud/sync/merge"
)

// turn turns folders off, or on where they begin with "+".
func turn(t *testing.T, d *simDev, paths ...string) {
	t.Helper()
	off := map[merge.ID]bool{}
	for id := range d.off {
		off[id] = true
	}
	for _, p := range paths {
		on := p[0] == '+'
		if on {
			p = p[1:]
		}
		f := d.log.State().Root().Find(p)
		if f == nil {
			t.Fatalf("there is no folder %s", p)
		}
		for _, m := range f.Members() {
			if off[m.ID] = true; on {
				delete(off, m.ID)
			}
		}
	}
	d.off = off
}

// TestOff: d is kept off one computer; here is what happens on it, there on another. first is the plan downwards that follows.
func TestOff(t *testing.T) {
	tests := []struct {
		name        string
		disk        []string
		early       func(here *simDisk) // before d is turned off
		here, there func(d *simDisk)    // after it has gone
		on          bool                // and it is turned on again
		first       []string
		after       []string // on the one computer
		other       []string // on the other
	}{
		{"goes from here only", []string{"d/", "d/e/", "d/e/a=1", "b=2"}, nil, nil, nil, false,
			[]string{"RemoveDir d/e>", "RemoveDir d>", "RemoveFile d/e/a>"}, []string{"b=2"}, []string{"b=2", "d/", "d/e/", "d/e/a=1"}},
		{"what was edited is told first", []string{"d/", "d/a=1"}, func(d *simDisk) { d.write(d.at("d/a"), "2") }, nil, nil, false,
			nil, nil, []string{"d/", "d/a=2"}},
		{"and what is new", []string{"d/", "d/a=1"}, func(d *simDisk) { _ = d.create("d/n", "2", false); _ = d.mkdir("d/m") }, nil, nil, false,
			[]string{"RemoveFile d/a>"}, nil, []string{"d/", "d/a=1", "d/m/", "d/n=2"}},
		{"and what was moved out of it", []string{"d/", "d/a=1"}, func(d *simDisk) { _ = d.rename("d/a", "a") }, nil, nil, false, nil, []string{"a=1"}, []string{"a=1", "d/"}},
		{"deleted here before it went", []string{"d/", "d/a=1"}, func(d *simDisk) { d.removeAll("d") }, nil, nil, false, nil, nil, []string{"d/", "d/a=1"}},
		{"moved here before it went", []string{"d/", "d/a=1"}, func(d *simDisk) { _ = d.rename("d", "e") }, nil, nil, false, nil, nil, []string{"e/", "e/a=1"}},
		{"comes again", []string{"d/", "d/a=1"}, nil, nil, func(d *simDisk) { d.write(d.at("d/a"), "2") }, true, nil, []string{"d/", "d/a=2"}, []string{"d/", "d/a=2"}},
		{"moved by others", []string{"d/", "d/a=1"}, nil, nil, func(d *simDisk) { _ = d.rename("d", "x"); _ = d.create("x/b", "2", false) }, false, nil, nil, []string{"x/", "x/a=1", "x/b=2"}},
		{"deleted by others", []string{"d/", "d/a=1"}, nil, nil, func(d *simDisk) { d.removeAll("d") }, false, nil, nil, nil},
		{"made anew at once by others", []string{"d/", "d/a=1"}, nil, nil, func(d *simDisk) { d.removeAll("d"); _ = d.mkdir("d"); _ = d.create("d/b", "2", false) }, false, nil,
			nil, []string{"d/", "d/b=2"}},
		{"others move something in", []string{"d/", "a=1", "e/", "e/b=2"}, nil, nil, func(d *simDisk) { _ = d.rename("a", "d/a"); _ = d.rename("e", "d/e") }, false, nil, nil,
			[]string{"d/", "d/a=1", "d/e/", "d/e/b=2"}},
		{"others move something out", []string{"d/", "d/a=1", "d/e/", "d/e/b=2"}, nil, nil, func(d *simDisk) { _ = d.rename("d/a", "a"); _ = d.rename("d/e", "e") }, false, nil,
			[]string{"a=1", "e/", "e/b=2"}, []string{"a=1", "d/", "e/", "e/b=2"}},
		{"a new folder in its place", []string{"d/", "d/a=1"}, nil, func(d *simDisk) { _ = d.mkdir("d"); _ = d.create("d/n", "2", false); _ = d.mkdir("d/m") }, nil, false, nil,
			[]string{"d/", "d/m/", "d/n=2"}, []string{"d/", "d/a=1", "d/m/", "d/n=2"}},
		{"and a file of that name in it", []string{"d/", "d/a=1"}, nil, func(d *simDisk) { _ = d.mkdir("d"); _ = d.create("d/a", "2", false) }, nil, false, nil,
			[]string{"d/", "d/a (conflicted copy, PC0000000000000001, 1970-01-01 00.00)=2"}, []string{"d/", "d/a (conflicted copy, PC0000000000000001, 1970-01-01 00.00)=2", "d/a=1"}},
		{"and an equal file in it stays", []string{"d/", "d/a=1", "d/b=2"}, nil, func(d *simDisk) { _ = d.mkdir("d"); _ = d.create("d/a", "1", false) }, nil, false, nil,
			[]string{"d/", "d/a=1"}, []string{"d/", "d/a=1", "d/b=2"}},
		{"and it is moved on", []string{"d/", "d/a=1"}, nil, func(d *simDisk) { _ = d.mkdir("x"); _ = d.create("x/n", "2", false) }, nil, false, nil,
			[]string{"x/", "x/n=2"}, []string{"d/", "d/a=1", "x/", "x/n=2"}},
		{"another one moved to its place", []string{"d/", "d/a=1", "e/", "e/b=2"}, nil, func(d *simDisk) { _ = d.rename("e", "d") }, nil, false, nil,
			[]string{"d/", "d/b=2"}, []string{"d/", "d/a=1", "d/b=2"}},
		{"its twin in another case", []string{"d/", "d/a=1"}, nil, func(d *simDisk) { _ = d.mkdir("D"); _ = d.create("D/n", "2", false) }, nil, false, nil,
			[]string{"d/", "d/n=2"}, []string{"d/", "d/a=1", "d/n=2"}},
		{"a file in its place", []string{"d/", "d/a=1"}, nil, func(d *simDisk) { _ = d.create("d", "2", false) }, nil, false, nil,
			[]string{"d (conflicted copy, PC0000000000000001, 1970-01-01 00.00)=2"}, []string{"d (conflicted copy, PC0000000000000001, 1970-01-01 00.00)=2", "d/", "d/a=1"}},
		{"all of it comes into the new folder", []string{"d/", "d/a=1"}, nil, func(d *simDisk) { _ = d.mkdir("d"); _ = d.create("d/n", "2", false) }, nil, true, nil,
			[]string{"d/", "d/a=1", "d/n=2"}, []string{"d/", "d/a=1", "d/n=2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, here, there := caseWorld(t)
			w.choosing = true
			fill(t, here.disk, tt.disk...)
			w.rest()
			if tt.early != nil {
				tt.early(here.disk)
			}
			turn(t, here, "d")
			d := here.log.State().Root().Find("d").Members()[0].ID
			if tt.first != nil {
				want(t, "downs", downLines(PlanDown(here.look(true))), tt.first...)
			}
			quiet(t, w)
			if tt.there != nil {
				tt.there(there.disk)
				quiet(t, w)
			}
			if tt.here != nil {
				tt.here(here.disk)
				quiet(t, w)
			}
			if tt.on {
				delete(here.off, d)
				quiet(t, w)
			}
			want(t, "disk", shownTree(here.disk), tt.after...)
			want(t, "other disk", shownTree(there.disk), tt.other...)
		})
	}
}

// quiet lets all rest and checks what must hold, with what is kept off.
func quiet(t *testing.T, w *simWorld) {
	t.Helper()
	w.rest()
	w.check(w.finished())
	for _, b := range w.bad {
		t.Error(b)
	}
	w.bad = nil
}

// TestOffBelow: what is above and below a folder that is kept off stays, is moved and is deleted as always; the folder is not deleted with them.
func TestOffBelow(t *testing.T) {
	w, here, there := caseWorld(t)
	w.choosing = true
	fill(t, here.disk, "p/", "p/d/", "p/d/a=1", "p/b=2")
	w.rest()
	turn(t, here, "p/d")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "p/", "p/b=2")
	rename(t, here.disk, "p", "q")
	quiet(t, w)
	want(t, "other disk", shownTree(there.disk), "q/", "q/b=2", "q/d/", "q/d/a=1")
	here.disk.removeAll("q")
	quiet(t, w)
	want(t, "other disk", shownTree(there.disk), "q/", "q/d/", "q/d/a=1")
	want(t, "disk", shownTree(here.disk), "q/")
}

// TestOffIgnored: what is not looked at keeps its folder here, which is said; it gives up its name, and is the folder again when that is turned on.
func TestOffIgnored(t *testing.T) {
	w, here, there := caseWorld(t)
	w.choosing = true
	fill(t, here.disk, "d/", "d/e/", "d/e/a=1", "d/b=2")
	w.rest()
	here.disk.ignores = true
	fill(t, here.disk, "d/e/ign=x")
	turn(t, here, "d")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "d/", "d/e/", "d/e/ign=x")
	in := here.look(true)
	if got := Remain(in); len(got) != 1 || newView(in).path(got[0]) != "d/e" {
		t.Errorf("what remains: %v", got)
	}
	turn(t, here, "+d")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "d/", "d/b=2", "d/e/", "d/e/a=1", "d/e/ign=x")
	turn(t, here, "d")
	quiet(t, w)
	rename(t, there.disk, "d", "x")
	fill(t, there.disk, "d=3")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "d (ignored files)/", "d (ignored files)/e/", "d (ignored files)/e/ign=x", "d=3")
}

// TestOffBaseLost: what is left of a folder that was on its way off is taken for that, and nothing is deleted or doubled.
func TestOffBaseLost(t *testing.T) {
	w, here, there := caseWorld(t)
	w.choosing = true
	fill(t, here.disk, "d/", "d/a=1", "d/b=2", "c=3")
	w.rest()
	turn(t, here, "d")
	_ = here.disk.remove("d/a")
	here.disk.write(here.disk.at("d/b"), "4")
	here.base = BasesOf()
	in := here.look(true)
	in.Joining = true
	ups := PlanUp(in)
	want(t, "ups", upLines(ups), "create d/b ")
	here.write(ups.Adopt, ups.Forget)
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "c=3")
	want(t, "other disk", shownTree(there.disk), "c=3", "d/", "d/a=1", "d/b (conflicted copy, PC0000000000000001, 1970-01-01 00.00)=4", "d/b=2")
}

// TestOffTwinsRow: a row of two folders that show as one, of which one is kept off by now, is the other's, and deletes and moves only that.
func TestOffTwinsRow(t *testing.T) {
	w, here, there := caseWorld(t)
	w.choosing = true
	fill(t, here.disk, "d/", "d/a=1", "e/", "e/b=2")
	w.rest()
	turn(t, there, "d")
	first := there.off
	quiet(t, w)
	rename(t, there.disk, "e", "d")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "d/", "d/a=1", "d/b=2")
	here.off, there.off = first, nil
	rename(t, here.disk, "d", "x")
	fill(t, here.disk, "x/c=3")
	_ = here.disk.remove("x/a")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "x/", "x/b=2", "x/c=3")
	want(t, "other disk", shownTree(there.disk), "d/", "d/a=1", "x/", "x/b=2", "x/c=3")
	_ = here.disk.remove("x/b")
	here.disk.removeAll("x")
	quiet(t, w)
	want(t, "other disk", shownTree(there.disk), "d/", "d/a=1")
}

// TestOffTally: what goes by choice asks nobody, and does not make more of the others' deletions pass either.
func TestOffTally(t *testing.T) {
	w, here, there := caseWorld(t)
	w.choosing = true
	fill(t, here.disk, "d/", "e/")
	for i := range 60 {
		fill(t, here.disk, "d/"+fmt.Sprint(i)+"=1", "e/"+fmt.Sprint(i)+"=2")
	}
	w.rest()
	turn(t, here, "d")
	in := here.look(true)
	if got := TallyDown(in, PlanDown(in)); got != (Tally{Files: 60}) {
		t.Errorf("by choice: %+v", got)
	}
	there.disk.removeAll("e")
	for there.cycle() {
	}
	here.pull()
	in = here.look(true)
	if got := TallyDown(in, PlanDown(in)); got.Deleted != 60 || got.Files != 60 || !got.Emptied || !got.TooMuch() {
		t.Errorf("with deletions: %+v", got)
	}
	here.disk.removeAll("d")
	if ups := PlanUp(here.look(true)); len(ups.Do) != 0 {
		t.Errorf("told: %v", upLines(ups))
	}
}

// TestOffStands: a file that turned out to be one of the folder that is kept off follows what others do to it; that it goes from here is not told.
func TestOffStands(t *testing.T) {
	w, here, there := caseWorld(t)
	w.choosing = true
	fill(t, here.disk, "d/", "d/a=1", "d/b=2")
	w.rest()
	turn(t, here, "d")
	quiet(t, w)
	fill(t, here.disk, "d/", "d/a=1", "d/b=2")
	quiet(t, w)
	there.disk.write(there.disk.at("d/a"), "3")
	_ = there.disk.remove("d/b")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "d/", "d/a=3")
	rename(t, there.disk, "d/a", "d/c")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "d/", "d/c=3")
	here.disk.write(here.disk.at("d/c"), "4")
	quiet(t, w)
	want(t, "other disk", shownTree(there.disk), "d/", "d/c=4")
	_ = here.disk.remove("d/c")
	quiet(t, w)
	want(t, "disk", shownTree(here.disk), "d/")
	want(t, "other disk", shownTree(there.disk), "d/", "d/c=4")
}

// TestOffParted: when the folder in which such a file stands moves on, by whoever, the file is one of its own there.
func TestOffParted(t *testing.T) {
	for _, local := range []bool{true, false} {
		w, here, there := caseWorld(t)
		w.choosing = true
		fill(t, here.disk, "d/", "d/a=1")
		w.rest()
		turn(t, here, "d")
		quiet(t, w)
		fill(t, here.disk, "d/", "d/a=1")
		quiet(t, w)
		if local {
			rename(t, here.disk, "d", "x")
		} else {
			second := here.log.State().Root().Find("d").Members()[1].ID
			there.extra = append(there.extra, merge.Op{Kind: merge.Move, Node: second, Members: []merge.ID{second}, Name: "x"})
		}
		quiet(t, w)
		want(t, "disk", shownTree(here.disk), "x/", "x/a=1")
		want(t, "other disk", shownTree(there.disk), "d/", "d/a=1", "x/", "x/a=1")
	}
}
