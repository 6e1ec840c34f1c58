package merge

import (
	"slices"

	"elkjopcloud/sync/tree"
)

// Apply takes one batch, which must have passed Check and come after all that the state has taken so far.
func (s *State) Apply(b *Batch) {
	c := &change{s: s, b: b, was: map[*node]slot{}, arrived: map[slot][]*node{}, emptied: map[*Folder]bool{}, found: map[*node]bool{}, restored: map[*node]bool{}}
	again := s.last == b.Stamp(0)
	for i := range b.Ops {
		if again && s.taken(b.Stamp(i)) {
			continue
		}
		c.apply(b.Stamp(i), &b.Ops[i])
	}
	s.last = b.Stamp(0)
	for _, n := range c.touched {
		c.show(n)
	}
	c.dropEmpty()
	c.settle()
}

func (c *change) apply(st Stamp, op *Op) {
	switch op.Kind {
	case Mkdir:
		c.mkdir(st, op)
	case Create:
		c.create(st, op)
	case Put:
		c.put(st, op)
	case Move:
		c.move(st, op)
	case Delete:
		c.delete(st, op)
	case Restore:
		c.restore(op)
	case Purge:
		c.purge(op)
	case Repack:
		c.repack(op)
	}
}

// parent returns the folder node that an operation means; the root where it is not known.
func (c *change) parent(id ID) *node {
	if n := c.s.node(c.s.resolve(id)); n != nil && n.Dir {
		return n
	}
	return c.s.node(ID{})
}

// touch takes a node out of sight before it changes; it is shown again when the batch is done.
func (c *change) touch(n *node) {
	c.hide(n)
	c.touched = append(c.touched, n)
}

func (c *change) add(n Node, parent *node) *node {
	n.Parent = parent.ID
	x := newNode(n)
	parent.adopt(x)
	c.s.nodes.put(x)
	c.touched = append(c.touched, x)
	c.revive(parent)
	return x
}

// revive brings a node and its ancestors back.
func (c *change) revive(n *node) {
	for !n.ID.IsZero() {
		if n.Deleted {
			n.Deleted, n.Purged = false, false
			c.touched = append(c.touched, n)
		}
		n = c.s.node(n.Parent)
	}
}

// reviveTree brings a deleted node back, with what the same batch deleted below it, and calls back for each.
func (c *change) reviveTree(n *node, back func(*node)) {
	if n.Deleted {
		c.reviveDeletedBy(n, n.DeletedBy, back)
	}
}

func (c *change) reviveDeletedBy(n *node, by Stamp, back func(*node)) {
	if n.Deleted && n.DeletedBy.Batch(by) == 0 {
		n.Deleted, n.Purged = false, false
		c.touched = append(c.touched, n)
		back(n)
	}
	for _, k := range c.s.children(n) {
		c.reviveDeletedBy(k, by, back)
	}
}

func (c *change) mkdir(st Stamp, op *Op) {
	c.add(Node{ID: st, Name: tree.NFC(op.Name), Dir: true, Place: st}, c.parent(op.Parent))
}

func (c *change) create(st Stamp, op *Op) {
	c.addVersion(st, st, Stamp{}, op.Content)
	n := c.add(Node{ID: st, Name: tree.NFC(op.Name), Place: st, Current: st}, c.parent(op.Parent))
	c.found[n] = op.Found
}

func (c *change) addVersion(st Stamp, node ID, base Stamp, content *tree.Content) {
	c.s.versions.put(&Version{ID: st, Node: node, Base: base, Stored: c.b.Stored, Confirmed: c.b.Confirmed, Content: *content})
	if !base.IsZero() {
		c.s.after[base] = append(c.s.after[base], st)
	}
}

// put: a put on the current version advances the file; the same edit made elsewhere already is that edit; any other becomes a
// conflict copy beside the file.
func (c *change) put(st Stamp, op *Op) {
	s := c.s
	base := s.Resolve(op.Version)
	t := s.node(s.Holder(op.Node, op.Version))
	if t == nil || t.Dir {
		return
	}
	if s.Resolve(t.Current) == base {
		c.addVersion(st, t.ID, base, op.Content)
		t.Current = st
		if t.Deleted {
			t.Deleted, t.Purged = false, false
			c.touched = append(c.touched, t)
		}
		c.revive(s.node(t.Parent))
		return
	}
	if v, ok := s.inChain(t, base, op.Content.Hash); ok {
		s.valias[st] = v
		return
	}
	if v, ok := s.sibling(base, op.Content.Hash); ok {
		s.valias[st] = v
		return
	}
	c.conflict(st, base, t, op)
}

// sibling finds the earliest version with this hash that replaced base.
func (s *State) sibling(base Stamp, h tree.Hash) (Stamp, bool) {
	best, found := Stamp{}, false
	for _, v := range s.after[base] {
		if s.hash(v) == h && (!found || v.Compare(best) < 0) {
			best, found = v, true
		}
	}
	return best, found
}

// conflict places a stale put as a node of its own beside t, as if it had been placed when t was.
func (c *change) conflict(st, base Stamp, t *node, op *Op) {
	c.addVersion(st, st, base, op.Content)
	plain := t.plain()
	c.add(Node{ID: st, Name: tree.NFC(tree.ConflictName(plain, tree.Copy, c.event(st.Index), 0)), Plain: plain, Place: t.Place, Current: st}, c.s.node(t.Parent))
}

func (c *change) move(st Stamp, op *Op) {
	par := c.parent(op.Parent)
	for _, id := range c.moved(op) {
		n := c.s.node(c.s.resolve(id))
		if n == nil || n.ID.IsZero() || c.s.under(par.ID, n.ID) {
			continue
		}
		c.touch(n)
		c.hang(n, par, tree.NFC(op.Name))
		n.Place = st
		c.reviveTree(n, func(*node) {})
		c.revive(par)
	}
}

// hang moves a node that is out of sight. A conflict copy is one until its name changes.
func (c *change) hang(n, par *node, name string) {
	c.s.node(n.Parent).release(n)
	if name != n.Name {
		n.Plain = ""
	}
	n.Parent, n.Name = par.ID, name
	par.adopt(n)
}

func (c *change) moved(op *Op) []ID {
	if len(op.Members) > 0 {
		return slices.Clone(op.Members)
	}
	return []ID{c.s.Holder(op.Node, op.Version)}
}

func (c *change) restore(op *Op) {
	n := c.s.node(c.s.Holder(op.Node, op.Version))
	if n == nil || !n.Deleted {
		return
	}
	c.reviveTree(n, func(k *node) { c.restored[k] = true })
	c.revive(c.s.node(n.Parent))
}

func (c *change) purge(op *Op) {
	n := c.s.node(c.s.Holder(op.Node, op.Version))
	if n == nil || !n.Deleted || !n.Dir && c.s.Resolve(n.Current) != c.s.Resolve(op.Version) {
		return
	}
	n.Purged = true
}

// repack lets a version lie elsewhere. Its bytes are the same, so that nothing else changes.
func (c *change) repack(op *Op) {
	v, ok := c.s.version(c.s.Resolve(op.Version))
	if !ok || v.Content.Hash != op.Content.Hash || v.Content.Size != op.Content.Size {
		return
	}
	for _, x := range v.Content.Extents {
		c.s.left[x.Key] = max(c.s.left[x.Key], c.b.Stored)
	}
	v.Content.Extents = op.Content.Extents
	c.s.versions.put(&v)
}
