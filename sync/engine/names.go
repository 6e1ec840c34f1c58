package engine

import (
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// walk shows all visible things below a folder, without what is kept off this disk: their folders' paths and their names.
func walk(f *merge.Folder, path string, off func(merge.ID) bool, see func(dir, name string)) {
	for n := range f.EachFile {
		if !off(n.Parent) {
			see(path, n.Name)
		}
	}
	for _, d := range f.Folders() {
		if !slices.ContainsFunc(d.Members(), func(n merge.Node) bool { return !off(n.ID) }) {
			continue
		}
		see(path, d.Name())
		walk(d, tree.Join(path, d.Name()), off, see)
	}
}
