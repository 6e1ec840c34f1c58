package merge

import (
	"slices"

	"elkjopcloud/sync/tree"
)

// State is the merge of some batches: every node, live or in the trash, every version, and the visible tree.
type State struct {
	start    *Checkpoint       // what it was made from, which it shares with others and never changes; what is below is of nodes and versions what came after
	nodes    *index[*node]     // all folders, and what hangs in folders that are not still
	versions *index[*Version]  // those that are not in start, or lie elsewhere by now
	after    map[Stamp][]Stamp // version → the versions that replaced it, also those that became conflict copies
	alias    map[ID]ID         // a node that turned out to be another one
	valias   map[Stamp]Stamp   // a version that turned out to be another one
	became   map[ID][]Stamp    // file → the versions that files held that became it
	left     map[string]int64  // objects that versions were repacked from, and the store's clock when that was
	root     *Folder
	last     Stamp // of the newest batch applied
	since    Stamp // of the newest batch in the checkpoint that it was made from
}

// New returns the empty state: a root folder.
func New() *State {
	s := &State{start: &Checkpoint{}, nodes: newIndex[*node](1), versions: newIndex[*Version](0), after: map[Stamp][]Stamp{}, alias: map[ID]ID{}, valias: map[Stamp]Stamp{}, became: map[ID][]Stamp{}, left: map[string]int64{}}
	s.root = newFolder(s, nil, "")
	r := newNode(Node{Dir: true})
	r.in = s.root
	s.root.members = []*node{r}
	s.nodes.put(r)
	return s
}

// Root returns the visible tree.
func (s *State) Root() *Folder { return s.root }

// Since returns the stamp up to which the state was made from a checkpoint. What has a stamp up to there and is not known has been forgotten; what
// has a later one has not been read.
func (s *State) Since() Stamp { return s.since }

// Node returns the node of that id, or what it has become.
func (s *State) Node(id ID) (Node, bool) {
	return s.look(s.resolve(id))
}

// Version returns the version of that stamp, or the equal one that stands for it.
func (s *State) Version(v Stamp) (Version, bool) {
	return s.version(s.Resolve(v))
}

// Resolve returns the version that stands for v.
func (s *State) Resolve(v Stamp) Stamp {
	for {
		m, ok := s.valias[v]
		if !ok {
			return v
		}
		v = m
	}
}

func (s *State) resolve(id ID) ID {
	for {
		m, ok := s.alias[id]
		if !ok {
			return id
		}
		id = m
	}
}

// Holder returns the node that holds a version today; the node itself where the version is not known.
func (s *State) Holder(id ID, v Stamp) ID {
	if n, ok := s.putTo(s.Resolve(v)); ok {
		return s.resolve(n)
	}
	return s.resolve(id)
}

// Live tells whether the node is in the visible tree.
func (s *State) Live(id ID) bool {
	if _, gone := s.alias[id]; gone {
		return false
	}
	if n := s.nodes.get(id); n != nil {
		return n.in != nil
	}
	n, ok := s.stillNode(id)
	return ok && !n.Deleted && s.nodes.get(n.Parent).in != nil
}

// Path returns where the node is shown, or for one in the trash where it was. Folders that show as one show under one name.
func (s *State) Path(id ID) string {
	id = s.resolve(id)
	n, ok := s.look(id)
	if !ok || id.IsZero() {
		return ""
	}
	if n.Dir && s.nodes.get(id).in != nil {
		return s.nodes.get(id).in.Path()
	}
	return tree.Join(s.Path(n.Parent), n.Name)
}

// Trash returns the roots of what was deleted and not purged: deleted files and folders whose parent is not deleted by the same
// batch, in no order. Below gives what hangs there.
func (s *State) Trash() []Node {
	var out []Node
	for n := range s.everyNode {
		if !n.Deleted || n.Purged || s.fused(n.ID) {
			continue
		}
		if p := s.nodes.get(n.Parent); p != nil && p.Deleted && p.DeletedBy.Batch(n.DeletedBy) == 0 && !p.Purged {
			continue
		}
		out = append(out, n)
	}
	return out
}

