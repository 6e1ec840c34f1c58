package plan

import (
	"slices"
	"strings"
	"testing"

	"elkjopcloud/sync/merge"
)

func TestPlanUp(t *testing.T) {
	tests := []struct {
		name string
		disk []string
		do   func(d *simDisk)
		want []string
	}{
		{"nothing", []string{"a=1", "d/", "d/b=2"}, func(*simDisk) {}, nil},
		{"new file and folder", nil, func(d *simDisk) { _ = d.mkdir("d"); _ = d.create("d/a", "1", false) }, []string{"create d/a ", "mkdir d"}},
		{"copy of what the volume has", []string{"a=1"}, func(d *simDisk) { _ = d.create("b", "1", false) }, []string{"create b "}},
		{"edit", []string{"a=1"}, func(d *simDisk) { d.write(d.at("a"), "222") }, []string{"put a "}},
		{"touch", []string{"a=1"}, func(d *simDisk) { d.write(d.at("a"), "1") }, nil},
		{"exec", []string{"a=1"}, func(d *simDisk) { n := d.at("a"); n.exec, n.ctime = true, d.now() }, []string{"put a 1"}},
		{"rename", []string{"a=1"}, func(d *simDisk) { _ = d.rename("a", "b") }, []string{"move b"}},
		{"rename and edit", []string{"a=1", "d/"}, func(d *simDisk) { _ = d.rename("a", "d/b"); d.write(d.at("d/b"), "222") }, []string{"move d/b", "put d/b "}},
		{"rename over", []string{"a=1", "b=2"}, func(d *simDisk) { _ = d.remove("b"); _ = d.rename("a", "b") }, []string{"delete 1", "move b"}},
		{"swap", []string{"a=1", "b=2"}, func(d *simDisk) { d.swap("a", "b") }, []string{"move a", "move b"}},
		{"folder renamed", []string{"d/", "d/a=1"}, func(d *simDisk) { _ = d.rename("d", "e") }, []string{"move e"}},
		{"folder deleted", []string{"d/", "d/a=1", "b=2"}, func(d *simDisk) { d.removeAll("d") }, []string{"delete 2"}},
		{"file becomes folder", []string{"a=1"}, func(d *simDisk) { _ = d.remove("a"); _ = d.mkdir("a") }, []string{"delete 1", "mkdir a"}},
		{"case", []string{"a=1"}, func(d *simDisk) { _ = d.rename("a", "A") }, []string{"move A"}},
		{"other Unicode form", []string{"\u00e5=1"}, func(d *simDisk) { _ = d.rename("\u00e5", "a\u030a") }, nil},
		{"another in the place of what we put aside", []string{"a=1", "b=2"}, func(d *simDisk) { _ = d.rename("a", parkName(1)); d.swap(parkName(1), "b") }, []string{"move b"}},
		{"put aside by us", []string{"a=1"}, func(d *simDisk) { _ = d.rename("a", parkName(1)) }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, d, _ := caseWorld(t)
			fill(t, d.disk, tt.disk...)
			settled(t, w)
			tt.do(d.disk)
			want(t, "ups", upLines(PlanUp(d.look(true))), tt.want...)
			settled(t, w)
			want(t, "ups after", upLines(PlanUp(d.look(true))))
		})
	}
}

// TestPlanUpTellsSomeNewFiles: the others come in later plans, but not what is changed, moved or deleted, what may be what another one was, or what is huge.
func TestPlanUpTellsSomeNewFiles(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "b=22", "c=333", "d=1")
	settled(t, w)
	fill(t, d.disk, "n1=a", "n2=b", "n3=c", "n4=h", "n5=g", "same=1", "z/") // sizes as simSize gives them: 6, 7, 8, 13, 12, 4
	d.disk.write(d.disk.at("b"), "changed")
	rename(t, d.disk, "c", "z/c")
	d.disk.removeAll("d")
	in := d.look(true)
	in.Most, in.Huge = 2, 13
	got := PlanUp(in)
	want(t, "ups", upLines(got), "create n1 ", "create n2 ", "create n4 ", "create same 1", "delete 1", "mkdir z", "move z/c", "put b ")
	if got.Later != (Amount{Files: 2, Bytes: 20}) {
		t.Errorf("later: %+v", got.Later)
	}
	in.Most = 4
	if got := PlanUp(in); len(got.Do) != 10 || got.Later != (Amount{}) {
		t.Errorf("all: %+v", got)
	}
}

