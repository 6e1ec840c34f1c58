package cloud

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"elkjopcloud/sync/tree"
)

// TestFilter: it has all that was added, and little besides.
func TestFilter(t *testing.T) {
	of := func(i int) tree.Hash { return sha256.Sum256(fmt.Append(nil, i)) }
	for _, n := range []int{0, 1, 3, 1000, 5000} {
		f := newFilter(n)
		for i := range n {
			f.add(of(i))
		}
		wrong := 0
		for i := range n {
			if !f.has(of(i)) {
				t.Fatalf("%d of %d is not there", i, n)
			}
			if f.has(of(-i - 1)) {
				wrong++
			}
		}
		if wrong*50 > n {
			t.Errorf("%d of %d others are there", wrong, n)
		}
	}
}
