package merge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"elkjopcloud/sync/tree"
)

// naive is the merge written a second time, from the rules and for clarity alone: maps of values, every path computed from the
// root, every batch settled by looking at the whole tree.
type naive struct {
	nodes    map[ID]Node
	versions map[Stamp]Version
	alias    map[ID]ID
	valias   map[Stamp]Stamp
	left     map[string]int64
}

func newNaive() *naive {
	return &naive{nodes: map[ID]Node{{}: {Dir: true}}, versions: map[Stamp]Version{}, alias: map[ID]ID{}, valias: map[Stamp]Stamp{}, left: map[string]int64{}}
}

func (s *naive) clone() *naive {
	return &naive{maps.Clone(s.nodes), maps.Clone(s.versions), maps.Clone(s.alias), maps.Clone(s.valias), maps.Clone(s.left)}
}

func (s *naive) node(id ID) (Node, bool) {
	for s.alias[id] != (ID{}) {
		id = s.alias[id]
	}
	n, ok := s.nodes[id]
	return n, ok
}

func (s *naive) version(v Stamp) Stamp {
	for s.valias[v] != (Stamp{}) {
		v = s.valias[v]
	}
	return v
}

func (s *naive) holder(id ID, v Stamp) (Node, bool) {
	if x, ok := s.versions[s.version(v)]; ok {
		return s.node(x.Node)
	}
	return s.node(id)
}

func (s *naive) fused(id ID) bool { return s.alias[id] != ID{} }

func (s *naive) live(id ID) bool {
	if s.fused(id) {
		return false
	}
	for !id.IsZero() {
		if s.nodes[id].Deleted {
			return false
		}
		id = s.nodes[id].Parent
	}
	return true
}

func (s *naive) path(id ID) string {
	if id.IsZero() {
		return ""
	}
	n := s.nodes[id]
	return s.path(n.Parent) + "/" + tree.Fold(n.Name)
}

func (s *naive) inside(id, in ID) bool {
	for id != in && !id.IsZero() {
		id = s.nodes[id].Parent
	}
	return id == in
}

func (s *naive) ids() []ID {
	return slices.SortedFunc(maps.Keys(s.nodes), ID.Compare)
}

// naiveBatch is one batch being applied.
type naiveBatch struct {
	*naive
	b               *Batch
	before          map[ID]string // where files were live before it
	found, restored map[ID]bool
}

func (s *naive) apply(b *Batch) {
	c := &naiveBatch{s, b, map[ID]string{}, map[ID]bool{}, map[ID]bool{}}
	for id, n := range s.nodes {
		if !n.Dir && s.live(id) {
			c.before[id] = s.path(id)
		}
	}
	for i, op := range b.Ops {
		st := b.Stamp(i)
		_, node := s.nodes[st]
		_, version := s.versions[st]
		if !node && !version && !s.fused(st) && s.valias[st] == (Stamp{}) {
			c.op(st, op)
		}
	}
	c.settle()
}

func (c *naiveBatch) op(st Stamp, op Op) {
	switch op.Kind {
	case Mkdir:
		c.place(Node{ID: st, Dir: true, Name: tree.NFC(op.Name), Parent: c.folder(op.Parent), Place: st})
	case Create:
		c.found[st] = op.Found
		c.versions[st] = Version{ID: st, Node: st, Stored: c.b.Stored, Confirmed: c.b.Confirmed, Content: *op.Content}
		c.place(Node{ID: st, Name: tree.NFC(op.Name), Parent: c.folder(op.Parent), Place: st, Current: st})
	case Put:
		c.put(st, op)
	case Move:
		ids := op.Members
		if len(ids) == 0 {
			n, _ := c.holder(op.Node, op.Version)
			ids = []ID{n.ID}
		}
		for _, id := range ids {
			c.move(st, id, op)
		}
	case Delete:
		c.delete(st, op.List)
	case Restore:
		if n, ok := c.holder(op.Node, op.Version); ok && n.Deleted {
			for _, id := range c.reviveWith(n) {
				c.restored[id] = true
			}
			c.revive(n.Parent)
		}
	case Purge:
		if n, ok := c.holder(op.Node, op.Version); ok && n.Deleted && (n.Dir || n.Current == c.version(op.Version)) {
			n.Purged = true
			c.nodes[n.ID] = n
		}
	case Repack:
		v, ok := c.versions[c.version(op.Version)]
		if ok && v.Content.Hash == op.Content.Hash && v.Content.Size == op.Content.Size {
			for _, x := range v.Content.Extents {
				c.left[x.Key] = max(c.left[x.Key], c.b.Stored)
			}
			v.Content.Extents = op.Content.Extents
			c.versions[v.ID] = v
		}
	}
}

