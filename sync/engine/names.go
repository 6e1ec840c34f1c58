package engine

import (
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// names returns all visible paths below a folder, without what is kept off this disk.
func names(f *merge.Folder, off func(merge.ID) bool) []string {
	var out []string
	walk(f, "", off, func(path string) { out = append(out, path) })
	return out
}

func walk(f *merge.Folder, path string, off func(merge.ID) bool, see func(string)) {
	for _, n := range f.Files() {
		if !off(n.Parent) {
			see(tree.Join(path, n.Name))
		}
	}
	for _, d := range f.Folders() {
		if !slices.ContainsFunc(d.Members(), func(n merge.Node) bool { return !off(n.ID) }) {
			continue
		}
		p := tree.Join(path, d.Name())
		see(p)
		walk(d, p, off, see)
	}
}
