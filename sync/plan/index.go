package plan

import (
	"cmp"
	"maps"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// layer is a map with changes on top, which the map itself does not see.
type layer[V any] struct {
	under, over map[Handle]*V
}

func (l *layer[V]) get(h Handle) *V {
	if len(l.over) > 0 {
		if v, ok := l.over[h]; ok {
			return v
		}
	}
	return l.under[h]
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
	for h, v := range l.under {
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
	byNode map[merge.ID]Handle          // Base by node; see nodes
	more   map[merge.ID][]Handle        // the others, where several are one node
	next   Handle
}

func newView(in Input) *view {
	v := &view{in: in, s: in.State, local: layer[Local]{under: in.Local}, base: layer[Base]{under: in.Base}, names: map[Handle]map[string]Handle{}}
	for h := range in.Local {
		v.next = max(v.next, h)
	}
	for h, b := range in.Base {
		if r := v.refreshed(b); r != b {
			v.base.set(h, r)
		}
		v.next = max(v.next, h)
	}
	return v
}

// kids returns the local children of a folder as they were at first, in no order.
func (v *view) kids(p Handle) []Handle {
	if v.first == nil {
		v.first = children(v.in.Local)
	}
	return v.first[p]
}

// children returns what is in each folder. All lists are parts of one.
func children(local map[Handle]*Local) map[Handle][]Handle {
	count := map[Handle]int{}
	for _, l := range local {
		count[l.Parent]++
	}
	room, out := make([]Handle, len(local)), make(map[Handle][]Handle, len(count))
	for p, n := range count {
		out[p], room = room[:0:n], room[n:]
	}
	for h, l := range local {
		out[l.Parent] = append(out[l.Parent], h)
	}
	return out
}

// nodes returns Base by node.
func (v *view) nodes() map[merge.ID]Handle {
	if v.byNode == nil {
		v.byNode, v.more = make(map[merge.ID]Handle, len(v.in.Base)), map[merge.ID][]Handle{}
		for h := range v.base.all {
			v.bind(h)
		}
	}
	return v.byNode
}

// Lost returns the Base rows of what State does not know: the histories do not reach back far enough, or could not be read. Nothing is
// planned for them, and nothing below them.
func Lost(in Input) []Handle {
	v := &view{in: in, s: in.State, base: layer[Base]{under: in.Base}}
	var out []Handle
	for h := range in.Base {
		if v.lost(h) {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return out
}

// lost tells whether State does not know what the row was equal to. A version that a live file had long ago is no loss: the file has another now.
func (v *view) lost(h Handle) bool {
	b := v.base.get(h)
	if b == nil {
		return false
	}
	if !b.Dir {
		_, version := v.s.Version(b.Version)
		_, node := v.s.Node(b.Nodes[0].ID)
		return !node || !version && !(v.forgot(b.Version) && v.s.Live(b.Nodes[0].ID))
	}
	for _, m := range b.Nodes {
		if _, ok := v.s.Node(m.ID); !ok {
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
			m[v.key(v.local.get(h).Name)] = h
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

func (v *view) bind(h Handle) {
	if v.byNode == nil {
		return
	}
	for _, m := range v.base.get(h).Nodes {
		if o, ok := v.byNode[m.ID]; !ok {
			v.byNode[m.ID] = h
		} else if o != h {
			v.more[m.ID] = append(v.more[m.ID], h)
		}
	}
}

func (v *view) unbind(h Handle) {
	b := v.base.get(h)
	if b == nil || v.byNode == nil {
		return
	}
	for _, m := range b.Nodes {
		left := slices.DeleteFunc(v.bound(m.ID), func(x Handle) bool { return x == h })
		delete(v.byNode, m.ID)
		delete(v.more, m.ID)
		if len(left) > 0 {
			v.byNode[m.ID] = left[0]
		}
		if len(left) > 1 {
			v.more[m.ID] = left[1:]
		}
	}
}

// bound returns the Base rows of a node, in order; the caller may change the result.
func (v *view) bound(id merge.ID) []Handle {
	h, ok := v.nodes()[id]
	if !ok {
		return nil
	}
	out := append([]Handle{h}, v.more[id]...)
	slices.Sort(out)
	return out
}

// single returns the one Base row of a node; false where there is none or several.
func (v *view) single(id merge.ID) (Handle, bool) {
	h, ok := v.nodes()[id]
	return h, ok && len(v.more[id]) == 0
}

// set replaces a Base entry.
func (v *view) set(b *Base) {
	v.unbind(b.ID)
	v.base.set(b.ID, b)
	v.bind(b.ID)
}

func (v *view) drop(h Handle) {
	v.unbind(h)
	v.base.set(h, nil)
}

func (v *view) bases() []Handle {
	out := make([]Handle, 0, len(v.in.Base))
	for h := range v.base.all {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}

// childrenOf returns the local children of a folder by name.
func (v *view) childrenOf(p Handle) []Handle {
	kids := slices.Clone(v.kids(p))
	if m := v.names[p]; m != nil {
		kids = slices.AppendSeq(kids[:0], maps.Values(m))
	}
	slices.SortFunc(kids, func(a, b Handle) int { return cmp.Compare(v.local.get(a).Name, v.local.get(b).Name) })
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
