package merge

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"elkjopcloud/sync/tree"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The state and the naive one take the same random batches, hostile ones too, and must agree. By hand: -rapid.checks=200000.
func TestAgreesWithNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGenerator(t)
		s := New()
		for range rapid.IntRange(2, 25).Draw(t, "batches") {
			b := g.batch()
			s.Apply(b)
			if err := agree(s, g.now); err != nil {
				t.Fatalf("%s\n%v", describe(g.made), err)
			}
		}
		if err := invariants(s); err != nil {
			t.Fatalf("%s\n%v", describe(g.made), err)
		}
	})
}

// A state that goes on from a checkpoint, some of whose folders are still, is what the naive merge is after every batch.
func TestStillAgreesWithNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGenerator(t)
		s := New()
		for range rapid.IntRange(2, 25).Draw(t, "batches") {
			if g.n(3) == 0 {
				if c := s.checkpoint(); rapid.Bool().Draw(t, "looked at") {
					if err := invariants(c.State()); err != nil {
						t.Fatalf("%s\n%v", describe(g.made), err)
					}
				} else {
					last := s.last
					s = c.State()
					s.last = last
				}
			}
			s.Apply(g.batch())
			if g.n(4) > 0 {
				continue
			}
			if err := invariants(s); err != nil {
				t.Fatalf("%s\n%v", describe(g.made), err)
			}
			if err := agree(s, g.now); err != nil {
				t.Fatalf("%s\n%v", describe(g.made), err)
			}
		}
		if err := invariants(s); err != nil {
			t.Fatalf("%s\n%v", describe(g.made), err)
		}
		if err := agree(s, g.now); err != nil {
			t.Fatalf("%s\n%v", describe(g.made), err)
		}
	})
}

// Random batches reach logs in random orders, with checkpoints in between, and always make the same.
func TestLogsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := newGenerator(t)
		for range rapid.IntRange(2, 15).Draw(t, "batches") {
			g.batch()
		}
		whole := NewLog(nil)
		whole.Add(g.made...)
		if err := agree(whole.State(), g.now); err != nil {
			t.Fatalf("%s\n%v", describe(g.made), err)
		}
		lacking := g.withoutOne()
		inParts := feed(t, NewLog(nil), lacking)
		before := int64(1000 * g.n(20))
		start, same := inParts.Checkpoint(before), inParts.Checkpoint(before)
		rest := feed(t, NewLog(start), lacking)
		if got, want := full(rest.State()), full(inParts.State()); got != want {
			t.Fatalf("%s\nfrom the checkpoint before %d: -want +got\n%s", describe(g.made), before, cmp.Diff(want, got))
		}
		feed(t, rest, g.made)
		if d := cmp.Diff(same, start); d != "" {
			t.Fatalf("%s\nthe checkpoint before %d was changed: -want +got\n%s", describe(g.made), before, d)
		}
		late := len(rest.Late()) > 0
		if equal := full(rest.State()) == full(whole.State()) && slices.Equal(rest.Heads(), whole.Heads()); !late && !equal {
			t.Fatalf("%s\nfrom the checkpoint before %d with a gap that is not called late: -want +got\n%s", describe(g.made), before, cmp.Diff(full(whole.State()), full(rest.State())))
		}
		feed(t, inParts, g.made)
		if full(inParts.State()) != full(whole.State()) || !slices.Equal(inParts.Heads(), whole.Heads()) || len(inParts.Missing()) > 0 {
			t.Fatalf("%s\nheads %v instead of %v, missing %v", describe(g.made), inParts.Heads(), whole.Heads(), inParts.Missing())
		}
	})
}

func (g *generator) withoutOne() []*Batch {
	return slices.Delete(slices.Clone(g.made), len(g.made)/2, len(g.made)/2+1)
}

// feed adds the batches in a random order, one by one and in groups.
func feed(t *rapid.T, l *Log, bs []*Batch) *Log {
	p := rapid.Permutation(bs).Draw(t, "order")
	for len(p) > 0 {
		k := rapid.IntRange(1, len(p)).Draw(t, "group")
		l.Add(p[:k]...)
		p = p[k:]
	}
	if err := invariants(l.State()); err != nil {
		t.Fatal(err)
	}
	return l
}

