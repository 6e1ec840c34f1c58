package merge

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// anyOrder adds the batches to logs in every order (of up to six; else in some), one by one, in groups and with duplicates, and
// compares the states, down to the last field.
func anyOrder(t testing.TB, bs []*Batch) {
	t.Helper()
	want := full(foldAll(t, bs))
	throughCheckpoints(t, bs, want)
	r := rand.New(rand.NewPCG(1, uint64(len(bs))))
	n := 0
	for p := range orders(bs, r) {
		l := NewLog(nil)
		for i := 0; i < len(p); {
			k := 1
			if n%3 > 0 {
				k = 1 + r.IntN(len(p)-i)
			}
			l.Add(p[i : i+k]...)
			if i += k; n%2 == 0 {
				l.Add(p[r.IntN(i)])
			}
		}
		if got := full(l.State()); got != want {
			t.Fatalf("order %v: -want +got\n%s", names(p), cmp.Diff(want, got))
		}
		if err := invariants(l.State()); err != nil {
			t.Fatalf("order %v: %v", names(p), err)
		}
		n++
	}
}

// throughCheckpoints folds up to every batch, and the rest on a checkpoint of that.
func throughCheckpoints(t testing.TB, bs []*Batch, want string) {
	t.Helper()
	l := NewLog(nil)
	l.Add(bs...)
	for _, b := range bs {
		rest := NewLog(l.Checkpoint(b.Time))
		rest.Add(bs...)
		if got := full(rest.State()); got != want {
			t.Fatalf("checkpoint before %d: -want +got\n%s", b.Time, cmp.Diff(want, got))
		}
	}
}

// orders yields every permutation of up to six batches, and 200 of more.
func orders(bs []*Batch, r *rand.Rand) func(func([]*Batch) bool) {
	return func(yield func([]*Batch) bool) {
		p := slices.Clone(bs)
		if len(p) > 6 {
			for range 200 {
				r.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
				if !yield(p) {
					return
				}
			}
			return
		}
		permute(p, 0, yield)
	}
}

func permute(p []*Batch, k int, yield func([]*Batch) bool) bool {
	if k == len(p) {
		return yield(p)
	}
	for i := k; i < len(p); i++ {
		p[k], p[i] = p[i], p[k]
		ok := permute(p, k+1, yield)
		p[k], p[i] = p[i], p[k]
		if !ok {
			return false
		}
	}
	return true
}

func names(bs []*Batch) []string {
	var out []string
	for _, b := range bs {
		out = append(out, b.DeviceName+b.String())
	}
	return out
}
