package space

import (
	"maps"
	"math/rand/v2"
	"testing"

	"elkjopcloud/sync/merge"
)

// TestStamps: the set does as a map does.
func TestStamps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s stamps
	want := map[merge.Stamp]bool{}
	for range 5000 {
		st := merge.Stamp{Time: r.Int64N(5), Device: 1, Run: r.Uint32N(2), Index: r.Uint32() >> r.Uint32N(32)}
		if s.has(st) != want[st] {
			t.Fatalf("%v: %v", st, s.has(st))
		}
		if r.IntN(3) > 0 {
			s.add(st)
			want[st] = true
		}
	}
	got := map[merge.Stamp]bool{}
	for st := range s.all {
		got[st] = true
	}
	if !maps.Equal(got, want) || s.n != len(want) {
		t.Errorf("%d of %d", len(got), len(want))
	}
	for range s.all {
		break
	}
}
