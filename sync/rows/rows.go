// Package rows keeps very many small values in little memory: written one after the other as bytes, without a pointer in them that the garbage
// collector would have to follow. It is pure. What is in a row is the affair of who wrote it: whoever stores a table must see to it that no other
// program reads it.
//
// Read rows.go (a table, writing and reading a row), then index.go and search.go (finding one), and stored.go.
package rows

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"elkjopcloud/sync/tree"
)

// perChunk is how many rows make a chunk: what is added then moves no more than that. It is so many that a chunk is of no size that Go keeps several of
// in one piece of memory, most of which stays taken when few of them are left.
const perChunk = 4096

// perMark is how many rows are passed over at most to find where one begins.
const perMark = 8

// long is how a row's length is written that is in Table.long.
const long = math.MaxUint8

// Table holds rows in the order in which they were added. The zero value is empty. Once it is complete, copies of it may be read by anybody; only one of
// them may grow, and while it does nobody else reads.
type Table struct {
	chunks []string         // of perChunk rows each
	tail   *strings.Builder // the rows that make no chunk yet
	n      int

	marks   []uint32 // where every perMark-th row begins in its chunk
	lengths []byte   // of the rows, or long; that of the last may be missing
	long    []longRow

	batches []batch // a stamp is written as the number of its batch, and its index
	known   Index[batch]
}

// batch is a stamp without its index.
type batch struct {
	time   int64
	device tree.Device
	run    uint32
}

type longRow struct{ row, length int }

// Len returns how many rows there are.
func (t *Table) Len() int { return t.n }

// Grow makes room for n more rows.
func (t *Table) Grow(n int) {
	if room := t.n + n; room > cap(t.lengths) {
		t.lengths = append(make([]byte, 0, room), t.lengths...)
		t.marks = append(make([]uint32, 0, room/perMark+1), t.marks...)
	}
}

// Row begins to read the i-th row.
func (t *Table) Row(i int) Reader {
	var text string
	if c := i / perChunk; c < len(t.chunks) {
		text = t.chunks[c]
	} else {
		text = t.tail.String() // it is not copied
	}
	return Reader{text: text, at: t.start(i), batches: t.batches}
}

// start returns where the i-th row begins in its chunk.
func (t *Table) start(i int) int {
	first := i &^ (perMark - 1)
	at := int(t.marks[i/perMark])
	for j, n := range t.lengths[first:i] {
		if at += int(n); n == long {
			at += t.longer(first+j) - long
		}
	}
	return at
}

// longer returns the length of a row that is long.
func (t *Table) longer(i int) int {
	at, _ := slices.BinarySearchFunc(t.long, i, func(l longRow, i int) int { return cmp.Compare(l.row, i) })
	return t.long[at].length
}

// Add begins a row, which is complete when the next one is begun. What is read of it must be what was written, in the same order.
func (t *Table) Add() Writer {
	if len(t.lengths) < t.n {
		t.end(t.tail.Len() - t.start(t.n-1))
	}
	if t.n%perChunk == 0 {
		t.next()
	}
	t.begin(t.tail.Len())
	return Writer{t}
}

// begin adds a row that begins there in its chunk.
func (t *Table) begin(at int) {
	if t.n%perMark == 0 {
		t.marks = append(t.marks, uint32(at))
	}
	t.n++
}

// end tells how long the last row is.
func (t *Table) end(length int) {
	if length >= long {
		t.long = append(t.long, longRow{t.n - 1, length})
		length = long
	}
	t.lengths = append(t.lengths, byte(length))
}

// next begins a chunk, with room for what the one before had: mostly they are much alike.
func (t *Table) next() {
	last := t.tail
	t.tail = &strings.Builder{}
	if last == nil {
		return
	}
	n := last.Len()
	t.tail.Grow(n + n/32)
	text := last.String()
	if last.Cap()-n > n/16 {
		text = strings.Clone(text)
	}
	t.chunks = append(t.chunks, text)
}

// Writer appends the parts of a row.
type Writer struct{ t *Table }

// Byte writes a byte.
func (w Writer) Byte(b byte) { w.t.tail.WriteByte(b) }

// Uint writes a number; small ones take least.
func (w Writer) Uint(v uint64) {
	for ; v >= 0x80; v >>= 7 {
		w.Byte(byte(v) | 0x80)
	}
	w.Byte(byte(v))
}

// Int writes a number; those near zero take least.
func (w Writer) Int(v int64) { w.Uint(uint64(v)<<1 ^ uint64(v>>63)) }

// Text writes bytes of any length.
func (w Writer) Text(s string) {
	w.Uint(uint64(len(s)))
	w.t.tail.WriteString(s)
}

// Hash writes a hash.
func (w Writer) Hash(h tree.Hash) { w.t.tail.Write(h[:]) }

// Stamp writes a stamp.
func (w Writer) Stamp(s tree.Stamp) {
	w.Uint(uint64(w.t.batch(batch{s.Time, s.Device, s.Run})))
	w.Uint(uint64(s.Index))
}

// batch returns a batch's number.
func (t *Table) batch(b batch) int {
	if n := len(t.batches) - 1; n >= 0 && t.batches[n] == b {
		return n
	}
	of := func(i int) batch { return t.batches[i] }
	if i, ok := t.known.Find(b, of); ok {
		return i
	}
	t.batches = append(t.batches, b)
	t.known.Add(b, len(t.batches)-1, of)
	return len(t.batches) - 1
}

// Reader reads the parts of a row.
type Reader struct {
	text    string
	at      int
	batches []batch
}

// Byte reads a byte.
func (r *Reader) Byte() byte {
	r.at++
	return r.text[r.at-1]
}

// Uint reads what Writer.Uint wrote.
func (r *Reader) Uint() (v uint64) {
	for shift := 0; ; shift += 7 {
		b := r.Byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
}

// Int reads what Writer.Int wrote.
func (r *Reader) Int() int64 {
	v := r.Uint()
	return int64(v>>1) ^ -int64(v&1)
}

// Text reads what Writer.Text wrote. It is a part of the table: nothing is copied.
func (r *Reader) Text() string {
	n := int(r.Uint())
	r.at += n
	return r.text[r.at-n : r.at]
}

// Hash reads a hash.
func (r *Reader) Hash() (h tree.Hash) {
	r.at += copy(h[:], r.text[r.at:])
	return h
}

// Stamp reads a stamp.
func (r *Reader) Stamp() tree.Stamp {
	b := r.batches[r.Uint()]
	return tree.Stamp{Time: b.time, Device: b.device, Run: b.run, Index: uint32(r.Uint())}
}
