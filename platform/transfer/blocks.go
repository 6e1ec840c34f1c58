package transfer

import (
	"context"
	"crypto/sha256"
	"hash"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Blocks says of which blocks a file is made.
type Blocks struct {
	Size int64      // bytes of every block but the last, which may be shorter
	Sums [][32]byte // their sha256
}

// BlockStore remembers blocks by the sha256 of the file. It is a cache: what it has lost costs that a file is sent as a whole once more. It is safe for
// concurrent use.
type BlockStore interface {
	// LoadBlocks returns the blocks of a file, and whether they are known.
	LoadBlocks(ctx context.Context, file [32]byte) (Blocks, bool, error)
	// SaveBlocks stores or replaces them; it keeps no reference to the slice.
	SaveBlocks(ctx context.Context, file [32]byte, b Blocks) error
}

// MemBlocks is a BlockStore that lasts as long as the process. The zero value is empty.
type MemBlocks struct {
	mu    sync.Mutex
	files map[[32]byte]Blocks
}

// LoadBlocks returns the blocks of a file, and whether they are known.
func (m *MemBlocks) LoadBlocks(_ context.Context, file [32]byte) (Blocks, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.files[file]
	return b, ok, nil
}

// SaveBlocks stores or replaces them.
func (m *MemBlocks) SaveBlocks(_ context.Context, file [32]byte, b Blocks) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.files == nil {
		m.files = map[[32]byte]Blocks{}
	}
	m.files[file] = Blocks{b.Size, slices.Clone(b.Sums)}
	return nil
}

// mostBlocks keeps the list of a file small; a block also fits into a part of any upload, as that has 10 000 of them.
const mostBlocks = 1 << 15

// blockSize returns the bytes of a block for a file: the smallest, doubled until there are at most mostBlocks.
func (t *Transfer) blockSize(size int64) int64 {
	b := t.o.Block
	for parts(size, b) > mostBlocks {
		b *= 2
	}
	return b
}

// list is a file's Blocks while they are made, in any order.
type list struct {
	Blocks
	known []bool
}

func newList(size, block int64) *list {
	n := parts(size, block)
	return &list{Blocks{block, make([][32]byte, n)}, make([]bool, n)}
}

// see takes the blocks that p holds, which begins with one of them at offset. Different blocks may be seen side by side.
func (l *list) see(offset int64, p []byte) error {
	i := offset / l.Size
	for b := range slices.Chunk(p, int(l.Size)) {
		l.Sums[i], l.known[i] = sha256.Sum256(b), true
		i++
	}
	return nil
}

// scan reads the file once, from start to end, sees its blocks, and returns its sha256. seen is told which blocks are known now, from first to before
// last, perhaps side by side; its error ends the reading.
func (t *Transfer) scan(ctx context.Context, src *source, l *list, seen func(first, last int64) error) ([32]byte, error) {
	size := l.Size
	for size < t.o.PartSize && weight(2*size) <= t.o.Memory {
		size *= 2
	}
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(1 + t.o.Parallel) // the reading itself, and what is looked at beside it
	sum := sha256.New()
	g.Go(func() error {
		for offset := int64(0); offset < src.size; offset += size {
			buf, err := t.memory.get(inner, min(size, src.size-offset))
			if err != nil {
				return err
			}
			if err := src.read(inner, buf.b, offset, sum); err != nil {
				buf.release()
				return err
			}
			g.Go(func() error {
				defer buf.release()
				_ = l.see(offset, buf.b)
				return seen(offset/l.Size, (offset+int64(len(buf.b))+l.Size-1)/l.Size)
			})
		}
		return src.unchanged()
	})
	if err := g.Wait(); err != nil {
		return [32]byte{}, ended(ctx, err)
	}
	return [32]byte(sum.Sum(nil)), nil
}

// fits tells whether these are the blocks, each of so many bytes, of a file of this size.
func (b Blocks) fits(size, block int64) bool {
	return b.Size == block && len(b.Sums) == parts(size, block)
}

// remember keeps the blocks of a file, if all were seen. A list that cannot be kept is one that is not known.
func (t *Transfer) remember(ctx context.Context, file [32]byte, l *list) {
	if t.o.Blocks != nil && !slices.Contains(l.known, false) {
		_ = t.o.Blocks.SaveBlocks(ctx, file, l.Blocks)
	}
}

// recall returns the blocks of a file, if they are known.
func (t *Transfer) recall(ctx context.Context, file [32]byte) (Blocks, bool) {
	if t.o.Blocks == nil {
		return Blocks{}, false
	}
	b, ok, err := t.o.Blocks.LoadBlocks(ctx, file)
	return b, ok && err == nil && b.Size > 0
}

// serial makes a list of bytes that come one after the other.
type serial struct {
	*list
	sum hash.Hash
	at  int64
}

func newSerial(l *list) *serial { return &serial{list: l, sum: sha256.New()} }

func (s *serial) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		b := p[:min(int64(len(p)), s.Size-s.at%s.Size)]
		s.sum.Write(b)
		s.at += int64(len(b))
		p = p[len(b):]
		if s.at%s.Size == 0 {
			s.end()
		}
	}
	return n, nil
}

// end closes the block that has just ended.
func (s *serial) end() {
	i := (s.at - 1) / s.Size
	if int(i) < len(s.Sums) {
		s.Sums[i], s.known[i] = [32]byte(s.sum.Sum(nil)), true
	}
	s.sum.Reset()
}

// close closes the last block, if it is a short one.
func (s *serial) close() {
	if s.at%s.Size != 0 {
		s.end()
	}
}