// TestStrays: what stands under a name of ours and is nothing of ours is not told, but in a backup, where such a name is the user's.
func TestStrays(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "a=1", "b=2")
	settled(t, w)
	fill(t, d.disk, parkName(7)+"=7", parkName(8)+"/", parkName(8)+"/f=8")
	rename(t, d.disk, "a", parkName(1))
	in := d.look(true)
	want(t, "strays", Strays(in), parkName(7), parkName(8))
	for _, up := range PlanUp(in).Do {
		if up.Base.Parent == 0 {
			t.Errorf("told: %s %s", up.Kind, up.Base.Name)
		}
	}
	in.UpOnly = true
	if got := Strays(in); got != nil {
		t.Errorf("strays in a backup: %v", got)
	}
	if told := strings.Join(upLines(PlanUp(in)), "\n"); !strings.Contains(told, "create "+parkName(7)) || !strings.Contains(told, "mkdir "+parkName(8)) {
		t.Errorf("a backup tells\n%s", told)
	}
}

// After a batch is committed, and with nothing to do downwards, nothing is left to tell or to adopt.
func TestUpIdempotent(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "a=1", "b=2", "d/", "d/c=3", "e/", "x=5")
	settled(t, w)
	d.disk.swap("a", "b")
	d.disk.write(d.disk.at("a"), "4444")
	rename(t, d.disk, "d", "e/d")
	d.disk.replaceWith("x", "6666")
	fill(t, d.disk, "n/", "n/n=7")
	in := d.look(true)
	ups := PlanUp(in)
	d.write(ups.Adopt, ups.Forget)
	for len(ups.Do) > 0 {
		do, sent := d.chunk(in, ups.Do)
		d.stamp(in, do, sent)
		d.send()
		d.commit()
		in = d.look(true)
		ups = PlanUp(in)
	}
	if downs := PlanDown(in); len(downs.Do)+len(downs.Adopt)+len(downs.Forget)+len(ups.Adopt)+len(ups.Forget) > 0 {
		t.Errorf("left: %+v %s", ups, downsText(downs))
	}
}

// What the cloud has already is adopted, with its execute bit as the state of the cloud.
func TestUpAdopts(t *testing.T) {
	w, a, b := caseWorld(t)
	fill(t, a.disk, "d/", "d/a=1")
	settled(t, w)
	b.base = BasesOf()
	ups := PlanUp(b.look(true))
	want(t, "ups", upLines(ups))
	if len(ups.Adopt) != 2 {
		t.Errorf("adopts %d rows, not 2", len(ups.Adopt))
	}
	b.disk.at("d/a").exec = true
	want(t, "ups of an executable", upLines(PlanUp(b.look(true))), "put d/a 1")
	in := b.look(true)
	in.NoExec = true
	want(t, "ups on a disk without the bit", upLines(PlanUp(in)))
}

// Two files that became one node, as equal files of one name do: an edit of the one that does not stand for it is a file of its own, or it would
// overwrite the other.
func TestUpEditedTwin(t *testing.T) {
	for _, name := range []string{"a", "A"} {
		editedTwin(t, name)
	}
}

