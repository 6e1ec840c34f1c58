package plan

import (
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Up is one thing that this device has to tell.
type Up struct {
	Kind merge.Kind
	ID   Handle
	Path string // on the disk
	// Create and Put: whether the bytes must be sent. Otherwise the volume holds them, and Known is their hash.
	Known tree.Hash
	Exec  bool // Create and Put: the execute bit
	Found bool // Create: it may be a copy that is behind
	// What the operation names; see merge.Kind.
	Node    merge.ID
	Members []merge.ID
	Version merge.Stamp
	// Base as it will be when the operation is done; nil for a delete. Batch fills in the stamps.
	Base *Base
	// Delete: what goes.
	List []merge.Entry
	Gone []Handle
}

// Ups is the plan of one cycle upwards.
type Ups struct {
	Adopt  []*Base  // Base rows to write at once: the cloud has it already
	Forget []Handle // Base rows to drop at once: gone on both sides
	Do     []Up     // parents first; at most one Delete, the last
	Later  Amount   // new files that were left for later plans; see Input.Most
	More   bool     // Adopt and Forget are to be written before anything else is planned, and Do is empty; see Input.Most
}

// PlanUp compares the disk with Base and the cloud and returns what the others must be told.
func PlanUp(in Input) Ups {
	u := &upper{view: newView(in), made: map[Handle]bool{}, again: map[Handle]bool{}}
	u.folder(0, "")
	if u.out.More {
		u.out.Do, u.out.Later = nil, Amount{}
		return u.out
	}
	u.deleted()
	return u.out
}

// folder goes through what is in a local folder, names in order, and then through its folders.
func (u *upper) folder(p Handle, path string) {
	var dirs []Handle
	for _, h := range u.childrenOf(p) {
		if u.out.More = u.in.Most > 0 && len(u.out.Adopt) >= u.in.Most; u.out.More {
			return
		}
		l := u.local.get(h)
		if u.in.Skip != nil && u.in.Skip(tree.Join(path, l.Name), l.Dir) {
			continue
		}
		if l.Dir {
			u.rejoinDir(h, l)
			if u.lost(h) {
				continue
			}
			u.dir(h, l)
			u.known = false
			dirs = append(dirs, h)
		} else if u.base.get(h) == nil {
			u.newFile(h, l)
		} else if u.parted(h) {
			u.forget(h)
			u.newFile(h, l)
		} else if !u.quiet(h) {
			u.file(h, l)
		}
	}
	for _, h := range dirs {
		if u.folder(h, tree.Join(path, u.local.get(h).Name)); u.out.More {
			return
		}
	}
}

type upper struct {
	*view
	made  map[Handle]bool // folders that this plan makes
	again map[Handle]bool // files that are told as new because what they were has expired
	fresh int             // new files whose bytes are not known
	out   Ups

	at    Handle // a local folder
	shows *merge.Folder
	known bool // shows is what shows it
}

// place is shown for the folder that is gone through.
func (u *upper) place(h Handle) *merge.Folder {
	if !u.known || u.at != h {
		u.at, u.shows, u.known = h, u.shown(h), true
	}
	return u.shows
}

func (u *upper) adopt(b *Base) {
	u.set(b)
	u.out.Adopt = append(u.out.Adopt, b)
}

func (u *upper) do(x Up) {
	x.Path = u.path(x.ID)
	if u.out.Do == nil { // a first time there are as many as things that Base cannot have
		n := max(4, u.in.Local.Len()-u.in.Base.Len())
		if u.in.Most > 0 {
			n = min(n, u.in.Most)
		}
		u.out.Do = make([]Up, 0, n)
	}
	u.out.Do = append(u.out.Do, x)
}

// node returns the cloud's node for a local folder, the zero id for the root, and false for one that is still to be made.
func (v *view) node(h Handle) (merge.ID, bool) {
	if h == 0 {
		return merge.ID{}, true
	}
	b := v.base.get(h)
	if b == nil {
		return merge.ID{}, false
	}
	for _, m := range v.hereOrAll(b.Nodes) {
		if v.s.Live(m.ID) {
			return m.ID, true
		}
	}
	return b.Nodes[0].ID, true
}

// shown returns the visible folder for a local folder; nil when it is to be made or gone.
func (v *view) shown(h Handle) *merge.Folder {
	id, ok := v.node(h)
	if !ok {
		return nil
	}
	return v.s.FolderOf(id)
}

func (u *upper) dir(h Handle, l *Local) {
	b := u.base.get(h)
	if b == nil {
		u.newDir(h, l)
		return
	}
	if u.in.UpOnly && !u.live(b.Nodes) && !u.holds(h) {
		u.newDir(h, l)
		return
	}
	if b.Parent == l.Parent && b.Name == l.Name && sameNumber(b.Disk, l.Disk) {
		return
	}
	c := *b
	c.Parent, c.Name, c.Disk, c.Nodes = l.Parent, l.Name, l.Disk, u.hereOrAll(b.Nodes)
	if b.Parent == l.Parent && tree.NFC(b.Name) == tree.NFC(l.Name) {
		u.adopt(&c)
		return
	}
	if parked(l) || u.thereAlready(&c, l) {
		u.adopt(&c)
		return
	}
	up := Up{Kind: merge.Move, ID: h, Base: &c}
	for _, m := range c.Nodes {
		up.Members = append(up.Members, m.ID)
	}
	u.do(up)
}

func (u *upper) newDir(h Handle, l *Local) {
	if u.stray(l) {
		return
	}
	b := &Base{ID: h, Parent: l.Parent, Name: l.Name, Dir: true, Disk: l.Disk}
	if p := u.shown(l.Parent); p != nil {
		if f := p.Folder(l.Name); f != nil {
			if ms := u.bindable(f, l); len(ms) > 0 && u.free(ms) {
				b.Nodes = ms
				u.adopt(b)
				return
			}
		}
	}
	u.made[h] = true
	u.do(Up{Kind: merge.Mkdir, ID: h, Base: b})
}

// bindable returns the nodes that a new local folder is where f would stand. It is none that is kept off, unless it may be what is left of that one: as
// when Base was lost, or in a folder that is on its way off itself.
func (u *upper) bindable(f *merge.Folder, l *Local) []Member {
	if in, ok := u.node(l.Parent); u.in.Joining || ok && u.off(in) {
		return u.hereOrAll(u.members(f))
	}
	return u.here(u.members(f))
}

func (u *upper) free(ms []Member) bool {
	return !slices.ContainsFunc(ms, func(m Member) bool { return len(u.bound(m.ID)) > 0 })
}

// thereAlready tells whether the cloud shows all members of a moved folder where it stands on the disk now.
func (u *upper) thereAlready(b *Base, l *Local) bool {
	for _, m := range b.Nodes {
		if !u.showsAt(m.ID, l) {
			return false
		}
	}
	return true
}

// showsAt tells whether the cloud shows the node where a thing stands on the disk.
func (v *view) showsAt(id merge.ID, l *Local) bool {
	n, ok := v.s.Node(id)
	p := v.shown(l.Parent)
	return ok && v.s.Live(n.ID) && n.Name == tree.NFC(l.Name) && p != nil && v.s.FolderOf(n.Parent) == p
}

func (u *upper) file(h Handle, l *Local) {
	if u.rejoinFile(h, l) {
		u.again[h] = true
		u.newFile(h, l)
		return
	}
	b := u.base.get(h)
	if b == nil {
		u.newFile(h, l)
		return
	}
	if u.lost(h) {
		return
	}
	n, _ := u.s.Node(b.Nodes[0].ID)
	if u.in.UpOnly && n.Deleted && b.Hash == l.Hash && u.unmoved(h) {
		u.back(h, l, n)
		return
	}
	if b.Parent == l.Parent && b.Name == l.Name && b.Hash == l.Hash && b.Disk == disk(l, u.exec(l)) {
		return
	}
	c := *b
	if v, ok := u.s.Version(n.Current); ok && l.Hash == v.Content.Hash && u.s.Live(n.ID) && l.Hash != b.Hash {
		c.Version, c.Hash, c.Disk = v.ID, l.Hash, disk(l, v.Content.Exec) // the same edit was made elsewhere
	}
	moved := c.Parent != l.Parent || tree.NFC(c.Name) != tree.NFC(l.Name)
	if !moved || parked(l) || u.showsAt(n.ID, l) {
		moved, c.Parent, c.Name = false, l.Parent, l.Name
	}
	if l.Hash == c.Hash {
		c.Disk = disk(l, c.Disk.Exec)
	} else if u.in.UpOnly {
		u.newest(&c, n)
	}
	if l.Hash != c.Hash && u.stoodFor(h, n) {
		u.forget(h)
		u.newFile(h, l)
		return
	}
	if !sameRow(&c, b) {
		u.adopt(&c)
	}
	if l.Hash != c.Hash || u.exec(l) != c.Disk.Exec {
		u.put(h, l, &c)
	}
	if moved {
		row := c
		row.Parent, row.Name = l.Parent, l.Name
		u.do(Up{Kind: merge.Move, ID: h, Node: c.Nodes[0].ID, Version: c.Version, Base: &row})
	}
}

// stoodFor tells whether another file here is the node too, holds what it holds, and stands where the cloud shows it, in whatever spelling.
func (u *upper) stoodFor(h Handle, n merge.Node) bool {
	v, ok := u.s.Version(n.Current)
	return ok && slices.ContainsFunc(u.bound(n.ID), func(o Handle) bool {
		l := u.local.get(o)
		if o == h || l == nil || l.Hash != v.Content.Hash || tree.Fold(l.Name) != tree.Fold(n.Name) {
			return false
		}
		p := u.shown(l.Parent)
		return p != nil && u.s.FolderOf(n.Parent) == p
	})
}

func (u *upper) put(h Handle, l *Local, c *Base) {
	row := *c
	row.Hash, row.Disk = l.Hash, l.Disk
	u.do(Up{Kind: merge.Put, ID: h, Known: l.Hash, Exec: u.exec(l), Node: c.Nodes[0].ID, Version: c.Version, Base: &row})
}

// disk returns what Base keeps of a file that is equal to a version with this execute bit.
func disk(l *Local, exec bool) Signature {
	s := l.Disk
	s.Exec = exec
	return s
}

func sameRow(a, b *Base) bool {
	return a.Parent == b.Parent && a.Name == b.Name && a.Disk == b.Disk && a.Hash == b.Hash && a.Version == b.Version
}

// stray tells whether a new thing waits under a name of ours, which is never told.
func (u *upper) stray(l *Local) bool { return parked(l) && !u.in.UpOnly }

func (u *upper) newFile(h Handle, l *Local) {
	if u.stray(l) {
		return
	}
	b := &Base{ID: h, Parent: l.Parent, Name: l.Name, Disk: l.Disk, Hash: l.Hash}
	if p := u.place(l.Parent); p != nil && !l.Hash.IsZero() {
		n, ok := p.File(l.Name)
		v, _ := u.s.Version(n.Current)
		if ok && u.free([]Member{{ID: n.ID}}) && v.Content.Hash == l.Hash {
			b.Nodes, b.Version, b.Disk = []Member{{n.ID, n.Place}}, v.ID, disk(l, v.Content.Exec)
			u.adopt(b)
			u.file(h, l)
			return
		}
	}
	if u.in.UpOnly && u.over(b) || u.renamedAlike(b) {
		u.file(h, l)
		return
	}
	if u.isLater(l) {
		u.out.Later.Files++
		u.out.Later.Bytes += l.Disk.Size
		return
	}
	u.do(Up{Kind: merge.Create, ID: h, Known: l.Hash, Exec: l.Disk.Exec && !u.in.NoExec, Found: u.in.Joining || u.again[h], Base: b})
}

// isLater tells whether a new file is left for later plans: one of those of which the volume cannot have the bytes, when enough of them are planned. Where
// the others lie is often what has gone elsewhere, so that they are told together.
func (u *upper) isLater(l *Local) bool {
	if u.in.Most == 0 || !l.Hash.IsZero() || u.in.Huge > 0 && l.Disk.Size >= u.in.Huge {
		return false
	}
	u.fresh++
	return u.fresh > u.in.Most
}

// renamedAlike gives a new file the row of one that is gone here and that others have moved, untouched, to where the new one stands: its user has given it
// that name, too, and saved it with an editor that replaces files.
func (u *upper) renamedAlike(b *Base) bool {
	p := u.place(b.Parent)
	if u.in.UpOnly || p == nil {
		return false
	}
	n, ok := p.File(b.Name)
	rows := u.bound(n.ID)
	if !ok || len(rows) != 1 || u.off(n.ID) {
		return false
	}
	old := u.base.get(rows[0])
	if old.Dir || u.local.get(old.ID) != nil || u.lost(old.ID) || old.Version != n.Current || old.Nodes[0].Place == n.Place || u.skip(u.path(old.ID), false) {
		return false
	}
	u.forget(old.ID)
	b.Nodes, b.Version, b.Hash, b.Disk = []Member{{n.ID, n.Place}}, old.Version, old.Hash, old.Disk
	u.adopt(b)
	return true
}

// deleted lists what Base knows and the disk no longer shows. What cannot be looked at is not deleted, nor what is kept off.
func (u *upper) deleted() {
	up := Up{Kind: merge.Delete}
	for _, h := range u.bases() {
		b := u.base.get(h)
		if u.local.get(h) != nil {
			continue
		}
		lost, skipped := u.lost(h), u.skip(u.path(h), b.Dir)
		switch {
		case skipped && !(u.in.UpOnly && lost):
			continue
		case skipped || b.Dir && u.allExpired(b) || !b.Dir && u.expiredFile(b):
			// What the cloud has forgotten, also behind a rule: it begins anew when the rule goes.
			u.out.Forget = append(u.out.Forget, h)
			continue
		case lost:
			continue
		}
		live := false
		for _, m := range b.Nodes {
			n, ok := u.s.Node(m.ID)
			if ok && n.ID == m.ID && !n.Deleted && !u.boundElsewhere(h, m.ID) && !u.off(m.ID) {
				up.List = append(up.List, merge.Entry{Node: m.ID, Dir: b.Dir, Version: b.Version, Place: m.Place})
				live = true
			}
		}
		if live {
			up.Gone = append(up.Gone, h)
		} else {
			u.out.Forget = append(u.out.Forget, h)
		}
	}
	if len(up.List) > 0 {
		u.do(up)
	}
}

// boundElsewhere tells whether another thing that is on the disk is the same node.
func (u *upper) boundElsewhere(h Handle, id merge.ID) bool {
	return slices.ContainsFunc(u.bound(id), func(o Handle) bool { return o != h && u.local.get(o) != nil })
}
