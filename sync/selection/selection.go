// Package selection names a part of a volume's tree: what lies at a path, what was deleted together, and the operation that throws it
// away. It only reads the state that it is given.
package selection

import (
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Item is one file or folder of a selection.
type Item struct {
	Path    string // below what the selection is written to
	Dir     bool
	Node    merge.ID
	Version merge.Version // files
}

// At selects what is shown at a path, in any case and Unicode form: all of the volume's content for "", else the file or folder under its
// own name with what is below it. Parents come first. ok is false when there is nothing of that path.
func At(s *merge.State, path string) (items []Item, ok bool) {
	if path == "" {
		return inside(s, nil, s.Root(), ""), true
	}
	if f := s.Root().Find(path); f != nil {
		return folder(s, nil, f, ""), true
	}
	dir, name := tree.Split(path)
	f := s.Root().Find(dir)
	if f == nil {
		return nil, false
	}
	n, ok := f.File(name)
	if !ok {
		return nil, false
	}
	return []Item{file(s, n, "")}, true
}

// Size returns the bytes of all files that are shown in a folder and below.
func Size(s *merge.State, f *merge.Folder) (bytes int64) {
	for n := range f.EachFile {
		v, _ := s.Version(n.Current)
		bytes += v.Content.Size
	}
	for _, sub := range f.Folders() {
		bytes += Size(s, sub)
	}
	return bytes
}

func folder(s *merge.State, out []Item, f *merge.Folder, in string) []Item {
	path := tree.Join(in, f.Name())
	out = append(out, Item{Path: path, Dir: true, Node: f.Members()[0].ID})
	return inside(s, out, f, path)
}

func inside(s *merge.State, out []Item, f *merge.Folder, in string) []Item {
	for _, n := range f.Files() {
		out = append(out, file(s, n, in))
	}
	for _, sub := range f.Folders() {
		out = folder(s, out, sub, in)
	}
	return out
}

func file(s *merge.State, n merge.Node, in string) Item {
	v, _ := s.Version(n.Current)
	return Item{Path: tree.Join(in, n.Name), Node: n.ID, Version: v}
}

// Deleted selects what the same deletion removed of some nodes and below, each under its own name.
func Deleted(s *merge.State, ids ...merge.ID) []Item {
	var out []Item
	for _, id := range ids {
		if n, ok := s.Node(id); ok && n.Deleted && !n.Purged {
			out = deleted(s, out, n, "")
		}
	}
	return out
}

func deleted(s *merge.State, out []Item, n merge.Node, in string) []Item {
	if !n.Dir {
		return append(out, file(s, n, in))
	}
	path := tree.Join(in, n.Name)
	out = append(out, Item{Path: path, Dir: true, Node: n.ID})
	for _, k := range s.Below(n.ID) {
		if k.Deleted && !k.Purged && k.DeletedBy.Batch(n.DeletedBy) == 0 {
			out = deleted(s, out, k, path)
		}
	}
	return out
}

// MaxList is how many entries one Delete lists at most.
const MaxList = 50_000

// DeleteOps returns the operations that move what is shown at a path to the trash; none when nothing is there.
func DeleteOps(s *merge.State, path string) []merge.Op {
	var d deletion
	if f := s.Root().Find(path); f != nil {
		d.all(f)
	} else if dir, name := tree.Split(path); s.Root().Find(dir) != nil {
		if n, ok := s.Root().Find(dir).File(name); ok {
			d.file(n)
		}
	}
	return d.ops()
}

// DeleteMatching returns the operations that move to the trash everything of which match says so, a folder with all that is in it, and
// how many files that are.
func DeleteMatching(s *merge.State, match func(path string, dir bool) bool) (ops []merge.Op, files int) {
	var d deletion
	d.matching(s.Root(), "", match)
	return d.ops(), len(d.files)
}

// deletion collects what is to go.
type deletion struct{ files, folders []merge.Entry }

func (d *deletion) file(n merge.Node) {
	d.files = append(d.files, merge.Entry{Node: n.ID, Version: n.Current, Place: n.Place})
}

// all takes a folder after what is in it; the volume's root is no folder that could go.
func (d *deletion) all(f *merge.Folder) {
	for _, n := range f.Files() {
		d.file(n)
	}
	for _, sub := range f.Folders() {
		d.all(sub)
	}
	if f.Parent() != nil {
		for _, n := range f.Members() {
			d.folders = append(d.folders, merge.Entry{Node: n.ID, Dir: true, Place: n.Place})
		}
	}
}

func (d *deletion) matching(f *merge.Folder, path string, match func(path string, dir bool) bool) {
	for _, n := range f.Files() {
		if match(tree.Join(path, n.Name), false) {
			d.file(n)
		}
	}
	for _, sub := range f.Folders() {
		if p := tree.Join(path, sub.Name()); match(p, true) {
			d.all(sub)
		} else {
			d.matching(sub, p, match)
		}
	}
}

// ops puts files before folders, which go only when they are empty.
func (d *deletion) ops() []merge.Op {
	var ops []merge.Op
	for part := range slices.Chunk(append(d.files, d.folders...), MaxList) {
		ops = append(ops, merge.Op{Kind: merge.Delete, List: part})
	}
	return ops
}
