package objstore

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// CheckKey returns an error of kind Invalid when key is not one that every store can hold: see Bucket. Control characters
// are refused too, since XML, and so S3, cannot carry all of them.
func CheckKey(op, key string) error {
	if reason := badKey(key); reason != "" {
		return Errorf(Invalid, op, key, "the key %s", reason)
	}
	return nil
}

func badKey(key string) string {
	switch {
	case key == "":
		return "is empty"
	case len(key) > MaxKey:
		return fmt.Sprintf("has more than %d bytes", MaxKey)
	case !utf8.ValidString(key):
		return "is not UTF-8"
	case strings.ContainsFunc(key, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return "contains a control character"
	}
	for segment := range strings.SplitSeq(key, "/") {
		if reason := badSegment(segment); reason != "" {
			return reason
		}
	}
	return ""
}

func badSegment(segment string) string {
	switch {
	case segment == "" || segment == "." || segment == "..":
		return fmt.Sprintf("has a segment %q", segment)
	case len(segment) > MaxSegment:
		return fmt.Sprintf("has a segment of more than %d bytes", MaxSegment)
	}
	return ""
}

// CheckMeta returns an error of kind Invalid when meta is not what PutOptions allows.
func CheckMeta(op, key string, meta map[string]string) error {
	total := 0
	for name, value := range meta {
		total += metaSize(name, value)
		if !metaName(name) {
			return Errorf(Invalid, op, key, "metadata name %q is not lower-case ASCII", name)
		}
		if !utf8.ValidString(value) {
			return Errorf(Invalid, op, key, "the value of metadata %s is not UTF-8", name)
		}
	}
	if total > MaxMeta {
		return Errorf(Invalid, op, key, "%d bytes of metadata, more than %d", total, MaxMeta)
	}
	return nil
}

func metaName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}

// CheckPart returns an error of kind Invalid when number is no part number.
func CheckPart(op, key string, number int) error {
	if number < 1 || number > MaxPart {
		return Errorf(Invalid, op, key, "part number %d is not between 1 and %d", number, MaxPart)
	}
	return nil
}

// Rewind seeks body to its start and returns a plain reader of exactly size bytes of it: a body that ends before is
// io.ErrUnexpectedEOF, what follows is left unread, and nothing but Read is passed on (so nobody closes the caller's file).
// A nil body is an empty one.
func Rewind(body io.ReadSeeker, size int64) (io.Reader, error) {
	if size < 0 {
		return nil, fmt.Errorf("size %d", size)
	}
	if body == nil {
		body = bytes.NewReader(nil)
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("rewind: %w", err)
	}
	return &exact{body, size}, nil
}

// exact reads exactly left bytes.
type exact struct {
	r    io.Reader
	left int64
}

func (e *exact) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = nil
		if e.left > 0 {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

// Range returns the first byte and the byte behind the last one that o selects of an object of size bytes. A range that starts
// at or behind the end is an error of kind Invalid.
func Range(key string, o GetOptions, size int64) (start, end int64, err error) {
	if o.Offset < 0 || o.Length < 0 {
		return 0, 0, Errorf(Invalid, OpGet, key, "range %d+%d", o.Offset, o.Length)
	}
	if o.Offset == 0 && o.Length == 0 {
		return 0, size, nil
	}
	if o.Offset >= size {
		return 0, 0, Errorf(Invalid, OpGet, key, "the range starts at %d of %d bytes", o.Offset, size)
	}
	if o.Length == 0 || o.Length > size-o.Offset {
		return o.Offset, size, nil
	}
	return o.Offset, o.Offset + o.Length, nil
}

// CheckParts returns an error of kind Invalid unless parts can be completed: at least one, in ascending order.
func CheckParts(key string, parts []Part) error {
	if len(parts) == 0 {
		return Errorf(Invalid, OpComplete, key, "no parts")
	}
	for i, p := range parts {
		if err := CheckPart(OpComplete, key, p.Number); err != nil {
			return err
		}
		if i > 0 && parts[i-1].Number >= p.Number {
			return Errorf(Invalid, OpComplete, key, "part %d follows part %d", p.Number, parts[i-1].Number)
		}
	}
	return nil
}

// SortUploads sorts by key, start and id.
func SortUploads(uploads []Upload) {
	slices.SortFunc(uploads, func(a, b Upload) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), a.Started.Compare(b.Started), strings.Compare(a.ID, b.ID))
	})
}
