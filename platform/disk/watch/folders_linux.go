package watch

import (
	"path"
	"strings"
)

// folders is the table of watched folders, by path and by identity. The identity finds a folder that was moved to a place where it
// was discovered before the notice of its move arrived: the system has one watch for it, which still carries the old path.
type folders struct {
	root *folder
	byID map[folderID]*folder
}

type folderID struct{ device, inode uint64 }

type folder struct {
	parent   *folder
	name     string
	id       folderID
	children map[string]*folder
}

func newFolders(id folderID) *folders {
	root := &folder{id: id}
	return &folders{root: root, byID: map[folderID]*folder{id: root}}
}

// find returns the folder at a path, or nil.
func (f *folders) find(at string) *folder {
	here := f.root
	for name := range strings.SplitSeq(at, "/") {
		if name == "" {
			break
		}
		if here = here.children[name]; here == nil {
			return nil
		}
	}
	return here
}

// add enters a folder whose parent is known, and returns false when the parent is not.
func (f *folders) add(at string, id folderID) bool {
	above, name := path.Split(at)
	parent := f.find(strings.TrimSuffix(above, "/"))
	if parent == nil {
		return false
	}
	if parent.children == nil {
		parent.children = map[string]*folder{}
	}
	child := &folder{parent: parent, name: name, id: id}
	parent.children[name] = child
	f.byID[id] = child
	return true
}

// remove forgets a folder and all below it, and returns their paths.
func (f *folders) remove(gone *folder) []string {
	paths := []string{gone.path()}
	for _, child := range gone.children {
		paths = append(paths, f.remove(child)...)
	}
	if gone.parent != nil {
		delete(gone.parent.children, gone.name)
	}
	if f.byID[gone.id] == gone {
		delete(f.byID, gone.id)
	}
	return paths
}

// path is where the folder hangs, "" for the root.
func (f *folder) path() string {
	if f.parent == nil {
		return ""
	}
	return path.Join(f.parent.path(), f.name)
}
