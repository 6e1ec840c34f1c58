package merge

// delete moves to the trash what its writer had on its disk: a file only if it still holds the version that was there and
// nothing placed it, or a folder above it that is deleted too, elsewhere since; a folder only if it is listed, was not moved, and has nothing live left in it.
func (c *change) delete(st Stamp, op *Op) {
	d := &deletion{c: c, seen: map[ID]Stamp{}}
	for _, e := range op.List {
		id := c.s.resolve(e.Node)
		if !e.Dir {
			id = c.s.Holder(e.Node, e.Version)
		}
		d.seen[id] = e.Place
	}
	for _, n := range d.files(op.List) {
		d.remove(n, st)
	}
	d.folders(op.List, st)
}

type deletion struct {
	c    *change
	seen map[ID]Stamp // what is listed, with the placement its writer knew
}

func (d *deletion) remove(n *node, st Stamp) {
	d.c.hide(n)
	n.Deleted, n.DeletedBy, n.DeletedAt, n.Confirmed = true, st, d.c.b.Stored, d.c.b.Confirmed
}

// placedSince tells whether the node, or a listed folder above it, was moved after the writer saw it.
func (d *deletion) placedSince(n *node) bool {
	for !n.ID.IsZero() {
		place, listed := d.seen[n.ID]
		if !listed {
			return false
		}
		if n.Place != place {
			return true
		}
		n = d.c.s.nodes[n.Parent]
	}
	return false
}

func (d *deletion) files(list []Entry) []*node {
	var hit []*node
	s := d.c.s
	for _, e := range list {
		if e.Dir {
			continue
		}
		n := s.nodes[s.Holder(e.Node, e.Version)]
		if n == nil || n.Dir || n.Deleted || d.placedSince(n) || s.Resolve(n.Current) != s.Resolve(e.Version) {
			continue
		}
		hit = append(hit, n)
	}
	return hit
}

// folders removes listed folders from the deepest up: a folder is looked at again when its last live child went.
func (d *deletion) folders(list []Entry, st Stamp) {
	var work []*node
	for _, e := range list {
		if n := d.c.s.nodes[d.c.s.resolve(e.Node)]; e.Dir && n != nil && n.Dir {
			work = append(work, n)
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if _, listed := d.seen[n.ID]; !listed || n.ID.IsZero() || n.Deleted || d.placedSince(n) || d.c.hasLive(n) {
			continue
		}
		d.remove(n, st)
		work = append(work, d.c.s.nodes[n.Parent])
	}
}

func (c *change) hasLive(n *node) bool {
	for id, k := range n.kids {
		if !k.Deleted && !c.s.fused(id) {
			return true
		}
	}
	return false
}
