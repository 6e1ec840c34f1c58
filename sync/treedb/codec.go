package treedb

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"

	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/tree"
)

// format is the first byte of every encoded value. A later layout gets the next number, and this one stays readable.
const format = 1

// sumSize is the length of the checksum at the end of every encoded value.
const sumSize = 4

// encoder appends values to b. Numbers are varints, times that are nanoseconds are fixed: they are always long.
type encoder struct {
	b    []byte
	last tree.Stamp // the stamp written last: a file's node, placement and version are often one
}

func (e *encoder) begin()           { e.b, e.last = append(e.b[:0], format), tree.Stamp{} }
func (e *encoder) byte(v byte)      { e.b = append(e.b, v) }
func (e *encoder) uint(v uint64)    { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) int(v int64)      { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) fixed(v int64)    { e.b = binary.BigEndian.AppendUint64(e.b, uint64(v)) }
func (e *encoder) hash(h tree.Hash) { e.b = append(e.b, h[:]...) }
func (e *encoder) text(s string)    { e.b = append(binary.AppendUvarint(e.b, uint64(len(s))), s...) }

// Tags of a stamp.
const (
	stampZero = iota
	stampLast // the one before in the same value
	stampFull // 24 bytes follow
	stampNear // of the batch of the one before: how far the index is from it
)

func (e *encoder) stamp(s tree.Stamp) {
	switch {
	case s.IsZero():
		e.byte(stampZero)
		return
	case s == e.last:
		e.byte(stampLast)
		return
	}
	last := e.last
	e.last = s
	if near := last; !near.IsZero() {
		if near.Index = s.Index; near == s {
			e.byte(stampNear)
			e.int(int64(s.Index) - int64(last.Index))
			return
		}
	}
	e.byte(stampFull)
	e.b = binary.BigEndian.AppendUint64(e.b, uint64(s.Time))
	e.b = binary.BigEndian.AppendUint64(e.b, uint64(s.Device))
	e.b = binary.BigEndian.AppendUint32(e.b, s.Run)
	e.b = binary.BigEndian.AppendUint32(e.b, s.Index)
}

// seal ends a value with the checksum over the row's other columns and the value.
func (e *encoder) seal(row ...[]byte) []byte {
	e.b = binary.BigEndian.AppendUint32(e.b, checksum(append(row, e.b)...))
	return e.b
}

// checksum is the CRC-32C of the parts. Each part's length counts, so that bytes cannot move from one column to the next.
func checksum(parts ...[]byte) (sum uint32) {
	for _, p := range parts {
		sum = addToPart(beginPart(sum, int64(len(p))), p)
	}
	return sum
}

// beginPart and addToPart are checksum for a part that comes bit by bit.
func beginPart(sum uint32, size int64) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	sum = ^sum
	for shift := 56; shift >= 0; shift -= 8 {
		sum = table[byte(sum)^byte(size>>shift)] ^ sum>>8
	}
	return ^sum
}

func addToPart(sum uint32, b []byte) uint32 {
	return crc32.Update(sum, crc32.MakeTable(crc32.Castagnoli), b)
}

// decoder reads what encoder wrote. After a value that cannot be, all others are zero and err says so.
type decoder struct {
	b    []byte
	last tree.Stamp
	bad  bool
}

// unseal begins the reading of a value: ErrDamaged when its checksum is not that of the row.
func unseal(value []byte, row ...[]byte) (decoder, error) {
	n := len(value) - sumSize
	if n < 1 || checksum(append(row, value[:n])...) != binary.BigEndian.Uint32(value[n:]) {
		return decoder{}, fmt.Errorf("%w: a row does not match its checksum", statedb.ErrDamaged)
	}
	if value[0] != format {
		return decoder{}, fmt.Errorf("%w: a row has format %d", statedb.ErrNewer, value[0])
	}
	return decoder{b: value[1:n]}, nil
}

// err is nil when all of the value was read and was as it should be.
func (d *decoder) err() error {
	if d.bad || len(d.b) > 0 {
		return fmt.Errorf("%w: a row is not what it should be", statedb.ErrDamaged)
	}
	return nil
}

// take returns the next n bytes, which belong to the value; nil when there are not as many.
func (d *decoder) take(n uint64) []byte {
	if d.bad || uint64(len(d.b)) < n {
		d.b, d.bad = nil, true
		return nil
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.b)
	d.take(width(n))
	return v
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.b)
	d.take(width(n))
	return v
}

// width is how much a varint took; one that is cut or too long takes more than there can be.
func width(n int) uint64 {
	if n <= 0 {
		return math.MaxUint64
	}
	return uint64(n)
}

func (d *decoder) fixed() int64 {
	if b := d.take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (d *decoder) hash() (h tree.Hash) {
	copy(h[:], d.take(uint64(len(h))))
	return h
}

func (d *decoder) text() string { return string(d.take(d.uint())) }

// count reads how many things follow, of at least size bytes each: damage cannot make it ask for much memory.
func (d *decoder) count(size int) int {
	n := d.uint()
	if n > uint64(len(d.b)/size) {
		d.b, d.bad = nil, true
		return 0
	}
	return int(n)
}

func (d *decoder) stamp() tree.Stamp {
	switch d.byte() {
	case stampZero:
		return tree.Stamp{}
	case stampLast:
		return d.last
	case stampNear:
		d.last.Index += uint32(d.int())
		return d.last
	}
	b := d.take(24)
	if b == nil {
		return tree.Stamp{}
	}
	d.last = tree.Stamp{
		Time:   int64(binary.BigEndian.Uint64(b)),
		Device: tree.Device(binary.BigEndian.Uint64(b[8:])),
		Run:    binary.BigEndian.Uint32(b[16:]),
		Index:  binary.BigEndian.Uint32(b[20:]),
	}
	return d.last
}
