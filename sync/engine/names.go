package engine

import (
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// names returns all visible paths below a folder.
func names(f *merge.Folder) []string {
	var out []string
	walk(f, "", func(path string) { out = append(out, path) })
	return out
}

func walk(f *merge.Folder, path string, see func(string)) {
	for _, n := range f.Files() {
		see(tree.Join(path, n.Name))
	}
	for _, d := range f.Folders() {
		p := tree.Join(path, d.Name())
		see(p)
		walk(d, p, see)
	}
}
