package merge

// delete moves to the trash what its writer had on its disk: a file only if it still holds the version that was there and
// nothing placed it, or a folder above it that is deleted too, elsewhere since; a folder only if it is listed, was not moved, and has nothing live left in it.
func (c *change) delete(st Stamp, op *Op) {
	d := &deletion{c: c, seen: map[ID]Stamp{}}
	listed := d.resolve(op.List)
	var hit []*node
	for _, l := range listed {
		if !l.Dir && !l.Deleted && l.Current == l.version && !d.placedSince(l.node) {
			hit = append(hit, l.node)
		}
	}
	for _, n := range hit {
		d.remove(n, st)
	}
	d.folders(listed, st)
}

type deletion struct {
	c    *change
	seen map[ID]Stamp // what is listed, with the placement its writer knew
}

type listed struct {
	*node
	version Stamp // files: the one that was on the writer's disk
}

// resolve returns the nodes that a list means today. An entry that takes a file for a folder, or a folder for a file, means nothing.
func (d *deletion) resolve(list []Entry) []listed {
	var out []listed
	s := d.c.s
	for _, e := range list {
		id := s.resolve(e.Node)
		if !e.Dir {
			id = s.Holder(e.Node, e.Version)
		}
		if n := s.node(id); n != nil && n.Dir == e.Dir && !id.IsZero() {
			d.seen[id] = e.Place
			out = append(out, listed{n, s.Resolve(e.Version)})
		}
	}
	return out
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
		n = d.c.s.node(n.Parent)
	}
	return false
}

// folders removes listed folders from the deepest up: a folder is looked at again when its last live child went.
func (d *deletion) folders(list []listed, st Stamp) {
	var work []*node
	for _, l := range list {
		if l.Dir {
			work = append(work, l.node)
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		if _, listed := d.seen[n.ID]; !listed || n.Deleted || d.placedSince(n) || d.c.hasLive(n) {
			continue
		}
		d.remove(n, st)
		work = append(work, d.c.s.node(n.Parent))
	}
}

func (c *change) hasLive(n *node) bool {
	for _, k := range c.s.children(n) {
		if !k.Deleted && !c.s.fused(k.ID) {
			return true
		}
	}
	return false
}
