package plan

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

func anyRow(r *rand.Rand, h Handle) *Base {
	number := func() int64 {
		return []int64{0, 1, -1, math.MinInt64, math.MaxInt64, r.Int64() >> r.IntN(64)}[r.IntN(6)]
	}
	st := func() merge.Stamp {
		return merge.Stamp{Time: r.Int64N(3), Device: tree.Device(r.Uint64N(2)), Index: r.Uint32N(3)}
	}
	b := &Base{ID: h, Parent: Handle(r.IntN(5)), Name: []string{"", "a", "æ/\x00", "\xff"}[r.IntN(4)], Dir: r.IntN(3) == 0, Version: st()}
	for range []int{0, 1, 1, 1, 1, 2, 3}[r.IntN(7)] {
		b.Nodes = append(b.Nodes, Member{st(), st()})
		if m := &b.Nodes[0]; r.IntN(2) == 0 {
			m.Place = m.ID
		}
	}
	if len(b.Nodes) > 0 && r.IntN(2) == 0 {
		b.Version = b.Nodes[0].ID
	}
	if r.IntN(3) > 0 {
		b.Hash = tree.Hash{byte(r.Uint32()), 31: 5}
	}
	b.Disk = Signature{number(), number(), number(), r.Uint64() >> r.IntN(64), number(), r.IntN(2) == 0}
	return b
}

// Bases are what a map of the same rows is, whatever of them is packed.
func TestBasesAreAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		want, bases := map[Handle]*Base{}, BasesOf()
		for h := range Handle(r.IntN(50)) {
			h = h*Handle(1+r.IntN(2)) + 1
			row := anyRow(r, h)
			want[h] = row
			bases.Append(row)
		}
		for range r.IntN(60) {
			switch h := Handle(1 + r.IntN(70)); r.IntN(8) {
			case 0:
				bases.pack()
			case 1, 2:
				delete(want, h)
				bases.Drop(h)
			default:
				want[h] = anyRow(r, h)
				bases.Set(want[h])
			}
			sameBases(t, want, bases)
		}
	}
}

// TestPackedRowsStay: rows that are packed behind others leave those what they are for whoever reads them, as Locals does.
func TestPackedRowsStay(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	bases, want := BasesOf(), map[Handle]*Base{}
	type former struct {
		*packedBases
		n int
	}
	var old []former
	for h := Handle(1); h < 5000; h++ {
		want[h] = anyRow(r, h)
		bases.Set(want[h])
		if r.IntN(300) == 0 {
			bases.pack()
			old = append(old, former{bases.packed, bases.Len()})
		}
	}
	for _, p := range old {
		if p.Len() != p.n || p.last != Handle(p.n) {
			t.Fatalf("%d rows of %d", p.Len(), p.n)
		}
		for i := range p.n {
			if d := gocmp.Diff(want[Handle(i+1)], p.get(i)); d != "" {
				t.Fatalf("row %d of %d: -want +got\n%s", i, p.n, d)
			}
		}
		if at, ok := p.find(Handle(p.n + 1)); ok {
			t.Fatalf("a row at %d of %d", at, p.n)
		}
	}
}

func sameBases(t *testing.T, want map[Handle]*Base, got *Bases) {
	t.Helper()
	rows := slices.SortedFunc(maps.Values(want), func(a, b *Base) int { return cmp.Compare(a.ID, b.ID) })
	if d := gocmp.Diff(rows, got.Sorted()); d != "" || got.Len() != len(want) {
		t.Fatalf("%d rows instead of %d: -want +got\n%s", got.Len(), len(want), d)
	}
	files, glanced := 0, 0
	for h := range Handle(120) {
		if d := gocmp.Diff(want[h], got.Get(h)); d != "" {
			t.Fatalf("row %d: -want +got\n%s", h, d)
		}
		if want[h] != nil && !want[h].Dir {
			files++
		}
		if want[h] != nil && got.top() < h {
			t.Fatalf("the top is %d", got.top())
		}
	}
	for b := range got.Glance {
		if d := gocmp.Diff(want[b.ID], b); d != "" {
			t.Fatalf("row %d at a glance: -want +got\n%s", b.ID, d)
		}
		glanced++
	}
	if got.files() != files || glanced != len(want) {
		t.Fatalf("%d files of %d, %d rows of %d at a glance", got.files(), files, glanced, len(want))
	}
	nodes(t, want, got)
	if !got.Equal(BasesOf(rows...)) {
		t.Fatal("not equal to itself")
	}
}

// nodes compares who has which node.
func nodes(t *testing.T, want map[Handle]*Base, got *Bases) {
	v := &view{in: Input{Base: got, State: merge.New()}, base: layer[Base]{under: got}}
	for i := range 18 {
		id := merge.ID{Time: int64(i % 3), Device: tree.Device(i / 3 % 2), Index: uint32(i / 6)}
		var has []Handle
		for h, b := range want {
			if slices.ContainsFunc(b.Nodes, func(m Member) bool { return m.ID == id }) {
				has = append(has, h)
			}
		}
		slices.Sort(has)
		if b := v.bound(id); !slices.Equal(b, has) {
			t.Fatalf("node %v has the rows %v instead of %v", id, b, has)
		}
	}
}

