package simtest

import (
	"crypto/sha256"
	"time"

	"elkjopcloud/sync/tree"
)

func sum(content string) tree.Hash { return sha256.Sum256([]byte(content)) }

// contents remembers what people wrote, and what of it a person took away again.
type contents struct {
	written map[string]bool         // by any person
	gone    map[string]bool         // overwritten or deleted by a person somewhere
	names   map[tree.Hash]string    // of what was written
	taken   map[tree.Hash]time.Time // when what is gone was taken away last
	told    map[tree.Hash]bool      // confirmed to be in the cloud
	purged  map[tree.Hash]bool      // deleted for ever by a person
}

func newContents() contents {
	return contents{written: map[string]bool{}, gone: map[string]bool{}, names: map[tree.Hash]string{}, taken: map[tree.Hash]time.Time{},
		told: map[tree.Hash]bool{}, purged: map[tree.Hash]bool{}}
}

func (c *contents) write(s string) { c.written[s], c.names[sum(s)] = true, s }

func (c *contents) take(s string, at time.Time) { c.gone[s], c.taken[sum(s)] = true, at }

// takeHash is take for one who knows the content by its hash.
func (c *contents) takeHash(h tree.Hash, at time.Time) { c.take(c.names[h], at) }

func (c *contents) purge(h tree.Hash) { c.gone[c.names[h]], c.purged[h] = true, true }