func describe(bs []*Batch) string {
	out := ""
	for _, b := range bs {
		out += fmt.Sprintf("%s %s %v\n", b.DeviceName, b.BatchID, b.Stamp(0))
		for _, o := range b.Ops {
			out += fmt.Sprintf("   %v\n", o)
		}
	}
	return out
}

// generator makes batches of several devices that know more or less of what the others did.
type generator struct {
	t     *rapid.T
	now   *naive
	views []*naive // the state before each batch, and now
	made  []*Batch
	known *naive // what the writer of the present batch knows
	b     *Batch
}

func newGenerator(t *rapid.T) *generator {
	n := newNaive()
	return &generator{t: t, now: n, views: []*naive{n.clone()}}
}

func (g *generator) n(limit int) int { return rapid.IntRange(0, limit-1).Draw(g.t, "n") }

func (g *generator) batch() *Batch {
	seq := uint64(len(g.made) + 1)
	dev := tree.Device(1 + g.n(3))
	g.b = &Batch{BatchID: BatchID{Device: dev, Seq: seq, Run: uint32(1 + g.n(2))}, Time: int64(1000 * (1 + len(g.made)/3)), DeviceName: string(rune('A' + dev)), Stored: int64(seq), Confirmed: g.n(2) == 1}
	if k := len(g.made); k > 0 && g.b.Stamp(0).Batch(g.made[k-1].Stamp(0)) <= 0 {
		g.b.Time = g.made[k-1].Time + 1000
	}
	saw := max(0, len(g.made)-g.n(6))
	g.known = g.views[saw].clone()
	g.b.Parents = newest(g.made[:saw])
	for range 1 + g.n(4) {
		op := g.op()
		g.b.Ops = append(g.b.Ops, op)
		one := *g.b
		g.known.applyLast(&one)
	}
	g.now.apply(g.b)
	g.made = append(g.made, g.b)
	g.views = append(g.views, g.now.clone())
	return g.b
}

// newest returns the batches that no other one has seen.
func newest(bs []*Batch) []BatchID {
	heads := map[BatchID]bool{}
	for _, b := range bs {
		heads[b.BatchID] = true
	}
	for _, b := range bs {
		for _, p := range b.Parents {
			delete(heads, p)
		}
	}
	return sortedIDs(heads)
}

// applyLast lets the writer know what its own batch made so far.
func (s *naive) applyLast(b *Batch) {
	c := &naiveBatch{s, b, map[ID]string{}, map[ID]bool{}, map[ID]bool{}}
	c.op(b.Stamp(len(b.Ops)-1), b.Ops[len(b.Ops)-1])
}

func (g *generator) op() Op {
	switch k := g.n(22); {
	case k >= 20:
		return g.repack()
	case k < 2:
		return Op{Kind: Mkdir, Parent: g.folder(), Name: g.name()}
	case k < 6:
		return Op{Kind: Create, Parent: g.folder(), Name: g.name(), Content: g.content(), Found: g.n(2) == 0}
	case k < 10:
		n := g.file()
		return Op{Kind: Put, Node: n.ID, Version: g.version(n), Content: g.content()}
	case k < 12:
		n := g.file()
		return Op{Kind: Move, Node: n.ID, Version: g.version(n), Parent: g.folder(), Name: g.nameLike(n)}
	case k < 14:
		return Op{Kind: Move, Members: g.members(), Parent: g.folder(), Name: g.name()}
	case k < 17:
		return Op{Kind: Delete, List: g.list()}
	case k < 19:
		n := g.pick(func(n Node) bool { return n.Deleted })
		return Op{Kind: Restore, Node: n.ID, Version: g.version(n)}
	default:
		n := g.pick(func(n Node) bool { return n.Deleted })
		return Op{Kind: Purge, Node: n.ID, Version: g.version(n)}
	}
}

