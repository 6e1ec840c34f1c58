package transfer

import (
	"context"
	"math/bits"
	"sync"

	"golang.org/x/sync/semaphore"
)

// memory hands out buffers, reused by size class, and never has more than its limit in use. Whoever holds a buffer finishes
// without asking for another, so waiting always ends.
type memory struct {
	free  *semaphore.Weighted
	pools [64]sync.Pool
}

// buffer is memory on loan.
type buffer struct {
	b    []byte // as many bytes as asked for
	from *memory
}

func newMemory(limit int64) *memory {
	return &memory{free: semaphore.NewWeighted(limit)}
}

// class is the power of two that holds n bytes, at least a page.
func class(n int64) int { return bits.Len64(uint64(max(n, 4096) - 1)) }

// weight is what a buffer of n bytes takes.
func weight(n int64) int64 { return 1 << class(n) }

// get waits for a buffer of n bytes with unspecified content.
func (m *memory) get(ctx context.Context, n int64) (*buffer, error) {
	if err := m.free.Acquire(ctx, weight(n)); err != nil {
		return nil, err
	}
	buf, ok := m.pools[class(n)].Get().(*buffer)
	if !ok {
		buf = &buffer{b: make([]byte, weight(n)), from: m}
	}
	buf.b = buf.b[:n]
	return buf, nil
}

// release gives the buffer back; it must not be used afterwards.
func (b *buffer) release() {
	size := int64(cap(b.b))
	b.from.pools[class(size)].Put(b)
	b.from.free.Release(size)
}
