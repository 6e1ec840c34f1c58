package space

import (
	"math"
	"strings"
	"unicode/utf8"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// quick reads the lines of a checkpoint as this program writes them: several times as fast as JSON in general, and with few pieces of memory. Whatever
// looks otherwise in the least is left to encoding/json, which then decides what it means.
type quick struct {
	line []byte
	ok   bool

	text    strings.Builder // where strings stand one after the other
	key     string          // of the last extent: files that were sent together have one
	extents []tree.Extent   // not handed out yet
}

// node reads a node; false when it is not written as usual.
func (q *quick) node(line []byte, n *merge.Node) bool {
	q.line, q.ok = line, true
	q.fields("i u n o d x xp p c xb xt ok", func(name string) {
		switch name {
		case "i":
			n.ID = q.stamp()
		case "u":
			n.Parent = q.stamp()
		case "n":
			n.Name = q.string()
		case "o":
			n.Plain = q.string()
		case "d":
			n.Dir = q.yes()
		case "x":
			n.Deleted = q.yes()
		case "xp":
			n.Purged = q.yes()
		case "p":
			n.Place = q.stamp()
		case "c":
			n.Current = q.stamp()
		case "xb":
			n.DeletedBy = q.stamp()
		case "xt":
			n.DeletedAt = q.int()
		case "ok":
			n.Confirmed = q.yes()
		}
	})
	return q.end()
}

// version reads a version; false when it is not written as usual.
func (q *quick) version(line []byte, v *merge.Version) bool {
	q.line, q.ok = line, true
	q.fields("i u b t ok f", func(name string) {
		switch name {
		case "i":
			v.ID = q.stamp()
		case "u":
			v.Node = q.stamp()
		case "b":
			v.Base = q.stamp()
		case "t":
			v.Stored = q.int()
		case "ok":
			v.Confirmed = q.yes()
		case "f":
			q.content(&v.Content)
		}
	})
	return q.end()
}

func (q *quick) content(c *tree.Content) {
	q.fields("h s m x e", func(name string) {
		switch name {
		case "h":
			c.Hash = q.hash()
		case "s":
			c.Size = q.int()
		case "m":
			c.Mtime = q.int()
		case "x":
			c.Exec = q.yes()
		case "e":
			c.Extents = q.list()
		}
	})
}

// list reads extents. Nearly every file has one.
func (q *quick) list() []tree.Extent {
	if q.ok = q.ok && q.take('['); !q.ok {
		return nil
	}
	var out []tree.Extent
	for {
		var e tree.Extent
		q.fields("k o n", func(name string) {
			switch name {
			case "k":
				e.Key = q.keyString()
			case "o":
				e.Offset = q.int()
			case "n":
				e.Length = q.int()
			}
		})
		if out == nil {
			out = q.room()
		}
		out = append(out, e)
		if !q.ok || !q.take(',') {
			q.ok = q.ok && q.take(']')
			return out
		}
	}
}

// room returns an empty list with room for one extent that nobody else has.
func (q *quick) room() []tree.Extent {
	if len(q.extents) == 0 {
		q.extents = make([]tree.Extent, 256)
	}
	out := q.extents[:0:1]
	q.extents = q.extents[1:]
	return out
}

// fields reads an object and calls value at each of its values. Its names must be among those in order, and in that order.
func (q *quick) fields(order string, value func(name string)) {
	q.ok = q.ok && q.take('{')
	for q.ok {
		raw := q.raw()
		name := ""
		for found := false; !found && q.ok; found = name == string(raw) {
			name, order, _ = strings.Cut(order, " ")
			q.ok = name != ""
		}
		if q.ok = q.ok && q.take(':'); !q.ok {
			return
		}
		value(name)
		if !q.take(',') {
			q.ok = q.ok && q.take('}')
			return
		}
	}
}

// end tells whether the line was read and nothing but its end follows.
func (q *quick) end() bool {
	return q.ok && (len(q.line) == 0 || len(q.line) == 1 && q.line[0] == '\n')
}

func (q *quick) take(c byte) bool {
	if len(q.line) > 0 && q.line[0] == c {
		q.line = q.line[1:]
		return true
	}
	return false
}

// raw reads a string without escapes. It is valid until the next line is read.
func (q *quick) raw() []byte {
	if q.ok = q.ok && q.take('"'); !q.ok {
		return nil
	}
	for i, c := range q.line {
		if c == '"' {
			out := q.line[:i]
			q.line = q.line[i+1:]
			return out
		}
		if c < ' ' || c == '\\' {
			break
		}
	}
	q.ok = false
	return nil
}

const textChunk = 1 << 16

// string reads a string that stays.
func (q *quick) string() string {
	raw := q.raw()
	if !utf8.Valid(raw) {
		q.ok = false
	}
	return q.keep(raw)
}

// keep makes a string. Many stand in one piece of memory: what was written into a Builder that has the room for it is never moved.
func (q *quick) keep(raw []byte) string {
	if len(raw) > textChunk/16 {
		return string(raw)
	}
	if q.text.Cap()-q.text.Len() < len(raw) {
		q.text = strings.Builder{}
		q.text.Grow(textChunk)
	}
	from := q.text.Len()
	q.text.Write(raw)
	return q.text.String()[from:]
}

// keyString is string for what is often what it was before.
func (q *quick) keyString() string {
	raw := q.raw()
	if string(raw) != q.key {
		if !utf8.Valid(raw) {
			q.ok = false
		}
		q.key = q.keep(raw)
	}
	return q.key
}

func (q *quick) stamp() (s merge.Stamp) {
	raw := q.raw()
	if q.ok {
		q.ok = s.UnmarshalText(raw) == nil
	}
	return s
}

func (q *quick) hash() (h tree.Hash) {
	raw := q.raw()
	if q.ok {
		q.ok = h.UnmarshalText(raw) == nil
	}
	return h
}

func (q *quick) yes() bool {
	const yes = "true"
	if len(q.line) < len(yes) || string(q.line[:len(yes)]) != yes {
		q.ok = false
		return false
	}
	q.line = q.line[len(yes):]
	return true
}

// int reads a whole number.
func (q *quick) int() int64 {
	negative, n, digits := q.take('-'), int64(0), 0
	for ; len(q.line) > 0 && '0' <= q.line[0] && q.line[0] <= '9'; digits++ {
		d := int64(q.line[0] - '0')
		if digits == 1 && n == 0 || n > (math.MaxInt64-d)/10 {
			q.ok = false
			return 0
		}
		n = n*10 + d
		q.line = q.line[1:]
	}
	q.ok = q.ok && digits > 0
	if negative {
		return -n
	}
	return n
}