// repack moves the bytes of a version, sometimes of none that is known or with another hash.
func (g *generator) repack() Op {
	v := g.version(g.pick(func(n Node) bool { return !n.Dir }))
	c := g.content()
	if x, ok := g.known.versions[g.known.version(v)]; ok && g.n(5) > 0 {
		c = &x.Content
	}
	moved := *c
	moved.Extents = []tree.Extent{{Key: fmt.Sprintf("zip%d", g.n(4)), Offset: int64(g.n(3)), Length: c.Size}}
	return Op{Kind: Repack, Version: v, Content: &moved}
}

// pick returns a node that its writer knows, rarely one that does not fit, that became another one, or that nobody knows.
func (g *generator) pick(fits func(Node) bool) Node {
	odd := g.n(25) == 24
	var ids []ID
	for _, id := range g.known.ids() {
		if odd || fits(g.known.nodes[id]) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || odd && g.n(4) == 0 {
		return Node{ID: Stamp{Time: 1, Index: uint32(1 + g.n(2))}}
	}
	return g.known.nodes[ids[g.n(len(ids))]]
}

func (g *generator) file() Node {
	return g.pick(func(n Node) bool { return !n.Dir && !n.Deleted })
}

func (g *generator) folder() ID {
	return g.pick(func(n Node) bool { return n.Dir && (!n.Deleted || n.Place.Index == 1) }).ID
}

func (g *generator) version(n Node) Stamp {
	if g.n(10) < 9 || len(g.known.versions) == 0 {
		return n.Current
	}
	vs := slices.SortedFunc(maps.Keys(g.known.versions), Stamp.Compare)
	return vs[g.n(len(vs))]
}

func (g *generator) name() string {
	return []string{"a", "b", "A", "\u00e5", "a\u030a", "d"}[g.n(6)]
}

func (g *generator) nameLike(n Node) string {
	if n.Name != "" && g.n(3) == 0 {
		return n.Name
	}
	return g.name()
}

func (g *generator) content() *tree.Content {
	k := g.n(5)
	if k == 4 {
		k = 100 + len(g.made)*10 + len(g.b.Ops)
	}
	return text(fmt.Sprint(k))
}

// members returns a folder with the others that show as one with it, or one of them, or anything.
func (g *generator) members() []ID {
	n := g.pick(func(n Node) bool { return n.Dir && !n.Deleted })
	ids := []ID{n.ID}
	if g.n(3) == 0 {
		return ids
	}
	for _, id := range g.known.ids() {
		if m := g.known.nodes[id]; m.Dir && g.known.live(id) && id != n.ID && g.known.path(id) == g.known.path(n.ID) {
			ids = append(ids, id)
		}
	}
	return ids
}

// list returns the entries of everything that its writer knows below one node; rarely with some left out, doubled or wrong.
func (g *generator) list() []Entry {
	root := g.pick(func(n Node) bool { return !n.ID.IsZero() && !n.Deleted })
	wrong := g.n(4) == 0
	var l []Entry
	for _, id := range g.known.ids() {
		n := g.known.nodes[id]
		if _, ok := g.known.nodes[root.ID]; !ok || n.Deleted || g.known.fused(id) || !g.known.inside(id, root.ID) {
			continue
		}
		e := Entry{Node: id, Dir: n.Dir, Version: n.Current, Place: n.Place}
		if wrong {
			e = g.spoil(e)
		}
		if !wrong || g.n(4) > 0 {
			l = append(l, e)
		}
	}
	if len(l) > 0 && g.n(2) == 0 {
		slices.Reverse(l)
	}
	return l
}

func (g *generator) spoil(e Entry) Entry {
	switch g.n(12) {
	case 0:
		e.Dir = !e.Dir
	case 1:
		e.Version = g.version(Node{ID: e.Node, Current: e.Place})
	case 2:
		e.Place = e.Version
	case 3:
		e.Node = g.pick(func(Node) bool { return true }).ID
	}
	return e
}
