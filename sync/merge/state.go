package merge

import (
	"slices"

	"elkjopcloud/sync/tree"
)

// State is the merge of some batches: every node, live or in the trash, every version, and the visible tree.
type State struct {
	nodes    *index[*node]
	versions *index[*Version]  // never changed once they are here, only replaced: a checkpoint may share them
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
func New() *State { return sized(0, 0) }

// sized is New with room for so many nodes and versions.
func sized(nodes, versions int) *State {
	s := &State{nodes: newIndex[*node](nodes + 1), versions: newIndex[*Version](versions), after: map[Stamp][]Stamp{}, alias: map[ID]ID{}, valias: map[Stamp]Stamp{}, became: map[ID][]Stamp{}, left: map[string]int64{}}
	s.root = newFolder(nil, "")
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
	if n := s.nodes.get(s.resolve(id)); n != nil {
		return *n.Node, true
	}
	return Node{}, false
}

// Version returns the version of that stamp, or the equal one that stands for it.
func (s *State) Version(v Stamp) (Version, bool) {
	if x := s.versions.get(s.Resolve(v)); x != nil {
		return *x, true
	}
	return Version{}, false
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
	if x := s.versions.get(s.Resolve(v)); x != nil {
		return s.resolve(x.Node)
	}
	return s.resolve(id)
}

// Live tells whether the node is in the visible tree.
func (s *State) Live(id ID) bool {
	if _, gone := s.alias[id]; gone {
		return false
	}
	n := s.nodes.get(id)
	return n != nil && n.in != nil
}

// Path returns where the node is shown, or for one in the trash where it was. Folders that show as one show under one name.
func (s *State) Path(id ID) string {
	n := s.nodes.get(s.resolve(id))
	if n == nil || n.ID.IsZero() {
		return ""
	}
	if n.Dir && n.in != nil {
		return n.in.Path()
	}
	return tree.Join(s.Path(n.Parent), n.Name)
}

// Trash returns the roots of what was deleted and not purged: deleted files and folders whose parent is not deleted by the same
// batch, in no order. Below gives what hangs there.
func (s *State) Trash() []Node {
	var out []Node
	for n := range s.nodes.all {
		if !n.Deleted || n.Purged || s.fused(n.ID) {
			continue
		}
		if p := s.nodes.get(n.Parent); p != nil && p.Deleted && p.DeletedBy.Batch(n.DeletedBy) == 0 && !p.Purged {
			continue
		}
		out = append(out, *n.Node)
	}
	return out
}

// Nodes calls yield for every node except the root, live or not, in no order, until it returns false.
func (s *State) Nodes(yield func(Node) bool) {
	for n := range s.nodes.all {
		if !n.ID.IsZero() && !s.fused(n.ID) && !yield(*n.Node) {
			return
		}
	}
}

// Below returns the nodes that hang directly in a folder node, also deleted ones, by id.
func (s *State) Below(id ID) []Node {
	n := s.nodes.get(s.resolve(id))
	if n == nil {
		return nil
	}
	var out []Node
	for _, k := range n.children() {
		if !s.fused(k.ID) {
			out = append(out, *k.Node)
		}
	}
	slices.SortFunc(out, func(a, b Node) int { return a.ID.Compare(b.ID) })
	return out
}

// Versions returns what a file held, the newest first: the current version, its ancestors, and what files that became this one held
// before.
func (s *State) Versions(id ID) []Version {
	n := s.nodes.get(s.resolve(id))
	if n == nil || n.Dir {
		return nil
	}
	out := s.chain(n)
	for _, v := range s.became[n.ID] {
		if !slices.ContainsFunc(out, func(x Version) bool { return x.ID == v }) {
			out = append(out, *s.versions.get(v))
		}
	}
	if len(out) > 1 {
		slices.SortFunc(out[1:], func(a, b Version) int { return b.ID.Compare(a.ID) })
	}
	return out
}

// chain returns the current version and its ancestors.
func (s *State) chain(n *node) []Version {
	var out []Version
	for v := s.Resolve(n.Current); !v.IsZero(); {
		x := s.versions.get(v)
		if x == nil {
			break
		}
		out = append(out, *x)
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
	for v := range s.versions.all {
		if x := later.versions.get(v.ID); x != nil && x.Content.Hash == v.Content.Hash && !slices.Equal(x.Content.Extents, v.Content.Extents) {
			c := *v
			c.Content.Extents = x.Content.Extents
			moved = append(moved, &c)
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
	return s.nodes.get(st) != nil || s.versions.get(st) != nil || equal
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
		id = s.nodes.get(id).Parent
	}
}
