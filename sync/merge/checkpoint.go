package merge

import (
	"cmp"
	"maps"
	"slices"
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
	s := l.start.State()
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
		s.Apply(b)
		seen = append(seen, Progress{Run{b.Device, b.Run}, b.Seq, b.Seq})
		for _, p := range b.Parents {
			delete(heads, p)
		}
		heads[b.BatchID] = true
		last = b.Stamp(0)
	}
	c := s.checkpoint()
	c.Last = last
	c.Heads, c.Seen = sortedIDs(heads), joined(seen)
	return c
}

// checkpoint returns the state's part of a checkpoint, in a fixed order.
func (s *State) checkpoint() *Checkpoint {
	return &Checkpoint{
		Nodes:    values(s.nodes, func(id ID, n *node) (Node, bool) { return n.Node, !id.IsZero() }),
		Versions: values(s.versions, func(_ Stamp, v *Version) (Version, bool) { return *v, true }),
		Aliases:  values(s.alias, func(a, b ID) ([2]ID, bool) { return [2]ID{a, b}, true }),
		Equal:    values(s.valias, func(a, b Stamp) ([2]Stamp, bool) { return [2]Stamp{a, b}, true }),
	}
}

// values returns what is made of a map's entries, by key; nil for none.
func values[V, T any](m map[Stamp]V, of func(Stamp, V) (T, bool)) []T {
	out := make([]T, 0, len(m))
	for _, k := range slices.SortedFunc(maps.Keys(m), Stamp.Compare) {
		if t, ok := of(k, m[k]); ok {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// State returns the state that the checkpoint holds. Names were settled before it was taken, so nothing is settled again.
func (c *Checkpoint) State() *State {
	s := New()
	s.since = c.Last
	for i := range c.Versions {
		v := c.Versions[i]
		s.versions[v.ID] = &v
	}
	for _, a := range c.Aliases {
		s.alias[a[0]] = a[1]
	}
	for _, a := range c.Equal {
		s.valias[a[0]] = a[1]
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
	for i := range nodes {
		n := &node{Node: nodes[i]}
		if n.Dir {
			n.kids = map[ID]*node{}
		}
		s.nodes[n.ID] = n
	}
	c := &change{s: s, was: map[*node]slot{}, arrived: map[slot][]*node{}, emptied: map[*Folder]bool{}}
	for i := range nodes {
		n := s.nodes[nodes[i].ID]
		if p := s.nodes[n.Parent]; p != nil && p.Dir {
			p.kids[n.ID] = n
		}
	}
	for _, n := range s.nodes[ID{}].kids {
		c.show(n)
	}
	for sl, g := range c.arrived {
		for _, n := range g {
			sl.in.files[sl.fold] = n
		}
	}
}
