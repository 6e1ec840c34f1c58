package transfer

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync/atomic"

	"elkjopcloud/platform/objstore"
)

// Earlier is a version of a file that the store has.
type Earlier struct {
	SHA256 [32]byte
	Ranges []Range // where its bytes lie, in their order
	// Hashed is what Hash has returned for the file as it is now, so that it need not be read once more; zero when it was not asked.
	Hashed [32]byte
	// NewKey gives the key of an object for changed blocks.
	NewKey func() string
	// Recipe returns what is kept at the end of that object, to say how the file is made: Ranges in up without a key are of the object itself.
	Recipe func(up Uploaded) []byte
}

// Recipe is the name under which an object of changed blocks says how many bytes at its end are the recipe.
const Recipe = "recipe"

const (
	mostRanges  = 200 // of one file: more are made fewer by sending again what lies between
	mostObjects = 32  // that hold one file; then it goes as a whole, so that what is needed no more is let go of
)

// uploadChanged sends the blocks that have changed since an earlier version. It returns false when the file has to go as a whole: when nothing is known
// of that version's blocks, it is no longer there, or most of it has changed.
func (t *Transfer) uploadChanged(ctx context.Context, src *source, meta map[string]string, earlier *Earlier, up *Uploaded) (bool, error) {
	old, ok := t.recall(ctx, earlier.SHA256)
	if !ok || weight(old.Size) > t.o.Memory {
		return false, nil
	}
	if ok, err := t.present(ctx, earlier.Ranges); !ok || err != nil {
		return false, err
	}
	c := &comparing{src: src, old: old}
	sum, err := t.compare(ctx, c, earlier.Hashed)
	if errors.Is(err, errMostly) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	d := c.delta(earlier.Ranges)
	if d == nil || d.size/objstore.MaxPart > t.o.Memory/2 { // parts larger than memory are not compared once more
		return false, nil
	}
	up.SHA256, up.Ranges = sum, d.ranges
	recipe := earlier.Recipe(*up)
	meta = maps.Clone(meta)
	meta[Recipe] = strconv.Itoa(len(recipe))
	key, _, err := t.store(ctx, d.source(src, recipe), earlier.NewKey, meta)
	if err != nil {
		return false, err
	}
	up.Key = key
	for i := range up.Ranges {
		if up.Ranges[i].Key == "" {
			up.Ranges[i].Key = key
		}
	}
	t.remember(ctx, sum, c.new)
	return true, nil
}

