package merge

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"elkjopcloud/sync/tree"
)

// Most of a volume never changes while a program runs. So the files of a checkpoint stay where they are, packed, until something happens in their
// folder: it is still until then. What reads the state reads them there; what changes it stirs the folder first, which makes nodes of its files.
// A still folder is the only node of its Folder.

// look returns the node of that id.
func (s *State) look(id ID) (Node, bool) {
	if n := s.nodes.get(id); n != nil {
		return n.Node, true
	}
	return s.stillNode(id)
}

// stillNode returns a file in a still folder.
func (s *State) stillNode(id ID) (Node, bool) {
	if i, ok := s.start.Nodes.Find(id); ok {
		return s.start.Nodes.At(i), true
	}
	return Node{}, false
}

// node returns the node of that id to be changed, nil for none.
func (s *State) node(id ID) *node {
	n := s.nodes.get(id)
	if n == nil {
		if x, ok := s.stillNode(id); ok {
			s.children(s.nodes.get(x.Parent))
			n = s.nodes.get(id)
		}
	}
	return n
}

// everyNode yields all nodes in no order.
func (s *State) everyNode(yield func(Node) bool) {
	for n := range s.nodes.all {
		if !yield(n.Node) {
			return
		}
	}
	for i, l := 0, &s.start.Nodes; i < l.Len(); i++ {
		if s.nodes.get(l.stamp(i)) == nil && !yield(l.At(i)) {
			return
		}
	}
}

// version returns the version of that stamp.
func (s *State) version(v Stamp) (Version, bool) {
	if x := s.versions.get(v); x != nil {
		return *x, true
	}
	if i, ok := s.start.Versions.Find(v); ok {
		return s.start.Versions.At(i), true
	}
	return Version{}, false
}

// putTo returns the node that a version was put to.
func (s *State) putTo(v Stamp) (ID, bool) {
	if x := s.versions.get(v); x != nil {
		return x.Node, true
	}
	if i, ok := s.start.Versions.Find(v); ok {
		_, node, _ := s.start.Versions.lineage(i)
		return node, true
	}
	return ID{}, false
}

// hash returns the hash of the version that stands for v.
func (s *State) hash(v Stamp) tree.Hash {
	v = s.Resolve(v)
	if x := s.versions.get(v); x != nil {
		return x.Content.Hash
	}
	if i, ok := s.start.Versions.Find(v); ok {
		return s.start.Versions.hash(i)
	}
	return tree.Hash{}
}

// children returns what hangs in a folder, to be changed; of a file nothing.
func (s *State) children(n *node) []*node {
	if !n.Dir {
		return nil
	}
	s.wake(n)
	return n.kids
}

// files returns the files that a folder shows, to be changed.
func (s *State) files(f *Folder) map[string]*node {
	s.stir(f)
	if f.files == nil {
		f.files = map[string]*node{}
	}
	return f.files
}

// stir makes nodes of all that hangs in a folder.
func (s *State) stir(f *Folder) {
	if f.isStill() {
		s.wake(f.members[0])
	}
}

// wake makes nodes of what hangs in a folder node.
func (s *State) wake(n *node) {
	still := n.still
	if still == nil {
		return
	}
	n.still = nil
	if n.in != nil && n.in.files == nil {
		n.in.files = make(map[string]*node, len(still))
	}
	for _, i := range still {
		k := newNode(s.start.Nodes.At(int(i)))
		s.nodes.put(k)
		n.adopt(k)
		if n.in != nil && !k.Deleted && !s.fused(k.ID) {
			k.in = n.in
			n.in.files[tree.Fold(k.Name)] = k
		}
	}
}

func (f *Folder) isStill() bool { return len(f.members) == 1 && f.members[0].still != nil }

// eachStill yields the files of a still folder by folded name.
func (f *Folder) eachStill(yield func(Node) bool) {
	for _, i := range f.members[0].still {
		if n := f.state.start.Nodes.At(int(i)); f.shows(&n) && !yield(n) {
			return
		}
	}
}

// shows tells of a file that hangs in a still folder whether it is to be seen.
func (f *Folder) shows(n *Node) bool { return !n.Deleted && !f.state.fused(n.ID) }

