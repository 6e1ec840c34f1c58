package app

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/disk/volume"
	"elkjopcloud/platform/disk/watch"
	"elkjopcloud/sync/engine"
)

const (
	lookEvery   = 4 * time.Second // at drives, pauses and the history
	pollEvery   = time.Minute     // at folders whose system does not tell of changes
	dailyEvery  = time.Hour       // at what is done once a day
	openLongest = 15 * time.Second
)

// Run works and watches until ctx ends, and takes up what is changed through this client. It returns nil when ctx ended.
func (c *Client) Run(ctx context.Context) error {
	c.mu.Lock()
	if c.running {
		c.mu.Unlock()
		return NewProblem(CodeAnotherInstance, c.o.Home, nil)
	}
	c.running = true
	c.mu.Unlock()
	r := &runner{c: c, pairs: map[*pair]context.CancelFunc{}, conditions: conditions{c: c}}
	r.loop(ctx)
	c.mu.Lock()
	c.running = false
	c.mu.Unlock()
	c.hold(nil)
	c.saveStatus(ctx)
	return fail(c.flush(context.WithoutCancel(ctx)))
}

// runner supervises the pairs.
type runner struct {
	c       *Client
	pairs   map[*pair]context.CancelFunc
	wg      sync.WaitGroup
	fails   int
	daily   time.Time
	rules   time.Time
	rooms   time.Time
	weighed time.Time // when it was looked how much lies in the Trash
	shown   string    // the Synced folder that the sidebar was looked after for
	conditions
}

func (r *runner) loop(ctx context.Context) {
	defer r.wg.Wait()
	defer r.rest()
	r.wg.Go(func() { r.c.lookAfterLinks(ctx) })
	if r.c.o.Power != nil {
		r.wg.Go(func() { r.watch(ctx) })
	}
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.c.poke:
		case <-wait.C:
		}
		wait.Reset(r.round(ctx))
	}
}

// round sees to it that what is to run runs, and returns when to look again.
func (r *runner) round(ctx context.Context) time.Duration {
	c := r.c
	c.resumeWhenDue()
	r.look(ctx)
	l, err := c.open(ctx)
	if err != nil {
		r.fails++
		return min(time.Second<<min(r.fails, 4), openLongest)
	}
	r.fails = 0
	if c.ownID(ctx, l) {
		c.unlink()
		return 0
	}
	r.stayAwake(ctx, l)
	c.findDrives(ctx)
	r.start(ctx)
	c.keepTimes()
	r.sidebar(ctx)
	if now := c.o.Now(); now.Sub(r.rules) >= rulesEvery {
		r.rules = now
		r.wg.Go(func() { c.rules(ctx) })
	}
	if now := c.o.Now(); now.Sub(r.rooms) >= roomEvery {
		r.rooms = now
		r.wg.Go(func() { c.measureRoom(ctx) })
	}
	if now := c.o.Now(); now.Sub(r.weighed) >= weighEvery {
		r.weighed = now
		c.weigh()
	}
	c.note("write the history", c.flush(ctx))
	if now := c.o.Now(); now.Sub(r.daily) >= dailyEvery && c.Status().State == StateSafe {
		if !r.daily.IsZero() {
			c.told()
		}
		r.daily = now
		c.after(ctx, l)
		c.saveStatus(ctx)
	}
	return lookEvery
}

// told forgets what was mended and has been shown for long enough.
func (c *Client) told() {
	c.mu.Lock()
	c.notes = slices.DeleteFunc(c.notes, func(p *Problem) bool { return !open(p) })
	c.mu.Unlock()
}

// sidebar lets the file manager show the Synced folder, once for each.
func (r *runner) sidebar(ctx context.Context) {
	s := r.c.settings().Synced
	if s == nil || s.Root == r.shown {
		return
	}
	r.shown = s.Root
	r.wg.Go(func() { r.c.lookAfterSidebar(ctx) })
}

// start begins new pairs and forgets those that were closed.
func (r *runner) start(ctx context.Context) {
	here := map[*pair]bool{}
	for _, p := range r.c.all() {
		here[p] = true
		if r.pairs[p] == nil {
			pctx, cancel := context.WithCancel(ctx)
			r.pairs[p] = cancel
			r.wg.Go(func() { p.run(pctx) })
		}
	}
	for p, cancel := range r.pairs {
		if !here[p] {
			cancel()
			delete(r.pairs, p)
		}
	}
}

// run works for one pair until ctx ends or the pair is closed. While its folder is not there it looks for it.
func (p *pair) run(ctx context.Context) {
	for ctx.Err() == nil && p.ended.Err() == nil {
		p.mu.Lock()
		p.started = true
		p.mu.Unlock()
		err := p.with(ctx, p.work)
		if err != nil && !errors.Is(err, context.Canceled) {
			p.c.o.Log.Info("a folder cannot be looked after now", "pair", p.name, "error", err)
		}
		p.c.damaged(err)
		p.c.signal()
		select {
		case <-ctx.Done():
		case <-p.ended.Done():
		case <-time.After(lookEvery):
		}
	}
}

// work lets the engine run, watches the folder, and looks whether it is there.
func (p *pair) work(ctx context.Context, e *engine.Engine) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { p.attend(ctx, e) })
	err := e.Run(ctx, p.c.o.Pace)
	cancel()
	wg.Wait()
	return err
}

// attend watches the folder while it is there. When it comes and goes, everything is looked at anew.
func (p *pair) attend(ctx context.Context, e *engine.Engine) {
	for ctx.Err() == nil {
		away := p.present(ctx) != nil
		p.mu.Lock()
		p.gone = away
		p.mu.Unlock()
		if !away {
			p.watch(ctx, e)
			e.Mark()
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
}

// watch passes on what changes until ctx ends or the folder is not there any more.
func (p *pair) watch(ctx context.Context, e *engine.Engine) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := watch.Watch(ctx, p.root, p.watchOptions(ctx))
	if err != nil {
		p.c.o.Log.Warn("watch the folder", "pair", p.name, "error", err)
		return
	}
	defer w.Close()
	e.Mark() // what changed before the watch began
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		defer cancel()
		p.guardDrive(ctx)
	})
	for {
		paths, all, err := w.Next(ctx)
		switch {
		case err != nil:
			cancel()
			return
		case all:
			e.Mark()
		case len(paths) > 0:
			e.Mark(paths...)
		}
	}
}

// guardDrive returns when the folder is gone.
func (p *pair) guardDrive(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if p.present(ctx) != nil {
				return
			}
		}
	}
}

func (p *pair) watchOptions(ctx context.Context) watch.Options {
	o := watch.Options{}
	if v, err := volume.Look(ctx, p.root); err == nil && !v.Announced {
		o.Poll = pollEvery
	}
	if rules, err := p.rules(); err == nil {
		o.Ignore = func(path string, dir bool) bool { return rules.MatchEntry(path, dir) != ignore.None }
	}
	return o
}
