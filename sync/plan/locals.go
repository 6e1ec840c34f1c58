package plan

// Locals is what stands on the disk, by handle. What is as Base had it when the disk was looked at is not kept a second time. A nil Locals is empty.
type Locals struct {
	base  *packedBases
	same  []uint64 // a bit for each row of base: the disk shows what it says
	n     int      // how many are set
	first Handle   // what is new has handles from there on, one after the other
	fresh []*Local // what is new by handle, from first on; nil where that is gone, or is in same
	over  map[Handle]*Local
	loose int     // how many are in fresh and over
	room  []Local // where take puts things, many at a time
}

// newLocals returns an empty disk on which all may be what base says. Handles from first on are new, and room is how many things will be there.
func newLocals(base *packedBases, first Handle, room int) *Locals {
	return &Locals{base: base, same: make([]uint64, (base.Len()+63)/64), first: first, fresh: make([]*Local, 0, max(0, room-base.Len()))}
}

// LocalsOf returns what stands on a disk.
func LocalsOf(all ...*Local) *Locals {
	l := &Locals{}
	for _, x := range all {
		l.Set(x)
	}
	return l
}

// Len returns how many things there are.
func (l *Locals) Len() int {
	if l == nil {
		return 0
	}
	return l.n + l.loose
}

// Get returns a thing, or nil. One whose content is not known is always the same; its Hash may be filled in.
func (l *Locals) Get(h Handle) *Local {
	if l == nil {
		return nil
	}
	if x := l.apart(h); x != nil {
		return x
	}
	if i, ok := l.base.find(h); ok && l.is(i) {
		return l.get(i)
	}
	return nil
}

// apart returns a thing that is not what a row of base says, or nil.
func (l *Locals) apart(h Handle) *Local {
	if i := h - l.first; i >= 0 && i < Handle(len(l.fresh)) {
		return l.fresh[i]
	}
	return l.over[h]
}

// setApart keeps a thing that is not what a row of base says; x is nil to drop it.
func (l *Locals) setApart(h Handle, x *Local) {
	if l.apart(h) != nil {
		l.loose--
	}
	if x != nil {
		l.loose++
	}
	switch i := h - l.first; {
	case i >= 0 && i < Handle(len(l.fresh)):
		l.fresh[i] = x
	case x == nil:
		delete(l.over, h)
	case i == Handle(len(l.fresh)) && l.over[h] == nil:
		l.fresh = append(l.fresh, x)
	default:
		if l.over == nil {
			l.over = map[Handle]*Local{}
		}
		l.over[h] = x
	}
}

// allApart yields what is not what a row of base says, in no order.
func (l *Locals) allApart(yield func(Handle, *Local) bool) {
	for i, x := range l.fresh {
		if x != nil && !yield(l.first+Handle(i), x) {
			return
		}
	}
	for h, x := range l.over {
		if !yield(h, x) {
			return
		}
	}
}

// Rebase lets go of what Base says by now, and takes from it what files hold that are still as they were when they were told, as Match does. What is not
// known to be the same stays what it is, also for those who hold it.
func (l *Locals) Rebase(b *Bases) {
	for h, x := range l.allApart {
		if x.Dir || !x.Hash.IsZero() {
			continue
		}
		if r := b.Get(h); r != nil && !r.Dir && r.Disk.Unchanged(x.Disk) {
			x.Hash = r.Hash
		}
	}
	if b.packed == l.base {
		return
	}
	out := newLocals(b.packed, l.first, 0)
	out.fresh = l.fresh
	for i, x := range l.fresh {
		if x != nil && out.takeAt(b.packed, x) {
			l.fresh[i] = nil
		} else if x != nil {
			out.loose++
		}
	}
	for i := range l.sames {
		if x := l.get(i); !out.takeAt(b.packed, x) {
			out.setApart(x.ID, x)
		}
	}
	for h, x := range l.over {
		if !out.takeAt(b.packed, x) {
			out.setApart(h, x)
		}
	}
	*l = *out
}

// Set adds a thing, or replaces the one of its handle.
func (l *Locals) Set(x *Local) {
	l.Drop(x.ID)
	l.setApart(x.ID, x)
}

// Drop removes a thing, if it is there.
func (l *Locals) Drop(h Handle) {
	l.setApart(h, nil)
	if i, ok := l.base.find(h); ok && l.is(i) {
		l.same[i/64] &^= 1 << (i % 64)
		l.n--
	}
}

// All yields everything in no order.
func (l *Locals) All(yield func(Handle, *Local) bool) {
	if l == nil {
		return
	}
	for h, x := range l.allApart {
		if !yield(h, x) {
			return
		}
	}
	for i := range l.sames {
		if x := l.get(i); !yield(x.ID, x) {
			return
		}
	}
}

// sames yields the rows of Base that the disk shows as they are.
func (l *Locals) sames(yield func(int) bool) {
	if l == nil || l.base == nil {
		return
	}
	for i := range l.base.Len() {
		if l.is(i) && !yield(i) {
			return
		}
	}
}

// parents yields every thing and its folder, in no order.
func (l *Locals) parents(yield func(h, parent Handle) bool) {
	if l == nil {
		return
	}
	for h, x := range l.allApart {
		if !yield(h, x.Parent) {
			return
		}
	}
	for i := range l.sames {
		if !yield(l.base.id(i), l.base.spot(i).parent) {
			return
		}
	}
}

// name returns what a thing is called; "" where it is not there.
func (l *Locals) name(h Handle) string {
	if x := l.apart(h); x != nil {
		return x.Name
	}
	if i, ok := l.base.find(h); ok {
		return l.base.spot(i).name
	}
	return ""
}

func (l *Locals) is(i int) bool { return l.same[i/64]&(1<<(i%64)) != 0 }

// take adds a thing. It is the row at i of base if that says the same; i is -1 where it is no row there.
func (l *Locals) take(i int, x *Local) {
	if i >= 0 && l.takeSame(i, x) {
		return
	}
	if len(l.room) == cap(l.room) {
		l.room = make([]Local, 0, min(max(8, l.loose), 1024))
	}
	l.room = append(l.room, *x)
	l.setApart(x.ID, &l.room[len(l.room)-1])
}

// takeAt adds a thing that is what a row of base says, and tells whether there is such a one.
func (l *Locals) takeAt(base *packedBases, x *Local) bool {
	i, ok := base.find(x.ID)
	return ok && l.takeSame(i, x)
}

// takeSame adds a thing that is what the row at i of base says, and tells whether it is.
func (l *Locals) takeSame(i int, x *Local) bool {
	if !x.Dir && x.Hash.IsZero() || l.is(i) || *x != l.row(i) {
		return false
	}
	l.same[i/64] |= 1 << (i % 64)
	l.n++
	return true
}

// row returns what the disk shows where it shows what a row of Base says.
func (l *Locals) row(i int) Local {
	b, _, _ := l.base.read(i)
	return Local{ID: b.ID, Parent: b.Parent, Name: b.Name, Dir: b.Dir, Hash: b.Hash, Disk: b.Disk}
}

func (l *Locals) get(i int) *Local {
	x := l.row(i)
	return &x
}

// top returns the highest handle, or a higher one.
func (l *Locals) top() (h Handle) {
	if l == nil {
		return 0
	}
	if l.base != nil {
		h = l.base.last
	}
	for o := range l.over {
		h = max(h, o)
	}
	return max(h, l.first+Handle(len(l.fresh))-1)
}
