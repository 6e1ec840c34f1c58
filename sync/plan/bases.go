package plan

import (
	"cmp"
	"maps"
	"slices"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/rows"
)

// Bases is what Base has, by handle. Most of it is packed and never changes; what was set or dropped since lies on top, and is packed, too, when it has
// become much. What comes out is not to be changed, and may be made anew each time. A nil Bases is empty.
type Bases struct {
	packed *packedBases
	over   map[Handle]*Base // nil: dropped
	n      int
}

// How many rows may lie on top, each of which takes some 350 bytes: fewOver need not be packed at all.
const (
	mostOver = 50_000
	fewOver  = 1000
)

// BasesOf returns some rows; of several with one handle the last.
func BasesOf(all ...*Base) *Bases {
	b := &Bases{packed: &packedBases{}}
	for _, r := range all {
		b.Append(r)
	}
	return b
}

// Append is Set for many rows that come by handle: they are packed at once, and r is not kept. Nobody must have seen b yet.
func (b *Bases) Append(r *Base) {
	if len(b.over) > 0 || b.packed.Len() > 0 && r.ID <= b.packed.last {
		c := *r
		b.Set(&c)
		return
	}
	b.packed.append(r)
	b.n++
}

// Len returns how many rows there are.
func (b *Bases) Len() int {
	if b == nil {
		return 0
	}
	return b.n
}

// Get returns a row, or nil.
func (b *Bases) Get(h Handle) *Base {
	if b == nil {
		return nil
	}
	if r, ok := b.over[h]; ok {
		return r
	}
	if i, ok := b.packed.find(h); ok {
		return b.packed.get(i)
	}
	return nil
}

// Set adds a row, or replaces the one of its handle. The row belongs to b then.
func (b *Bases) Set(r *Base) { b.put(r.ID, r) }

// Drop removes a row, if it is there.
func (b *Bases) Drop(h Handle) { b.put(h, nil) }

func (b *Bases) put(h Handle, r *Base) {
	old, over := b.over[h]
	_, packed := b.packed.find(h)
	if had := over && old != nil || !over && packed; had != (r != nil) {
		if had {
			b.n--
		} else {
			b.n++
		}
	}
	if r == nil && !packed {
		delete(b.over, h)
		return
	}
	if b.over == nil {
		b.over = map[Handle]*Base{}
	}
	b.over[h] = r
	if n := len(b.over); n > fewOver && n > min(b.packed.Len()/4, mostOver) {
		b.pack()
	}
}

// Compact makes b take little memory, where that is worth its time: all rows are written anew. It is for when nothing is done with b for a while.
func (b *Bases) Compact() {
	if b != nil && len(b.over) > max(fewOver, b.packed.Len()/64) {
		b.pack()
	}
}

// pack packs what lies on top.
func (b *Bases) pack() {
	over := slices.Sorted(maps.Keys(b.over))
	if len(over) > 0 && over[0] > b.packed.last {
		b.packed = b.packed.followedBy(b.over, over)
		b.over = nil
		return
	}
	all := &packedBases{}
	all.Grow(b.n)
	add := func(below Handle) {
		for ; len(over) > 0 && over[0] <= below; over = over[1:] {
			if r := b.over[over[0]]; r != nil {
				all.append(r)
			}
		}
	}
	var r row
	for i := range b.packed.Len() {
		h := b.packed.id(i)
		_, hidden := b.over[h]
		if add(h); !hidden {
			r.read(b.packed, i)
			all.append(&r.Base)
		}
	}
	if len(over) > 0 {
		add(over[len(over)-1])
	}
	b.packed, b.over = all, nil
}

// All yields all rows in no order. Nothing is set meanwhile.
func (b *Bases) All(yield func(Handle, *Base) bool) {
	if b == nil {
		return
	}
	for h, r := range b.over {
		if r != nil && !yield(h, r) {
			return
		}
	}
	for i := range b.stillPacked {
		if r := b.packed.get(i); !yield(r.ID, r) {
			return
		}
	}
}

// Glance yields all rows in no order. None of them may be kept: the next one takes its memory.
func (b *Bases) Glance(yield func(*Base) bool) {
	if b == nil {
		return
	}
	for _, r := range b.over {
		if r != nil && !yield(r) {
			return
		}
	}
	var r row
	for i := range b.stillPacked {
		if r.read(b.packed, i); !yield(&r.Base) {
			return
		}
	}
}

// stillPacked yields the packed rows that nothing on top hides.
func (b *Bases) stillPacked(yield func(int) bool) {
	if b == nil {
		return
	}
	for i := range b.packed.Len() {
		if len(b.over) > 0 {
			if _, hidden := b.over[b.packed.id(i)]; hidden {
				continue
			}
		}
		if !yield(i) {
			return
		}
	}
}

// Equal tells whether both hold the same rows.
func (b *Bases) Equal(c *Bases) bool {
	if b.Len() != c.Len() {
		return false
	}
	for h, r := range b.All {
		if o := c.Get(h); o == nil || !sameRow(r, o) || r.Dir != o.Dir || !slices.Equal(r.Nodes, o.Nodes) {
			return false
		}
	}
	return true
}