func (c *naiveBatch) folder(id ID) ID {
	if n, ok := c.node(id); ok && n.Dir {
		return n.ID
	}
	return ID{}
}

func (c *naiveBatch) place(n Node) {
	c.nodes[n.ID] = n
	c.revive(n.Parent)
}

// revive makes a node and its ancestors live.
func (c *naiveBatch) revive(id ID) {
	for ; !id.IsZero(); id = c.nodes[id].Parent {
		n := c.nodes[id]
		n.Deleted, n.Purged = false, false
		c.nodes[id] = n
	}
}

// reviveWith makes a deleted node live, and what the same batch deleted below it.
func (c *naiveBatch) reviveWith(n Node) []ID {
	var back []ID
	for id, k := range c.nodes {
		if n.Deleted && k.Deleted && k.DeletedBy.Batch(n.DeletedBy) == 0 && c.inside(id, n.ID) {
			back = append(back, id)
		}
	}
	for _, id := range back {
		k := c.nodes[id]
		k.Deleted, k.Purged = false, false
		c.nodes[id] = k
	}
	return back
}

func (c *naiveBatch) put(st Stamp, op Op) {
	base := c.version(op.Version)
	n, ok := c.holder(op.Node, op.Version)
	if !ok || n.Dir {
		return
	}
	if n.Current == base {
		c.versions[st] = Version{ID: st, Node: n.ID, Base: base, Stored: c.b.Stored, Confirmed: c.b.Confirmed, Content: *op.Content}
		n.Current = st
		c.nodes[n.ID] = n
		c.revive(n.ID)
		return
	}
	if v := c.between(n.ID, base, op.Content.Hash); !v.IsZero() {
		c.valias[st] = v
		return
	}
	for _, v := range slices.SortedFunc(maps.Keys(c.versions), Stamp.Compare) {
		x := c.versions[v]
		if !x.Base.IsZero() && c.version(x.Base) == base && x.Content.Hash == op.Content.Hash {
			c.valias[st] = v
			return
		}
	}
	plain := n.Plain
	if plain == "" {
		plain = n.Name
	}
	name := tree.ConflictName(plain, tree.Copy, tree.Event{Stamp: st, Name: c.b.DeviceName, Zone: c.b.Zone}, 0)
	c.versions[st] = Version{ID: st, Node: st, Base: base, Stored: c.b.Stored, Confirmed: c.b.Confirmed, Content: *op.Content}
	c.place(Node{ID: st, Name: tree.NFC(name), Plain: plain, Parent: n.Parent, Place: n.Place, Current: st})
}

// between finds a version of the file with that content, from the current one back to the one after base.
func (c *naiveBatch) between(id ID, base Stamp, h tree.Hash) Stamp {
	for v := c.version(c.nodes[id].Current); v != base && !v.IsZero(); {
		if n, _ := c.node(c.versions[v].Node); n.ID != id {
			break
		}
		if c.versions[v].Content.Hash == h {
			return v
		}
		v = c.version(c.versions[v].Base)
	}
	return Stamp{}
}

func (c *naiveBatch) move(st Stamp, id ID, op Op) {
	n, ok := c.node(id)
	to := c.folder(op.Parent)
	if !ok || n.ID.IsZero() || c.inside(to, n.ID) {
		return
	}
	c.reviveWith(n)
	n = c.nodes[n.ID]
	if name := tree.NFC(op.Name); name != n.Name {
		n.Name, n.Plain = name, ""
	}
	n.Parent, n.Place = to, st
	c.nodes[n.ID] = n
	c.revive(n.ID)
}

func (c *naiveBatch) delete(st Stamp, list []Entry) {
	place := map[ID]Stamp{}
	versions := map[ID][]Stamp{}
	for _, e := range list {
		n, ok := c.node(e.Node)
		if !e.Dir {
			n, ok = c.holder(e.Node, e.Version)
		}
		if ok && e.Dir == n.Dir && !n.ID.IsZero() {
			place[n.ID] = e.Place
			versions[n.ID] = append(versions[n.ID], c.version(e.Version))
		}
	}
	unmoved := func(n Node) bool {
		for !n.ID.IsZero() {
			p, listed := place[n.ID]
			if !listed {
				return true
			}
			if p != n.Place {
				return false
			}
			n = c.nodes[n.Parent]
		}
		return true
	}
	for again := true; again; { // files, then folders as they get empty
		again = false
		for id, vs := range versions {
			n := c.nodes[id]
			if n.Deleted || !unmoved(n) || !n.Dir && !slices.Contains(vs, n.Current) || n.Dir && c.hasLive(id) {
				continue
			}
			n.Deleted, n.DeletedBy, n.DeletedAt, n.Confirmed = true, st, c.b.Stored, c.b.Confirmed
			c.nodes[id] = n
			again = true
		}
	}
}

