package space

import "elkjopcloud/sync/merge"

// stamps is a set of stamps in little memory where many are of one batch: 64 that follow one another are the bits of a number, under a stamp whose index is
// that of all of them. The zero value is empty.
type stamps struct {
	n    int
	bits map[merge.Stamp]uint64
}

func bitOf(st merge.Stamp) (merge.Stamp, uint64) {
	bit := uint64(1) << (st.Index % 64)
	st.Index /= 64
	return st, bit
}

func (s *stamps) has(st merge.Stamp) bool {
	at, bit := bitOf(st)
	return s.bits[at]&bit != 0
}

func (s *stamps) add(st merge.Stamp) {
	at, bit := bitOf(st)
	if old := s.bits[at]; old&bit == 0 {
		if s.bits == nil {
			s.bits = map[merge.Stamp]uint64{}
		}
		s.bits[at] = old | bit
		s.n++
	}
}

// all yields the stamps in no order.
func (s *stamps) all(yield func(merge.Stamp) bool) {
	for at, word := range s.bits {
		st := at
		for st.Index = at.Index * 64; word != 0; st.Index, word = st.Index+1, word>>1 {
			if word&1 != 0 && !yield(st) {
				return
			}
		}
	}
}