// Sorted returns all rows by handle.
func (b *Bases) Sorted() []*Base {
	var out []*Base
	for _, r := range b.All {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *Base) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// top returns the highest handle, or a higher one.
func (b *Bases) top() (h Handle) {
	if b == nil {
		return 0
	}
	h = b.packed.last
	for o := range b.over {
		h = max(h, o)
	}
	return h
}

// files counts the files.
func (b *Bases) files() (n int) {
	if b == nil {
		return 0
	}
	for _, r := range b.over {
		if r != nil && !r.Dir {
			n++
		}
	}
	for i := range b.stillPacked {
		if !b.packed.dir(i) {
			n++
		}
	}
	return n
}

// packedBases are rows by handle, in little memory. It grows only while it is made.
type packedBases struct {
	rows.Table
	last   Handle
	bySpot rows.Index[spot]     // made when it is asked for
	byNode rows.Index[merge.ID] // of rows with one node; made when it is asked for
	many   []int                // rows with other numbers of nodes
}

const (
	baseDir     = 1 << iota
	baseOne     // it has one node
	baseAsMade  // whose placement is the operation that made it
	baseFirst   // and whose version, too
	baseVersion // it has another version
	baseHash
	baseExec
)

func flag(is bool, b byte) byte {
	if is {
		return b
	}
	return 0
}

// followedBy returns the rows of p and some with higher handles after them. The rows of p are not copied, and p stays what it is, but is never to grow again.
func (p *packedBases) followedBy(more map[Handle]*Base, order []Handle) *packedBases {
	all := &packedBases{Table: p.Table, last: p.last, many: p.many}
	for _, h := range order {
		all.append(more[h])
	}
	return all
}

// append adds a row with a higher handle than all that are there.
func (p *packedBases) append(r *Base) {
	var m Member
	one := len(r.Nodes) == 1
	if one {
		m = r.Nodes[0]
	}
	first := one && !r.Version.IsZero() && r.Version == m.ID
	f := flag(r.Dir, baseDir) | flag(one, baseOne) | flag(one && m.Place == m.ID, baseAsMade) | flag(first, baseFirst) |
		flag(!first && !r.Version.IsZero(), baseVersion) | flag(!r.Hash.IsZero(), baseHash) | flag(r.Disk.Exec, baseExec)
	w := p.Add()
	w.Int(int64(r.ID))
	w.Byte(f)
	w.Int(int64(r.Parent))
	w.Text(r.Name)
	switch {
	case !one:
		w.Uint(uint64(len(r.Nodes)))
		for _, m := range r.Nodes {
			w.Stamp(m.ID)
			w.Stamp(m.Place)
		}
	case f&baseAsMade != 0:
		w.Stamp(m.ID)
	default:
		w.Stamp(m.ID)
		w.Stamp(m.Place)
	}
	if f&baseVersion != 0 {
		w.Stamp(r.Version)
	}
	if f&baseHash != 0 {
		w.Hash(r.Hash)
	}
	signed(w, r.Disk)
	if p.last = r.ID; !one {
		p.many = append(p.many, p.Len()-1)
	}
}

// read returns a row. One that has one node has it as one, and no Nodes: so nothing need be kept for them.
func (p *packedBases) read(i int) (r Base, one Member, has bool) {
	x := p.Row(i)
	r.ID = Handle(x.Int())
	f := x.Byte()
	r.Dir, r.Parent, r.Name = f&baseDir != 0, Handle(x.Int()), x.Text()
	if has = f&baseOne != 0; has {
		one.ID = x.Stamp()
		if one.Place = one.ID; f&baseAsMade == 0 {
			one.Place = x.Stamp()
		}
	} else if n := x.Uint(); n > 0 {
		r.Nodes = make([]Member, n)
		for i := range r.Nodes {
			r.Nodes[i] = Member{x.Stamp(), x.Stamp()}
		}
	}
	switch {
	case f&baseFirst != 0:
		r.Version = one.ID
	case f&baseVersion != 0:
		r.Version = x.Stamp()
	}
	if f&baseHash != 0 {
		r.Hash = x.Hash()
	}
	r.Disk = signature(&x, f&baseExec != 0)
	return r, one, has
}

// row is a row that was read, and its one node.
type row struct {
	Base
	one [1]Member
}

func (r *row) read(p *packedBases, i int) {
	var has bool
	if r.Base, r.one[0], has = p.read(i); has {
		r.Nodes = r.one[:]
	}
}

// get returns a row of its own.
func (p *packedBases) get(i int) *Base {
	r := &row{}
	r.read(p, i)
	return &r.Base
}

func (p *packedBases) id(i int) Handle {
	x := p.Row(i)
	return Handle(x.Int())
}

func (p *packedBases) find(h Handle) (int, bool) {
	if p == nil {
		return 0, false
	}
	return rows.Search(0, p.Len(), int64(h), func(i int) int64 { return int64(p.id(i)) })
}

func (p *packedBases) dir(i int) bool {
	x := p.Row(i)
	x.Int()
	return x.Byte()&baseDir != 0
}

// spot returns where a row says that its thing stood.
func (p *packedBases) spot(i int) spot {
	x := p.Row(i)
	x.Int()
	x.Byte()
	return spot{Handle(x.Int()), x.Text()}
}

// node returns the one node of a row.
func (p *packedBases) node(i int) merge.ID {
	x := p.Row(i)
	x.Int()
	x.Byte()
	x.Int()
	x.Text()
	return x.Stamp()
}

// spots returns the rows by their places.
func (p *packedBases) spots() *rows.Index[spot] {
	if p.Len() > 0 && p.bySpot.Len() == 0 {
		p.bySpot = rows.NewIndex[spot](p.Len())
		for i := range p.Len() {
			p.bySpot.Add(p.spot(i), i, p.spot)
		}
	}
	return &p.bySpot
}

// nodes returns the rows with one node by it.
func (p *packedBases) nodes() *rows.Index[merge.ID] {
	if ones := p.Len() - len(p.many); ones > 0 && p.byNode.Len() == 0 {
		p.byNode = rows.NewIndex[merge.ID](ones)
		many := p.many
		for i := range p.Len() {
			if len(many) > 0 && many[0] == i {
				many = many[1:]
				continue
			}
			p.byNode.Add(p.node(i), i, p.node)
		}
	}
	return &p.byNode
}
