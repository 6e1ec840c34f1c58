package plan

import (
	"slices"
	"strings"
	"testing"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// TestSimulationOff is TestSimulation with people who change what is kept on their computers, at any time.
func TestSimulationOff(t *testing.T) {
	simulate(t, func(w *simWorld) { w.choosing = true })
}

// choose turns a folder off, or on again. The choice is made elsewhere than in Base and is never lost.
func (d *simDev) choose() {
	for _, c := range d.ungone {
		d.w.deleted[c] = true // perhaps it is not to go any more
	}
	d.ungone = nil
	s := d.log.State()
	off := map[merge.ID]bool{}
	for id := range d.off {
		off[id] = true
	}
	var dirs []*merge.Folder
	var walk func(f *merge.Folder)
	walk = func(f *merge.Folder) {
		for _, k := range f.Folders() {
			dirs = append(dirs, k)
			walk(k)
		}
	}
	walk(s.Root())
	switch {
	case d.w.chance(0.1):
		clear(off)
		d.w.logf("%s user turns all on", d.name())
	case len(dirs) > 0:
		f := dirs[d.w.r.Intn(len(dirs))]
		on := d.w.chance(0.4)
		for _, n := range f.Members() {
			if on {
				delete(off, n.ID)
			} else {
				off[n.ID] = true
			}
		}
		d.w.logf("%s user turns %s on: %v", d.name(), f.Path(), on)
	}
	d.off = off
}

// isOff is what the planner asks of the choice as it is now.
func (d *simDev) isOff() func(merge.ID) bool {
	if !d.w.choosing {
		return nil
	}
	off := d.off
	return func(id merge.ID) bool { return off[id] }
}

// isLeaving tells whether a file is one that goes because it is kept off. When its user deletes it, too, that is no deletion for the others, unless
// another spelling of its name takes its place.
func (d *simDev) isLeaving(p simPath) bool {
	if len(d.off) == 0 {
		return false
	}
	in := d.look(false)
	v := newView(in)
	for h, b := range in.Base.All {
		if b.Hash == simHash(p.n.content) && b.Disk.Number == p.n.num && v.local.get(h) != nil && v.path(h) == p.path {
			return v.unmoved(h) && v.leaves(b) && !v.twin(h)
		}
	}
	return false
}

// twin tells whether another spelling of a thing's name stands beside it.
func (v *view) twin(h Handle) bool {
	l := v.local.get(h)
	return slices.ContainsFunc(v.kids(l.Parent), func(k Handle) bool { return k != h && tree.Fold(v.name(k)) == tree.Fold(l.Name) })
}

// wroteOver tells whether the file that held a content is live and holds another by now: who deletes a file that is to go and saves one under its name
// has edited it.
func (w *simWorld) wroteOver(s *merge.State, c string) bool {
	for v := range s.AllVersions {
		if n, ok := s.Node(s.Holder(v.Node, v.ID)); ok && w.choosing && v.Content.Hash == simHash(c) && s.Live(n.ID) {
			return true
		}
	}
	return false
}

// here is what a device is to have on its disk. What it keeps off may still lie there in a folder that shows together with one that is kept.
func (d *simDev) here(s *merge.State) string {
	out := []string{}
	v := &view{in: Input{Off: d.isOff()}, s: s}
	there := map[string]bool{}
	d.disk.walk(func(path string, _ *simNode) { there[tree.NFC(path)] = true })
	var walk func(f *merge.Folder)
	walk = func(f *merge.Folder) {
		for _, n := range f.Files() {
			path := tree.Join(f.Path(), n.Name)
			if v.off(n.Parent) && !there[path] || d.disk.skip(path, false) {
				continue
			}
			x, _ := s.Version(n.Current)
			out = append(out, simLine(path, &simNode{content: simContent(x.Content.Hash), exec: x.Content.Exec}))
		}
		for _, k := range f.Folders() {
			if len(v.here(v.members(k))) > 0 && !d.disk.skip(k.Path(), true) {
				out = append(out, k.Path()+"/")
				walk(k)
			}
		}
	}
	walk(s.Root())
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// isHere tells whether a device is to have a folder of that path.
func (d *simDev) isHere(s *merge.State, path string) bool {
	return slices.Contains(strings.Split(d.here(s), "\n"), tree.NFC(path)+"/")
}

// allOn lets everybody have everything again.
func (w *simWorld) allOn(finished map[string]bool) {
	w.logf("all on")
	for _, d := range w.devs {
		d.off = nil
	}
	w.rest()
	w.check(finished)
}

// TestFoundWhileChoosing runs the seeds that found something: in 107959 a file had taken the place and the number of another, and was told as an edit of that one; in
// 384465 a file was renamed alike on two computers, and saved on one of them by an editor that replaces it.
func TestFoundWhileChoosing(t *testing.T) {
	for _, seed := range []int64{107959, 384465} {
		w := simRun(seed, 4+int(seed/simClasses)%40, false, func(w *simWorld) { w.choosing = true })
		for _, s := range w.bad {
			t.Errorf("seed %d: %s", seed, s)
		}
	}
}
