package merge

import (
	"slices"
	"strings"

	"elkjopcloud/sync/tree"
)

// slot is one place for a name in the visible tree.
type slot struct {
	in   *Folder
	fold string
}

func (sl slot) path() string {
	if sl.in.parent == nil {
		return sl.fold
	}
	return slot{sl.in.parent, sl.in.fold}.path() + "/" + sl.fold
}

// change is one batch being applied.
type change struct {
	s        *State
	b        *Batch
	touched  []*node          // to be shown again when the operations are done
	was      map[*node]slot   // where files were shown before
	arrived  map[slot][]*node // files that want a name
	emptied  map[*Folder]bool
	found    map[*node]bool // new files that may be copies that are behind
	restored map[*node]bool
}

func (c *change) arrive(sl slot, n *node) {
	g := c.arrived[sl]
	if n != nil {
		g = append(g, n)
	}
	c.arrived[sl] = g
}

// settle gives every arrived file a name of its own. Who was there before keeps the name; a folder beats a file.
func (c *change) settle() {
	var clashes []slot
	for sl, g := range c.arrived {
		if sl.in.folders[sl.fold].empty() && len(g) == 1 && c.s.files(sl.in)[sl.fold] == nil {
			c.s.files(sl.in)[sl.fold] = g[0]
			continue
		}
		clashes = append(clashes, sl)
	}
	for _, sl := range inOrder(clashes) {
		c.settleSlot(sl)
	}
}

func (f *Folder) empty() bool { return f == nil || len(f.members) == 0 }

func inOrder(slots []slot) []slot {
	paths := make(map[slot]string, len(slots))
	for _, sl := range slots {
		paths[sl] = sl.path()
	}
	slices.SortFunc(slots, func(a, b slot) int { return strings.Compare(paths[a], paths[b]) })
	return slots
}

func (c *change) settleSlot(sl slot) {
	g := c.arrived[sl]
	if n := c.s.files(sl.in)[sl.fold]; n != nil {
		g = append(g, n)
		c.was[n] = sl
	}
	delete(c.arrived, sl)
	delete(c.s.files(sl.in), sl.fold)
	slices.SortFunc(g, func(a, b *node) int {
		if x, y := c.was[a] == sl, c.was[b] == sl; x != y {
			if x {
				return -1
			}
			return 1
		}
		return a.ID.Compare(b.ID)
	})
	if sl.in.folders[sl.fold].empty() {
		if len(g) == 0 {
			return
		}
		c.s.files(sl.in)[sl.fold] = g[0]
		g = c.absorb(g[0], g[1:])
	}
	for _, n := range g {
		c.rename(n, sl)
	}
}

// absorb lets files that are the same as keep become it, and returns the others.
func (c *change) absorb(keep *node, g []*node) []*node {
	var left []*node
	for _, n := range g {
		if v, ok := c.same(keep, n); ok {
			c.s.fuse(n, keep, v)
			continue
		}
		left = append(left, n)
	}
	return left
}

// fuse lets a file become another, and its version that one's version v. What it held before stays known.
func (s *State) fuse(n, keep *node, v Stamp) {
	history := s.became[n.ID]
	delete(s.became, n.ID)
	for _, x := range s.chain(&n.Node)[1:] {
		if x.Node == n.ID {
			history = append(history, x.ID)
		}
	}
	if len(history) > 0 {
		s.became[keep.ID] = append(s.became[keep.ID], history...)
	}
	s.alias[n.ID] = keep.ID
	s.setAlias(n.Current, v)
	n.in = nil
}

// same finds the version of keep that n is: the current one, or for a file that was found under the very same path also an earlier one. Who makes a
// file with what another held before wants it, and so may one under another spelling of a name.
func (c *change) same(keep, n *node) (Stamp, bool) {
	h := c.s.hash(n.Current)
	if c.s.hash(keep.Current) == h {
		return keep.Current, true
	}
	if c.found[n] && c.s.spelledAlike(n, keep) {
		return c.s.inChain(keep, Stamp{}, h)
	}
	return Stamp{}, false
}

// spelledAlike tells whether two nodes that are shown at one place have the same names from the root down.
func (s *State) spelledAlike(a, b *node) bool {
	for a != b {
		if a.Name != b.Name {
			return false
		}
		a, b = s.node(a.Parent), s.node(b.Parent)
	}
	return true
}

// rename gives n the first conflict name that is free.
func (c *change) rename(n *node, sl slot) {
	mark := tree.Copy
	if c.restored[n] {
		mark = tree.Restored
	}
	ev := c.event(n.ID.Index)
	plain := n.plain()
	for try := 0; ; try++ {
		name := tree.NFC(tree.ConflictName(plain, mark, ev, try))
		to := slot{sl.in, tree.Fold(name)}
		if !c.free(to) {
			continue
		}
		n.Plain, n.Name = plain, name
		n.in = sl.in
		c.s.files(sl.in)[to.fold] = n
		return
	}
}

func (c *change) event(index uint32) tree.Event {
	st := Stamp{Time: c.b.Time, Device: c.b.Device, Run: c.b.Run, Index: index}
	return tree.Event{Stamp: st, Name: c.b.DeviceName, Zone: c.b.Zone}
}

func (c *change) free(sl slot) bool {
	_, wanted := c.arrived[sl]
	return !wanted && c.s.files(sl.in)[sl.fold] == nil && sl.in.folders[sl.fold].empty()
}

// inChain finds a version of n with this hash, from the current one back to base (exclusive). What the file was before it became a conflict copy is
// another file's.
func (s *State) inChain(n *node, base Stamp, h tree.Hash) (Stamp, bool) {
	for v := s.Resolve(n.Current); v != base && !v.IsZero(); {
		x, ok := s.version(v)
		if !ok || s.resolve(x.Node) != n.ID {
			break
		}
		if x.Content.Hash == h {
			return v, true
		}
		v = s.Resolve(x.Base)
	}
	return Stamp{}, false
}

// setAlias makes v stand for w, unless that would be a circle.
func (s *State) setAlias(v, w Stamp) {
	v, w = s.Resolve(v), s.Resolve(w)
	if v != w {
		s.valias[v] = w
		s.after[w] = append(s.after[w], s.after[v]...)
	}
}