func (f *Folder) countStill() (n int) {
	nodes := &f.state.start.Nodes
	for _, i := range f.members[0].still {
		if !nodes.deleted(int(i)) && !f.state.fused(nodes.stamp(int(i))) {
			n++
		}
	}
	return n
}

// stillFile returns the file of a folded name in a still folder.
func (f *Folder) stillFile(fold string) (Node, bool) {
	if !f.isStill() {
		return Node{}, false
	}
	still, nodes := f.members[0].still, &f.state.start.Nodes
	from := sort.Search(len(still), func(i int) bool { return tree.Fold(nodes.name(int(still[i]))) >= fold })
	for _, i := range still[from:] {
		n := nodes.At(int(i))
		if tree.Fold(n.Name) != fold {
			break
		}
		if f.shows(&n) {
			return n, true
		}
	}
	return Node{}, false
}

// hang builds the tree of a checkpoint: of its folders, and of files that hang in none, it makes nodes, and the other files stay where they are.
func (s *State) hang() {
	l := &s.start.Nodes
	for i := range l.Len() {
		if l.dir(i) {
			s.nodes.put(newNode(l.At(i)))
		}
	}
	count, files := map[*node]int{}, 0
	for _, n := range l.All {
		switch p := s.nodes.get(n.Parent); {
		case p == nil || !p.Dir:
			if !n.Dir {
				s.nodes.put(newNode(n))
			}
		case n.Dir:
			p.adopt(s.nodes.get(n.ID))
		default:
			count[p]++
			files++
		}
	}
	all := make([]uint32, files)
	for p, n := range count {
		p.still, all = all[:0:n], all[n:]
	}
	for i := range l.Len() {
		if p := s.nodes.get(l.parent(i)); p != nil && p.Dir && !l.dir(i) {
			p.still = append(p.still, uint32(i))
		}
	}
	var clashes []*node
	var room []foldedFile
	for p := range count {
		if room = s.byFold(p.still, room); s.clash(room) {
			clashes = append(clashes, p)
		}
	}
	for _, n := range s.nodes.get(ID{}).kids {
		s.place(s.root, n)
	}
	for _, p := range clashes {
		s.wake(p)
	}
}

type foldedFile struct {
	fold string
	at   uint32
}

// byFold sorts files by folded name, and returns them in room.
func (s *State) byFold(files []uint32, room []foldedFile) []foldedFile {
	room = room[:0]
	for _, i := range files {
		room = append(room, foldedFile{tree.Fold(s.start.Nodes.name(int(i))), i})
	}
	slices.SortFunc(room, func(a, b foldedFile) int { return cmp.Or(strings.Compare(a.fold, b.fold), cmp.Compare(a.at, b.at)) })
	for i := range room {
		files[i] = room[i].at
	}
	return room
}

// clash tells whether two files of a folder would show under one name, as no honest checkpoint has it.
func (s *State) clash(sorted []foldedFile) bool {
	last := -1
	for i, f := range sorted {
		if n := s.start.Nodes.At(int(f.at)); n.Deleted || s.fused(n.ID) {
			continue
		}
		if last >= 0 && sorted[last].fold == f.fold {
			return true
		}
		last = i
	}
	return false
}

// place shows a folder and those below it, as change.show does where all names are settled.
func (s *State) place(parent *Folder, n *node) {
	if !n.Dir || n.in != nil || n.Deleted || s.fused(n.ID) {
		return
	}
	k := tree.Fold(n.Name)
	f := parent.folders[k]
	if f == nil {
		f = newFolder(s, parent, k)
		parent.folders[k] = f
	}
	s.stir(f) // only a folder of one node can be still
	n.in = f
	f.join(n)
	if len(f.members) > 1 {
		s.wake(n)
	}
	for _, kid := range n.kids {
		s.place(f, kid)
	}
}

// HasNode tells whether the node of that id is known, or what it has become.
func (s *State) HasNode(id ID) bool {
	id = s.resolve(id)
	if s.nodes.get(id) != nil {
		return true
	}
	_, ok := s.start.Nodes.Find(id)
	return ok
}

// HasVersion tells whether the version of that stamp is known, or the equal one that stands for it.
func (s *State) HasVersion(v Stamp) bool {
	v = s.Resolve(v)
	if s.versions.get(v) != nil {
		return true
	}
	_, ok := s.start.Versions.Find(v)
	return ok
}
