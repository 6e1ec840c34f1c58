package app

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"elkjopcloud/sync/engine"
)

// Transfer is a file that is sent or brought, or waits for its turn.
type Transfer struct {
	Pair   string `json:"pair"`
	Path   string `json:"path"` // on this computer
	Up     bool   `json:"up"`   // it is sent, not brought
	Bytes  int64  `json:"bytes"`
	Moving bool   `json:"moving"`          // it is on its way now
	First  bool   `json:"first,omitempty"` // it waits, and somebody wants it before all others
}

// Queue returns what all pairs move, then what waits, each in the order in which it goes. Of very many files it names some thousands. What only looks, without
// working, has none.
func (c *Client) Queue(context.Context) ([]Transfer, error) {
	type of struct {
		*pair
		engine.Transfer
	}
	var all []of
	for _, p := range c.all() {
		if e := p.current(); e != nil {
			for _, t := range e.Queue() {
				all = append(all, of{p, t})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b of) int { return cmp.Compare(a.Turn(), b.Turn()) })
	out := make([]Transfer, 0, len(all))
	for _, t := range all {
		out = append(out, Transfer{Pair: t.name, Path: filepath.Join(t.root, filepath.FromSlash(t.Path)), Up: t.Up, Bytes: t.Bytes, Moving: t.Moving, First: t.First})
	}
	return out, nil
}

// First lets a file that waits to be sent go before all others. path is one on this computer, in the folder of a pair.
func (c *Client) First(_ context.Context, path string) error {
	name := filepath.Base(path)
	p, rel := c.onDisk(path)
	if p == nil {
		return wrongUse("Give the path of a file in a folder that is backed up or synced.", "%s is in no folder that is looked after.", path).because("folder-gone", name)
	}
	e := p.current()
	if e == nil || !e.Sends(rel) {
		return wrongUse("Look at: elkjop queue.", "%s does not wait to be sent.", path).because("not-waiting", name)
	}
	e.First(rel)
	return nil
}
