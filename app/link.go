package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
	"elkjopcloud/sync/treedb"
)

// link is the opened space.
type link struct {
	c        *Client
	space    *space.Space
	bucket   objstore.Bucket
	transfer *transfer.Transfer
	me       space.Writer

	mu      sync.Mutex // guards what follows
	moved   int64      // bytes sent and received
	volumes map[layout.Volume]*volumeUse
}

// mostBlocks is the bytes in which the database keeps of which blocks large files are made: enough for two TiB of them.
const mostBlocks = 64 << 20

// open returns the space, which is opened when that has not been done yet. Errors are Problems.
func (c *Client) open(ctx context.Context) (*link, error) {
	c.linking.Lock()
	defer c.linking.Unlock()
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l != nil {
		return l, nil
	}
	l, err := c.newLink(ctx)
	c.mu.Lock()
	c.link = l
	c.mu.Unlock()
	c.troubled(ctx, problemOf(err, ""))
	c.signal()
	if err != nil {
		return nil, fail(err)
	}
	return l, nil
}

func (c *Client) newLink(ctx context.Context) (*link, error) {
	cfg := c.settings()
	if cfg.Storage.Kind == "" {
		return nil, notSetUp()
	}
	b, err := c.o.Parts.Store(ctx, cfg.Storage, "")
	if err != nil {
		return nil, err
	}
	b = c.throttled(b)
	sp, err := space.Open(ctx, b)
	if errors.Is(err, space.ErrNotASpace) {
		return nil, emptied(cfg.Storage, err)
	}
	if err != nil {
		return nil, unopened(err)
	}
	id, err := tree.ParseDevice(cfg.DeviceID)
	if err != nil {
		return nil, fmt.Errorf("this computer's id in the settings: %w", err)
	}
	l := &link{c: c, space: sp, bucket: b, volumes: map[layout.Volume]*volumeUse{}}
	l.me = space.Writer{Device: id, Run: c.run, Name: cfg.DeviceName, Zone: c.zone, Now: c.o.Now, Rand: randomReader{}}
	l.transfer = transfer.New(b, transfer.Options{Journal: c.db.Journal(), Blocks: c.db.Blocks(mostBlocks), Progress: l.progress, Mine: c.mine})
	return l, nil
}

// emptied is the problem of a storage that is there, but without what was stored in it.
func emptied(s config.Storage, err error) *Problem {
	p := NewProblem(engine.CodeNoBucket, s.Dir, err)
	if s.Kind == config.S3 {
		p.Message = fmt.Sprintf("The bucket %s does not hold your storage any more.", s.Bucket)
		p.Action = "Check that it is the right bucket. Connecting again begins with an empty storage; files on this computer stay."
	}
	return p
}

// unopened gives words to a description of the space that this program cannot use; other errors stay what they are.
func unopened(err error) error {
	switch {
	case errors.Is(err, space.ErrNewer):
		p := NewProblem(engine.CodeNewerFormat, "", err)
		p.Message = "A newer version of the program made this storage."
		return p
	case errors.Is(err, space.ErrDamaged):
		p := NewProblem(engine.CodeHistory, "", err)
		p.Message = "The file that describes the storage, space.json, is damaged."
		p.Action = "Bring space.json of the storage back from a copy. Nothing was changed or deleted."
		return p
	}
	return err
}

// mine tells that only this computer uploads under a key: a backup of its own.
func (c *Client) mine(key string) bool {
	v, ok := layout.VolumeOf(key)
	if !ok {
		return false
	}
	for _, b := range c.settings().Backups {
		if b.VolumePrefix == v.Prefix() {
			return true
		}
	}
	return false
}

func (l *link) progress(delta int64) {
	l.mu.Lock()
	l.moved += delta
	l.mu.Unlock()
	l.c.signal()
}

func (l *link) bytes() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.moved
}

// unlink closes everything that stands on the opened space; the next use opens it anew.
func (c *Client) unlink() {
	c.linking.Lock() // whoever opens the space now finishes first
	c.mu.Lock()
	pairs := c.pairs
	c.pairs, c.link, c.trashed = nil, nil, 0
	c.mu.Unlock()
	c.linking.Unlock()
	for _, p := range pairs {
		p.close()
	}
	c.arrange()
}

// use returns the client's one view of a volume: two views of one device would give two batches one name.
func (l *link) use(v layout.Volume) *volumeUse {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.volumes[v]
	if u == nil {
		u = &volumeUse{
			l: l, name: v, vol: l.space.Volume(v, l.c.db.Cache(), l.me),
			store: l.c.db.Pair(l.space.ID() + "\x00" + v.Prefix()),
		}
		l.volumes[v] = u
	}
	return u
}

// all returns every volume of the space, with those that this computer is going to make.
func (l *link) all(ctx context.Context) ([]*volumeUse, error) {
	names, err := l.space.Volumes(ctx)
	if err != nil {
		return nil, err
	}
	var out []*volumeUse
	for _, v := range names {
		if v.Area != layout.Shared {
			out = append(out, l.use(v))
		}
	}
	return out, nil
}

// cloned tells that another computer writes under this one's id.
func (l *link) cloned() bool {
	l.mu.Lock()
	all := slices.Collect(maps.Values(l.volumes))
	l.mu.Unlock()
	return slices.ContainsFunc(all, func(u *volumeUse) bool { return u.vol.Cloned() })
}

// ownID gives this computer a new id when another one, a copy of its disk, was seen to write under it. It tells whether it did; the
// opened space goes on under the old one until unlink, which harms nothing (see space.Volume.Cloned).
func (c *Client) ownID(ctx context.Context, l *link) bool {
	if c.settings().DeviceID != l.me.Device.String() || !l.cloned() {
		return false
	}
	err := c.change(func(s *config.Settings) error {
		s.DeviceID = tree.Device(random64()).String()
		return nil
	})
	if err != nil {
		c.note("take an id of its own", err)
		return false
	}
	p := NewProblem(CodeCloned, "", nil)
	c.mu.Lock()
	c.notes = append(c.notes, p)
	c.mu.Unlock()
	c.event(treedb.Event{Kind: "cloned", Message: p.Message})
	c.note("describe this computer", l.saveDevice(ctx))
	return true
}

// saveDevice tells the others about this computer.
func (l *link) saveDevice(ctx context.Context) error {
	cfg := l.c.settings()
	id, err := tree.ParseDevice(cfg.DeviceID)
	if err != nil {
		return err
	}
	d := space.DeviceInfo{ID: id, Name: cfg.DeviceName, System: l.c.o.System, LastSeen: l.c.o.Now().UTC().Truncate(time.Second)}
	for _, b := range cfg.Backups {
		d.Backups = append(d.Backups, b.Name)
	}
	return l.space.SaveDevice(ctx, d)
}

// volumeOf reads the name under which a volume is remembered; false when it is of another space.
func (l *link) volumeOf(pair string) (layout.Volume, bool) {
	prefix, ok := strings.CutPrefix(pair, l.space.ID()+"\x00")
	if !ok {
		return layout.Volume{}, false
	}
	return layout.ParseVolume(prefix)
}
