package cloud

import (
	"encoding/binary"
	"slices"

	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// filter is a set of hashes, of which it holds a few bits each: what was added it always has, and of a hundred others about one.
type filter []uint64

// filterBits is how many bits there are for a hash, at least.
const filterBits = 16

func newFilter(n int) filter {
	words := 1
	for words*64 < n*filterBits {
		words *= 2
	}
	return make(filter, words)
}

func (f filter) add(h tree.Hash) {
	for _, b := range f.bits(h) {
		f[b/64] |= 1 << (b % 64)
	}
}

func (f filter) has(h tree.Hash) bool {
	for _, b := range f.bits(h) {
		if f[b/64]&(1<<(b%64)) == 0 {
			return false
		}
	}
	return true
}

// bits of a hash: as random as its bytes.
func (f filter) bits(h tree.Hash) [2]uint64 {
	last := uint64(len(f))*64 - 1
	return [2]uint64{binary.LittleEndian.Uint64(h[:]) & last, binary.LittleEndian.Uint64(h[8:]) & last}
}

// holding returns the question whether the volume may have bytes of that hash, which may be asked from any goroutine; nil when nobody is to ask.
func (r *Replica) holding(ups []plan.Up, have Have) func(tree.Hash) bool {
	if !have.Look || !slices.ContainsFunc(ups, isNew) {
		return nil
	}
	s, n := r.State(), 0
	for range s.Hashes {
		n++
	}
	f := newFilter(n)
	for h := range s.Hashes {
		f.add(h)
	}
	return f.has
}
