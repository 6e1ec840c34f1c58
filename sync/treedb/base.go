package treedb

import (
	"elkjopcloud/sync/plan"
)

// Bits of a base row's flags.
const (
	flagDir = 1 << iota
	flagExec
	flagHash
)

// row writes a whole row into another value.
func (e *encoder) row(b *plan.Base) {
	e.int(int64(b.ID))
	e.int(int64(b.Parent))
	e.text(b.Name)
	e.baseBody(b)
}

func (d *decoder) row(from *shelf) *plan.Base {
	b := from.base()
	d.rowTo(b, from)
	return b
}

// rowTo reads a row into a zero one.
func (d *decoder) rowTo(b *plan.Base, from *shelf) {
	b.ID, b.Parent, b.Name = plan.Handle(d.int()), plan.Handle(d.int()), d.text()
	d.baseBody(b, from)
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