// present tells whether all of the ranges are in the store.
func (t *Transfer) present(ctx context.Context, ranges []Range) (bool, error) {
	end := map[string]int64{}
	for _, r := range ranges {
		end[r.Key] = max(end[r.Key], r.Offset+r.Length)
	}
	if len(end) > mostObjects {
		return false, nil
	}
	for key, n := range end {
		o, err := t.bucket.Head(ctx, key)
		if objstore.KindOf(err) == objstore.NotFound {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if o.Size < n {
			return false, nil
		}
	}
	return true, nil
}

func length(ranges []Range) (n int64) {
	for _, r := range ranges {
		n += r.Length
	}
	return n
}

// errMostly: more than half of the file is not what it was.
var errMostly = errors.New("most of the file has changed")

// comparing finds out what has changed in a file.
type comparing struct {
	src   *source
	old   Blocks
	new   *list
	moved atomic.Int64 // bytes in blocks that have changed
}

// compare gets the blocks of the file, which are known when it was hashed, and returns its sha256.
func (t *Transfer) compare(ctx context.Context, c *comparing, hashed [32]byte) ([32]byte, error) {
	if now, ok := t.recall(ctx, hashed); ok && now.fits(c.src.size, c.old.Size) {
		c.new = &list{Blocks: now}
		return hashed, nil
	}
	c.new = newList(c.src.size, c.old.Size)
	return t.scan(ctx, c.src, c.new, c.notMostly)
}

// notMostly is told which blocks are known now.
func (c *comparing) notMostly(from, to int64) error {
	for i := from; i < to; i++ {
		if !c.same(i) && c.moved.Add(c.len(i)) > c.src.size/2 {
			return errMostly
		}
	}
	return nil
}

// len returns the bytes of a block of the file.
func (c *comparing) len(i int64) int64 { return min(c.old.Size, c.src.size-i*c.old.Size) }

// same tells whether a block is what it was in the earlier version.
func (c *comparing) same(i int64) bool {
	return i < int64(len(c.old.Sums)) && c.new.Sums[i] == c.old.Sums[i]
}

// delta is a file made of an earlier version and of changed blocks.
type delta struct {
	ranges []Range // without a key where the bytes lie in the object that is to be made
	block  int64
	blocks []int64 // which blocks that object holds, in their order
	sums   [][32]byte
	size   int64 // bytes of them
}

// delta returns nil when the file would be sent for the most part. At least one block is sent, so that each version has an
// object of its own.
func (c *comparing) delta(earlier []Range) *delta {
	n := int64(len(c.new.Sums))
	changed := make([]bool, n)
	for i := range n {
		changed[i] = !c.same(i)
	}
	if !slices.Contains(changed, true) {
		changed[n-1] = true
	}
	for gap := int64(1); ; gap *= 2 {
		d := c.pieces(changed, earlier)
		if 2*d.size > c.src.size || length(d.ranges) != c.src.size {
			return nil
		}
		if len(d.ranges) <= mostRanges {
			return d
		}
		fill(changed, gap)
	}
}

// fill counts runs of at most gap blocks between changed ones as changed.
func fill(changed []bool, gap int64) {
	last := int64(-1)
	for i := range int64(len(changed)) {
		if !changed[i] {
			continue
		}
		if i-last-1 <= gap {
			for j := last + 1; j < i; j++ {
				changed[j] = true
			}
		}
		last = i
	}
}

func (c *comparing) pieces(changed []bool, earlier []Range) *delta {
	d := &delta{block: c.old.Size, sums: c.new.Sums}
	for i := range int64(len(changed)) {
		if changed[i] {
			d.add(Range{"", d.size, c.len(i)})
			d.blocks, d.size = append(d.blocks, i), d.size+c.len(i)
			continue
		}
		for _, r := range cut(earlier, i*c.old.Size, c.len(i)) {
			d.add(r)
		}
	}
	return d
}

// add lets the last range grow where the next one only continues it.
func (d *delta) add(r Range) {
	if n := len(d.ranges); n > 0 {
		if last := &d.ranges[n-1]; last.Key == r.Key && last.Offset+last.Length == r.Offset {
			last.Length += r.Length
			return
		}
	}
	d.ranges = append(d.ranges, r)
}

// cut returns where n bytes from offset on lie.
func cut(ranges []Range, offset, n int64) (out []Range) {
	for _, r := range ranges {
		if offset < r.Length && n > 0 {
			m := min(n, r.Length-offset)
			out = append(out, Range{r.Key, r.Offset + offset, m})
			offset, n = offset+m, n-m
		}
		offset -= min(offset, r.Length)
	}
	return out
}

// source returns what gives the changed blocks of a file, and the recipe after them. The blocks must still be what they were when they were compared.
func (d *delta) source(file *source, recipe []byte) *source {
	s := *file
	s.view, s.size, s.align, s.seen = &spliced{d, file.view, recipe}, d.size+int64(len(recipe)), d.block, d.check
	return &s
}

func (d *delta) check(offset int64, p []byte) error {
	for n := offset / d.block; n < int64(len(d.blocks)); n++ {
		from := n*d.block - offset
		if from >= int64(len(p)) {
			break
		}
		b := p[from:]
		if sha256.Sum256(b[:min(int64(len(b)), d.len(n))]) != d.sums[d.blocks[n]] {
			return ErrChanged
		}
	}
	return nil
}

// len returns the bytes of the n-th block of the object.
func (d *delta) len(n int64) int64 { return min(d.block, d.size-n*d.block) }

// spliced reads the changed blocks of a file one after the other, and then the recipe.
type spliced struct {
	*delta
	file   io.ReaderAt
	recipe []byte
}

func (s *spliced) ReadAt(p []byte, offset int64) (int, error) {
	done := 0
	for done < len(p) {
		n, err := s.some(p[done:], offset+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// some reads from one block, or from the recipe.
func (s *spliced) some(p []byte, offset int64) (int, error) {
	if offset >= s.size {
		n := copy(p, s.recipe[min(offset-s.size, int64(len(s.recipe))):])
		if n == 0 {
			return 0, io.EOF
		}
		return n, nil
	}
	n := offset / s.block
	in := offset - n*s.block
	p = p[:min(int64(len(p)), s.len(n)-in)]
	got, err := s.file.ReadAt(p, s.blocks[n]*s.block+in)
	if got == len(p) {
		err = nil
	}
	return got, err
}
