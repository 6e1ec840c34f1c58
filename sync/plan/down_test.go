package plan

import "testing"

// down is what the other device did; here is what this one did meanwhile, and has not told.
func TestPlanDown(t *testing.T) {
	tests := []struct {
		name   string
		disk   []string
		folds  bool
		ignore bool
		here   func(d *simDisk)
		there  func(d *simDisk)
		want   []string
		after  []string
	}{
		{"fetch", nil, false, false, nil, func(d *simDisk) { _ = d.mkdir("d"); _ = d.create("d/a", "1", true) }, []string{"Fetch d/a", "MakeDir d"}, []string{"d/", "d/a*=1"}},
		{"replace", []string{"a=1"}, false, false, nil, func(d *simDisk) { d.write(d.at("a"), "2") }, []string{"Replace a>"}, []string{"a=2"}},
		{"not what was edited here", []string{"a=1"}, false, false, func(d *simDisk) { d.write(d.at("a"), "3") }, func(d *simDisk) { d.write(d.at("a"), "2") }, nil,
			[]string{"a (conflicted copy, PC0000000000000001, 1970-01-01 00.00)=3", "a=2"}},
		{"not what is new here", nil, false, false, func(d *simDisk) { _ = d.create("a", "3", false) }, func(d *simDisk) { _ = d.create("a", "2", false) }, nil,
			[]string{"a (conflicted copy, PC0000000000000001, 1970-01-01 00.00)=3", "a=2"}},
		{"bit", []string{"a=1"}, false, false, nil, func(d *simDisk) { n := d.at("a"); n.exec, n.ctime = true, d.now() }, []string{"SetMeta a>"}, []string{"a*=1"}},
		{"move", []string{"a=1", "d/"}, false, false, nil, func(d *simDisk) { _ = d.rename("a", "d/b") }, []string{"MoveTo a>d/b"}, []string{"d/", "d/b=1"}},
		{"move and replace in two rounds", []string{"a=1"}, false, false, nil, func(d *simDisk) { _ = d.rename("a", "b"); d.write(d.at("b"), "2") }, []string{"Replace a>"}, []string{"b=2"}},
		{"not what was moved here", []string{"a=1"}, false, false, func(d *simDisk) { _ = d.rename("a", "c") }, func(d *simDisk) { _ = d.rename("a", "b") }, nil, []string{"c=1"}},
		{"swap by putting one aside", []string{"a=1", "b=2"}, false, false, nil, func(d *simDisk) { d.swap("a", "b") }, []string{"MoveTo a>.elkjop-parked-1"}, []string{"a=2", "b=1"}},
		{"folder into its own child's place", []string{"d/", "d/d/"}, false, false, nil, func(d *simDisk) { _ = d.rename("d/d", "x"); _ = d.rename("d", "x/d"); _ = d.rename("x", "d") },
			[]string{"MoveTo d>.elkjop-parked-1"}, []string{"d/", "d/d/"}},
		{"remove", []string{"d/", "d/a=1", "b=2"}, false, false, nil, func(d *simDisk) { d.removeAll("d") }, []string{"RemoveDir d>", "RemoveFile d/a>"}, []string{"b=2"}},
		{"not what was edited here meanwhile", []string{"d/", "d/a=1", "b=2"}, false, false, func(d *simDisk) { d.write(d.at("d/a"), "3") }, func(d *simDisk) { d.removeAll("d") }, nil, []string{"b=2", "d/", "d/a=3"}},
		{"not a folder with something new in it", []string{"d/", "d/a=1"}, false, false, func(d *simDisk) { _ = d.create("d/n", "3", false) }, func(d *simDisk) { d.removeAll("d") }, []string{"RemoveFile d/a>"}, []string{"d/", "d/n=3"}},
		{"a removed folder with an ignored file stays", []string{"d/", "d/a=1"}, false, true, func(d *simDisk) { _ = d.create("d/ign", "x", false) }, func(d *simDisk) { d.removeAll("d") }, []string{"RemoveFile d/a>"}, []string{"d/", "d/ign=x"}},
		{"and steps aside for a file", []string{"d/"}, false, true, func(d *simDisk) { _ = d.create("d/ign", "x", false) }, func(d *simDisk) { d.removeAll("d"); _ = d.create("d", "1", false) },
			[]string{"MoveTo d>d (ignored files)"}, []string{"d (ignored files)/", "d (ignored files)/ign=x", "d=1"}},
		{"and becomes a new one", []string{"d/"}, false, true, func(d *simDisk) { _ = d.create("d/ign", "x", false) }, func(d *simDisk) { d.removeAll("d"); _ = d.mkdir("d"); _ = d.create("d/n", "2", false) },
			[]string{"Fetch d/n"}, []string{"d/", "d/ign=x", "d/n=2"}},
		{"a skipped name does not come", nil, false, true, nil, func(d *simDisk) { _ = d.create("ign", "1", false); _ = d.mkdir("d"); _ = d.create("d/ign", "2", false) }, []string{"MakeDir d"}, []string{"d/"}},
		{"what moves to a skipped name goes", []string{"a=1", "d/", "d/b=2"}, false, true, nil, func(d *simDisk) {
			_ = d.rename("a", "ign")
			_ = d.rename("d", "x")
			_ = d.mkdir("d")
			_ = d.rename("x", "d/ign")
		},
			[]string{"RemoveFile a>"}, []string{"d/"}},
		{"case only, on a disk that folds", []string{"a=1", "d/"}, true, false, nil, func(d *simDisk) { _ = d.rename("a", "A"); _ = d.rename("d", "D") }, []string{"MoveTo a>A", "MoveTo d>D"}, []string{"A=1", "D/"}},
		{"folders of one name join", nil, false, false, func(d *simDisk) { _ = d.mkdir("D"); _ = d.create("D/a", "3", false) }, func(d *simDisk) { _ = d.mkdir("d"); _ = d.create("d/b", "2", false) }, nil, []string{"d/", "d/a=3", "d/b=2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, here, there := caseWorld(t)
			here.disk.folds = tt.folds
			fill(t, here.disk, tt.disk...)
			settled(t, w)
			here.disk.ignores = tt.ignore
			if tt.here != nil {
				tt.here(here.disk)
			}
			tt.there(there.disk)
			for there.cycle() {
			}
			here.pull()
			if tt.want != nil || tt.here == nil {
				want(t, "downs", downLines(PlanDown(here.look(true))), tt.want...)
			}
			settled(t, w)
			want(t, "disk", shownTree(here.disk), tt.after...)
		})
	}
}

