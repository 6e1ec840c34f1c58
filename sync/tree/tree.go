// Package tree holds the values that the whole core speaks of: stamps and ids, the content of a file, and the rules for names and
// paths. It is pure: no disk, no network, no clock.
//
// Reading order: tree.go (values), stamp.go (ids), name.go (names and paths), conflict.go (names of conflict copies).
package tree

import (
	"encoding/hex"
	"errors"
	"math"
)

// Hash is the SHA-256 of a file's whole content. The zero value means "not known".
type Hash [32]byte

// EmptyHash is the SHA-256 of no bytes.
var EmptyHash = Hash{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
	0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}

// IsZero tells whether the hash is not known.
func (h Hash) IsZero() bool { return h == Hash{} }

// String returns 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText is String.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != 64 {
		return errText("hash", string(b))
	}
	_, err := hex.Decode(h[:], b)
	return err
}

// Extent is a piece of an object that holds a piece of a file. Key is relative to the volume.
type Extent struct {
	Key    string `json:"k"`
	Offset int64  `json:"o,omitempty"`
	Length int64  `json:"n"`
}

// Content is one version's bytes and what a disk keeps beside them. An empty file has no extents.
type Content struct {
	Hash    Hash     `json:"h"`
	Size    int64    `json:"s"`
	Mtime   int64    `json:"m"`           // nanoseconds since 1970, the writer's disk
	Exec    bool     `json:"x,omitempty"` // the owner may execute it
	Extents []Extent `json:"e,omitempty"` // in order; their lengths add up to Size
}

// Check tells whether a content can be: it has a hash, and extents that make up its size.
func (c Content) Check() error {
	if c.Size < 0 || c.Hash.IsZero() {
		return errors.New("it has no content")
	}
	left := c.Size
	for _, e := range c.Extents {
		if e.Offset < 0 || e.Length <= 0 || e.Length > left || e.Offset > math.MaxInt64-e.Length || CheckPath(e.Key) != nil {
			return errors.New("its extents are wrong")
		}
		left -= e.Length
	}
	if left != 0 {
		return errors.New("its extents do not add up to its size")
	}
	return nil
}
