package rows

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"

	"elkjopcloud/sync/tree"
)

var errLong = errors.New("rows that are too long")

// Save writes a table for Load: how many stamps and rows there are, the stamps' batches, the rows' lengths, and their bytes.
func (t *Table) Save(w *bufio.Writer) error {
	b := binary.AppendUvarint(nil, uint64(len(t.batches)))
	b = binary.AppendUvarint(b, uint64(t.Len()))
	for _, x := range t.batches {
		b = binary.AppendVarint(b, x.time)
		b = binary.AppendUvarint(b, uint64(x.device))
		b = binary.AppendUvarint(b, uint64(x.run))
	}
	_, err := w.Write(b)
	for i := 0; i < t.Len() && err == nil; i++ {
		_, err = w.Write(binary.AppendUvarint(w.AvailableBuffer(), uint64(t.length(i))))
	}
	for i := 0; i < t.Len() && err == nil; i += perChunk {
		_, err = w.WriteString(t.Row(i).text)
	}
	return err
}

// length returns how many bytes the i-th row has.
func (t *Table) length(i int) int {
	switch {
	case i == len(t.lengths):
		return len(t.Row(i).text) - t.start(i)
	case t.lengths[i] == long:
		return t.longer(i)
	}
	return int(t.lengths[i])
}

// Load reads what Save wrote. What is in the rows is not looked at: the caller knows by a sum over all that it is what was written.
func Load(r *bufio.Reader) (t Table, err error) {
	batches, err := binary.ReadUvarint(r)
	n := uint64(0)
	if err == nil {
		n, err = binary.ReadUvarint(r)
	}
	for i := uint64(0); i < batches && err == nil; i++ {
		err = t.loadBatch(r)
	}
	var sizes []int // of the chunks
	for i := uint64(0); i < n && err == nil; i++ {
		sizes, err = t.loadLength(r, sizes)
	}
	for i := 0; i < len(sizes) && err == nil; i++ {
		var b strings.Builder
		b.Grow(min(sizes[i], 1<<20)) // it is not trusted before it is there
		if _, err = io.CopyN(&b, r, int64(sizes[i])); i < len(sizes)-1 {
			t.chunks = append(t.chunks, b.String())
		} else {
			t.tail = &b
		}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

func (t *Table) loadBatch(r *bufio.Reader) error {
	time, err1 := binary.ReadVarint(r)
	device, err2 := binary.ReadUvarint(r)
	run, err3 := binary.ReadUvarint(r)
	t.batches = append(t.batches, batch{time, tree.Device(device), uint32(run)})
	n := len(t.batches) - 1
	t.known.Add(t.batches[n], n, func(i int) batch { return t.batches[i] })
	return errors.Join(err1, err2, err3)
}

func (t *Table) loadLength(r *bufio.Reader, sizes []int) ([]int, error) {
	if t.n%perChunk == 0 {
		sizes = append(sizes, 0)
	}
	n, err := binary.ReadUvarint(r)
	c := len(sizes) - 1
	if err == nil && n > uint64(math.MaxInt32-sizes[c]) {
		err = errLong
	}
	t.begin(sizes[c])
	t.end(int(n))
	sizes[c] += int(n)
	return sizes, err
}
