package local

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sort"

	"elkjopcloud/platform/disk/scan"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// seen is what stands at a path and below it now.
type seen struct {
	path    string
	entries []plan.Entry
}

// lookAll looks at some paths and what is below them. All of it takes the place of what was known in one pass.
func (r *Replica) lookAll(ctx context.Context, dirty []string) error {
	looked := map[string]seen{}
	for _, asked := range slices.Sorted(slices.Values(dirty)) { // folders come before what is in them
		p := r.from(asked)
		if p == "" {
			_, err := r.observeAll(ctx)
			return err
		}
		if isInside(looked, p) {
			continue
		}
		s, err := r.look(ctx, p)
		if err != nil {
			return err
		}
		if s.path != asked {
			maps.DeleteFunc(looked, func(q string, _ seen) bool { return tree.Under(q, s.path) })
		}
		looked[s.path] = s
	}
	r.renew(slices.SortedFunc(maps.Values(looked), func(a, b seen) int { return comparePlaces(a.path, b.path) }))
	return nil
}

// from returns where to look for a path: a folder that has not been seen yet is looked at whole.
func (r *Replica) from(path string) string {
	for dir, _ := tree.Split(path); dir != ""; dir, _ = tree.Split(dir) {
		if i := r.find(dir); i == r.entries.Len() || r.entries.At(i).Path != dir {
			path = dir
		}
	}
	return path
}

// isInside tells whether a path, or a folder above it, was looked at.
func isInside(looked map[string]seen, path string) bool {
	for ; path != ""; path, _ = tree.Split(path) {
		if _, ok := looked[path]; ok {
			return true
		}
	}
	return false
}

func (r *Replica) look(ctx context.Context, path string) (seen, error) {
	res, err := scan.Under(ctx, r.FS, path, r.scanOptions())
	if err != nil {
		return seen{}, err
	}
	for _, s := range res.Skipped {
		if tree.Under(path, s.Path) {
			path = s.Path // a folder above cannot be looked into any more
		}
	}
	r.dropSkipped(path)
	return seen{path, r.take(res)}, nil
}

// dropSkipped forgets the blind spots at a path and below it. Below what was a file there are none.
func (r *Replica) dropSkipped(path string) {
	delete(r.skipped, path)
	if i := r.find(path); i < r.entries.Len() && r.entries.At(i).Path == path && !r.entries.At(i).Dir {
		return
	}
	maps.DeleteFunc(r.skipped, func(p string, _ scan.Skip) bool { return tree.Under(p, path) })
}

// renew lets what was seen, in tree order, take the place of what was known. No path is below another one.
func (r *Replica) renew(looked []seen) {
	out, from := &plan.Entries{}, 0
	for _, s := range looked {
		i, j := r.span(s.path)
		out.AddPart(r.entries, from, i)
		for k := range s.entries {
			out.Add(&s.entries[k])
		}
		from = j
	}
	out.AddPart(r.entries, from, r.entries.Len())
	r.entries = out
}

// find returns where a path stands among the entries, or would.
func (r *Replica) find(path string) int {
	return sort.Search(r.entries.Len(), func(i int) bool { return comparePlaces(r.entries.At(i).Path, path) >= 0 })
}

// span returns where a path and what is below it stand.
func (r *Replica) span(path string) (from, to int) {
	from = r.find(path)
	n := sort.Search(r.entries.Len()-from, func(i int) bool { return !tree.Under(r.entries.At(from+i).Path, path) })
	return from, from + n
}

func byPlace(a, b plan.Entry) int { return comparePlaces(a.Path, b.Path) }

// comparePlaces orders paths as a tree is walked: by bytes, but '/' is before all others.
func comparePlaces(a, b string) int {
	for i := range min(len(a), len(b)) {
		switch x, y := a[i], b[i]; {
		case x == y:
		case x == '/':
			return -1
		case y == '/':
			return 1
		default:
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a), len(b))
}
