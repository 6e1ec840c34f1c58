package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
)

// A huge file is moved beside the cycles, which it would hold up for hours: what else happens meanwhile goes past it. When it has arrived, the
// next cycle finds that it need not be sent or fetched any more.

// maxHauls is how many move at a time in each direction; each has several parts on their way.
const maxHauls = 2

// errStopped: it was to move no more.
var errStopped = errors.New("stopped on its way")

// cargo names what moves: the path of a file that is sent, or a version that is fetched.
type cargo struct {
	up   bool
	name string
}

// haul is a huge file on its way.
type haul struct {
	cargo
	path  string
	was   plan.Signature // of a file that is sent
	sent  *plan.Sent     // what came of it
	tries int            // how often the file was found changed
	stop  context.CancelFunc
	ended bool
	err   error
}

// crew moves the huge files of one Run or Cycle, which ends only when none of them moves any more.
type crew struct {
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup
}

func newCrew(ctx context.Context) *crew {
	c := &crew{}
	c.ctx, c.stop = context.WithCancel(ctx)
	return c
}

func (c *crew) dismiss() {
	c.stop()
	c.wg.Wait()
}

// hauling tells whether something moves, or has ended without being taken in.
func (e *Engine) hauling() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.hauls) > 0
}

// carry lets a file go on its way, unless it is under way already or enough others are.
func (e *Engine) carry(h *haul, move func(ctx context.Context) error) {
	c := e.crew
	var ctx context.Context
	ctx, h.stop = context.WithCancel(c.ctx)
	if !e.enlist(h) {
		h.stop()
		return
	}
	e.update(func(s *Status) { s.State = Working })
	c.wg.Add(1)
	e.Beside(func() {
		defer c.wg.Done()
		err := move(ctx)
		if ctx.Err() != nil && err != nil {
			err = errStopped
		}
		h.stop()
		e.mu.Lock()
		h.ended, h.err = true, err
		e.mu.Unlock()
		e.Mark(h.path)
	})
}

func (e *Engine) enlist(h *haul) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for c := range e.hauls {
		if c.up == h.up {
			n++
		}
	}
	if e.hauls[h.cargo] != nil || n >= maxHauls {
		return false
	}
	if e.hauls == nil {
		e.hauls = map[cargo]*haul{}
	}
	e.hauls[h.cargo] = h
	return true
}

// carryUp sends a file.
func (e *Engine) carryUp(in plan.Input, u plan.Up) {
	h := &haul{cargo: cargo{true, u.Path}, path: u.Path, was: in.Local.Get(u.ID).Disk, tries: e.restless[u.Path]}
	send := e.Cloud.Sending(in, u)
	e.carry(h, func(ctx context.Context) error {
		s, err := send(ctx)
		h.sent = &s
		return err
	})
}

// isSending tells whether a file is under way as it is.
func (e *Engine) isSending(path string, is plan.Signature) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.hauls[cargo{true, path}]
	return h != nil && h.was.Unchanged(is)
}

// recall stops what is under way in one direction and nobody wants any more.
func (e *Engine) recall(up bool, wanted func(*haul) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range e.hauls {
		if h.up == up && !wanted(h) {
			h.stop()
		}
	}
}

func (e *Engine) recallSending(in plan.Input, ups []plan.Up) {
	now := map[string]plan.Signature{}
	for _, u := range ups {
		if u.Kind == merge.Create || u.Kind == merge.Put {
			now[u.Path] = in.Local.Get(u.ID).Disk
		}
	}
	e.recall(true, func(h *haul) bool {
		is, ok := now[h.path]
		return ok && h.was.Unchanged(is)
	})
}

// withoutHuge leaves out the acts that need a huge file which is not here yet, and fetches it.
func (e *Engine) withoutHuge(acts []plan.Down) []plan.Down {
	want := map[string]bool{}
	out := leaveOut(acts, func(a plan.Down) bool {
		if !fetches(a) || a.Version.Content.Size < e.Huge || e.hopeless(target(a)) || e.Local.Staged(a.Version) {
			return false
		}
		v := a.Version
		h := &haul{cargo: cargo{false, v.ID.String()}, path: target(a)}
		want[h.name] = true
		near := e.near(a)
		e.carry(h, func(ctx context.Context) error { return e.Local.Stage(ctx, v, near) })
		return true
	})
	e.recall(false, func(h *haul) bool { return want[h.name] })
	return out
}

// gather takes in what has ended. It comes before the disk is looked at, because a file that was found changed is to be seen anew.
func (e *Engine) gather(ctx context.Context) error {
	var c Change
	var stop error
	for _, h := range e.arrived() {
		switch {
		case h.err == nil && h.up:
			c.Uploads = append(c.Uploads, Upload{h.path, h.sent.Disk, h.sent.Content})
		case h.err == nil || errors.Is(h.err, errStopped):
		case stops(h.err):
			stop = errors.Join(stop, fmt.Errorf("move %s: %w", h.path, h.err))
		case h.up:
			e.restless[h.path] = h.tries
			e.fileFailed(h.path, h.err)
		default:
			e.downFailed(h.path, h.err)
		}
	}
	if len(c.Uploads) > 0 {
		if err := e.save(ctx, c); err != nil {
			return fmt.Errorf("write the database: %w", err)
		}
	}
	return stop
}

// arrived returns the hauls that have ended, which are forgotten.
func (e *Engine) arrived() []*haul {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []*haul
	for c, h := range e.hauls {
		if h.ended {
			out = append(out, h)
			delete(e.hauls, c)
		}
	}
	return out
}
