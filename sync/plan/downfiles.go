package plan

import (
	"cmp"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// files goes through the files of all visible folders that have their folder here.
func (d *downer) files() {
	d.makeRoom()
	for _, p := range d.dirs {
		for n := range p.f.EachFile {
			if d.off(n.Parent) && !d.standsIn(n.ID, p.h) {
				continue
			}
			path := tree.Join(d.path(p.h), n.Name)
			switch {
			case !d.skip(path, false):
				d.file(n, p.h)
			case !d.unsure(path):
				d.hidden[n.ID] = true
			}
		}
	}
}

// makeRoom makes room for as many acts as there are files that Base cannot have.
func (d *downer) makeRoom() {
	fresh := -d.in.Base.Len()
	for _, p := range d.dirs {
		fresh += p.f.CountFiles()
	}
	if d.in.Most > 0 {
		fresh = min(fresh, d.in.Most)
	}
	if fresh > 0 {
		d.out.Do = slices.Grow(d.out.Do, fresh)
		d.local.grow(fresh)
		d.base.grow(fresh)
	}
}

func (d *downer) file(n merge.Node, parent Handle) {
	if d.equal(n, parent) {
		return
	}
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
	best := d.best(d.holding(have, v), parent, n.Name)
	for _, h := range have {
		if h != best {
			d.second(h, best, v, slotOf(parent, n.Name))
		}
	}
	d.content(best, v)
	if d.unmoved(best) {
		c := *d.base.get(best)
		c.Nodes = []Member{{n.ID, n.Place}}
		d.adopt(&c)
	}
	d.placeAt(best, parent, n.Name)
}

// equal tells whether Base has the file as the cloud does, where it is, and so does the disk's folder.
func (d *downer) equal(n merge.Node, parent Handle) bool {
	i, ok := d.plain(n.ID)
	if !ok {
		return false
	}
	b, one, _ := d.in.Base.packed.read(i)
	return b.Version == n.Current && one.Place == n.Place && b.Parent == parent && b.Name == n.Name && !b.Dir
}

func (d *downer) boundFiles(id merge.ID) (have []Handle, gone bool) {
	for _, h := range d.bound(id) {
		if d.base.get(h).Dir {
			continue
		}
		if d.local.get(h) == nil || d.lost(h) {
			gone = true
		} else {
			have = append(have, h)
		}
	}
	return have, gone
}

// holding returns those of several local files of one node that hold what it holds now; all of them when none does.
func (d *downer) holding(have []Handle, v merge.Version) []Handle {
	var out []Handle
	for _, h := range have {
		if d.local.get(h).Hash == v.Content.Hash {
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return have
	}
	return out
}

// place is a name in a local folder, in any case and Unicode form.
type place struct {
	parent Handle
	fold   string
}

func slotOf(parent Handle, name string) place { return place{parent, tree.Fold(name)} }

// second sees to another local file of the same node (two equal files became one). An untouched one goes, if the other holds the same bytes, or
// if it stands for the same name, or was put aside, and holds an older version; any other is a new file.
func (d *downer) second(h, best Handle, v merge.Version, at place) {
	l := d.local.get(h)
	if l.Hash != v.Content.Hash && slotOf(l.Parent, l.Name) != at && !parked(l) {
		d.forget(h)
		return
	}
	if d.unchanged(h) && d.unmoved(h) {
		twin := d.local.get(best)
		d.removeFile(h)
		if n := len(d.out.Do); n > 0 && d.out.Do[n-1].ID == h {
			d.out.Do[n-1].Twin, d.out.Do[n-1].TwinWas = d.path(best), twin.Disk
		}
		return
	}
	d.forget(h)
}

func (d *downer) newFile(n merge.Node, v merge.Version, parent Handle) {
	if h := d.at(parent, n.Name); h != 0 {
		d.taken(h, n, v)
		return
	}
	if d.fresh++; d.in.Most > 0 && d.fresh > d.in.Most {
		d.out.Later.Files++
		d.out.Later.Bytes += v.Content.Size
		return
	}
	d.next++
	b := &Base{ID: d.next, Parent: parent, Name: n.Name, Nodes: []Member{{n.ID, n.Place}}, Version: v.ID, Hash: v.Content.Hash}
	d.do(Down{Act: Fetch, ID: b.ID, To: tree.Join(d.path(parent), n.Name), Version: v, Base: b})
	d.appear(b)
}

// taken: something stands where a new file should go. An equal file is that file, also when it was another one that the others have removed; one of
// ours has to leave first; any other is the user's, and Up tells of it first.
func (d *downer) taken(h Handle, n merge.Node, v merge.Version) {
	l, b := d.local.get(h), d.base.get(h)
	if b != nil && !d.madeAnew(h, v) {
		d.inWay = append(d.inWay, h)
		return
	}
	if !l.Dir && l.Hash == v.Content.Hash {
		d.adopt(&Base{ID: h, Parent: l.Parent, Name: l.Name, Nodes: []Member{{n.ID, n.Place}}, Version: v.ID, Hash: l.Hash, Disk: disk(l, v.Content.Exec)})
	}
}

// madeAnew tells whether a file that the others have removed holds, untouched, what they have put into its place since.
func (d *downer) madeAnew(h Handle, v merge.Version) bool {
	l, b := d.local.get(h), d.base.get(h)
	return !l.Dir && !d.live(b.Nodes) && !d.lost(h) && !d.acted[h] && d.unmoved(h) && d.unchanged(h) && l.Hash == v.Content.Hash &&
		(d.in.NoExec || d.exec(l) == b.Disk.Exec && d.exec(l) == v.Content.Exec)
}

func (d *downer) content(h Handle, v merge.Version) {
	l, b := d.local.get(h), d.base.get(h)
	if d.acted[h] || b.Version == v.ID && b.Hash == v.Content.Hash {
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
		d.local.set(h, &x)
	}
}

// sameBytes: at most the execute bit may differ; the one that the user changed here stays to be told.
func (d *downer) sameBytes(h Handle, v merge.Version, c *Base) {
	l, exec := d.local.get(h), d.exec(d.local.get(h))
	if exec == v.Content.Exec || exec != d.base.get(h).Disk.Exec || d.in.NoExec {
		c.Disk = disk(l, v.Content.Exec)
		d.adopt(c)
		return
	}
	act := SetMeta
	if d.linked(l) {
		act = Replace // or the bit of the other names would change too
	}
	d.do(Down{Act: act, ID: h, From: d.path(h), Was: l.Disk, Version: v, Base: c})
	d.set(c)
}

// linked tells whether the file has another name here.
func (d *downer) linked(l *Local) bool {
	if d.links == nil {
		d.links = map[fileID]int{}
		for _, o := range d.in.Local.All {
			d.links[fileID{o.Disk.Number, o.Disk.Birth, o.Dir}]++
		}
	}
	return l.Disk.Number != 0 && d.links[fileID{l.Disk.Number, l.Disk.Birth, false}] > 1
}

func (d *downer) removeFile(h Handle) {
	d.do(Down{Act: RemoveFile, ID: h, From: d.path(h), Was: d.local.get(h).Disk})
	d.vanish(h)
}

// removed sees to what the others removed, or moved to where this device does not look, and to what is kept off, from the deepest up.
func (d *downer) removed() {
	var gone []Handle
	for h, b := range d.base.all {
		if !d.visible(b) && (!d.lost(h) || b.Dir && d.allExpired(b)) {
			gone = append(gone, h)
		}
	}
	slices.SortFunc(gone, func(a, b Handle) int { return cmp.Or(cmp.Compare(d.depth(b), d.depth(a)), cmp.Compare(b, a)) })
	for _, h := range gone {
		if b := d.base.get(h); b != nil {
			d.dead(h, b)
		}
	}
}

// visible tells whether some node of the row is to be seen here.
func (d *downer) visible(b *Base) bool {
	return slices.ContainsFunc(b.Nodes, func(m Member) bool {
		return d.s.Live(m.ID) && !d.hidden[m.ID] && (!d.off(m.ID) || d.stands(b, m.ID))
	})
}

func (d *downer) dead(h Handle, b *Base) {
	l := d.local.get(h)
	switch {
	case d.skip(d.path(h), b.Dir):
	case l == nil:
		if !d.live(b.Nodes) {
			d.forget(h)
		}
	case !d.unmoved(h) || d.acted[h]:
	case b.Dir:
		if d.childless(h) && !l.Blind {
			d.removeDir(h)
		}
	case d.unchanged(h):
		d.removeFile(h)
	}
}
