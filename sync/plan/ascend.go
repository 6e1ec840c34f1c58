package plan

import (
	"iter"
	"slices"
	"strings"
)

// ascend yields a thing and the folders above it, the lowest first, as above tells them. It ends at the root, at what above does not know, and
// where Base goes round in a circle: a folder that its user has moved, and not told yet, may stand there in one that others moved below it.
func ascend(h Handle, above func(Handle) (Handle, bool)) iter.Seq[Handle] {
	return func(yield func(Handle) bool) {
		mark, steps, next := h, 0, 16 // Brent's: whatever goes round comes by a mark again
		for h != 0 {
			p, ok := above(h)
			if !ok || !yield(h) {
				return
			}
			h = p
			if h == mark {
				return
			}
			if steps++; steps == next {
				mark, steps, next = h, 0, 2*next
			}
		}
	}
}

// joined is the path of names that were gathered from the lowest up.
func joined(names []string) string {
	slices.Reverse(names)
	return strings.Join(names, "/")
}

// BasePath returns where Base has a thing, "" for the root.
func BasePath(base *Bases, h Handle) string {
	var names []string
	for x := range ascend(h, inBase(base)) {
		names = append(names, base.Get(x).Name)
	}
	return joined(names)
}

func inBase(base *Bases) func(Handle) (Handle, bool) {
	return func(h Handle) (Handle, bool) {
		if b := base.Get(h); b != nil {
			return b.Parent, true
		}
		return 0, false
	}
}

// entry returns the folder and the name of a thing: as it is on the disk in this plan, or as Base has it when it is not there.
func (v *view) entry(h Handle) (in Handle, name string, ok bool) {
	if l := v.local.get(h); l != nil {
		return l.Parent, l.Name, true
	}
	if b := v.base.get(h); b != nil {
		return b.Parent, b.Name, true
	}
	return 0, "", false
}

func (v *view) above(h Handle) (Handle, bool) {
	in, _, ok := v.entry(h)
	return in, ok
}

// path returns the local path of a thing, as it is in this plan; of one that is not on the disk where it would be: its folder's path today,
// and its name.
func (v *view) path(h Handle) string {
	var names []string
	for x := range ascend(h, v.above) {
		_, name, _ := v.entry(x)
		names = append(names, name)
	}
	return joined(names)
}

// depth counts the folders above a thing, and itself.
func (v *view) depth(h Handle) int {
	n := 0
	for range ascend(h, v.above) {
		n++
	}
	return n
}
