package merge

import (
	"cmp"
	"slices"

	"elkjopcloud/sync/tree"
)

// Folder is one folder of the visible tree: all live folder nodes of one folded path, which show as one.
type Folder struct {
	state   *State
	parent  *Folder
	fold    string
	members []*node // by placement, then id; the first gives the name
	folders map[string]*Folder
	files   map[string]*node // nil while all that hangs here is still; see State.files
}

func newFolder(s *State, parent *Folder, fold string) *Folder {
	return &Folder{state: s, parent: parent, fold: fold, folders: map[string]*Folder{}}
}

// Name returns the folder's shown name; "" for the root.
func (f *Folder) Name() string { return f.members[0].Name }

// Parent returns the folder that shows it; nil for the root.
func (f *Folder) Parent() *Folder { return f.parent }

// Path returns the shown path; "" for the root.
func (f *Folder) Path() string {
	if f.parent == nil {
		return ""
	}
	return tree.Join(f.parent.Path(), f.Name())
}

// Members returns the nodes that show as this folder, the one that gives the name first.
func (f *Folder) Members() []Node {
	out := make([]Node, len(f.members))
	for i, m := range f.members {
		out[i] = m.Node
	}
	return out
}

// Folder returns the sub-folder of that name in any case and Unicode form, or nil.
func (f *Folder) Folder(name string) *Folder { return f.folders[tree.Fold(name)] }

// File returns the file of that name in any case and Unicode form.
func (f *Folder) File(name string) (Node, bool) {
	k := tree.Fold(name)
	if n := f.files[k]; n != nil {
		return n.Node, true
	}
	return f.stillFile(k)
}

// Folders returns the sub-folders by folded name.
func (f *Folder) Folders() []*Folder {
	out := make([]*Folder, 0, len(f.folders))
	for _, k := range sorted(f.folders) {
		out = append(out, f.folders[k])
	}
	return out
}

// Files returns the files by folded name.
func (f *Folder) Files() []Node {
	out := make([]Node, 0, f.CountFiles())
	for n := range f.EachFile {
		out = append(out, n)
	}
	return out
}

// EachFile yields the files by folded name.
func (f *Folder) EachFile(yield func(Node) bool) {
	if f.isStill() {
		f.eachStill(yield)
		return
	}
	for _, k := range sorted(f.files) {
		if !yield(f.files[k].Node) {
			return
		}
	}
}

// CountFiles returns how many files there are in the folder itself.
func (f *Folder) CountFiles() int {
	if f.isStill() {
		return f.countStill()
	}
	return len(f.files)
}

// CountFolders returns how many sub-folders there are in the folder itself.
func (f *Folder) CountFolders() int { return len(f.folders) }

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Find returns the folder at a shown path in any case and Unicode form, or nil.
func (f *Folder) Find(path string) *Folder {
	for path != "" && f != nil {
		dir, rest := path, ""
		for i := range len(path) {
			if path[i] == '/' {
				dir, rest = path[:i], path[i+1:]
				break
			}
		}
		f, path = f.Folder(dir), rest
	}
	return f
}

// FolderOf returns where a live node is shown: a file's folder, a folder node's own; nil when it is not live.
func (s *State) FolderOf(id ID) *Folder {
	id = s.resolve(id)
	if n := s.nodes.get(id); n != nil {
		return n.in
	}
	if n, ok := s.stillNode(id); ok && !n.Deleted && !s.fused(id) {
		return s.nodes.get(n.Parent).in
	}
	return nil
}

// Showing returns a node and where it is shown, as FolderOf tells; what has become another node is shown nowhere.
func (s *State) Showing(id ID) (Node, *Folder) {
	if s.fused(id) {
		return Node{}, nil
	}
	if n := s.nodes.get(id); n != nil {
		return n.Node, n.in
	}
	n, ok := s.stillNode(id)
	if !ok || n.Deleted {
		return Node{}, nil
	}
	return n, s.nodes.get(n.Parent).in
}

// hide takes a node, and what is shown below it, out of the visible tree.
func (c *change) hide(n *node) {
	if n.in == nil || n.ID.IsZero() {
		return
	}
	if !n.Dir {
		k := tree.Fold(n.Name)
		c.was[n] = slot{n.in, k}
		if files := c.s.files(n.in); files[k] == n {
			delete(files, k)
		}
		n.in = nil
		return
	}
	for _, k := range c.s.children(n) {
		c.hide(k)
	}
	f := n.in
	f.members = slices.DeleteFunc(f.members, func(m *node) bool { return m == n })
	n.in = nil
	c.emptied[f] = true
}

// show puts a node, and what hangs below it, into the visible tree where its parent is shown.
func (c *change) show(n *node) {
	p := c.s.node(n.Parent)
	if n.in != nil || n.Deleted || c.s.fused(n.ID) || p == nil || p.in == nil {
		return
	}
	k := tree.Fold(n.Name)
	if !n.Dir {
		n.in = p.in
		c.arrive(slot{p.in, k}, n)
		return
	}
	f := p.in.folders[k]
	if f == nil {
		f = newFolder(c.s, p.in, k)
		p.in.folders[k] = f
	}
	c.s.stir(f) // only a folder of one node can be still
	c.s.wake(n)
	if c.s.files(p.in)[k] != nil {
		c.arrive(slot{p.in, k}, nil)
	}
	n.in = f
	f.join(n)
	for _, kid := range c.s.children(n) {
		c.show(kid)
	}
}

func (f *Folder) join(n *node) {
	i, _ := slices.BinarySearchFunc(f.members, n, func(a, b *node) int {
		return cmp.Or(a.Place.Compare(b.Place), a.ID.Compare(b.ID))
	})
	f.members = slices.Insert(f.members, i, n)
}

// dropEmpty removes folders that lost their last member.
func (c *change) dropEmpty() {
	for f := range c.emptied {
		if len(f.members) == 0 && f.parent != nil && f.parent.folders[f.fold] == f {
			delete(f.parent.folders, f.fold)
		}
	}
}
