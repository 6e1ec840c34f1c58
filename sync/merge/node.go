package merge

import (
	"slices"

	"elkjopcloud/sync/tree"
)

// Node is a file or a folder, live or in the trash.
type Node struct {
	ID, Parent ID
	Name       string // composed Unicode
	Plain      string // for a conflict copy, the name without the suffix; else ""
	Dir        bool
	Deleted    bool
	Purged     bool
	Place      Stamp // the operation that placed it where it hangs
	Current    Stamp // files: the version it holds
	DeletedBy  Stamp
	DeletedAt  int64 // the store's clock when it was deleted, nanoseconds since 1970
	Confirmed  bool  // a person has confirmed the deletion
}

// node is a Node with its neighbours.
type node struct {
	Node
	*dir         // folders: what hangs there
	in   *Folder // where it is shown: a file's folder, a folder's own; nil when it is not
	at   int32   // where it is among its parent's kids
}

// dir is what hangs in a folder, also what is deleted.
type dir struct {
	kids  []*node  // in no order
	still []uint32 // files of the checkpoint that nothing has happened to yet, by folded name; see still.go
}

func newNode(n Node) *node {
	x := &node{Node: n}
	if n.Dir {
		x.dir = &dir{}
	}
	return x
}

// adopt hangs k into a folder.
func (n *node) adopt(k *node) {
	k.at = int32(len(n.kids))
	n.kids = append(n.kids, k)
}

// release takes k out of the folder in which it hangs.
func (n *node) release(k *node) {
	last := len(n.kids) - 1
	n.kids[k.at] = n.kids[last]
	n.kids[k.at].at = k.at
	n.kids[last] = nil
	n.kids = n.kids[:last]
}

// Conflict tells whether the node is a conflict copy that nobody has renamed.
func (n *Node) Conflict() bool { return n.Plain != "" }

func (n *Node) plain() string {
	if n.Plain != "" {
		return n.Plain
	}
	return n.Name
}

// Version is one content that a file has had.
type Version struct {
	ID        Stamp
	Node      ID    // the node it was put to; see State.Holder for who holds it today
	Base      Stamp // the version it replaced; zero for a first one
	Stored    int64 // the store's clock when it was put, nanoseconds since 1970
	Confirmed bool  // a person has confirmed the batch that put it
	Content   tree.Content
}

func (v Version) equal(w Version) bool {
	same := slices.Equal(v.Content.Extents, w.Content.Extents) && v.Content.Hash == w.Content.Hash && v.Content.Size == w.Content.Size &&
		v.Content.Mtime == w.Content.Mtime && v.Content.Exec == w.Content.Exec
	return same && v.ID == w.ID && v.Node == w.Node && v.Base == w.Base && v.Stored == w.Stored && v.Confirmed == w.Confirmed
}