func editedTwin(t *testing.T, name string) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "a=1", "b=1")
	settled(t, w)
	in := d.look(true)
	var a, b *Base
	for _, r := range in.Base.All {
		if r.Name == "a" {
			a = r
		} else {
			b = r
		}
	}
	twin := *b
	twin.Nodes, twin.Version = a.Nodes, a.Version
	in.Base.Set(&twin)
	d.disk.write(d.disk.at("b"), "333")
	in = d.look(true)
	x := *in.Local.Get(a.ID)
	x.Name = name
	in.Local.Set(&x)
	want(t, "ups", slices.DeleteFunc(upLines(PlanUp(in)), func(s string) bool { return s == "move A" }), "create b ")
}

// Nothing is told of what is not looked at, and its absence is no deletion.
func TestUpBlind(t *testing.T) {
	w, d, _ := caseWorld(t)
	fill(t, d.disk, "d/", "d/a=1", "d/ign/", "d/ign/b=2", "c=3")
	settled(t, w)
	d.disk.ignores = true
	want(t, "ignored from now on", upLines(PlanUp(d.look(true))))
	d.disk.removeAll("d/ign")
	want(t, "ignored and gone", upLines(PlanUp(d.look(true))))
	rename(t, d.disk, "d", "e")
	want(t, "its folder renamed", upLines(PlanUp(d.look(true))), "move e")
	d.disk.removeAll("e")
	want(t, "its folder gone", upLines(PlanUp(d.look(true))), "delete 2")
	rename(t, d.disk, "c", "ign")
	want(t, "renamed out of sight", upLines(PlanUp(d.look(true))), "delete 3")
}

// A state that does not have what Base had is no evidence: nothing is told, removed, replaced or forgotten.
func TestLost(t *testing.T) {
	w, a, b := caseWorld(t)
	fill(t, a.disk, "a=1", "d/", "d/b=2", "d/c=3")
	settled(t, w)
	a.disk.write(a.disk.at("a"), "1111")
	settled(t, w)
	early := merge.NewLog(nil)
	early.Add(w.store[0])
	b.log = early
	b.disk.write(b.disk.at("d/b"), "2222")
	fill(t, b.disk, "d/new=4")
	_ = b.disk.remove("d/c")
	in := b.look(true)
	in.State = merge.New()
	for _, s := range []*merge.State{early.State(), merge.New()} {
		in.State = s
		ups, downs := PlanUp(in), PlanDown(in)
		for _, x := range ups.Do {
			if x.Path == "a" {
				t.Errorf("tells %s", x.line())
			}
		}
		for _, x := range downs.Do {
			if x.Act != Fetch && x.Act != MakeDir {
				t.Errorf("does %s", downText(x))
			}
		}
		if len(downs.Forget)+len(ups.Forget) > 0 {
			t.Errorf("forgets %v %v", ups.Forget, downs.Forget)
		}
	}
	if n := len(Lost(in)); n != in.Base.Len() {
		t.Errorf("an empty state knows %d of %d rows", in.Base.Len()-n, in.Base.Len())
	}
	want(t, "ups with an empty state", upLines(PlanUp(in)))
}

// A file that two people give one name, and one of them saves with an editor that replaces it, stays one file; but what the other has edited, too, is not replaced.
func TestRenamedAlike(t *testing.T) {
	for _, tt := range []struct {
		name       string
		there      func(*simDisk)
		ups, shown []string
	}{
		{"renamed", func(*simDisk) {}, []string{"put b "}, []string{"b=22"}},
		{"renamed and edited", func(d *simDisk) { d.write(d.at("b"), "333") }, []string{"create b 22", "delete 1"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, here, there := caseWorld(t)
			fill(t, here.disk, "a=1")
			settled(t, w)
			_ = there.disk.rename("a", "b")
			tt.there(there.disk)
			there.cycle()
			_ = here.disk.remove("a")
			_ = here.disk.create("b", "22", false)
			here.pull()
			want(t, "ups", upLines(PlanUp(here.look(true))), tt.ups...)
			settled(t, w)
			if got := shownTree(there.disk); tt.shown != nil {
				want(t, "shown", got, tt.shown...)
			} else if len(got) != 2 {
				t.Errorf("%q, and no copy", got)
			}
		})
	}
}
