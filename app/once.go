package app

import (
	"context"
	"sync"
	"time"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
)

// Once does everything that there is to do, all pairs side by side. Problems of files and pairs are in Status; the error is only
// what kept it from trying.
func (c *Client) Once(ctx context.Context, progress func(Progress)) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	c.resumeWhenDue()
	stop := c.report(l, progress)
	var wg sync.WaitGroup
	for _, p := range c.all() {
		wg.Go(func() {
			if err := p.cycle(ctx); err != nil {
				c.o.Log.Info("cycle", "pair", p.name, "error", err)
			}
		})
	}
	wg.Wait()
	for _, p := range c.findDrives(ctx) {
		if err := p.cycle(ctx); err != nil {
			c.o.Log.Info("cycle", "pair", p.name, "error", err)
		}
	}
	stop()
	if ctx.Err() == nil {
		c.after(ctx, l)
	}
	c.ownID(ctx, l)
	c.saveStatus(ctx)
	if err := c.flush(context.WithoutCancel(ctx)); err != nil {
		return fail(err)
	}
	return fail(ctx.Err())
}

// report calls progress while the pairs work, and returns what ends it.
func (c *Client) report(l *link, progress func(Progress)) func() {
	if progress == nil {
		return func() {}
	}
	quit, done := make(chan struct{}), make(chan struct{})
	begin, before := l.bytes(), c.movedFiles()
	var most Progress
	tick := time.NewTicker(200 * time.Millisecond)
	go func() {
		defer close(done)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				progress(c.measure(l.bytes()-begin, c.movedFiles()-before, &most))
			}
		}
	}()
	return func() { close(quit); <-done }
}

func (c *Client) movedFiles() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// measure adds up what the pairs have before them: moved bytes and done files are behind. most is the most that there was until now.
func (c *Client) measure(moved int64, done int, most *Progress) Progress {
	s := c.Status()
	files, bytes, names := 0, int64(0), ""
	for _, p := range s.Pairs {
		files += p.PendingFiles
		bytes += p.PendingBytes
		if p.State == StateWorking && names == "" {
			names = p.Name
		}
	}
	most.FilesTotal = max(most.FilesTotal, files)
	most.BytesTotal = max(most.BytesTotal, bytes)
	return Progress{Phase: names, Files: max(most.FilesTotal-files, min(done, most.FilesTotal)), FilesTotal: most.FilesTotal, Bytes: min(moved, most.BytesTotal), BytesTotal: most.BytesTotal}
}

// after does what is due when the pairs are done: batches of volumes without an engine that were not confirmed, what crashes left in the
// store, checkpoints, and once a day the sweep and this computer's description. Nothing of it keeps anything from being safe, so
// that a failure is only noted.
func (c *Client) after(ctx context.Context, l *link) {
	c.note("send what was not confirmed", c.settle(ctx, l))
	for _, p := range c.all() {
		if st, _ := p.status(PairStatus{}); st.State != StateSafe {
			continue
		}
		u := l.use(p.vol)
		c.note("abort left-over uploads", l.transfer.CleanUp(ctx, p.vol.Prefix()+"/"))
		c.note("write a checkpoint", u.alone(func() error { return u.vol.Checkpoint(ctx, u.vol.StoreNow()) }))
		c.note("empty the safety folder", p.prune(ctx))
	}
	c.note("sweep", c.daily(ctx, l))
	for _, p := range c.all() {
		u := l.use(p.vol)
		c.note("fold what was told", u.alone(func() error { return u.vol.Fold(ctx) })) // checkpoint and sweep take it apart
	}
}

// keepDays is how long the safety folder inside a root keeps what others removed or replaced.
const keepDays = 30

// prune removes from the safety folder what has lain there for long.
func (p *pair) prune(ctx context.Context) error {
	p.mu.Lock()
	loc := p.loc
	p.mu.Unlock()
	if loc == nil {
		return nil
	}
	return loc.Prune(ctx, p.c.o.Now().AddDate(0, 0, -keepDays).Format("2006-01-02"))
}

func (c *Client) note(what string, err error) {
	if err != nil {
		c.o.Log.Warn(what, "error", err)
	}
}

// settle sends again what a crash left unconfirmed in volumes without an engine.
func (c *Client) settle(ctx context.Context, l *link) error {
	names, err := c.db.Pairs(ctx)
	if err != nil {
		return err
	}
	for _, n := range names {
		v, ok := l.volumeOf(n)
		if !ok {
			continue
		}
		u := l.use(v)
		if u.engined() {
			continue
		}
		s, err := u.store.Load(ctx)
		if err != nil {
			return err
		}
		if s.Intent == nil {
			continue
		}
		if err := u.refresh(ctx); err != nil {
			return err
		}
	}
	return nil
}

const (
	dailyKey = "daily"
	day      = 24 * time.Hour
)

// daily does what is done at most once a day.
func (c *Client) daily(ctx context.Context, l *link) error {
	now := c.o.Now()
	if b, err := c.db.Get(ctx, dailyKey); err == nil && len(b) > 0 {
		last, err := time.Parse(time.RFC3339, string(b))
		if err == nil && now.Sub(last) < day && !last.After(now) {
			return nil
		}
	}
	if err := c.db.Put(ctx, dailyKey, []byte(now.UTC().Format(time.RFC3339))); err != nil {
		return err
	}
	if err := l.saveDevice(ctx); err != nil {
		return err
	}
	c.note("look for what the storage has lost", c.healAll(ctx, l))
	return c.sweep(ctx, l)
}

// Sweep forgets what has expired: at most once a day by itself, now when called.
func (c *Client) Sweep(ctx context.Context) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	return fail(c.sweep(ctx, l))
}

// repack moves what is kept out of objects of which most is not kept any more.
func (c *Client) repack(ctx context.Context, u *volumeUse, r space.SweepReport) error {
	if len(r.Sparse) == 0 {
		return nil
	}
	ops, err := u.vol.Repack(ctx, r)
	if err != nil {
		return err
	}
	return u.Tell(ctx, func(*merge.State) ([]merge.Op, error) { return ops, nil })
}

func (c *Client) sweep(ctx context.Context, l *link) error {
	all, err := l.all(ctx)
	if err != nil {
		return err
	}
	for _, u := range all {
		if err := u.refresh(ctx); err != nil {
			return err
		}
		if c.pairOf(u.name) == nil { // those of pairs are looked after when the pair has nothing left to send
			c.note("abort left-over uploads", l.transfer.CleanUp(ctx, u.name.Prefix()+"/"))
		}
		var r space.SweepReport
		err := u.alone(func() (err error) {
			r, err = l.space.Sweep(ctx, u.vol, space.SweepOptions{})
			return err
		})
		if err != nil {
			return err
		}
		c.o.Log.Info("sweep", "volume", u.name, "planned", r.Planned, "finished", r.Finished, "objects", r.Objects, "bytes", r.Bytes)
		c.note("make room in the storage", c.repack(ctx, u, r))
	}
	return nil
}
