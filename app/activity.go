package app

import (
	"context"

	"elkjopcloud/sync/treedb"
)

const activityRows = 100

// eventsHeld is how many events are written at once at most: some hundred bytes each, and a first backup has one for every file.
const eventsHeld = 4096

// event notes something for the history; flush writes it.
func (c *Client) event(e treedb.Event) {
	e.Time = c.o.Now()
	c.mu.Lock()
	c.events = append(c.events, e)
	many := len(c.events) >= eventsHeld
	c.mu.Unlock()
	if many {
		c.note("write the history", c.flush(context.Background()))
	}
}

func (c *Client) flush(ctx context.Context) error {
	c.mu.Lock()
	events := c.events
	c.events = nil
	c.mu.Unlock()
	if len(events) == 0 {
		return nil
	}
	return c.db.Activity().Append(ctx, events...)
}

// Activity returns what happened, the newest first; 0 is as much as is sensible.
func (c *Client) Activity(ctx context.Context, limit int) ([]ActivityItem, error) {
	if limit <= 0 {
		limit = activityRows
	}
	if err := c.flush(ctx); err != nil {
		return nil, fail(err)
	}
	events, err := c.db.Activity().Page(ctx, 0, limit, "")
	if err != nil {
		return nil, fail(err)
	}
	out := make([]ActivityItem, len(events))
	for i, e := range events {
		out[i] = ActivityItem{Time: e.Time, Kind: e.Kind, Pair: e.Pair, Path: e.Path, Bytes: e.Bytes, Device: e.Device, Message: e.Message}
	}
	return out, nil
}
