package app

import (
	"time"

	"elkjopcloud/sync/merge"
)

// weighEvery is how often Run looks how much lies in the Trash: that goes through all files.
const weighEvery = time.Minute

// trashed is how much of a volume lies in the Trash, and when that was found.
type trashed struct {
	changes int // of the volume then
	day     int64
	bytes   int64
}

// weigh notes how much lies in the Trash, of the volumes that this process has read.
func (c *Client) weigh() {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l == nil {
		return
	}
	l.mu.Lock()
	var all []*volumeUse
	for _, u := range l.volumes {
		all = append(all, u)
	}
	l.mu.Unlock()
	var bytes int64
	for _, u := range all {
		bytes += u.inTrash(c.o.Now(), l.space.Rules().Keep)
	}
	c.mu.Lock()
	changed := c.trashed != bytes
	c.trashed = bytes
	c.mu.Unlock()
	if changed {
		c.signal()
	}
}

// inTrash is how many bytes of a volume lie in the Trash. It waits for no network.
func (u *volumeUse) inTrash(now time.Time, keep time.Duration) int64 {
	u.sizing.Lock()
	defer u.sizing.Unlock()
	at := trashed{changes: u.vol.Changes(), day: now.Unix() / (24 * 60 * 60)}
	if u.thrownAway.changes == at.changes && u.thrownAway.day == at.day {
		return u.thrownAway.bytes
	}
	since := now.Add(-keep).UnixNano()
	u.vol.View(func(s *merge.State) {
		for n := range s.Nodes {
			if n.Dir || !n.Deleted || n.Purged || n.DeletedAt <= since {
				continue
			}
			if v, ok := s.Version(n.Current); ok {
				at.bytes += v.Content.Size
			}
		}
	})
	u.thrownAway = at
	return at.bytes
}
