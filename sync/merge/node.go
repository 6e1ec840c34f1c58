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

// node is a Node with its neighbours. The Node may be that of the checkpoint from which the state was made: it is written through own alone.
type node struct {
	*Node
	kids *[]*node // folders: all nodes that hang here, also deleted ones, in no order
	in   *Folder  // where it is shown: a file's folder, a folder's own; nil when it is not
	at   int32    // where it is among its parent's kids
	mine bool     // nobody else has the Node
}

// newNode returns a node that nobody else has.
func newNode(n Node) *node {
	x := &node{Node: &n, mine: true}
	if n.Dir {
		x.kids = new([]*node)
	}
	return x
}

// own returns the Node to be changed. A checkpoint is shared by all states that are made of it, so that one of its nodes is copied before its first
// change.
func (n *node) own() *Node {
	if !n.mine {
		c := *n.Node
		n.Node, n.mine = &c, true
	}
	return n.Node
}

// children returns what hangs in a folder; of a file nothing.
func (n *node) children() []*node {
	if n.kids == nil {
		return nil
	}
	return *n.kids
}

// adopt hangs k into a folder.
func (n *node) adopt(k *node) {
	k.at = int32(len(*n.kids))
	*n.kids = append(*n.kids, k)
}

// release takes k out of the folder in which it hangs.
func (n *node) release(k *node) {
	kids, last := *n.kids, len(*n.kids)-1
	kids[k.at] = kids[last]
	kids[k.at].at = k.at
	kids[last] = nil
	*n.kids = kids[:last]
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
