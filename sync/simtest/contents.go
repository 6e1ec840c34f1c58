package simtest

import (
	"crypto/sha256"

	"elkjopcloud/sync/tree"
)

func sum(content string) tree.Hash { return sha256.Sum256([]byte(content)) }

// contents remembers what people wrote, and what of it a person took away again.
type contents struct {
	written map[string]bool // by any person
	gone    map[string]bool // overwritten or deleted by a person somewhere
}

func newContents() contents { return contents{written: map[string]bool{}, gone: map[string]bool{}} }

func (c *contents) write(s string) { c.written[s] = true }

func (c *contents) take(s string) { c.gone[s] = true }
