package plan

import (
	"fmt"
	"slices"
	"testing"

	"elkjopcloud/sync/merge"
)

// A device comes back when the others have forgotten what it knew: from a checkpoint that does not have it any more, or by the clock.
func TestBackAfterLong(t *testing.T) {
	tests := []struct {
		name  string
		there []string         // on both devices, long ago
		gone  func(d *simDisk) // what another device did long ago
		since func(d *simDisk) // what it did lately
		here  func(d *simDisk) // what the user did while away
		ups   []string         // told then
		downs []string         // done then, when the ups are told
		kept  int              // rows that State does not know then
	}{
		{"nothing changed here", []string{"a=1", "b=2"}, func(d *simDisk) { _ = d.remove("a") }, nil, func(*simDisk) {}, nil, nil, 1},
		{"edited here", []string{"a=1"}, func(d *simDisk) { _ = d.remove("a") }, nil, func(d *simDisk) { d.write(d.at("a"), "222") }, []string{"create a"}, nil, 0},
		{"renamed here", []string{"a=1"}, func(d *simDisk) { _ = d.remove("a") }, nil, func(d *simDisk) { _ = d.rename("a", "b") }, []string{"create b"}, nil, 0},
		{"removed on both", []string{"a=1"}, func(d *simDisk) { _ = d.remove("a") }, nil, func(d *simDisk) { _ = d.remove("a") }, nil, nil, 0},
		{"another file in its place", []string{"a=1"}, func(d *simDisk) { _ = d.remove("a") }, func(d *simDisk) { _ = d.create("a", "333", false) }, func(*simDisk) {}, []string{"create a"}, nil, 0},
		{"an equal file in its place", []string{"a=1"}, func(d *simDisk) { _ = d.remove("a") }, func(d *simDisk) { _ = d.create("a", "1", false) }, func(*simDisk) {}, nil, nil, 0},
		{"an empty folder", []string{"d/"}, func(d *simDisk) { _ = d.remove("d") }, nil, func(*simDisk) {}, nil, []string{"RemoveDir d>"}, 1},
		{"a folder with a file in it", []string{"d/", "d/a=1"}, func(d *simDisk) { d.removeAll("d") }, nil, func(*simDisk) {}, nil, nil, 2},
		{"something new in a folder", []string{"d/", "d/a=1"}, func(d *simDisk) { d.removeAll("d") }, nil, func(d *simDisk) { _ = d.create("d/n", "444", false) }, []string{"create d/n", "mkdir d"}, nil, 1},
		{"something new in a folder that is there again", []string{"d/", "d/a=1"}, func(d *simDisk) { d.removeAll("d") }, func(d *simDisk) { _ = d.mkdir("d") },
			func(d *simDisk) { _ = d.create("d/n", "444", false) }, []string{"create d/n"}, nil, 1},
		{"a folder moved here into another that is over", []string{"d/", "e/"}, func(d *simDisk) { d.removeAll("d"); d.removeAll("e") }, nil,
			func(d *simDisk) { _ = d.rename("d", "e/d") }, []string{"mkdir e", "mkdir e/d"}, nil, 0},
		{"a folder renamed here", []string{"d/"}, func(d *simDisk) { _ = d.remove("d") }, nil, func(d *simDisk) { _ = d.rename("d", "e") }, []string{"mkdir e"}, nil, 0},
	}
	for _, tt := range tests {
		for _, how := range []string{"checkpoint", "clock"} {
			t.Run(tt.name+", "+how, func(t *testing.T) {
				w, a, b := caseWorld(t)
				fill(t, a.disk, tt.there...)
				settled(t, w)
				w.devs = []*simDev{a}
				tt.gone(a.disk)
				settled(t, w)
				deleted := len(w.store)
				if tt.since != nil {
					tt.since(a.disk)
					settled(t, w)
				}
				tt.here(b.disk)
				in := back(w, b, deleted, how == "checkpoint")
				ups := PlanUp(in)
				want(t, "ups", paths(ups), tt.ups...)
				if how == "checkpoint" {
					b.write(ups.Adopt, ups.Forget)
					in = back(w, b, deleted, true)
					want(t, "downs", only(downLines(PlanDown(in)), "RemoveFile", "RemoveDir", "MoveTo", "Replace"), tt.downs...)
					if n := len(Lost(in)); n != tt.kept {
						t.Errorf("%d rows are kept, want %d", n, tt.kept)
					}
				}
			})
		}
	}
}

// back is what the device sees: with a checkpoint made after the deletion, which has forgotten what was deleted, or with all histories and a clock that
// says that it has expired.
func back(w *simWorld, d *simDev, deleted int, checkpoint bool) Input {
	log := merge.NewLog(nil)
	for _, b := range w.store[:deleted] {
		log.Add(b)
	}
	in := d.look(true)
	if checkpoint {
		c := log.Checkpoint(log.Clock() + 1)
		forget(c)
		log = merge.NewLog(c)
	} else {
		in.Expired = func(id merge.ID, _ merge.Stamp) bool {
			n, _ := in.State.Node(id)
			return n.Deleted
		}
	}
	for _, b := range w.store[deleted:] {
		log.Add(b)
	}
	in.State = log.State()
	return in
}

// forget drops what was deleted.
func forget(c *merge.Checkpoint) {
	gone := map[merge.ID]bool{}
	var nodes merge.Nodes
	for _, n := range c.Nodes.All {
		if gone[n.ID] = n.Deleted; !n.Deleted {
			nodes.Append(&n)
		}
	}
	var versions merge.Versions
	for _, v := range c.Versions.All {
		if !gone[v.Node] {
			versions.Append(&v)
		}
	}
	c.Nodes, c.Versions = nodes, versions
}

// paths are the ups without what they know of their bytes.
func paths(u Ups) []string {
	out := []string{}
	for _, x := range u.Do {
		out = append(out, fmt.Sprint(x.Kind, " ", x.Path))
	}
	slices.Sort(out)
	return out
}

func only(lines []string, kinds ...string) []string {
	out := []string{}
	for _, s := range lines {
		for _, k := range kinds {
			if len(s) >= len(k) && s[:len(k)] == k {
				out = append(out, s)
			}
		}
	}
	return out
}
