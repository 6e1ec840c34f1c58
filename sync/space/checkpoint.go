package space

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Limits of a checkpoint: packed, unpacked, one line of it, and unpacked in times of packed (honest ones stay below 30).
const (
	maxCheckpointObject = 1 << 30
	maxCheckpoint       = 2 << 30
	maxLine             = 64 << 20
	maxRatio            = 256
)

// Snapshot is a checkpoint as it is stored: the state, and the names of the devices that wrote it.
type Snapshot struct {
	*merge.Checkpoint
	Names map[tree.Device]string
}

// snapshotHeader is a checkpoint's first line. As many lines as it says follow.
type snapshotHeader struct {
	Format   int                    `json:"format"`
	Last     merge.Stamp            `json:"last"`
	Heads    []merge.BatchID        `json:"heads"`
	Seen     []merge.Progress       `json:"seen"`
	Names    map[tree.Device]string `json:"names,omitempty"`
	Nodes    int                    `json:"nodes"`
	Versions int                    `json:"versions"`
	Aliases  int                    `json:"aliases"`
	Equal    int                    `json:"equal"`
	Left     []merge.Left           `json:"left,omitempty"`
}

// wireNode is merge.Node with short names.
type wireNode struct {
	ID        merge.ID    `json:"i"`
	Parent    merge.ID    `json:"u,omitzero"`
	Name      string      `json:"n"`
	Plain     string      `json:"o,omitempty"`
	Dir       bool        `json:"d,omitempty"`
	Deleted   bool        `json:"x,omitempty"`
	Purged    bool        `json:"xp,omitempty"`
	Place     merge.Stamp `json:"p"`
	Current   merge.Stamp `json:"c,omitzero"`
	DeletedBy merge.Stamp `json:"xb,omitzero"`
	DeletedAt int64       `json:"xt,omitempty"`
	Confirmed bool        `json:"ok,omitempty"`
}

// wireVersion is merge.Version with short names.
type wireVersion struct {
	ID        merge.Stamp  `json:"i"`
	Node      merge.ID     `json:"u"`
	Base      merge.Stamp  `json:"b,omitzero"`
	Stored    int64        `json:"t"`
	Confirmed bool         `json:"ok,omitempty"`
	Content   tree.Content `json:"f"`
}

// EncodeCheckpoint returns the bytes of a checkpoint as they are stored.
func EncodeCheckpoint(s Snapshot) ([]byte, error) {
	var out bytes.Buffer
	zw, err := newPacker(&out, window)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(zw, 1<<16)
	err = errors.Join(writeLines(json.NewEncoder(w), s), w.Flush(), zw.Close())
	if err != nil {
		return nil, fmt.Errorf("encode a checkpoint: %w", err)
	}
	return out.Bytes(), nil
}

func writeLines(e *json.Encoder, s Snapshot) error {
	e.SetEscapeHTML(false)
	c := s.Checkpoint
	err := e.Encode(snapshotHeader{Format, c.Last, c.Heads, c.Seen, s.Names, c.Nodes.Len(), c.Versions.Len(), len(c.Aliases), len(c.Equal), c.Left})
	for i := 0; i < c.Nodes.Len() && err == nil; i++ {
		err = e.Encode(wireNode(c.Nodes.At(i)))
	}
	for i := 0; i < c.Versions.Len() && err == nil; i++ {
		err = e.Encode(wireVersion(c.Versions.At(i)))
	}
	for i := 0; i < len(c.Aliases) && err == nil; i++ {
		err = e.Encode(c.Aliases[i])
	}
	for i := 0; i < len(c.Equal) && err == nil; i++ {
		err = e.Encode(c.Equal[i])
	}
	return err
}

// DecodeCheckpoint reads the bytes of a checkpoint: ErrDamaged when they are none, ErrNewer when a newer program wrote them. The result's
// structure has been checked: a State can be made of it.
func DecodeCheckpoint(body []byte) (Snapshot, error) {
	return decodeCheckpoint(bytes.NewReader(body), int64(len(body)))
}

