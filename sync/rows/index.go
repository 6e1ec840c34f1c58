package rows

import "hash/maphash"

// Index finds numbers, as of rows, by a key that whoever has the number can tell: it holds nothing but the numbers. The zero value is empty. Nothing
// is ever taken out of it, and a number must keep its key.
type Index[K comparable] struct {
	slots []uint32 // a power of two; a number and one, 0 for none; at most three of four are taken
	n     int
	seed  maphash.Seed
}

// NewIndex returns an index with room for n numbers.
func NewIndex[K comparable](n int) Index[K] {
	slots := 8
	for slots*3/4 < n {
		slots *= 2
	}
	return Index[K]{slots: make([]uint32, slots), seed: maphash.MakeSeed()}
}

// Len returns how many numbers there are.
func (x *Index[K]) Len() int { return x.n }

// Find returns the number that was added first under a key.
func (x *Index[K]) Find(key K, of func(int) K) (int, bool) {
	if x.n == 0 {
		return 0, false
	}
	last := uint64(len(x.slots) - 1)
	for i := maphash.Comparable(x.seed, key) & last; x.slots[i] != 0; i = (i + 1) & last {
		if n := int(x.slots[i] - 1); of(n) == key {
			return n, true
		}
	}
	return 0, false
}

// All yields all numbers that were added under a key, in the order in which they were, until yield returns false.
func (x *Index[K]) All(key K, of func(int) K, yield func(int) bool) {
	if x.n == 0 {
		return
	}
	last := uint64(len(x.slots) - 1)
	for i := maphash.Comparable(x.seed, key) & last; x.slots[i] != 0; i = (i + 1) & last {
		if n := int(x.slots[i] - 1); of(n) == key && !yield(n) {
			return
		}
	}
}

// Add adds a number under its key.
func (x *Index[K]) Add(key K, number int, of func(int) K) {
	if len(x.slots) == 0 {
		*x = NewIndex[K](0)
	}
	if x.n++; x.n*4 > len(x.slots)*3 {
		x.grow(of)
	}
	x.put(key, uint32(number+1))
}

// grow doubles the slots. Numbers of one key stay in the order in which they were added.
func (x *Index[K]) grow(of func(int) K) {
	old := x.slots
	x.slots = make([]uint32, 2*len(old))
	first := 0 // where a run of taken slots begins, so that none is split
	for first < len(old) && old[first] != 0 {
		first++
	}
	for i := range old {
		if s := old[(first+i)%len(old)]; s != 0 {
			x.put(of(int(s-1)), s)
		}
	}
}

func (x *Index[K]) put(key K, slot uint32) {
	last := uint64(len(x.slots) - 1)
	i := maphash.Comparable(x.seed, key) & last
	for x.slots[i] != 0 {
		i = (i + 1) & last
	}
	x.slots[i] = slot
}