// Nodes calls yield for every node except the root, live or not, in no order, until it returns false.
func (s *State) Nodes(yield func(Node) bool) {
	for n := range s.everyNode {
		if !n.ID.IsZero() && !s.fused(n.ID) && !yield(n) {
			return
		}
	}
}

// Below returns the nodes that hang directly in a folder node, also deleted ones, by id.
func (s *State) Below(id ID) []Node {
	n := s.nodes.get(s.resolve(id))
	if n == nil || !n.Dir {
		return nil
	}
	var out []Node
	for _, k := range n.kids {
		if !s.fused(k.ID) {
			out = append(out, k.Node)
		}
	}
	for _, i := range n.still {
		if k := s.start.Nodes.At(int(i)); !s.fused(k.ID) {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b Node) int { return a.ID.Compare(b.ID) })
	return out
}

// Versions returns what a file held, the newest first: the current version, its ancestors, and what files that became this one held
// before.
func (s *State) Versions(id ID) []Version {
	n, ok := s.Node(id)
	if !ok || n.Dir {
		return nil
	}
	out := s.chain(&n)
	for _, v := range s.became[n.ID] {
		if !slices.ContainsFunc(out, func(x Version) bool { return x.ID == v }) {
			x, _ := s.version(v)
			out = append(out, x)
		}
	}
	if len(out) > 1 {
		slices.SortFunc(out[1:], func(a, b Version) int { return b.ID.Compare(a.ID) })
	}
	return out
}

// chain returns the current version and its ancestors.
func (s *State) chain(n *Node) []Version {
	var out []Version
	for v := s.Resolve(n.Current); !v.IsZero(); {
		x, ok := s.version(v)
		if !ok {
			break
		}
		out = append(out, x)
		v = s.Resolve(x.Base)
	}
	return out
}

// AllVersions calls yield for every version, in no order, until it returns false.
func (s *State) AllVersions(yield func(Version) bool) {
	for v := range s.versions.all {
		if !yield(*v) {
			return
		}
	}
	for i := range s.start.Versions.Len() {
		if v := s.start.Versions.At(i); s.versions.get(v.ID) == nil && !yield(v) {
			return
		}
	}
}

// Hashes calls yield for the hash of every version, in no order and some perhaps twice, until it returns false: in a fraction of the time of AllVersions.
func (s *State) Hashes(yield func(tree.Hash) bool) {
	for v := range s.versions.all {
		if !yield(v.Content.Hash) {
			return
		}
	}
	for i := range s.start.Versions.Len() {
		if !yield(s.start.Versions.hash(i)) {
			return
		}
	}
}

// Left yields the objects that versions were repacked from, and the store's clock when that was stored last, in nanoseconds since 1970. Who does not
// know of it yet may still name them.
func (s *State) Left(yield func(key string, stored int64) bool) {
	for k, t := range s.left {
		if !yield(k, t) {
			return
		}
	}
}

// Follow lets versions lie where they lie in a later state of the same volume.
func (s *State) Follow(later *State) {
	var moved []*Version
	for v := range s.AllVersions {
		if x, ok := later.version(v.ID); ok && x.Content.Hash == v.Content.Hash && !slices.Equal(x.Content.Extents, v.Content.Extents) {
			v.Content.Extents = x.Content.Extents
			moved = append(moved, &v)
		}
	}
	for _, v := range moved {
		s.versions.put(v)
	}
}

// taken tells whether another operation has made something under that stamp. No honest device uses one twice; in the order of the fold
// such batches follow one another.
func (s *State) taken(st Stamp) bool {
	_, equal := s.valias[st]
	_, node := s.look(st)
	_, version := s.putTo(st)
	return node || version || equal
}

func (s *State) fused(id ID) bool { _, ok := s.alias[id]; return ok }

// under tells whether id is anc or hangs somewhere below it, live or not.
func (s *State) under(id, anc ID) bool {
	for {
		if id == anc {
			return true
		}
		if id.IsZero() {
			return false
		}
		id = s.node(id).Parent
	}
}
