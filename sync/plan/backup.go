package plan

import (
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// In a backup the disk wins, and still two devices that make one backup must not write over each other for ever. So a device tells only what
// its user did, and one thing more: what stands on its disk and was deleted in the cloud comes back there. That ends by itself, as whoever deleted
// it has no Base row of it any more. What others changed or moved there is left as it is, and Elsewhere lists it. What only the cloud has is nobody's
// fault: a restore, a skip rule or another device left it there.

// holds tells whether something in a local folder will be told or brought back, and the folder with it.
func (u *upper) holds(h Handle) bool {
	path := u.path(h)
	return slices.ContainsFunc(u.childrenOf(h), func(k Handle) bool {
		l := u.local.get(k)
		return !u.skip(tree.Join(path, l.Name), l.Dir) && !u.lost(k)
	})
}

// back brings a file back from the trash: no bytes are sent when it went with those that the disk has.
func (u *upper) back(h Handle, l *Local, n merge.Node) {
	c := *u.base.get(h)
	if v, ok := u.s.Version(n.Current); ok && v.Content.Hash == l.Hash {
		c.Version = v.ID
		u.do(Up{Kind: merge.Restore, ID: h, Node: n.ID, Version: n.Current, Base: &c})
		return
	}
	u.newest(&c, n)
	u.adopt(&c)
	u.put(h, l, &c)
}

// newest lets a row say that the disk had the newest version of a node, so that what it has now follows that one. No disk shows the
// signature, so that the file is never taken for that version.
func (u *upper) newest(c *Base, n merge.Node) {
	v, ok := u.s.Version(n.Current)
	if !ok || v.ID == u.s.Resolve(c.Version) {
		return
	}
	c.Version, c.Hash = v.ID, v.Content.Hash
	c.Disk.Ctime, c.Disk.Exec = -1, v.Content.Exec
}

// over makes a new file the next version of one of that name that only the cloud has; false when there is none.
func (u *upper) over(b *Base) bool {
	p := u.place(b.Parent)
	if p == nil {
		return false
	}
	n, ok := p.File(b.Name)
	if !ok || n.Conflict() || !u.free([]Member{{ID: n.ID}}) {
		return false
	}
	b.Nodes = []Member{{n.ID, n.Place}}
	u.newest(b, n)
	u.adopt(b)
	return true
}

// Elsewhere returns what stands on the disk of a backup as this device backed it up, and has another content or place in the cloud, because
// another device changed or moved it there. Nothing is planned for it until it changes here.
func Elsewhere(in Input) []Handle {
	if !in.UpOnly {
		return nil
	}
	var v *view
	var out []Handle
	for h, l := range in.Local.All {
		if b := in.Base.Get(h); b == nil || !suspect(in.State, b) {
			continue
		}
		if v == nil {
			v = newView(in)
		}
		if !v.lost(h) && v.unmoved(h) && !v.skip(v.path(h), l.Dir) && v.elsewhere(h, l) {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return out
}

// suspect tells quickly whether the cloud may show a row otherwise than it was.
func suspect(s *merge.State, b *Base) bool {
	if !b.Dir {
		n, ok := s.Node(s.Holder(b.Nodes[0].ID, b.Version))
		return ok && !n.Deleted && (n.Place != b.Nodes[0].Place || s.Resolve(n.Current) != s.Resolve(b.Version))
	}
	return slices.ContainsFunc(b.Nodes, func(m Member) bool {
		n, ok := s.Node(m.ID)
		return ok && n.Place != m.Place
	})
}

func (v *view) elsewhere(h Handle, l *Local) bool {
	b := v.base.get(h)
	if b.Dir {
		return v.live(b.Nodes) && !slices.ContainsFunc(b.Nodes, func(m Member) bool { return v.showsAt(m.ID, l) })
	}
	n, _ := v.s.Node(b.Nodes[0].ID)
	if !v.s.Live(n.ID) || !v.unchanged(h) {
		return false
	}
	cur, _ := v.s.Version(n.Current)
	return cur.Content.Hash != l.Hash || n.Place != b.Nodes[0].Place && !v.showsAt(n.ID, l)
}

// Anew returns the Base rows that a backup must forget to become what stands on the disk: what Elsewhere and Lost list, and what is below it.
func Anew(in Input) []Handle {
	drop := map[Handle]bool{}
	for _, h := range slices.Concat(Elsewhere(in), Lost(in)) {
		drop[h] = true
	}
	var out []Handle
	for h := range in.Base.All {
		if below(in.Base, h, drop) {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return out
}

// below tells whether a row, or one above it, is among some.
func below(base *Bases, h Handle, some map[Handle]bool) bool {
	for x := range ascend(h, inBase(base)) {
		if some[x] {
			return true
		}
	}
	return false
}
