package treedb

import (
	"database/sql"
	"encoding/binary"

	"elkjopcloud/sync/plan"
)

// Bits of the second byte of a base row's entry.
const (
	flagDir = 1 << iota
	flagExec
	flagHash
)

// base writes a row's entry: all that has no column of its own. The columns' bytes are part of its checksum.
func (e *encoder) base(b *plan.Base) []byte {
	e.begin()
	e.baseBody(b)
	return e.seal(columns(b.ID, b.Parent), []byte(b.Name))
}

// row writes a whole row into another value.
func (e *encoder) row(b *plan.Base) {
	e.int(int64(b.ID))
	e.int(int64(b.Parent))
	e.text(b.Name)
	e.baseBody(b)
}

func (d *decoder) row(from *shelf) *plan.Base {
	b := from.base()
	b.ID, b.Parent, b.Name = plan.Handle(d.int()), plan.Handle(d.int()), d.text()
	d.baseBody(b, from)
	return b
}

func (e *encoder) baseBody(b *plan.Base) {
	var flags byte
	if b.Dir {
		flags |= flagDir
	}
	if !b.Hash.IsZero() {
		flags |= flagHash
	}
	e.byte(flags)
	e.signature(b.Disk)
	e.uint(uint64(len(b.Nodes)))
	for _, m := range b.Nodes {
		e.stamp(m.ID)
		e.stamp(m.Place)
	}
	e.stamp(b.Version)
	if !b.Hash.IsZero() {
		e.hash(b.Hash)
	}
}

func (e *encoder) signature(s plan.Signature) {
	var flags byte
	if s.Exec {
		flags = flagExec
	}
	e.byte(flags)
	e.int(s.Size)
	e.fixed(s.Mtime)
	e.fixed(s.Ctime)
	e.uint(s.Number)
	e.fixed(s.Birth)
}

func (d *decoder) signature() plan.Signature {
	return plan.Signature{Exec: d.byte()&flagExec != 0, Size: d.int(), Mtime: d.fixed(), Ctime: d.fixed(), Number: d.uint(), Birth: d.fixed()}
}

// columns are a base row's numbers as its checksum takes them.
func columns(id, parent plan.Handle) []byte {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], uint64(id))
	binary.BigEndian.PutUint64(b[8:], uint64(parent))
	return b[:]
}

// shelf hands out Base rows and members that are made many at a time.
type shelf struct {
	bases   []plan.Base
	members []plan.Member
}

// shelved is how many are made at a time: few enough that one that stays does not hold much memory.
const shelved = 64

func (s *shelf) base() *plan.Base {
	if len(s.bases) == 0 {
		s.bases = make([]plan.Base, shelved)
	}
	b := &s.bases[0]
	s.bases = s.bases[1:]
	return b
}

// nodes returns n zero members that nobody else has, and behind which an append does not write.
func (s *shelf) nodes(n int) []plan.Member {
	switch {
	case n == 0:
		return nil
	case n > shelved/4:
		return make([]plan.Member, n)
	case n > len(s.members):
		s.members = make([]plan.Member, shelved)
	}
	m := s.members[:n:n]
	s.members = s.members[n:]
	return m
}

// baseBody reads what encoder.baseBody wrote.
func (d *decoder) baseBody(b *plan.Base, s *shelf) {
	flags := d.byte()
	b.Dir = flags&flagDir != 0
	b.Disk = d.signature()
	b.Nodes = s.nodes(d.count(2))
	for i := range b.Nodes {
		b.Nodes[i].ID = d.stamp()
		b.Nodes[i].Place = d.stamp()
	}
	b.Version = d.stamp()
	if flags&flagHash != 0 {
		b.Hash = d.hash()
	}
}

// loadBase returns all rows of a pair, by handle.
func loadBase(tx *sql.Tx, pair int64) (*plan.Bases, error) {
	var (
		handle, parent any // the driver's int64: database/sql converts nothing
		name, entry    sql.RawBytes
		from           shelf
		b              plan.Base // the next one takes its memory
	)
	all := plan.BasesOf()
	add := func() error {
		b = plan.Base{}
		b.ID, b.Parent, b.Name = plan.Handle(handle.(int64)), plan.Handle(parent.(int64)), string(name)
		d, err := unseal(entry, columns(b.ID, b.Parent), name)
		if err != nil {
			return err
		}
		d.baseBody(&b, &from)
		all.Append(&b)
		return d.err()
	}
	err := scan(tx, add, []any{&handle, &parent, &name, &entry},
		"SELECT handle, parent, name, entry FROM base WHERE pair = ? ORDER BY handle", pair)
	return all, err
}

const (
	setBase  = "INSERT OR REPLACE INTO base (pair, handle, parent, name, entry) VALUES (?, ?, ?, ?, ?)"
	dropBase = "DELETE FROM base WHERE pair = ? AND handle = ?"
)

func (c *change) base() error {
	var e encoder
	err := each(c.ctx, c.tx, setBase, len(c.Set), func(i int) []any {
		b := c.Set[i]
		return []any{c.pair, int64(b.ID), int64(b.Parent), blob(b.Name), e.base(b)}
	})
	if err != nil {
		return err
	}
	return each(c.ctx, c.tx, dropBase, len(c.Drop), func(i int) []any { return []any{c.pair, int64(c.Drop[i])} })
}
