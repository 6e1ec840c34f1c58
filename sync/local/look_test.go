package local

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// The order of places is that of the paths' elements, one after the other.
func TestPlacesAreOrderedAsATreeIsWalked(t *testing.T) {
	sorted := []string{"a", "a/b", "a/b/c", "a/b c", "a b", "a b/c", "a-", "a.", "ab", "b"}
	for i, a := range sorted {
		for j, b := range sorted {
			elements := slices.Compare(strings.Split(a, "/"), strings.Split(b, "/"))
			if got := comparePlaces(a, b); got != elements || got != compareInt(i, j) {
				t.Errorf("%q to %q is %d", a, b, got)
			}
		}
	}
}

func compareInt(a, b int) int {
	if a < b {
		return -1
	}
	return min(1, a-b)
}

// Random parts are taken in as in a set of paths.
func TestRenew(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"a", "b", "a b", "a-"}
	path := func() string {
		p := names[random.IntN(len(names))]
		for random.IntN(3) > 0 {
			p = tree.Join(p, names[random.IntN(len(names))])
		}
		return p
	}
	r, want := &Replica{}, map[string]bool{}
	for range 2000 {
		var looked []seen
		for range random.IntN(4) {
			p := path()
			if slices.ContainsFunc(looked, func(s seen) bool { return tree.Under(s.path, p) || tree.Under(p, s.path) }) {
				continue
			}
			s := seen{path: p}
			for q := range want {
				if tree.Under(q, p) {
					delete(want, q)
				}
			}
			for range random.IntN(4) {
				q := p
				if random.IntN(3) > 0 {
					q = tree.Join(p, path())
				}
				if !want[q] {
					want[q] = true
					s.entries = append(s.entries, plan.Entry{Path: q})
				}
			}
			slices.SortFunc(s.entries, byPlace)
			looked = append(looked, s)
		}
		slices.SortFunc(looked, func(a, b seen) int { return comparePlaces(a.path, b.path) })
		r.renew(looked)
		var got, all []string
		for _, e := range r.entries {
			got = append(got, e.Path)
		}
		for q := range want {
			all = append(all, q)
		}
		slices.SortFunc(all, comparePlaces)
		if d := cmp.Diff(all, got); d != "" {
			t.Fatal(d)
		}
	}
}
