package local

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
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
	r, want := &Replica{}, map[string]plan.Entry{}
	for n := range 2000 {
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
				if _, twice := want[q]; !twice {
					want[q] = plan.Entry{Path: q, Dir: random.IntN(2) == 0, Disk: plan.Signature{Size: int64(n), Number: random.Uint64()}}
					s.entries = append(s.entries, want[q])
				}
			}
			slices.SortFunc(s.entries, byPlace)
			looked = append(looked, s)
		}
		slices.SortFunc(looked, func(a, b seen) int { return comparePlaces(a.path, b.path) })
		r.renew(looked)
		var got, all []plan.Entry
		for _, e := range r.entries.All {
			got = append(got, e)
		}
		for _, e := range want {
			all = append(all, e)
		}
		slices.SortFunc(all, byPlace)
		if d := cmp.Diff(all, got); d != "" {
			t.Fatal(d)
		}
		p := path()
		inside := func(e plan.Entry) bool { return tree.Under(e.Path, p) }
		before := func(e plan.Entry) bool { return comparePlaces(e.Path, p) < 0 }
		i, j := r.span(p)
		if at := len(slices.DeleteFunc(slices.Clone(all), func(e plan.Entry) bool { return !before(e) })); r.find(p) != at || i != at {
			t.Fatalf("%q is at %d, its span begins at %d, and it should be %d", p, r.find(p), i, at)
		}
		if slices.ContainsFunc(all[:i], inside) || slices.ContainsFunc(all[i:j], func(e plan.Entry) bool { return !inside(e) }) || slices.ContainsFunc(all[j:], inside) {
			t.Fatalf("%q spans %d to %d of %v", p, i, j, all)
		}
	}
}

// jumbled is a disk that lists its folders in an order of its own.
type jumbled struct {
	disk.FS
	rng *rand.Rand
}

func (j jumbled) ReadDir(ctx context.Context, dir string) ([]disk.Info, error) {
	infos, err := j.FS.ReadDir(ctx, dir)
	j.rng.Shuffle(len(infos), func(a, b int) { infos[a], infos[b] = infos[b], infos[a] })
	return infos, err
}

// What a disk lists in another order is known in ours.
func TestObserveSorts(t *testing.T) {
	for seed := range uint64(100) {
		w := newWorld(t, disktest.Options{})
		x := wanderer{w.disk, rand.New(rand.NewPCG(seed, 6))}
		for range 30 {
			x.change()
		}
		want, err := w.r.Observe(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		o := w.r.Options
		o.FS = jumbled{w.disk, x.rng}
		got, err := New(o).Observe(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(paths(want), paths(got)); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}
