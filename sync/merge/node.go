package merge

import "elkjopcloud/sync/tree"

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
	kids map[ID]*node // folders: all nodes that hang here, also deleted ones
	in   *Folder      // where it is shown: a file's folder, a folder's own; nil when it is not
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
