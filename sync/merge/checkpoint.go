package merge

import (
	"cmp"
	"maps"
	"slices"
)

// Checkpoint is a state as a value: a cache of the fold up to one point of the stamp order, complete for everything up to there.
type Checkpoint struct {
	Last     Stamp // of the newest batch inside
	Heads    []BatchID
	Seen     []Progress
	Nodes    Nodes
	Versions Versions
	Aliases  [][2]ID
	Equal    [][2]Stamp // versions that stand for one another
	Left     []Left
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
	if n := len(l.order); n > 0 && l.order[n-1].Time < before {
		return l.whole()
	}
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

// whole returns the fold of all batches that count, which the state is already.
func (l *Log) whole() *Checkpoint {
	c := l.state.checkpoint()
	seen := slices.Clone(l.start.Seen)
	for _, b := range l.order {
		seen = append(seen, Progress{Run{b.Device, b.Run}, b.Seq, b.Seq})
	}
	c.Last, c.Heads, c.Seen = l.order[len(l.order)-1].Stamp(0), l.Heads(), joined(seen)
	return c
}

// checkpoint returns the state's part of a checkpoint, in a fixed order.
func (s *State) checkpoint() *Checkpoint {
	return &Checkpoint{
		Nodes:    s.packNodes(),
		Versions: s.packVersions(),
		Aliases:  pairs(s.alias),
		Equal:    pairs(s.valias),
		Left:     leftOf(s.left),
	}
}

// packNodes returns all nodes but the root, by id.
func (s *State) packNodes() Nodes {
	var out Nodes
	over := stamps(s.nodes)
	out.Room(s.start.Nodes.Len() + len(over))
	for i, id := range merged(&s.start.Nodes.stamped, over) {
		switch n := s.nodes.get(id); {
		case id.IsZero():
		case n != nil:
			out.Append(&n.Node)
		default:
			n := s.start.Nodes.At(i)
			out.Append(&n)
		}
	}
	return out
}

// packVersions returns all versions, by id.
func (s *State) packVersions() Versions {
	var out Versions
	over := stamps(s.versions)
	out.Room(s.start.Versions.Len() + len(over))
	for i, id := range merged(&s.start.Versions.stamped, over) {
		if v := s.versions.get(id); v != nil {
			out.Append(v)
			continue
		}
		v := s.start.Versions.At(i)
		out.Append(&v)
	}
	return out
}

// stamps returns what an index holds, in order.
func stamps[T pointer](x *index[T]) []Stamp {
	out := make([]Stamp, 0, x.n)
	for t := range x.all {
		out = append(out, t.stamp())
	}
	slices.SortFunc(out, Stamp.Compare)
	return out
}

// merged yields the stamps of a list and of what lies over it, each once and in order, with the row that has it in the list if it is not over it.
func merged(list *stamped, over []Stamp) func(func(int, Stamp) bool) {
	return func(yield func(int, Stamp) bool) {
		for _, i := range list.inOrder() {
			id := list.stamp(i)
			for ; len(over) > 0 && over[0].Compare(id) < 0; over = over[1:] {
				if !yield(-1, over[0]) {
					return
				}
			}
			if len(over) > 0 && over[0] == id {
				over = over[1:]
			}
			if !yield(i, id) {
				return
			}
		}
		for _, id := range over {
			if !yield(-1, id) {
				return
			}
		}
	}
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
	s := New()
	s.start, s.since = c, c.Last
	for _, a := range c.Aliases {
		s.alias[a[0]] = a[1]
	}
	for _, a := range c.Equal {
		s.valias[a[0]] = a[1]
	}
	for _, l := range c.Left {
		s.left[l.Key] = l.Stored
	}
	for i := range c.Versions.Len() {
		s.index(c.Versions.lineage(i))
	}
	s.hang()
	return s
}

// index notes what a version replaced, and which file it belongs to by now. Aliases must be known.
func (s *State) index(v, node, base Stamp) {
	if !base.IsZero() {
		b := s.Resolve(base)
		s.after[b] = append(s.after[b], v)
	}
	if _, equal := s.valias[v]; !equal && s.fused(node) {
		id := s.resolve(node)
		s.became[id] = append(s.became[id], v)
	}
}