func (c *naiveBatch) hasLive(dir ID) bool {
	for id, n := range c.nodes {
		if n.Parent == dir && !n.Deleted && !c.fused(id) && !id.IsZero() {
			return true
		}
	}
	return false
}

func (c *naiveBatch) settle() {
	dirs, files := map[string]bool{}, map[string][]ID{}
	for _, id := range c.ids() {
		if !c.live(id) {
			continue
		}
		if p := c.path(id); c.nodes[id].Dir {
			dirs[p] = true
		} else {
			files[p] = append(files[p], id)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		g := files[p]
		slices.SortStableFunc(g, func(a, b ID) int { return -strings.Compare(c.stays(a, p), c.stays(b, p)) })
		if !dirs[p] {
			files[p] = g[:1]
			g = c.absorb(g[0], g[1:])
		}
		for _, id := range g {
			c.rename(id, p, func(q string) bool { return dirs[q] || len(files[q]) > 0 })
			files[c.path(id)] = []ID{id}
		}
	}
}

func (c *naiveBatch) stays(id ID, p string) string { return fmt.Sprint(c.before[id] == p) }

func (c *naiveBatch) absorb(keep ID, g []ID) (left []ID) {
	k := c.nodes[keep]
	for _, id := range g {
		cur := c.nodes[id].Current
		h := c.versions[cur].Content.Hash
		v := Stamp{}
		if c.versions[k.Current].Content.Hash == h {
			v = k.Current
		} else if c.found[id] && c.spelled(id) == c.spelled(keep) {
			v = c.between(keep, Stamp{}, h)
		}
		if v.IsZero() {
			left = append(left, id)
			continue
		}
		c.alias[id], c.valias[cur] = keep, v
	}
	return left
}

// spelled is the path of names as they were given.
func (s *naive) spelled(id ID) string {
	if id == (ID{}) {
		return ""
	}
	return s.spelled(s.nodes[id].Parent) + "/" + s.nodes[id].Name
}

func (c *naiveBatch) rename(id ID, p string, taken func(string) bool) {
	n := c.nodes[id]
	if n.Plain == "" {
		n.Plain = n.Name
	}
	m := tree.Copy
	if c.restored[id] {
		m = tree.Restored
	}
	e := tree.Event{Stamp: c.b.Stamp(0), Name: c.b.DeviceName, Zone: c.b.Zone}
	e.Index = id.Index
	for try := 0; try == 0 || taken(p[:strings.LastIndex(p, "/")+1]+tree.Fold(n.Name)); try++ {
		n.Name = tree.NFC(tree.ConflictName(n.Plain, m, e, try))
	}
	c.nodes[id] = n
}

// agree returns where the state and the naive one differ.
func agree(s *State, n *naive) error {
	if s.nodes.n != len(n.nodes) || s.versions.n != len(n.versions) || len(s.alias) != len(n.alias) || len(s.valias) != len(n.valias) {
		return fmt.Errorf("%d nodes, %d versions, %d aliases, %d equal versions instead of %d, %d, %d, %d", s.nodes.n, s.versions.n, len(s.alias), len(s.valias), len(n.nodes), len(n.versions), len(n.alias), len(n.valias))
	}
	for id, want := range n.nodes {
		got := s.nodes.get(id)
		if got == nil || got.Node != want {
			return fmt.Errorf("node %v is\n%+v instead of\n%+v", id, got, want)
		}
	}
	for st, want := range n.versions {
		got := s.versions.get(st)
		if got == nil || got.Node != want.Node || got.Base != want.Base || got.Content.Hash != want.Content.Hash || got.Stored != want.Stored || got.Confirmed != want.Confirmed || !slices.Equal(got.Content.Extents, want.Content.Extents) {
			return fmt.Errorf("version %v is\n%+v instead of\n%+v", st, got, want)
		}
		if v := s.Resolve(st); v != n.version(st) {
			return fmt.Errorf("version %v stands for %v instead of %v", st, v, n.version(st))
		}
	}
	if !maps.Equal(s.left, n.left) {
		return fmt.Errorf("left %v instead of %v", s.left, n.left)
	}
	for st := range n.valias {
		if v := s.Resolve(st); v != n.version(st) {
			return fmt.Errorf("version %v stands for %v instead of %v", st, v, n.version(st))
		}
	}
	for id := range n.alias {
		want, _ := n.node(id)
		if got := s.resolve(id); got != want.ID {
			return fmt.Errorf("node %v became %v instead of %v", id, got, want.ID)
		}
	}
	return nil
}
