package plan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// anyEntries are entries as a walk yields them, and also as none does.
func anyEntries(r *rand.Rand) []Entry {
	number := func() int64 {
		return []int64{0, 1, -1, math.MinInt64, math.MaxInt64, r.Int64() >> r.IntN(64)}[r.IntN(6)]
	}
	var out []Entry
	for range r.IntN(60) {
		e := Entry{Path: []string{"a", "b", "å/\x00", "\xff"}[r.IntN(4)], Dir: r.IntN(3) == 0, Disk: Signature{number(), number(), number(), r.Uint64() >> r.IntN(64), number(), r.IntN(2) == 0}}
		for range r.IntN(3) {
			e.Path += fmt.Sprint("/", r.IntN(3))
		}
		out = append(out, e)
	}
	return out
}

// Entries are what a list of the same entries is, also put together from parts of others, one of which goes on growing.
func TestEntriesAreAList(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	want, got := []Entry(nil), &Entries{}
	for range 2000 {
		from := anyEntries(r)
		other := EntriesOf(from...)
		a := r.IntN(len(from) + 1)
		b := a + r.IntN(len(from)-a+1)
		if r.IntN(20) == 0 {
			want, got = nil, &Entries{}
		}
		early, had := got, slices.Clone(want)
		if r.IntN(2) == 0 { // as an Observation keeps what was known before
			got = &Entries{}
			got.AddPart(early, 0, early.Len())
		}
		got.AddPart(other, a, b)
		want = append(want, from[a:b]...)
		for i := range from {
			if r.IntN(4) == 0 {
				got.Add(&from[i])
				want = append(want, from[i])
			}
		}
		sameEntries(t, want, got)
		if early != got {
			sameEntries(t, had, early)
		}
	}
}

func sameEntries(t *testing.T, want []Entry, got *Entries) {
	t.Helper()
	if got.Len() != len(want) {
		t.Fatalf("%d entries instead of %d", got.Len(), len(want))
	}
	n := 0
	for i, e := range got.All {
		if i != n || e != want[i] || got.At(i) != e {
			t.Fatalf("entry %d is %+v instead of %+v", i, e, want[i])
		}
		n++
	}
	if n != len(want) {
		t.Fatalf("%d entries came out of %d", n, len(want))
	}
	for range got.All {
		break
	}
}

// Which entries are blind is said anew each time, and the others do not learn of it.
func TestEntriesBlinded(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		plain := anyEntries(r)
		got, paths, want := EntriesOf(plain...), map[string]bool{}, slices.Clone(plain)
		for _, e := range plain {
			if r.IntN(3) == 0 {
				paths[e.Path] = true
			}
		}
		for i := range want {
			want[i].Blind = paths[want[i].Path]
		}
		blind := got.Blinded(paths)
		sameEntries(t, want, blind)
		sameEntries(t, want, EntriesOf(slices.Collect(entriesOf(blind))...))
		sameEntries(t, plain, got)
		sameEntries(t, plain, blind.Blinded(nil))
	}
	var none *Entries
	if none.Len() != 0 || none.Blinded(map[string]bool{"a": true}).Len() != 0 {
		t.Error("nothing is something")
	}
}

func entriesOf(e *Entries) func(func(Entry) bool) {
	return func(yield func(Entry) bool) {
		for _, x := range e.All {
			if !yield(x) {
				return
			}
		}
	}
}
