package merge

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"elkjopcloud/sync/rows"
)

// maxKey is more than an extent's key has; a longer one is damage.
const maxKey = 1 << 16

var errLongKey = errors.New("a key that is too long")

// SavePacked writes the nodes and versions of a checkpoint for LoadPacked as they lie in memory. Only a program of the same making can read it.
func (c *Checkpoint) SavePacked(w *bufio.Writer) error {
	b := binary.AppendUvarint(nil, uint64(len(c.Versions.keys)))
	for _, k := range c.Versions.keys {
		b = append(binary.AppendUvarint(b, uint64(len(k))), k...)
	}
	_, err := w.Write(b)
	return errors.Join(err, c.Nodes.rows.Save(w), c.Versions.rows.Save(w))
}

// LoadPacked reads what SavePacked wrote. finish is to be called, and nothing else done with the checkpoint, when it is known by a sum over all that it is what
// was written.
func (c *Checkpoint) LoadPacked(r *bufio.Reader) (finish func(), err error) {
	if c.Versions.keys, err = loadKeys(r); err != nil {
		return nil, err
	}
	if c.Nodes.rows, err = rows.Load(r); err != nil {
		return nil, err
	}
	if c.Versions.rows, err = rows.Load(r); err != nil {
		return nil, err
	}
	return func() {
		c.Nodes.enterAll()
		c.Versions.enterAll()
	}, nil
}

func loadKeys(r *bufio.Reader) (keys []string, err error) {
	count, err := binary.ReadUvarint(r)
	for i := uint64(0); i < count && err == nil; i++ {
		var n uint64
		if n, err = binary.ReadUvarint(r); err == nil && n > maxKey {
			err = errLongKey
		}
		if err == nil {
			var b strings.Builder
			_, err = io.CopyN(&b, r, int64(n))
			keys = append(keys, b.String())
		}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return keys, err
}

// enterAll makes all rows ones that can be found.
func (l *stamped) enterAll() {
	for i := range l.Len() {
		l.enter(i, l.stamp(i))
	}
}
