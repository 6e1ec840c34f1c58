package engine

import (
	"context"
	"slices"
	"time"
)

// Mark notes that paths on the disk may have changed; none means everything.
func (e *Engine) Mark(paths ...string) {
	if len(paths) == 0 {
		e.markAll()
	} else {
		e.mark(paths...)
	}
	e.doubt()
	e.Wake()
}

// doubt takes back that everything is equal: what was marked may not be sent yet, and Run may be waiting for an answer of the store.
func (e *Engine) doubt() {
	e.update(func(s *Status) {
		if s.State == UpToDate {
			s.State = Checking
		}
	})
}

func (e *Engine) mark(paths ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.dirty == nil {
		e.dirty = map[string]bool{}
	}
	for _, p := range paths {
		if p != "" {
			e.dirty[p] = true
		}
	}
}

func (e *Engine) markAll() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.whole = true
}

// Marked tells whether something may have changed that was not looked at since.
func (e *Engine) Marked() bool { return e.isDirty() }

// isDirty tells whether there is something to look at.
func (e *Engine) isDirty() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.whole || len(e.dirty) > 0 {
		return true
	}
	for _, h := range e.hauls {
		if h.ended {
			return true
		}
	}
	return false
}

// takeDirty returns what to look at: nil for everything.
func (e *Engine) takeDirty() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]string, 0, len(e.dirty))
	for p := range e.dirty {
		out = append(out, p)
	}
	slices.Sort(out)
	if e.whole {
		out = nil
	}
	e.dirty, e.whole = nil, false
	return out
}

// Wake lets Run begin a cycle soon.
func (e *Engine) Wake() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Pause stops the pair after the batch or the window of acts that it is at, and huge files at once; Resume lets it go on.
func (e *Engine) Pause() {
	e.update(func(s *Status) {
		e.paused, s.State = true, Paused
		for _, h := range e.hauls {
			h.stop()
		}
	})
}

// Resume ends a pause.
func (e *Engine) Resume() {
	e.mu.Lock()
	e.paused = false
	e.mu.Unlock()
	e.markAll()
	e.Wake()
}

// IsPaused tells whether Pause was called last.
func (e *Engine) IsPaused() bool { return e.isPaused() }

func (e *Engine) isPaused() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.paused
}

// Pace says how often Run looks when nothing calls it.
type Pace struct {
	Busy time.Duration // between looks at the notice while something moved in the last minute (1 s); half of it while something did just now
	Idle time.Duration // otherwise (15 s)
	List time.Duration // between lists of the histories, which find what a lost notice hid (5 min)
	Scan time.Duration // between looks at the whole folder (1 h)
}

func (p *Pace) defaults() {
	if p.Busy <= 0 {
		p.Busy = time.Second
	}
	if p.Idle <= 0 {
		p.Idle = 15 * time.Second
	}
	if p.List <= 0 {
		p.List = 5 * time.Minute
	}
	if p.Scan <= 0 {
		p.Scan = time.Hour
	}
}

// Run works until the context ends: when woken, when the notice changes, and by the clock. It goes on after every failure, later and later.
func (e *Engine) Run(ctx context.Context, p Pace) error {
	p.defaults()
	c := newCrew(ctx)
	defer c.dismiss()
	r := &runner{e: e, crew: c, pace: p, active: e.Now(), list: e.Now(), scan: e.Now()}
	for ctx.Err() == nil {
		r.round(ctx)
		select {
		case <-ctx.Done():
		case <-e.wake:
			r.active = e.Now()
		case <-time.After(r.pause()):
		}
	}
	return ctx.Err()
}

type runner struct {
	e                  *Engine
	crew               *crew
	pace               Pace
	active, list, scan time.Time
	fails              int
	first              bool
	tried              time.Time     // the last cycle
	again              time.Duration // after which single files that failed are tried again; 0 when there are none
}

// round does a cycle if there is anything to do.
func (r *runner) round(ctx context.Context) {
	e, now := r.e, r.e.Now()
	if now.Sub(r.scan) >= r.pace.Scan {
		e.markAll()
		r.scan = now
	}
	if now.Sub(r.list) >= r.pace.List {
		e.relist()
		r.list = now
	}
	if r.again > 0 && now.Sub(r.tried) >= r.again {
		e.retry()
	}
	var err error
	if r.first && r.fails == 0 && !e.isDirty() {
		var any bool
		if any, err = e.news(ctx); err == nil && !any {
			return
		}
	}
	r.first = true
	if err == nil {
		err = e.turn(ctx, r.crew)
		if e.Rested != nil {
			e.Rested()
		}
	}
	if err != nil {
		r.fails++
		e.Log.Info("cycle", "pair", e.Name, "error", err)
		return
	}
	r.fails = 0
	if r.again == 0 {
		r.active = e.Now()
	}
	r.tried, r.again = e.Now(), nextTry(r.again, e.stuck())
}

// nextTry: nobody tells when another program lets go of a file, or when an object is whole again.
func nextTry(again time.Duration, stuck bool) time.Duration {
	if !stuck {
		return 0
	}
	return max(time.Minute, min(2*again, 15*time.Minute))
}

// stuck tells whether the last cycle left files behind.
func (e *Engine) stuck() bool {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	return len(e.failed) > 0
}

// retry marks what the last cycle left behind.
func (e *Engine) retry() {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	for p := range e.failed {
		e.mark(p)
	}
}

// justNow is how long after something has moved the next thing is likely to: somebody works on the files.
const justNow = 15 * time.Second

// pause is how long to wait for the next look.
func (r *runner) pause() time.Duration {
	if r.fails > 0 {
		return min(r.pace.Busy<<min(r.fails, 6), 15*time.Second)
	}
	switch since := r.e.Now().Sub(r.active); {
	case since < justNow:
		return r.pace.Busy / 2
	case since < time.Minute:
		return r.pace.Busy
	}
	return r.pace.Idle
}

// relist makes the next pull list the histories.
func (e *Engine) relist() {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	e.listed = false
}

// news looks at the notice and tells whether there is anything to do. A failure is in Status at once: a cycle would only ask again, which
// takes minutes when nobody answers.
func (e *Engine) news(ctx context.Context) (any bool, err error) {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	if e.isPaused() || !e.loaded {
		return !e.isPaused(), nil
	}
	if _, err := e.Volume.Pull(ctx, e.how()); err != nil {
		e.finish(err)
		return false, err
	}
	e.listed = true
	// Somebody else who looked at the volume may have read what is new.
	return e.Volume.Changes() != e.planned, nil
}
