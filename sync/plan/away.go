package plan

import (
	"slices"

	"elkjopcloud/sync/merge"
)

// What others may have forgotten. A device that was away for long knows nodes and versions that have expired: a checkpoint without them was or
// will be written, and an operation that names them would mean one thing to those who read the histories and another to those who read the
// checkpoint. So such a device joins again as a union: what changed here is told as new, and what did not is left alone.

// Stale tells whether Base has something that the others have deleted or replaced since, so that Input.Expired matters.
func Stale(base *Bases, s *merge.State) bool {
	for b := range base.Glance {
		for _, m := range b.Nodes {
			n, ok := s.Node(m.ID)
			if ok && (n.Deleted || !b.Dir && s.Resolve(n.Current) != s.Resolve(b.Version)) {
				return true
			}
		}
	}
	return false
}

// forgot tells whether State does not know something because it has expired: it was made before the checkpoint that State began from. What is
// newer is on its way, or cannot be read now.
func (v *view) forgot(st merge.Stamp) bool { return st.Compare(v.s.Since()) <= 0 }

// expired tells whether a member of a folder may not be named any more.
func (v *view) expired(m Member) bool {
	if _, ok := v.s.Node(m.ID); !ok {
		return v.forgot(m.ID)
	}
	return v.in.Expired != nil && v.in.Expired(m.ID, merge.Stamp{})
}

// expiredFile tells whether the version that a file was equal to may not be named any more.
func (v *view) expiredFile(b *Base) bool {
	n, ok := v.s.Node(v.s.Holder(b.Nodes[0].ID, b.Version))
	if !ok {
		return v.forgot(b.Nodes[0].ID)
	}
	x, ok := v.s.Version(b.Version)
	if !ok {
		return v.forgot(b.Version)
	}
	if !n.Deleted && v.s.Resolve(n.Current) == x.ID {
		return false
	}
	return v.in.Expired != nil && v.in.Expired(b.Nodes[0].ID, b.Version)
}

// rejoinFile forgets the row of a file that is to be told as new; false when there is no row that is over, or when the file is as it was and
// stays so: what the others removed long ago is kept here and said. In a backup the disk wins.
func (u *upper) rejoinFile(h Handle, l *Local) bool {
	b := u.base.get(h)
	if b == nil || !u.expiredFile(b) {
		return false
	}
	if !u.in.UpOnly && l.Hash == b.Hash && !b.Hash.IsZero() && u.unmoved(h) && !u.contested(l, b) {
		return false
	}
	u.forget(h)
	return true
}

// contested tells whether the cloud shows something else in a file's place, so that it cannot stay as it is.
func (u *upper) contested(l *Local, b *Base) bool {
	p := u.shown(l.Parent)
	if p == nil {
		return false
	}
	n, ok := p.File(l.Name)
	return ok && n.ID != b.Nodes[0].ID || p.Folder(l.Name) != nil
}

// rejoinDir takes from a folder's row the members that are over. One that has no other is forgotten if the cloud shows another folder in its place,
// or if its user moved it or has something to tell in it; else it is left to Down, which removes it when nothing is in it.
func (u *upper) rejoinDir(h Handle, l *Local) {
	b := u.base.get(h)
	if b == nil {
		return
	}
	var left []Member
	for _, m := range b.Nodes {
		if !u.expired(m) {
			left = append(left, m)
		}
	}
	switch {
	case len(left) == len(b.Nodes):
	case len(left) > 0:
		c := *b
		c.Nodes = left
		u.adopt(&c)
	case u.anew(h, l):
		u.forget(h)
	}
}

// anew tells whether a folder that is over is to be told as a new one.
func (u *upper) anew(h Handle, l *Local) bool {
	return u.in.UpOnly || u.folderAt(l) || !u.unmoved(h) || u.tells(h)
}

func (u *upper) folderAt(l *Local) bool {
	p := u.shown(l.Parent)
	return p != nil && p.Folder(l.Name) != nil
}

// tells tells whether something in a folder that is over is to be told.
func (u *upper) tells(h Handle) bool {
	for _, k := range u.childrenOf(h) {
		l, b := u.local.get(k), u.base.get(k)
		if u.skip(u.path(k), l.Dir) {
			continue
		}
		switch {
		case b == nil:
			return true
		case l.Dir && u.allExpired(b):
			if u.anew(k, l) {
				return true
			}
		case l.Dir || !u.expiredFile(b) || l.Hash != b.Hash || b.Hash.IsZero() || !u.unmoved(k):
			return true
		}
	}
	return false
}

// allExpired tells whether no member of a folder's row may be named any more.
func (v *view) allExpired(b *Base) bool {
	return !slices.ContainsFunc(b.Nodes, func(m Member) bool { return !v.expired(m) })
}

// forget drops a row at once.
func (u *upper) forget(h Handle) {
	u.drop(h)
	u.out.Forget = append(u.out.Forget, h)
}
