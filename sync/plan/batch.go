package plan

import (
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Commit is what Base becomes when a batch is confirmed. It is kept with the batch until then.
type Commit struct {
	Set  []*Base  `json:"set,omitempty"`
	Drop []Handle `json:"drop,omitempty"`
}

// Sent is the content of a Create or Put and the file as it was when it was read: it may have changed since it was scanned, but must be
// the same file, by Number and Birth. What became another file is left out of the batch, for the next cycle to see.
type Sent struct {
	Content tree.Content
	Disk    Signature
}

// Earlier is a version of a file of which the volume has the bytes, to send only what has changed since. NewKey gives a key for that. Hashed is the hash of
// the file as it is, if it is known.
type Earlier struct {
	Content tree.Content
	Hashed  tree.Hash
	NewKey  func() string
}

// Near is a file here that holds the bytes of an earlier version, if it is still as it was observed.
type Near struct {
	Path    string
	Was     Signature
	Content tree.Content
}

// Small is a file that is sent together with others: as it was observed, and what is kept beside its bytes.
type Small struct {
	Path string
	Was  Signature
	Meta map[string]string
	Held func(tree.Hash) bool // whether the volume may have these bytes, which are not sent then; may be nil
}

// Packed is what became of a Small.
type Packed struct {
	Sent Sent
	Held bool // Small.Held said so: it was read and not sent, so that Sent says nothing of where it lies
	Err  error
}

// Batch turns a part of a plan into operations. at is the stamp of the batch (Index 0); sent holds the content of every Create and Put
// in ups. The adoptions of the plan must be in in.Base by now. Everything that an operation names as its parent must be in Base or made by an operation before it in ups.
func Batch(in Input, at merge.Stamp, ups []Up, sent map[Handle]Sent) ([]merge.Op, Commit) {
	b := &builder{view: oldView(in), at: at, sent: sent, made: map[Handle]merge.ID{}, rows: map[Handle]*Base{}, put: map[Handle]merge.Stamp{}}
	for i := range ups {
		if row := in.Base.Get(ups[i].ID); row != nil {
			b.refresh(row)
		}
	}
	for _, kind := range []merge.Kind{merge.Mkdir, merge.Create, merge.Put, merge.Restore, merge.Move, merge.Delete} {
		for i := range ups {
			if ups[i].Kind == kind {
				b.add(&ups[i])
			}
		}
	}
	return b.ops, b.commit
}

type builder struct {
	*view
	at     merge.Stamp
	sent   map[Handle]Sent
	made   map[Handle]merge.ID
	rows   map[Handle]*Base
	put    map[Handle]merge.Stamp
	ops    []merge.Op
	commit Commit
}

func (b *builder) add(u *Up) {
	st := b.at
	st.Index = uint32(len(b.ops) + 1)
	op := merge.Op{Kind: u.Kind}
	if u.Kind == merge.Delete {
		op.List = u.List
		b.commit.Drop = append(b.commit.Drop, u.Gone...)
		b.ops = append(b.ops, op)
		return
	}
	row := b.row(u)
	switch u.Kind {
	case merge.Mkdir:
		b.made[u.ID] = st
		row.Nodes = []Member{{st, st}}
	case merge.Create:
		b.content(&op, row, u, st)
		op.Found = u.Found
		row.Nodes = []Member{{st, st}}
	case merge.Put:
		op.Node, op.Version = u.Node, u.Version
		b.content(&op, row, u, st)
		b.put[u.ID] = st
	case merge.Restore:
		op.Node, op.Version = u.Node, u.Version
	case merge.Move:
		b.move(&op, row, u, st)
	}
	if u.Kind != merge.Put && u.Kind != merge.Restore {
		op.Parent, op.Name = b.parent(row.Parent), tree.NFC(row.Name)
	}
	b.ops = append(b.ops, op)
}

// row returns the Base row that a handle will have; its Put and its Move share one, and each adds what it tells.
func (b *builder) row(u *Up) *Base {
	r := b.rows[u.ID]
	if r == nil {
		r = &Base{}
		*r = *u.Base
		if old := b.base.get(u.ID); old != nil && !old.Dir {
			*r = *old
		}
		b.rows[u.ID] = r
		b.commit.Set = append(b.commit.Set, r)
	}
	if u.Kind == merge.Move {
		r.Parent, r.Name = u.Base.Parent, u.Base.Name
	}
	return r
}

func (b *builder) content(op *merge.Op, row *Base, u *Up, st merge.Stamp) {
	s := b.sent[u.ID]
	c := s.Content
	op.Content = &c
	row.Version, row.Hash, row.Disk = st, c.Hash, s.Disk
	row.Disk.Exec = c.Exec
}

func (b *builder) move(op *merge.Op, row *Base, u *Up, st merge.Stamp) {
	op.Members, op.Node, op.Version = u.Members, u.Node, u.Version
	if v, ok := b.put[u.ID]; ok {
		op.Version = v
	}
	nodes := make([]Member, len(row.Nodes))
	for i, m := range row.Nodes {
		nodes[i] = Member{m.ID, st}
	}
	row.Nodes = nodes
}

func (b *builder) parent(h Handle) merge.ID {
	if id, ok := b.made[h]; ok {
		return id
	}
	id, _ := b.node(h)
	return id
}
