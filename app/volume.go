package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
	"elkjopcloud/sync/treedb"
)

type randomReader struct{}

func (randomReader) Read(p []byte) (int, error) { return rand.Read(p) }

// volumeUse is this computer's one view of a volume. While a pair's engine stands on it, everything goes through the engine; else
// batches are remembered and sent here, in the same store, so that whoever comes next sends again what was not confirmed.
type volumeUse struct {
	l     *link
	name  layout.Volume
	vol   *space.Volume
	store *treedb.Pair

	mu     sync.Mutex // held by whoever works on the volume without an engine, and while an engine is made or leaves
	pair   *pair      // whose engine stands on it
	loaded bool
	pulled bool

	sizing  sync.Mutex // guards what follows
	sized   int        // the volume's Changes when it was counted last
	content int64      // bytes of all live files then

	thrownAway trashed
}

// size returns the bytes of all live files, as far as the volume was read. It waits for no network.
func (u *volumeUse) size() int64 {
	u.sizing.Lock()
	defer u.sizing.Unlock()
	n := u.vol.Changes()
	if n == u.sized {
		return u.content
	}
	u.sized, u.content = n, 0
	u.vol.View(func(s *merge.State) {
		for n := range s.Nodes {
			if v, ok := s.Version(n.Current); ok && !n.Dir && s.Live(n.ID) {
				u.content += v.Content.Size
			}
		}
	})
	return u.content
}

// Tell publishes operations that a person asked for, made from the newest state.
func (u *volumeUse) Tell(ctx context.Context, ops func(*merge.State) ([]merge.Op, error)) error {
	return u.TellAt(ctx, func(_ merge.Stamp, s *merge.State) ([]merge.Op, error) { return ops(s) })
}

// TellAt is Tell for operations that name each other: at is the stamp that their batch will have. On a volume with an engine at is zero.
func (u *volumeUse) TellAt(ctx context.Context, ops func(merge.Stamp, *merge.State) ([]merge.Op, error)) error {
	u.mu.Lock()
	p := u.pair
	if p != nil {
		u.mu.Unlock()
		return p.tell(ctx, func(s *merge.State) ([]merge.Op, error) { return ops(merge.Stamp{}, s) })
	}
	defer u.mu.Unlock()
	if err := u.pull(ctx); err != nil {
		return err
	}
	at := u.vol.Next()
	list, err := ops(at, u.vol.State())
	if err != nil || len(list) == 0 {
		return err
	}
	pending, err := u.vol.PrepareAt(at, list, true)
	if err != nil {
		return fmt.Errorf("prepare a batch: %w", err)
	}
	if err := u.store.Save(context.WithoutCancel(ctx), engine.Change{Intent: &engine.Intent{Key: pending.Key, Body: pending.Body}}); err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	return u.publish(ctx, pending)
}

func (u *volumeUse) publish(ctx context.Context, p *space.Pending) error {
	err := u.vol.Publish(ctx, p)
	if err != nil && !errors.Is(err, space.ErrForeign) && !errors.Is(err, space.ErrStale) {
		return fmt.Errorf("tell the cloud: %w", err)
	}
	// A batch that was never stored and never will be is forgotten; whoever asked for it is told.
	if e := u.store.Save(context.WithoutCancel(ctx), engine.Change{ClearIntent: true}); e != nil {
		return fmt.Errorf("write the database: %w", e)
	}
	return err
}

// pull brings the view up to date and sends again what was not confirmed. u.mu is held.
func (u *volumeUse) pull(ctx context.Context) error {
	how := space.Poll
	if !u.pulled {
		how = space.List
	}
	if err := u.load(ctx); err != nil {
		return err
	}
	if _, err := u.vol.Pull(ctx, how); err != nil {
		return fmt.Errorf("read what other devices did: %w", err)
	}
	u.pulled = true
	saved, err := u.store.Load(ctx)
	if err != nil || saved.Intent == nil {
		return err
	}
	p, err := space.DecodePending(saved.Intent.Key, saved.Intent.Body)
	if err != nil {
		return fmt.Errorf("read the batch that was to be sent: %w", err)
	}
	err = u.publish(ctx, p)
	if errors.Is(err, space.ErrForeign) || errors.Is(err, space.ErrStale) {
		u.l.c.o.Log.Warn("a batch was given up", "volume", u.name, "batch", p.Key, "error", err)
		return nil
	}
	return err
}

// load fills the view with what an earlier run has read, once. u.mu is held.
func (u *volumeUse) load(ctx context.Context) error {
	if u.loaded {
		return nil
	}
	if err := u.vol.Load(ctx); err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	u.loaded = true
	return nil
}

// refresh brings the view up to date for somebody who only looks.
func (u *volumeUse) refresh(ctx context.Context) error {
	u.mu.Lock()
	p := u.pair
	if p == nil {
		defer u.mu.Unlock()
		return u.pull(ctx)
	}
	u.mu.Unlock()
	if p.fresh() {
		return nil
	}
	return p.tell(ctx, func(*merge.State) ([]merge.Op, error) { return nil, nil })
}

// alone runs f while nobody else changes what the view shows.
func (u *volumeUse) alone(f func() error) error {
	u.mu.Lock()
	p := u.pair
	if p == nil {
		defer u.mu.Unlock()
		return f()
	}
	u.mu.Unlock()
	if e := p.current(); e != nil {
		return e.Alone(f)
	}
	return f()
}

// engined tells whether a pair's engine stands on the volume: it sends by itself what was not confirmed.
func (u *volumeUse) engined() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.pair != nil
}

// forget drops what was remembered of a folder that no longer belongs to the volume. A batch that may have been sent stays, without what
// it meant for that folder: the next folder must not inherit files that it never had.
func (u *volumeUse) forget(ctx context.Context) error {
	s, err := u.store.Load(ctx)
	if err != nil {
		return err
	}
	c := engine.Change{Guard: []byte{}, Open: []plan.Open{}, Drop: make([]plan.Handle, 0, s.Base.Len()), NoUploads: make([]tree.Hash, 0, len(s.Uploads))}
	for _, b := range s.Base.All {
		c.Drop = append(c.Drop, b.ID)
	}
	for _, x := range s.Uploads {
		c.NoUploads = append(c.NoUploads, x.Content.Hash)
	}
	if s.Intent != nil {
		c.Intent = &engine.Intent{Key: s.Intent.Key, Body: s.Intent.Body}
	}
	return u.store.Save(ctx, c)
}
