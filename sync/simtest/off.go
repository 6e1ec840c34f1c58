package simtest

import (
	"maps"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// choose turns a folder that the device knows off, or on again. The choice is in the settings, which are not lost with the database.
func (d *device) choose() {
	var all []*merge.Folder
	eachFolder(d.state().Root(), func(f *merge.Folder) { all = append(all, f) })
	if len(all) == 0 {
		return
	}
	f, on := pick(d, all), d.w.p(0.4)
	off := maps.Clone(d.notHere)
	if off == nil {
		off = map[merge.ID]bool{}
	}
	for _, n := range f.Members() {
		if off[n.ID] = true; on {
			delete(off, n.ID)
		}
	}
	if d.w.p(0.1) {
		clear(off)
	}
	d.w.log("person at device %d: turns %s on: %v, %d off", d.id, f.Path(), on, len(off))
	d.w.reached["folders turned off or on"]++
	d.keepOff(off)
}

func (d *device) keepOff(off map[merge.ID]bool) {
	d.notHere = off
	d.engine.KeepOff(slices.SortedFunc(maps.Keys(off), merge.ID.Compare))
}

func eachFolder(f *merge.Folder, see func(*merge.Folder)) {
	for _, k := range f.Folders() {
		see(k)
		eachFolder(k, see)
	}
}

// hidden takes what the device keeps off out of what it is to show. Where a folder shows together with one that is
// kept, its files may stand here.
func (d *device) hidden(want, got map[string]string) map[string]string {
	s := d.state()
	off := plan.Off(s, func(id merge.ID) bool { return d.notHere[id] })
	out := maps.Clone(want)
	eachFolder(s.Root(), func(f *merge.Folder) {
		path := tree.NFC(f.Path())
		if !slices.ContainsFunc(f.Members(), func(n merge.Node) bool { return !off(n.ID) }) {
			delete(out, path+"/")
		}
		for _, n := range f.Files() {
			p := tree.Join(path, n.Name)
			_, here := got[p]
			if _, kept := out[path+"/"]; off(n.Parent) && !(here && kept) {
				delete(out, p)
			}
		}
	})
	return out
}

// allOn turns everything on again everywhere, and all must come.
func (w *World) allOn() {
	for _, d := range w.devices {
		w.reached["kept off at the end"] += len(d.notHere)
		d.keepOff(map[merge.ID]bool{})
	}
	w.settle()
	w.check()
}
