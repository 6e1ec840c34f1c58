package plan

import (
	"cmp"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// view is a working copy of the trees with look-ups; plans are made on it as if every step had already succeeded.
type view struct {
	in     Input
	s      *merge.State
	local  map[Handle]*Local
	base   map[Handle]*Base
	kids   map[Handle]map[string]Handle // local children by key(name)
	byNode map[merge.ID][]Handle        // Base by node
	next   Handle
}

func newView(in Input) *view {
	v := &view{in: in, s: in.State, local: make(map[Handle]*Local, len(in.Local)), base: make(map[Handle]*Base, len(in.Base)), kids: map[Handle]map[string]Handle{}, byNode: make(map[merge.ID][]Handle, len(in.Base))}
	for h, l := range in.Local {
		v.local[h] = l
		v.link(l)
		v.next = max(v.next, h)
	}
	for h, b := range in.Base {
		v.base[h] = v.refreshed(b)
		v.next = max(v.next, h)
	}
	for _, h := range v.bases() {
		v.bind(h)
	}
	return v
}

// refreshed returns b with the node that holds its version today: a put that lost is a conflict copy by now, an equal file
// has become the other one.
func (v *view) refreshed(b *Base) *Base {
	if b.Dir || len(b.Nodes) == 0 {
		return b
	}
	h := v.s.Holder(b.Nodes[0].ID, b.Version)
	n, ok := v.s.Node(h)
	if !ok || h == b.Nodes[0].ID {
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

func (v *view) link(l *Local) {
	m := v.kids[l.Parent]
	if m == nil {
		m = map[string]Handle{}
		v.kids[l.Parent] = m
	}
	m[v.key(l.Name)] = l.ID
}

func (v *view) unlink(l *Local) {
	if m := v.kids[l.Parent]; m[v.key(l.Name)] == l.ID {
		delete(m, v.key(l.Name))
	}
}

func (v *view) at(parent Handle, name string) Handle { return v.kids[parent][v.key(name)] }

func (v *view) bind(h Handle) {
	for _, m := range v.base[h].Nodes {
		v.byNode[m.ID] = append(v.byNode[m.ID], h)
	}
}

func (v *view) unbind(h Handle) {
	b := v.base[h]
	if b == nil {
		return
	}
	for _, m := range b.Nodes {
		v.byNode[m.ID] = slices.DeleteFunc(v.byNode[m.ID], func(x Handle) bool { return x == h })
	}
}

// set replaces a Base entry.
func (v *view) set(b *Base) {
	v.unbind(b.ID)
	v.base[b.ID] = b
	v.bind(b.ID)
}

func (v *view) drop(h Handle) {
	v.unbind(h)
	delete(v.base, h)
}

func (v *view) bases() []Handle {
	out := make([]Handle, 0, len(v.base))
	for h := range v.base {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}

// topDown returns all local handles, parents before children, names in order.
func (v *view) topDown() []Handle {
	out := make([]Handle, 0, len(v.local))
	queue := []Handle{0}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		kids := v.childrenOf(p)
		out = append(out, kids...)
		queue = append(queue, kids...)
	}
	return out
}

func (v *view) childrenOf(p Handle) []Handle {
	m := v.kids[p]
	if len(m) == 0 {
		return nil
	}
	kids := make([]Handle, 0, len(m))
	for _, h := range m {
		kids = append(kids, h)
	}
	slices.SortFunc(kids, func(a, b Handle) int { return cmp.Compare(v.local[a].Name, v.local[b].Name) })
	return kids
}

// path returns the local path of a handle, as it is in this plan.
func (v *view) path(h Handle) string {
	if h == 0 {
		return ""
	}
	l := v.local[h]
	if l == nil {
		return v.lastPath(h)
	}
	return tree.Join(v.path(l.Parent), l.Name)
}

// lastPath returns where a thing that is not on the disk would be: its folder's path today, and its name.
func (v *view) lastPath(h Handle) string {
	b := v.base[h]
	if b == nil {
		return ""
	}
	return tree.Join(v.path(b.Parent), b.Name)
}

// inside tells whether h is anc or lies below it on the disk.
func (v *view) inside(h, anc Handle) bool {
	for {
		if h == anc {
			return true
		}
		l := v.local[h]
		if h == 0 || l == nil {
			return false
		}
		h = l.Parent
	}
}

// unmoved tells whether the thing is still where Base knew it.
func (v *view) unmoved(h Handle) bool {
	l, b := v.local[h], v.base[h]
	return l.Parent == b.Parent && l.Name == b.Name
}

// unchanged tells whether the file's bytes are still those of Base.
func (v *view) unchanged(h Handle) bool {
	l, b := v.local[h], v.base[h]
	return l.Hash == b.Hash && !b.Hash.IsZero()
}

// exec returns the execute bit that the file has here; on a disk without one that of the version.
func (v *view) exec(l *Local) bool {
	if b := v.base[l.ID]; v.in.NoExec {
		return b != nil && b.Disk.Exec
	}
	return l.Disk.Exec
}

func (v *view) skip(path string, dir bool) bool { return v.in.Skip != nil && v.in.Skip(path, dir) }

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
