package app

import (
	"context"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/disk/volume"
)

const (
	roomEvery   = 5 * time.Minute
	roomLongest = 10 * time.Second // a drive may be asleep, or gone
)

// roomLeft is how much a storage that is a folder can still take. The zero value: nobody has looked, or nobody can say.
type roomLeft struct {
	dir        string
	free, size int64
}

// measureRoom looks how much room there is on the drive of a storage that is a folder. What cannot be seen now is not known any more.
func (c *Client) measureRoom(ctx context.Context) {
	s := c.settings().Storage
	now := roomLeft{dir: s.Dir}
	if s.Kind == config.Folder {
		ctx, cancel := context.WithTimeout(ctx, roomLongest)
		defer cancel()
		var err error
		if now.free, now.size, err = volume.Room(ctx, s.Dir); err != nil {
			c.o.Log.Debug("the room on the storage's drive cannot be seen", "error", err)
		}
	}
	c.mu.Lock()
	changed := c.room != now
	c.room = now
	c.mu.Unlock()
	if changed {
		c.signal()
	}
}
