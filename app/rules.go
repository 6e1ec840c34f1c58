package app

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// rulesEvery is how often it is looked whether the storage has rules that harm what is kept there.
const rulesEvery = 24 * time.Hour

// rules looks whether the storage has a rule of its own that deletes what is old. Everything here is older than such rules think; so its user hears of it
// before anything is gone. Whether one may look, and whether the storage knows rules at all, is no problem of theirs.
func (c *Client) rules(ctx context.Context) {
	name, err := c.o.Parts.HarmfulRule(ctx, c.settings().Storage)
	if err != nil {
		c.o.Log.Info("the rules of the storage cannot be looked at", "error", err)
		return
	}
	c.mu.Lock()
	c.notes = slices.DeleteFunc(c.notes, func(p *Problem) bool { return p.Code == CodeRules })
	if name != "" {
		p := NewProblem(CodeRules, "", nil)
		p.Message = fmt.Sprintf("The storage has a rule of its own (%s) that deletes what is old, or moves it where it cannot be read.", name)
		c.notes = append(c.notes, p)
	}
	c.mu.Unlock()
	c.signal()
}