// What the others removed and made anew, with the same bytes in the same place, is here already; not so what was edited or has another bit.
func TestDownMadeAnew(t *testing.T) {
	w, here, there := caseWorld(t)
	fill(t, here.disk, "d/", "d/a=1", "d/b=2", "d/c=3")
	settled(t, w)
	there.disk.removeAll("d")
	for there.cycle() {
	}
	fill(t, there.disk, "d/", "d/a=1", "d/b=other")
	_ = there.disk.create("d/c", "3", true)
	for there.cycle() {
	}
	here.pull()
	in := here.look(true)
	downs := PlanDown(in)
	want(t, "downs", downLines(downs), "RemoveFile d/b>", "RemoveFile d/c>")
	if got := TallyDown(in, downs); got.Deleted != 2 {
		t.Errorf("it counts as %+v", got)
	}
	settled(t, w)
	want(t, "disk", shownTree(here.disk), "d/", "d/a=1", "d/b=other", "d/c*=3")
}

// A folder whose nodes show in one place with another's is joined to it; what may not be looked at keeps it.
func TestDownUnion(t *testing.T) {
	w, here, there := caseWorld(t)
	fill(t, here.disk, "d/", "d/a=1", "e/", "e/a=2", "e/b=3")
	settled(t, w)
	here.disk.ignores = true
	fill(t, here.disk, "e/ign=x")
	rename(t, there.disk, "e/a", "x")
	rename(t, there.disk, "e/b", "d/b")
	_ = there.disk.remove("e")
	settled(t, w)
	want(t, "disk", shownTree(here.disk), "d/", "d/a=1", "d/b=3", "e/", "e/ign=x", "x=2")
}

// What was put aside when the program stopped goes home, with or without its row, on disks with and without birth.
func TestDownParkedAfterCrash(t *testing.T) {
	for _, births := range []bool{true, false} {
		w, d, other := caseWorld(t)
		d.disk.births = births
		fill(t, d.disk, "a/", "a/f=1", "b/", "b/g=2")
		settled(t, w)
		other.disk.swap("a", "b")
		for other.cycle() {
		}
		d.pull()
		downs := PlanDown(d.look(true))
		want(t, "downs", downLines(downs), "MoveTo a>.elkjop-parked-1")
		rename(t, d.disk, "a", ".elkjop-parked-1")
		want(t, "ups after the crash", upLines(PlanUp(d.look(true))))
		settled(t, w)
		want(t, "disk", shownTree(d.disk), "a/", "a/g=2", "b/", "b/f=1")
	}
}

// Base is not written for what is still to be done on the disk.
func TestDownAdoptsNothingUndone(t *testing.T) {
	w, here, there := caseWorld(t)
	fill(t, here.disk, "a=1", "d/")
	settled(t, w)
	rename(t, there.disk, "a", "d/b")
	there.disk.write(there.disk.at("d/b"), "2")
	for there.cycle() {
	}
	here.pull()
	downs := PlanDown(here.look(true))
	for _, d := range downs.Do {
		for _, b := range downs.Adopt {
			if b.ID == d.ID {
				t.Errorf("row %+v is written before %s is done", *b, downText(d))
			}
		}
	}
}

// Two names of one file have one execute bit. When the cloud's differ, the names part: set on one it would be a change of the other's.
func TestDownBitOfHardLink(t *testing.T) {
	w, here, there := caseWorld(t)
	fill(t, here.disk, "a=1")
	if err := here.disk.link("a", "b"); err != nil {
		t.Fatal(err)
	}
	settled(t, w)
	n := there.disk.at("a")
	n.exec, n.ctime = true, there.disk.now()
	for there.cycle() {
	}
	here.pull()
	want(t, "downs", downLines(PlanDown(here.look(true))), "Replace a>")
	settled(t, w)
	want(t, "disk", shownTree(here.disk), "a*=1", "b=1")
}

// A plan brings some new files and counts the others, and all where it takes something away.
func TestPlanDownBringsSomeNewFiles(t *testing.T) {
	w, here, there := caseWorld(t)
	fill(t, there.disk, "a=1", "b=22", "c=333", "d/", "d/e=4444")
	settled(t, w)
	fill(t, there.disk, "f=1", "g=22", "d/h=333")
	for range 3 { // some new files at a time
		there.cycle()
	}
	here.cycle()
	in := here.look(true)
	for _, l := range []string{"f", "g", "h"} {
		for h, b := range in.Base.All {
			if b.Name == l {
				in.Base.Drop(h)
				in.Local.Drop(h)
				break
			}
		}
	}
	in.Most = 2
	got := PlanDown(in)
	want(t, "downs", downLines(got), "Fetch f", "Fetch g")
	if got.Later.Files != 1 || got.Later.Bytes == 0 {
		t.Errorf("later: %+v", got.Later)
	}
	in.Most = 3
	if got := PlanDown(in); len(got.Do) != 3 || got.Later != (Amount{}) {
		t.Errorf("all: %+v", got)
	}
}
