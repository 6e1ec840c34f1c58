package merge

import (
	"cmp"
	"maps"
	"slices"

	"elkjopcloud/sync/tree"
)

// Checkpoint is a state as a value: a cache of the fold up to one point of the stamp order, complete for everything up to there.
type Checkpoint struct {
	Last     Stamp      `json:"last"` // of the newest batch inside
	Heads    []BatchID  `json:"heads"`
	Seen     []Progress `json:"seen"`
	Nodes    []Node     `json:"nodes"`
	Versions []Version  `json:"versions"`
	Aliases  [][2]ID    `json:"aliases,omitempty"`
	Equal    [][2]Stamp `json:"equal,omitempty"` // versions that stand for one another
	Left     []Left     `json:"left,omitempty"`
}

// Left is an object that versions were repacked from, and the store's clock when that was stored, in nanoseconds since 1970.
type Left struct {
	Key    string `json:"k"`
	Stored int64  `json:"t"`
}

// Progress says that the batches From to Seq of one run are inside. An honest run has one Progress.
type Progress struct {
	Run
	From uint64 `json:"f,omitempty"`
	Seq  uint64 `json:"s"`
}

// Covers tells whether a batch is inside.
func (c *Checkpoint) Covers(id BatchID) bool {
	i, found := slices.BinarySearchFunc(c.Seen, Progress{Run: Run{id.Device, id.Run}, From: id.Seq}, compareProgress)
	if !found {
		i--
	}
	return i >= 0 && c.Seen[i].Run == Run{id.Device, id.Run} && id.Seq <= c.Seen[i].Seq
}

func compareProgress(a, b Progress) int {
	return cmp.Or(cmp.Compare(a.Device, b.Device), cmp.Compare(a.Run.Run, b.Run.Run), cmp.Compare(a.From, b.From))
}

// joined sorts progress and makes one of what goes on without a gap.
func joined(ps []Progress) []Progress {
	slices.SortFunc(ps, compareProgress)
	var out []Progress
	for _, p := range ps {
		if last := len(out) - 1; last >= 0 && out[last].Run == p.Run && p.From <= out[last].Seq+1 {
			out[last].Seq = max(out[last].Seq, p.Seq)
			continue
		}
		out = append(out, p)
	}
	return out
}

// Checkpoint returns the fold of the batches whose Time is before the given one. The batches that count form a closed set (whoever
// saw a batch is later than it), so whatever is before a time is closed too.
func (l *Log) Checkpoint(before int64) *Checkpoint {
	var s *State // made when there is something to add
	seen := slices.Clone(l.start.Seen)
	heads := map[BatchID]bool{}
	for _, h := range l.start.Heads {
		heads[h] = true
	}
	last := l.start.Last
	for _, b := range l.order {
		if b.Time >= before {
			break
		}
		if s == nil {
			s = l.start.State()
		}
		s.Apply(b)
		seen = append(seen, Progress{Run{b.Device, b.Run}, b.Seq, b.Seq})
		for _, p := range b.Parents {
			delete(heads, p)
		}
		heads[b.BatchID] = true
		last = b.Stamp(0)
	}
	c := &Checkpoint{}
	if s == nil {
		*c = *l.start // which nobody changes
	} else {
		c = s.checkpoint()
	}
	c.Last = last
	c.Heads, c.Seen = sortedIDs(heads), joined(seen)
	return c
}

// checkpoint returns the state's part of a checkpoint, in a fixed order.
func (s *State) checkpoint() *Checkpoint {
	return &Checkpoint{
		Nodes:    nodesOf(s.nodes),
		Versions: versionsOf(s.versions),
		Aliases:  pairs(s.alias),
		Equal:    pairs(s.valias),
		Left:     leftOf(s.left),
	}
}

// nodesOf returns all nodes but the root, by id; nil for none.
func nodesOf(x *index[*node]) []Node {
	if x.n == 1 {
		return nil
	}
	out := make([]Node, 0, x.n-1)
	for n := range x.all {
		if !n.ID.IsZero() {
			out = append(out, *n.Node)
		}
	}
	slices.SortFunc(out, func(a, b Node) int { return a.ID.Compare(b.ID) })
	return out
}

// versionsOf returns all versions, by id; nil for none.
func versionsOf(x *index[*Version]) []Version {
	if x.n == 0 {
		return nil
	}
	out := make([]Version, 0, x.n)
	for v := range x.all {
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b Version) int { return a.ID.Compare(b.ID) })
	return out
}

// leftOf returns what was repacked from, by key; nil for nothing.
func leftOf(m map[string]int64) []Left {
	var out []Left
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, Left{k, m[k]})
	}
	return out
}

// pairs returns a map's entries, by key; nil for none.
func pairs(m map[Stamp]Stamp) [][2]Stamp {
	var out [][2]Stamp
	for _, k := range slices.SortedFunc(maps.Keys(m), Stamp.Compare) {
		out = append(out, [2]Stamp{k, m[k]})
	}
	return out
}

// State returns the state that the checkpoint holds. Names were settled before it was taken, so nothing is settled again. The state goes on using
// what is in the checkpoint, which must not change any more; it changes nothing there itself.
func (c *Checkpoint) State() *State {
	s := sized(len(c.Nodes), len(c.Versions))
	s.since = c.Last
	for i := range c.Versions {
		s.versions.put(&c.Versions[i])
	}
	for _, a := range c.Aliases {
		s.alias[a[0]] = a[1]
	}
	for _, a := range c.Equal {
		s.valias[a[0]] = a[1]
	}
	for _, l := range c.Left {
		s.left[l.Key] = l.Stored
	}
	for i := range c.Versions {
		s.index(&c.Versions[i])
	}
	s.hang(c.Nodes)
	return s
}

// index notes what a version replaced, and which file it belongs to by now. Aliases must be known.
func (s *State) index(v *Version) {
	if !v.Base.IsZero() {
		b := s.Resolve(v.Base)
		s.after[b] = append(s.after[b], v.ID)
	}
	if _, equal := s.valias[v.ID]; !equal && s.fused(v.Node) {
		id := s.resolve(v.Node)
		s.became[id] = append(s.became[id], v.ID)
	}
}

func (s *State) hang(nodes []Node) {
	all := make([]node, len(nodes))
	for i := range nodes {
		n := &all[i]
		n.Node = &nodes[i]
		if n.Dir {
			n.kids = new([]*node)
		}
		s.nodes.put(n)
	}
	for i := range all {
		n := &all[i]
		if p := s.nodes.get(n.Parent); p != nil && p.Dir {
			p.adopt(n)
		}
	}
	for _, n := range s.nodes.get(ID{}).children() {
		s.place(s.root, n)
	}
}

// place shows a node and what hangs below it, as change.show does where all names are settled.
func (s *State) place(parent *Folder, n *node) {
	if n.in != nil || n.Deleted || s.fused(n.ID) {
		return
	}
	k := tree.Fold(n.Name)
	if !n.Dir {
		n.in = parent
		parent.files[k] = n
		return
	}
	f := parent.folders[k]
	if f == nil {
		f = &Folder{parent: parent, fold: k, folders: map[string]*Folder{}, files: make(map[string]*node, n.files())}
		parent.folders[k] = f
	}
	n.in = f
	f.join(n)
	for _, kid := range n.children() {
		s.place(f, kid)
	}
}

// files counts the files that hang in a folder, also deleted ones.
func (n *node) files() int {
	count := 0
	for _, k := range n.children() {
		if !k.Dir {
			count++
		}
	}
	return count
}