func decodeCheckpoint(body io.Reader, size int64) (Snapshot, error) {
	u, err := newUnpacker(body, min(maxCheckpoint, 16<<20+size*maxRatio))
	if err != nil {
		return Snapshot{}, damaged("checkpoint", err)
	}
	defer u.Close()
	return parseCheckpoint(u, 1<<10+int(size/perNode))
}

// perNode is fewer bytes than a node and its version have in a packed checkpoint: a hash alone has 32.
const perNode = 24

// parseCheckpoint reads an unpacked checkpoint. room is how many nodes may be there: no memory is taken for more before they have been read.
func parseCheckpoint(unpacked io.Reader, room int) (Snapshot, error) {
	r := &lines{r: bufio.NewReaderSize(unpacked, 1<<16)}
	h, err := readHeader(r)
	if err != nil {
		return Snapshot{}, err
	}
	s, err := readSnapshot(r, h, room)
	if err == nil {
		err = checkSnapshot(s.Checkpoint)
	}
	if err != nil {
		return Snapshot{}, damaged("checkpoint", err)
	}
	return s, nil
}

func readHeader(r *lines) (snapshotHeader, error) {
	line, err := r.next()
	if err != nil {
		return snapshotHeader{}, damaged("checkpoint", err)
	}
	var h snapshotHeader
	if err := json.Unmarshal(line, &h); err != nil || h.Format != Format {
		return h, unreadable("checkpoint", line, err)
	}
	return h, nil
}

func readSnapshot(r *lines, h snapshotHeader, room int) (Snapshot, error) {
	c := &merge.Checkpoint{Last: h.Last, Heads: h.Heads, Seen: h.Seen, Left: h.Left}
	q := &quick{}
	var err1, err2, err3, err4 error
	c.Nodes.Room(max(0, min(h.Nodes, room)))
	err1 = readLines(r, h.Nodes, func(line []byte) error {
		var n merge.Node
		if !q.node(line, &n) {
			var w wireNode
			if err := json.Unmarshal(line, &w); err != nil {
				return err
			}
			n = merge.Node(w)
		}
		c.Nodes.Append(&n)
		return nil
	})
	c.Versions.Room(max(0, min(h.Versions, room)))
	err2 = readLines(r, h.Versions, func(line []byte) error {
		var v merge.Version
		if !q.version(line, &v) {
			var w wireVersion
			if err := json.Unmarshal(line, &w); err != nil {
				return err
			}
			v = merge.Version(w)
		}
		c.Versions.Append(&v)
		return nil
	})
	c.Aliases, err3 = readPairs(r, h.Aliases)
	c.Equal, err4 = readPairs(r, h.Equal)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return Snapshot{}, err
	}
	if _, err := r.next(); !errors.Is(err, io.EOF) {
		return Snapshot{}, errors.New("something follows its end")
	}
	return Snapshot{c, h.Names}, nil
}

// readPairs reads n lines of two stamps.
func readPairs(r *lines, n int) (out [][2]merge.Stamp, err error) {
	err = readLines(r, n, func(line []byte) error {
		var p [2]merge.Stamp
		err := json.Unmarshal(line, &p)
		out = append(out, p)
		return err
	})
	return out, err
}

// readLines reads n lines. It trusts n only as far as lines follow.
func readLines(r *lines, n int, read func([]byte) error) error {
	if n < 0 {
		return errors.New("a negative count")
	}
	for range n {
		line, err := r.next()
		if err != nil {
			return err
		}
		if dense(line) {
			return errTooLong
		}
		if err := read(line); err != nil {
			return err
		}
	}
	return nil
}

// lines reads lines of bounded length.
type lines struct {
	r    *bufio.Reader
	long []byte
}

func (l *lines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, noEnd(line, err)
	}
	l.long = append(l.long[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = l.r.ReadSlice('\n')
		if len(l.long)+len(line) > maxLine {
			return nil, errTooLong
		}
		l.long = append(l.long, line...)
	}
	return l.long, noEnd(l.long, err)
}

func noEnd(line []byte, err error) error {
	if errors.Is(err, io.EOF) && len(line) > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}
