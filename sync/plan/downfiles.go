package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// ParkPrefix begins the name under which a thing waits for a moment while two change places.
const ParkPrefix = ".elkjop-parked-"

func parkName(h Handle) string { return fmt.Sprintf("%s%d", ParkPrefix, h) }

// files goes through the files of all visible folders that have their folder here.
func (d *downer) files() {
	for _, p := range d.dirs {
		for _, n := range p.f.Files() {
			if !d.skip(tree.Join(d.path(p.h), n.Name), false) {
				d.file(n, p.h)
			}
		}
	}
}

func (d *downer) file(n merge.Node, parent Handle) {
	have, gone := d.boundFiles(n.ID)
	v, ok := d.s.Version(n.Current)
	if !ok {
		return
	}
	if len(have) == 0 {
		if !gone {
			d.newFile(n, v, parent)
		}
		return
	}
	best := d.best(have, parent, n.Name)
	for _, h := range have {
		if h != best {
			d.second(h)
		}
	}
	d.content(best, v)
	if d.unmoved(best) {
		c := *d.base[best]
		c.Nodes = []Member{{n.ID, n.Place}}
		d.adopt(&c)
	}
	d.placeAt(best, parent, n.Name)
}

func (d *downer) boundFiles(id merge.ID) (have []Handle, gone bool) {
	for _, h := range d.byNode[id] {
		if d.base[h].Dir {
			continue
		}
		if d.local[h] == nil {
			gone = true
		} else {
			have = append(have, h)
		}
	}
	slices.Sort(have)
	return have, gone
}

// second sees to another local file of the same node (two equal files became one): an untouched one goes, a changed one is a new file.
func (d *downer) second(h Handle) {
	if d.unchanged(h) && d.unmoved(h) {
		d.removeFile(h)
		return
	}
	d.forget(h)
}

func (d *downer) newFile(n merge.Node, v merge.Version, parent Handle) {
	if h := d.at(parent, n.Name); h != 0 {
		d.taken(h, n, v)
		return
	}
	d.next++
	b := &Base{ID: d.next, Parent: parent, Name: n.Name, Nodes: []Member{{n.ID, n.Place}}, Version: v.ID, Hash: v.Content.Hash}
	d.do(Down{Act: Fetch, ID: b.ID, To: tree.Join(d.path(parent), n.Name), Version: v, Base: b})
	d.appear(b)
}

// taken: something stands where a new file should go. An equal file is that file; one of ours that has to leave is
// stuck; any other is the user's, and Up tells of it first.
func (d *downer) taken(h Handle, n merge.Node, v merge.Version) {
	l := d.local[h]
	if d.base[h] != nil {
		if d.unmoved(h) {
			d.stuck = append(d.stuck, h)
		}
		return
	}
	if !l.Dir && l.Hash == v.Content.Hash {
		d.adopt(&Base{ID: h, Parent: l.Parent, Name: l.Name, Nodes: []Member{{n.ID, n.Place}}, Version: v.ID, Hash: l.Hash, Disk: l.Disk})
	}
}

func (d *downer) content(h Handle, v merge.Version) {
	l, b := d.local[h], d.base[h]
	if b.Version == v.ID && b.Hash == v.Content.Hash {
		return
	}
	c := *b
	c.Version, c.Hash = v.ID, v.Content.Hash
	switch {
	case l.Hash == v.Content.Hash:
		d.sameBytes(h, v, &c)
	case d.unchanged(h):
		d.do(Down{Act: Replace, ID: h, From: d.path(h), Was: l.Disk, Version: v, Base: &c})
		d.set(&c)
		x := *l
		x.Hash = c.Hash
		d.local[h] = &x
	}
}

// sameBytes: only the execute bit may differ; the one that the user changed here stays to be told.
func (d *downer) sameBytes(h Handle, v merge.Version, c *Base) {
	l, b := d.local[h], d.base[h]
	c.Disk = l.Disk
	if l.Disk.Exec == v.Content.Exec || l.Disk.Exec != b.Disk.Exec {
		c.Disk.Exec = v.Content.Exec
		d.adopt(c)
		return
	}
	d.do(Down{Act: SetMeta, ID: h, From: d.path(h), Was: l.Disk, Version: v, Base: c})
	d.set(c)
}

func (d *downer) removeFile(h Handle) {
	d.do(Down{Act: RemoveFile, ID: h, From: d.path(h), Was: d.local[h].Disk})
	d.vanish(h)
}

// removed sees to what has no live node any more, from the deepest up.
func (d *downer) removed() {
	bs := d.bases()
	depth := make(map[Handle]int, len(bs))
	for _, h := range bs {
		depth[h] = strings.Count(d.path(h), "/")
	}
	slices.SortFunc(bs, func(a, b Handle) int { return cmp.Or(cmp.Compare(depth[b], depth[a]), cmp.Compare(b, a)) })
	for _, h := range bs {
		if b := d.base[h]; b != nil && !d.live(b.Nodes) {
			d.dead(h, b)
		}
	}
}

func (d *downer) dead(h Handle, b *Base) {
	l := d.local[h]
	switch {
	case d.skip(d.path(h), b.Dir):
	case l == nil:
		d.forget(h)
	case !d.unmoved(h):
	case b.Dir:
		if len(d.kids[h]) == 0 && !l.Blind {
			d.removeDir(h)
		}
	case d.unchanged(h):
		d.removeFile(h)
	}
}
