package selection

import (
	"maps"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Folder is one folder of a volume of which a part may be kept off a disk, with all that is in it and below.
type Folder struct {
	Path  string
	Here  bool // the folder is to be on the disk, if perhaps not all that is below it
	Files int
	Bytes int64
	// Of these, what is to be on the disk.
	HereFiles int
	HereBytes int64
}

// Folders lists all folders, each followed by what is below it. The first is the whole volume, "". off are those that were chosen to be kept off.
func Folders(s *merge.State, off []merge.ID) []Folder {
	l := lister{s, plan.Off(s, among(off)), nil}
	l.folder(s.Root(), "")
	return l.out
}

func among(ids []merge.ID) func(merge.ID) bool {
	set := setOf(ids)
	return func(id merge.ID) bool { return set[id] }
}

func setOf(ids []merge.ID) map[merge.ID]bool {
	set := map[merge.ID]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}

type lister struct {
	s   *merge.State
	off func(merge.ID) bool
	out []Folder
}

func (l *lister) folder(f *merge.Folder, path string) Folder {
	x := Folder{Path: path, Here: slices.ContainsFunc(f.Members(), func(n merge.Node) bool { return !l.off(n.ID) })}
	at := len(l.out)
	l.out = append(l.out, x)
	for n := range f.EachFile {
		v, _ := l.s.Version(n.Current)
		x.Files++
		x.Bytes += v.Content.Size
		if !l.off(n.Parent) {
			x.HereFiles++
			x.HereBytes += v.Content.Size
		}
	}
	for _, k := range f.Folders() {
		y := l.folder(k, tree.Join(path, k.Name()))
		x.Files += y.Files
		x.Bytes += y.Bytes
		x.HereFiles += y.HereFiles
		x.HereBytes += y.HereBytes
	}
	l.out[at] = x
	return x
}

// Choose returns the folders that are kept off when the folder at a path is, or is not any more. When it is on the disk again, so is all that is below it,
// and of the folders above it what is in them but for their other folders. ok is false when there is no such folder; the whole volume cannot be kept off.
func Choose(s *merge.State, off []merge.ID, path string, here bool) (out []merge.ID, ok bool) {
	f := s.Root().Find(path)
	if f == nil || path == "" && !here {
		return off, false
	}
	set := setOf(off)
	if here {
		open(f, set, plan.Off(s, among(off)))
	} else {
		put(f, set)
	}
	return slices.SortedFunc(maps.Keys(set), merge.ID.Compare), true
}

// open lets a folder be on the disk, and those above it.
func open(f *merge.Folder, set map[merge.ID]bool, wasOff func(merge.ID) bool) {
	for k, p := f, f.Parent(); p != nil; k, p = p, p.Parent() {
		for _, other := range p.Folders() {
			if other != k {
				put(other, set, wasOff)
			}
		}
		take(p, set)
	}
	all(f, func(k *merge.Folder) { take(k, set) })
}

// put adds the nodes of a folder of which all conditions say so.
func put(f *merge.Folder, set map[merge.ID]bool, conditions ...func(merge.ID) bool) {
	for _, n := range f.Members() {
		if !slices.ContainsFunc(conditions, func(c func(merge.ID) bool) bool { return !c(n.ID) }) {
			set[n.ID] = true
		}
	}
}

func take(f *merge.Folder, set map[merge.ID]bool) {
	for _, n := range f.Members() {
		delete(set, n.ID)
	}
}

func all(f *merge.Folder, see func(*merge.Folder)) {
	see(f)
	for _, k := range f.Folders() {
		all(k, see)
	}
}