// unpacked returns the same rows, some of which lie on top.
func unpacked(b *Bases) *Bases {
	out := BasesOf()
	for i, r := range b.Sorted() {
		if i%2 == 0 {
			out.Append(r)
		}
	}
	for i, r := range b.Sorted() {
		if i%2 == 1 {
			out.Set(r)
		}
	}
	return out
}

// Locals are what a map of the same things is, whatever of them Base says, too.
func TestLocalsAreAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 40 {
		bases := BasesOf()
		for h := range Handle(r.IntN(40)) {
			bases.Append(anyRow(r, h+1))
		}
		want, got := map[Handle]*Local{}, newLocals(bases.packed, bases.top()+1, 0)
		for h := range Handle(60) {
			i, ok := bases.packed.find(h)
			if !ok {
				i = -1
			}
			x := &Local{ID: h, Name: "new"}
			if b := bases.Get(h); b != nil {
				x = &Local{ID: h, Parent: b.Parent, Name: b.Name, Dir: b.Dir, Hash: b.Hash, Disk: b.Disk}
			}
			switch r.IntN(6) {
			case 0:
				x.Disk.Mtime++
			case 1:
				x.Blind = true
			case 2:
				continue
			}
			want[h] = x
			got.take(i, x)
		}
		for range 20 {
			h := Handle(r.IntN(60))
			if x := got.Get(h); x != nil && x.Hash.IsZero() && !x.Dir {
				x.Hash = tree.Hash{9} // it was read
				want[h].Hash = x.Hash
			}
			if r.IntN(2) == 0 {
				delete(want, h)
				got.Drop(h)
			} else if r.IntN(2) == 0 {
				want[h] = &Local{ID: h, Name: "set"}
				got.Set(&Local{ID: h, Name: "set"})
			}
			if r.IntN(4) == 0 { // Base has come to say what some of them are, and something else of others
				bases = BasesOf()
				for h := range Handle(60) {
					if x := want[h]; x != nil && h > 0 && r.IntN(2) == 0 {
						row := &Base{ID: h, Parent: x.Parent, Name: x.Name, Dir: x.Dir, Hash: x.Hash, Disk: x.Disk}
						if x.Hash.IsZero() && !x.Dir && r.IntN(2) == 0 { // it was told, as it is or as it has been
							if row.Hash = (tree.Hash{8}); r.IntN(2) == 0 {
								x.Hash = row.Hash
							} else {
								row.Disk.Ctime++
							}
						}
						bases.Append(row)
					} else if h > 0 && r.IntN(5) == 0 {
						bases.Append(anyRow(r, h))
					}
				}
				unread := map[Handle]*Local{}
				for h, x := range got.All {
					if !x.Dir && want[h].Hash.IsZero() {
						unread[h] = x
					}
				}
				if r.IntN(2) == 0 {
					bases = unpacked(bases)
				}
				got.Rebase(bases)
				for h, x := range unread {
					if got.Get(h) != x {
						t.Fatalf("thing %d is another one, and nobody sees its hash be filled in", h)
					}
				}
			}
			all, parents := map[Handle]*Local{}, map[Handle]Handle{}
			for h, x := range got.All {
				all[h] = x
			}
			for h, p := range got.parents {
				parents[h] = p
			}
			if d := gocmp.Diff(want, all); d != "" || got.Len() != len(want) || len(parents) != len(want) {
				t.Fatalf("%d things instead of %d: -want +got\n%s", got.Len(), len(want), d)
			}
			for h, x := range want {
				if d := gocmp.Diff(x, got.Get(h)); d != "" || got.name(h) != x.Name || parents[h] != x.Parent || got.top() < h {
					t.Fatalf("thing %d: -want +got\n%s", h, d)
				}
			}
		}
	}
}

// Much that lies on top is packed when nothing is done for a while; a little is not worth it.
func TestCompact(t *testing.T) {
	for _, tt := range []struct {
		rows, set int
		packed    bool
	}{{20_000, 0, true}, {20_000, fewOver, false}, {20_000, fewOver + 1, true}, {128_000, 2000, false}, {128_000, 2001, true}} {
		bases, want := BasesOf(), map[Handle]*Base{}
		for h := range Handle(tt.rows) {
			want[h] = &Base{ID: h, Name: "before"}
			bases.Append(want[h])
		}
		for i := range Handle(tt.set) {
			want[3*i] = &Base{ID: 3 * i, Name: "after"}
			bases.Set(want[3*i])
		}
		bases.Compact()
		if left := len(bases.over); tt.packed && left != 0 || !tt.packed && left != tt.set {
			t.Errorf("%+v: %d are not packed", tt, left)
		}
		if d := gocmp.Diff(slices.SortedFunc(maps.Values(want), func(a, b *Base) int { return cmp.Compare(a.ID, b.ID) }), bases.Sorted()); d != "" {
			t.Errorf("%+v: -want +got\n%.300s", tt, d)
		}
	}
	(*Bases)(nil).Compact()
}
