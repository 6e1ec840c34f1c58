package engine

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
)

// early is what became of small files whose bytes were sent while the batch before theirs was told: the one waits for the processor and the disk, the other for
// the store. No batch names them yet, and what is never named the sweep deletes, as after a crash. nil is nothing.
type early struct {
	sent   map[string]plan.Sent // by path
	held   map[string]plan.Sent // read, and not sent as the volume has the bytes: what counts is the hash, and what the file was
	failed map[string]bool      // not tried again before their turn
}

// isIn tells whether something of a plan was sent early.
func (a *early) isIn(in plan.Input, ups []plan.Up) bool {
	if a == nil || len(a.sent) == 0 {
		return false
	}
	for _, u := range ups {
		if s, ok := a.sent[u.Path]; ok && u.Kind == merge.Create && s.Disk.Unchanged(in.Local.Get(u.ID).Disk) {
			return true
		}
	}
	return false
}

func (a *early) hasFailed(u plan.Up) bool { return a != nil && a.failed[u.Path] }

// known fills in the hashes of new files that were read early.
func (a *early) known(in plan.Input, ups []plan.Up) []plan.Up {
	if a == nil || len(a.held) == 0 {
		return ups
	}
	var out []plan.Up
	for _, u := range ups {
		l := in.Local.Get(u.ID)
		if s, ok := a.held[u.Path]; ok && u.Kind == merge.Create && u.Known.IsZero() && s.Disk.Unchanged(l.Disk) {
			l.Hash, u.Known = s.Content.Hash, s.Content.Hash
		}
		out = append(out, u)
	}
	return out
}

// prior returns what was sent before and a batch may name.
func (e *Engine) prior() map[string]plan.Sent {
	before := e.remembered()
	if e.early == nil || len(e.early.sent) == 0 {
		return before
	}
	all := maps.Clone(e.early.sent)
	maps.DeleteFunc(all, e.tooOld())
	maps.Copy(all, before)
	return all
}

// sendEarly begins to send new small files, and returns who waits until that is done, or has it end soon. It ends by itself as soon as something else has happened.
func (e *Engine) sendEarly(ctx context.Context, in plan.Input, ups []plan.Up) (wait func(soon bool)) {
	a := &early{sent: map[string]plan.Sent{}, held: map[string]plan.Sent{}, failed: map[string]bool{}}
	if e.early != nil {
		a.failed = e.early.failed
	}
	e.early = a
	send := e.Cloud.Early(in, ups)
	if send == nil {
		return func(bool) {}
	}
	var stop atomic.Bool
	began := e.Now()
	enough := func() bool { return stop.Load() || e.isDirty() || e.isPaused() || e.Now().Sub(began) > longTurn }
	answers := func(u plan.Up, s plan.Sent, held bool, err error) {
		switch {
		case err != nil:
			a.failed[u.Path] = true // and again in its turn, when it is told
		case held:
			a.held[u.Path] = s
		default:
			a.sent[u.Path] = s
		}
	}
	var w sync.WaitGroup
	if e.Parallel == 1 { // in order, so that a simulated run is always the same
		send(ctx, enough, answers)
	} else {
		w.Go(func() { send(ctx, enough, answers) })
	}
	return func(soon bool) {
		stop.Store(soon)
		w.Wait()
	}
}
