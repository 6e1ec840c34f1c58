// Package merge computes a volume's tree from what all devices did to it. It is pure: the same set of batches gives the same tree,
// whatever the order in which they arrived, with duplicates and late ones.
//
// The rules are those of one virtual server that takes the batches in stamp order. A batch is one act: its operations change
// the structure one after the other, and only then are collisions of names settled, once and for all. (So a swap of two names, or a file renamed over one that
// is deleted in the same batch, makes no conflict copy.)
//
// Reading order: batch.go (what devices write), node.go (what the tree is made of), state.go (the tree), apply.go and delete.go (one
// operation), settle.go (collisions), show.go (the visible tree), log.go (which batches count, and in which order), checkpoint.go (the state
// as a value), packed.go (many nodes in little memory), still.go (a state on a checkpoint).
package merge

import (
	"errors"
	"fmt"

	"elkjopcloud/sync/tree"
)

// ID and Stamp are tree's; a node is named by the operation that made it, a version by the operation that put it.
type (
	ID    = tree.ID
	Stamp = tree.Stamp
)

// BatchID names a batch: the seq-th of one device, by the run of its program that made it.
type BatchID struct {
	Device tree.Device `json:"d"`
	Seq    uint64      `json:"s"`
	Run    uint32      `json:"r"`
}

// String is the batch's name below its device's folder: seq and run.
func (id BatchID) String() string { return fmt.Sprintf("%010d-%08x", id.Seq, id.Run) }

// Batch is what one device did at one time, written once under its ID.
type Batch struct {
	BatchID
	Time       int64     `json:"t"`            // the Time of all its stamps; later than that of every batch it has seen
	DeviceName string    `json:"n"`            // for the names of conflict copies
	Zone       int       `json:"z,omitempty"`  // the device's offset from UTC in seconds
	Parents    []BatchID `json:"p,omitempty"`  // the newest batches that its writer had seen, and with each all that it had seen
	Confirmed  bool      `json:"ok,omitempty"` // a person has confirmed what it deletes or rewrites
	Ops        []Op      `json:"ops"`

	// Stored is the store's clock (nanoseconds since 1970) when the batch was written. It is read from the store, never from the
	// batch, and decides nothing in the merge.
	Stored int64 `json:"-"`
}

// Stamp returns the stamp of the batch's i-th operation, from 0.
func (b *Batch) Stamp(i int) Stamp {
	return Stamp{Time: b.Time, Device: b.Device, Run: b.Run, Index: uint32(i + 1)}
}

// Kind is what an operation does.
type Kind string

const (
	Mkdir   Kind = "mkdir"   // make folder Name in Parent; the node is the operation's stamp
	Create  Kind = "create"  // make file Name in Parent with Content; node and version are the operation's stamp
	Put     Kind = "put"     // Content replaces Version of Node; the new version is the operation's stamp
	Move    Kind = "move"    // the file that holds Version of Node, or the folders Members, become Name in Parent
	Delete  Kind = "delete"  // List goes to the trash
	Restore Kind = "restore" // Node (a file that holds Version, or a folder) comes back, with what the same delete removed below it
	Purge   Kind = "purge"   // Node (a file that still holds Version, or a folder) may be forgotten before its time in the trash is over
)

// Repack belongs to no node: the bytes of Version, which has that Content's hash and size, lie in that Content's extents now.
const Repack Kind = "repack"

// Op is one operation; which fields count is said at its Kind.
type Op struct {
	Kind    Kind          `json:"op"`
	Node    ID            `json:"node,omitzero"`
	Members []ID          `json:"members,omitempty"`
	Version Stamp         `json:"ver,omitzero"`
	Parent  ID            `json:"in,omitzero"`
	Name    string        `json:"name,omitempty"`
	Content *tree.Content `json:"file,omitempty"`
	Found   bool          `json:"found,omitempty"` // Create: the file lay there when its writer first looked, so it may be a copy that is behind
	List    []Entry       `json:"list,omitempty"`
}

// Entry is one thing that a delete removes, as its writer's Base knew it.
type Entry struct {
	Node    ID    `json:"n"`
	Dir     bool  `json:"d,omitempty"`
	Version Stamp `json:"v,omitzero"` // files: the version that was on the disk
	Place   Stamp `json:"p"`          // the operation that had placed it
}

// Check returns why the batch cannot be one: a bad name, content that does not add up. A batch that another member wrote is data
// to be doubted.
func (b *Batch) Check() error {
	if b.Time <= 0 || b.Seq == 0 {
		return errors.New("the batch has no time or no number")
	}
	for i := range b.Ops {
		if err := b.Ops[i].check(); err != nil {
			return fmt.Errorf("operation %d (%s): %w", i+1, b.Ops[i].Kind, err)
		}
	}
	return nil
}

func (o *Op) check() error {
	switch o.Kind {
	case Mkdir, Create, Move:
		if err := tree.CheckName(o.Name); err != nil {
			return err
		}
	case Put, Delete, Restore, Purge, Repack:
	default:
		return errors.New("not known")
	}
	if o.Kind != Create && o.Kind != Put && o.Kind != Repack {
		return nil
	}
	if o.Content == nil {
		return errors.New("it has no content")
	}
	return o.Content.Check()
}
