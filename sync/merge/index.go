package merge

import "hash/maphash"

// pointer is what an index holds.
type pointer interface {
	comparable
	stamp() Stamp
}

func (n *node) stamp() Stamp { return n.ID }

func (v *Version) stamp() Stamp { return v.ID }

// index finds things by their stamp. It is a hash table of pointers: the things know their own stamps, so that it takes a quarter of a map's memory.
// Nothing is ever taken out of it.
type index[T pointer] struct {
	slots []T // a power of two; at most three of four are taken
	n     int
	seed  maphash.Seed
}

func newIndex[T pointer](size int) *index[T] {
	slots := 8
	for slots*3/4 < size {
		slots *= 2
	}
	return &index[T]{slots: make([]T, slots), seed: maphash.MakeSeed()}
}

// slot returns where the thing with that stamp is, or would be.
func (x *index[T]) slot(st Stamp) int {
	var none T
	last := len(x.slots) - 1
	i := int(maphash.Comparable(x.seed, st)) & last
	for x.slots[i] != none && x.slots[i].stamp() != st {
		i = (i + 1) & last
	}
	return i
}

// get returns the thing with that stamp, or the zero value.
func (x *index[T]) get(st Stamp) T { return x.slots[x.slot(st)] }

// put adds a thing, or replaces the one that has its stamp.
func (x *index[T]) put(t T) {
	var none T
	i := x.slot(t.stamp())
	if x.slots[i] == none {
		x.n++
	}
	x.slots[i] = t
	if x.n*4 > len(x.slots)*3 {
		x.grow()
	}
}

func (x *index[T]) grow() {
	var none T
	old := x.slots
	x.slots = make([]T, 2*len(old))
	for _, t := range old {
		if t != none {
			x.slots[x.slot(t.stamp())] = t
		}
	}
}

// all yields everything in no order. What is added meanwhile may be missed.
func (x *index[T]) all(yield func(T) bool) {
	var none T
	for _, t := range x.slots {
		if t != none && !yield(t) {
			return
		}
	}
}
