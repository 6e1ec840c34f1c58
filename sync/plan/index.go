package plan

import (
	"cmp"
	"maps"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// layer is a tree with changes on top, which the tree itself does not see.
type layer[V any] struct {
	under things[V]
	over  map[Handle]*V
}

type things[V any] interface {
	Get(Handle) *V
	All(func(Handle, *V) bool)
}

func (l *layer[V]) get(h Handle) *V {
	if len(l.over) > 0 {
		if v, ok := l.over[h]; ok {
			return v
		}
	}
	return l.under.Get(h)
}

// set replaces what h has; nil is nothing.
func (l *layer[V]) set(h Handle, v *V) {
	if l.over == nil {
		l.over = map[Handle]*V{}
	}
	l.over[h] = v
}

// grow makes room for so many changes.
func (l *layer[V]) grow(n int) {
	over := make(map[Handle]*V, len(l.over)+n)
	maps.Copy(over, l.over)
	l.over = over
}

// all yields everything that is there, in no order. Nothing is set meanwhile.
func (l *layer[V]) all(yield func(Handle, *V) bool) {
	for h, v := range l.over {
		if v != nil && !yield(h, v) {
			return
		}
	}
	for h, v := range l.under.All {
		if _, changed := l.over[h]; !changed && !yield(h, v) {
			return
		}
	}
}

// view is a working copy of the trees with look-ups; plans are made on it as if every step had already succeeded. What takes time and memory is made
// when it is asked for.
type view struct {
	in     Input
	s      *merge.State
	local  layer[Local]
	base   layer[Base]
	first  map[Handle][]Handle          // local children as they were at first; see kids
	names  map[Handle]map[string]Handle // local children by key(name), of folders that were asked for or changed
	byNode map[merge.ID][]Handle        // rows of Base that are not packed, or have several nodes, by those that they have or had; see bound
	next   Handle

	offDirs map[merge.ID]bool // folders that were asked for; see off
}

func newView(in Input) *view {
	v := oldView(in)
	for b := range in.Base.Glance {
		v.refresh(b)
	}
	return v
}

// oldView is newView with the nodes that the rows of Base had when they were written.
func oldView(in Input) *view {
	v := &view{in: in, s: in.State, local: layer[Local]{under: in.Local}, base: layer[Base]{under: in.Base}, names: map[Handle]map[string]Handle{}}
	v.next = max(in.Local.top(), in.Base.top())
	return v
}

// refresh lets a row of Base have the nodes that it has today; see refreshed.
func (v *view) refresh(b *Base) {
	if !b.Dir && len(b.Nodes) > 0 && v.s.Holder(b.Nodes[0].ID, b.Version) != b.Nodes[0].ID {
		if old := v.in.Base.Get(b.ID); v.refreshed(old) != old {
			v.base.set(b.ID, v.refreshed(old))
		}
	}
}

// kids returns the local children of a folder as they were at first, in no order.
func (v *view) kids(p Handle) []Handle {
	if v.first == nil {
		v.first = children(v.in.Local)
	}
	return v.first[p]
}

// children returns what is in each folder. All lists are parts of one.
func children(local *Locals) map[Handle][]Handle {
	count := map[Handle]int{}
	for _, p := range local.parents {
		count[p]++
	}
	room, out := make([]Handle, local.Len()), make(map[Handle][]Handle, len(count))
	for p, n := range count {
		out[p], room = room[:0:n], room[n:]
	}
	for h, p := range local.parents {
		out[p] = append(out[p], h)
	}
	return out
}

// Lost returns the Base rows of what State does not know: the histories do not reach back far enough, or could not be read. Nothing is
// planned for them, and nothing below them.
func Lost(in Input) []Handle {
	v := &view{in: in, s: in.State, base: layer[Base]{under: in.Base}}
	var out []Handle
	for b := range in.Base.Glance {
		if v.lostRow(b) {
			out = append(out, b.ID)
		}
	}
	slices.Sort(out)
	return out
}

// lost tells whether State does not know what the row was equal to. A version that a live file had long ago is no loss: the file has another now.
func (v *view) lost(h Handle) bool {
	b := v.base.get(h)
	return b != nil && v.lostRow(b)
}

func (v *view) lostRow(b *Base) bool {
	if !b.Dir {
		version, node := v.s.HasVersion(b.Version), v.s.HasNode(b.Nodes[0].ID)
		return !node || !version && !(v.forgot(b.Version) && v.s.Live(b.Nodes[0].ID))
	}
	for _, m := range b.Nodes {
		if !v.s.HasNode(m.ID) {
			return true
		}
	}
	return false
}

// refreshed returns b with the node that holds its version today: a put that lost is a conflict copy by now, an equal file
// has become the other one.
func (v *view) refreshed(b *Base) *Base {
	if b.Dir || len(b.Nodes) == 0 {
		return b
	}
	h := v.s.Holder(b.Nodes[0].ID, b.Version)
	if h == b.Nodes[0].ID {
		return b
	}
	n, ok := v.s.Node(h)
	if !ok {
		return b
	}
	c := *b
	c.Nodes = []Member{{h, n.Place}}
	return &c
}

func (v *view) key(name string) string {
	if v.in.FoldNames {
		return tree.Fold(name)
	}
	return name
}

// named returns the local children of a folder by key.
func (v *view) named(p Handle) map[string]Handle {
	m := v.names[p]
	if m == nil {
		m = make(map[string]Handle, len(v.kids(p)))
		for _, h := range v.kids(p) {
			m[v.key(v.name(h))] = h
		}
		v.names[p] = m
	}
	return m
}

func (v *view) link(l *Local) { v.named(l.Parent)[v.key(l.Name)] = l.ID }

func (v *view) unlink(l *Local) {
	if m := v.named(l.Parent); m[v.key(l.Name)] == l.ID {
		delete(m, v.key(l.Name))
	}
}

func (v *view) at(parent Handle, name string) Handle { return v.named(parent)[v.key(name)] }

// nodes returns what is known of the rows of Base by node without looking at all of them: of those with changes, and of those with several nodes.
func (v *view) nodes() map[merge.ID][]Handle {
	if v.byNode != nil {
		return v.byNode
	}
	v.byNode = map[merge.ID][]Handle{}
	if v.in.Base != nil {
		for _, b := range v.in.Base.over {
			v.bind(b)
		}
		for _, i := range v.in.Base.packed.many {
			v.bind(v.base.get(v.in.Base.packed.id(i)))
		}
	}
	for _, b := range v.base.over {
		v.bind(b)
	}
	return v.byNode
}

func (v *view) bind(b *Base) {
	if v.byNode == nil || b == nil {
		return
	}
	for _, m := range b.Nodes {
		if !slices.Contains(v.byNode[m.ID], b.ID) {
			v.byNode[m.ID] = append(v.byNode[m.ID], b.ID)
		}
	}
}

// bound returns the Base rows of a node, in order; the caller may change the result.
func (v *view) bound(id merge.ID) []Handle {
	var out []Handle
	for _, h := range v.nodes()[id] {
		if b := v.base.get(h); b != nil && has(b.Nodes, id) {
			out = append(out, h)
		}
	}
	for i := range v.packedRows(id) {
		out = append(out, v.in.Base.packed.id(i))
	}
	slices.Sort(out)
	return out
}

// packedRows yields the packed rows of Base that have one node, this one, and that nothing has changed.
func (v *view) packedRows(id merge.ID) func(func(int) bool) {
	return func(yield func(int) bool) {
		if v.in.Base == nil {
			return
		}
		p := v.in.Base.packed
		p.nodes().All(id, p.node, func(i int) bool { return v.moved(p.id(i)) || yield(i) })
	}
}

// moved tells whether something lies over the packed row of a handle.
func (v *view) moved(h Handle) bool {
	_, a := v.in.Base.over[h]
	_, b := v.base.over[h]
	return a || b
}

// plain returns the packed row of Base that a file's node alone has, if nothing has changed it and the disk shows what it says.
func (v *view) plain(id merge.ID) (int, bool) {
	if v.in.Base == nil || v.in.Local == nil || v.in.Local.base != v.in.Base.packed || len(v.nodes()[id]) > 0 {
		return 0, false
	}
	at, n := 0, 0
	for i := range v.packedRows(id) {
		at, n = i, n+1
	}
	return at, n == 1 && v.untold(at)
}

// untold tells whether the disk shows what a packed row of Base says, and this plan has changed nothing of that.
func (v *view) untold(i int) bool {
	h := v.in.Base.packed.id(i)
	_, over := v.local.over[h]
	return !over && v.in.Local.apart(h) == nil && v.in.Local.is(i)
}

// quiet tells whether a file is on the disk and in the cloud what Base says, so that there is nothing to do for it.
func (v *view) quiet(h Handle) bool {
	if v.in.Base == nil || v.in.Local == nil || v.in.Local.base != v.in.Base.packed {
		return false
	}
	p := v.in.Base.packed
	i, ok := p.find(h)
	if !ok || v.moved(h) || !v.untold(i) {
		return false
	}
	b, one, ok := p.read(i)
	if b.Dir || !ok {
		return false
	}
	n, ok := v.s.Node(one.ID)
	return ok && n.ID == one.ID && !n.Deleted && n.Current == b.Version
}

// set replaces a Base entry.
func (v *view) set(b *Base) {
	v.base.set(b.ID, b)
	v.bind(b)
}

func (v *view) drop(h Handle) { v.base.set(h, nil) }

func (v *view) bases() []Handle {
	out := make([]Handle, 0, v.in.Base.Len())
	for h, b := range v.base.over {
		if b != nil {
			out = append(out, h)
		}
	}
	if v.in.Base != nil {
		for h, b := range v.in.Base.over {
			if _, changed := v.base.over[h]; b != nil && !changed {
				out = append(out, h)
			}
		}
		for i := range v.in.Base.stillPacked {
			if h := v.in.Base.packed.id(i); len(v.base.over) == 0 || !v.moved(h) {
				out = append(out, h)
			}
		}
	}
	slices.Sort(out)
	return out
}

type child struct {
	name string
	h    Handle
}

// name returns what a thing on the disk is called.
func (v *view) name(h Handle) string {
	if _, over := v.local.over[h]; !over {
		return v.in.Local.name(h)
	}
	return v.local.get(h).Name
}

// childrenOf returns the local children of a folder by name.
func (v *view) childrenOf(p Handle) []Handle {
	kids := slices.Clone(v.kids(p))
	if m := v.names[p]; m != nil {
		kids = slices.AppendSeq(kids[:0], maps.Values(m))
	}
	names := make([]child, len(kids))
	for i, h := range kids {
		names[i] = child{v.name(h), h}
	}
	slices.SortFunc(names, func(a, b child) int { return cmp.Compare(a.name, b.name) })
	for i, n := range names {
		kids[i] = n.h
	}
	return kids
}

// childless tells whether nothing is seen in a local folder.
func (v *view) childless(p Handle) bool {
	if m := v.names[p]; m != nil {
		return len(m) == 0
	}
	return len(v.kids(p)) == 0
}

// inside tells whether h is anc or lies below it on the disk.
func (v *view) inside(h, anc Handle) bool {
	for {
		if h == anc {
			return true
		}
		l := v.local.get(h)
		if h == 0 || l == nil {
			return false
		}
		h = l.Parent
	}
}

// unmoved tells whether the thing is still where Base knew it.
func (v *view) unmoved(h Handle) bool {
	l, b := v.local.get(h), v.base.get(h)
	return l.Parent == b.Parent && l.Name == b.Name
}

// unchanged tells whether the file's bytes are still those of Base.
func (v *view) unchanged(h Handle) bool {
	l, b := v.local.get(h), v.base.get(h)
	return l.Hash == b.Hash && !b.Hash.IsZero()
}

// exec returns the execute bit that the file has here; on a disk without one that of the version.
func (v *view) exec(l *Local) bool {
	if b := v.base.get(l.ID); v.in.NoExec {
		return b != nil && b.Disk.Exec
	}
	return l.Disk.Exec
}

func (v *view) skip(path string, dir bool) bool { return v.in.Skip != nil && v.in.Skip(path, dir) }

func (v *view) unsure(path string) bool { return v.in.Unsure != nil && v.in.Unsure(path) }

func (v *view) live(m []Member) bool {
	return slices.ContainsFunc(m, func(m Member) bool { return v.s.Live(m.ID) })
}

func (v *view) members(f *merge.Folder) []Member {
	var out []Member
	for _, n := range f.Members() {
		out = append(out, Member{n.ID, n.Place})
	}
	return out
}
