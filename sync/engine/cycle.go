package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
)

// ErrNotConnected means that the pair's folder is not there: an unplugged drive, a lost network folder.
var ErrNotConnected = errors.New("the folder is not connected")

// Cycle does everything that there is to do and returns when disk and cloud are equal, or when what is left cannot be done now. The
// error is what stopped it; what concerns single files is in Status().Problems. A crash at any point is mended by the next Cycle.
func (e *Engine) Cycle(ctx context.Context) error {
	c := newCrew(ctx)
	defer c.dismiss()
	for {
		if err := e.turn(ctx, c); err != nil || e.isPaused() || !e.hauling() {
			return err
		}
		for e.hauling() && !e.isDirty() && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-e.wake:
			case <-time.After(time.Second): // Run may have been woken instead
			}
		}
	}
}

// turn does what there is to do but for huge files, which the crew moves.
func (e *Engine) turn(ctx context.Context, c *crew) error {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	e.crew = c
	if e.isPaused() {
		return e.know(ctx)
	}
	defer e.rest()
	e.update(func(s *Status) {
		if s.State != Offline && len(e.hauls) == 0 { // until the store has answered it may well still be
			s.State = Checking
		}
	})
	err := e.work(ctx)
	if driveGone(err) && !errors.Is(err, ErrNotConnected) {
		e.Local.Forget()
		e.markAll()
		err = fmt.Errorf("%w: %w", ErrNotConnected, err)
	}
	e.finish(err)
	return err
}

// rest lets go of what only a cycle needs.
func (e *Engine) rest() {
	e.matched, e.compared, e.early, e.told = nil, compared{}, nil, nil
	e.base.Compact()
}

// know reads what is remembered, so that Status has its totals also while nothing is done.
func (e *Engine) know(ctx context.Context) error {
	if err := e.load(ctx); err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	return nil
}

// begin forgets what the last cycle found.
func (e *Engine) begin() {
	e.found, e.failed, e.restless, e.told, e.clocked = nil, map[string]bool{}, map[string]int{}, map[string]int{}, false
	e.looks = 0
}

func (e *Engine) work(ctx context.Context) error {
	e.begin()
	for _, step := range []func(context.Context) error{e.know, e.pull, e.answered, e.confirmIntent, e.present, e.recoverActs, e.recoverOwn} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := e.guard.act(ctx, e); err != nil {
		return err
	}
	if err := e.settle(ctx); err != nil {
		return err
	}
	e.fold(ctx)
	return nil
}

// fold packs what was told. Where that fails, as when the disk of this computer's own things is full, everything stays as it is.
func (e *Engine) fold(ctx context.Context) {
	if err := e.Volume.Fold(ctx); err != nil && ctx.Err() == nil {
		e.Log.Warn("fold what was told", "pair", e.Name, "error", err)
	}
}

// answered notes that the store can be reached.
func (e *Engine) answered(context.Context) error {
	e.update(func(s *Status) {
		if s.State == Offline {
			s.State = Checking
		}
	})
	return nil
}

// settle goes round until a round changes nothing, or until it is paused.
func (e *Engine) settle(ctx context.Context) error {
	for !e.isPaused() {
		if err := e.gather(ctx); err != nil {
			return err
		}
		in, err := e.observe(ctx)
		if err != nil {
			return err
		}
		up, err := e.up(ctx, in)
		if err != nil {
			return err
		}
		down, err := e.down(ctx)
		if err != nil {
			return err
		}
		if !up && !down && !e.isDirty() {
			if err := e.join(ctx); err != nil {
				return err
			}
			if err := e.mend(ctx); err != nil {
				return err
			}
			if err := e.tidy(ctx); err != nil || e.Local.Seen() {
				return err
			}
		}
		if err := e.poll(ctx); err != nil {
			return err
		}
	}
	return nil
}

// join remembers that what lay in the folder at the beginning is compared. Until then a file may be a copy that is behind, also after a
// restart in the middle.
func (e *Engine) join(ctx context.Context) error {
	if !e.joining || e.hauling() {
		return nil
	}
	if err := e.save(ctx, Change{Joined: true}); err != nil {
		return err
	}
	e.joining = false
	return nil
}

// pull brings the others' batches. The first time it lists the histories, so that a lost notice hides nothing.
func (e *Engine) pull(ctx context.Context) error {
	if err := e.read(ctx, e.how()); err != nil {
		return err
	}
	e.listed = true
	return nil
}

func (e *Engine) how() space.How {
	if e.listed {
		return space.Poll
	}
	return space.List
}

func (e *Engine) poll(ctx context.Context) error { return e.read(ctx, space.Poll) }

func (e *Engine) read(ctx context.Context, how space.How) error {
	_, err := e.Volume.Pull(ctx, how)
	if err != nil {
		return fmt.Errorf("read what other devices did: %w", err)
	}
	e.planned = e.Volume.Changes()
	return nil
}

// Alone runs f while no cycle runs and nothing is told: for work on the volume that may change what it shows.
func (e *Engine) Alone(f func() error) error {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	return f()
}

// confirmIntent sends a batch that may have been sent before, the same bytes under the same name, and commits Base from it. Nothing
// is planned before that.
func (e *Engine) confirmIntent(ctx context.Context) error {
	if e.intent == nil {
		return nil
	}
	p, err := space.DecodePending(e.intent.Key, e.intent.Body)
	if err != nil {
		return fmt.Errorf("read the batch that was to be sent: %w", err)
	}
	err = e.Volume.Publish(ctx, p)
	if errors.Is(err, space.ErrForeign) || errors.Is(err, space.ErrStale) {
		// It was never stored and never will be, so what it would have told is planned anew.
		e.Log.Warn("a batch was given up", "pair", e.Name, "batch", p.Key, "error", err)
		return e.save(ctx, Change{ClearIntent: true})
	}
	if err != nil {
		return fmt.Errorf("tell the cloud: %w", err)
	}
	return e.commitIntent(ctx)
}

// Tell publishes operations that a person asked for (restore, delete for ever, an earlier version), made from the newest state. They
// are remembered like every batch until they are confirmed. No operations are no error.
func (e *Engine) Tell(ctx context.Context, ops func(*merge.State) ([]merge.Op, error)) error {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	for _, step := range []func(context.Context) error{e.load, e.pull, e.confirmIntent} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	list, err := ops(e.Volume.State())
	if err != nil || len(list) == 0 {
		return err
	}
	e.markAll()
	e.Wake()
	return e.announce(ctx, list)
}

// announce sends operations that leave Base as it is. They are remembered until they are confirmed.
func (e *Engine) announce(ctx context.Context, list []merge.Op) error {
	if len(list) == 0 {
		return nil
	}
	p, err := e.Volume.Prepare(list, true)
	if err != nil {
		return fmt.Errorf("prepare a batch: %w", err)
	}
	if err := e.save(ctx, Change{Intent: &Intent{Key: p.Key, Body: p.Body}}); err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	return e.confirmIntent(ctx)
}

func (e *Engine) commitIntent(ctx context.Context) error {
	i := e.intent
	return e.save(ctx, Change{Set: i.Commit.Set, Drop: i.Commit.Drop, ClearIntent: true, NoUploads: i.Told})
}

// present makes sure that the root is the one that was chosen.
func (e *Engine) present(ctx context.Context) error {
	if err := e.Present(ctx); err != nil {
		e.Local.Forget()
		return fmt.Errorf("%w: %w", ErrNotConnected, err)
	}
	now := e.Now()
	e.update(func(s *Status) { s.LastSeen = now })
	return nil
}

// knowClock learns the store's clock when it matters: something that Base has was deleted or replaced by others, and may have expired by now.
func (e *Engine) knowClock(ctx context.Context) error {
	if e.clocked {
		return nil
	}
	e.clocked = true
	if !plan.Stale(e.base, e.Volume.State()) {
		return nil
	}
	if err := e.Volume.KnowClock(ctx); err != nil {
		return fmt.Errorf("learn the time of the storage: %w", err)
	}
	return nil
}

// recoverOwn puts our folder inside the root in order, once after a start.
func (e *Engine) recoverOwn(ctx context.Context) error {
	if !e.recover || e.UpOnly {
		return nil
	}
	if err := e.Local.Recover(ctx, e.known(), e.wanted); err != nil {
		return fmt.Errorf("put the folder in order: %w", err)
	}
	e.recover = false
	return nil
}

// tidy removes what was staged and is of no use any more. What could not be placed stays for the next cycle.
func (e *Engine) tidy(ctx context.Context) error {
	if e.UpOnly || len(e.failed) > 0 || e.hauling() || !e.Local.Untidy() {
		return nil
	}
	err := e.Local.Recover(ctx, e.known(), func(string) bool { return false })
	if err != nil {
		return fmt.Errorf("put the folder in order: %w", err)
	}
	return nil
}

// observe looks at the disk and makes the planner's input. Files whose bytes must be known are hashed, and what waits under a name of ours that Base
// does not know is given back first.
func (e *Engine) observe(ctx context.Context) (plan.Input, error) {
	in, err := e.look(ctx)
	if err != nil || e.equal(in) {
		return in, err
	}
	if strays := plan.Strays(in); len(strays) > 0 {
		if err := e.Local.Parked(ctx, strays, e.known()); err != nil {
			e.downFailed(strays[0], err)
			return in, e.hash(ctx, in)
		}
		e.markAll()
		if in, err = e.look(ctx); err != nil {
			return in, err
		}
	}
	return in, e.hash(ctx, in)
}

func (e *Engine) look(ctx context.Context) (plan.Input, error) {
	e.looks++
	dirty := e.takeDirty()
	o, err := e.Local.Observe(ctx, dirty)
	if err != nil {
		e.markAll()
		if errors.Is(err, disk.ErrGone) || disk.IsNotExist(err) {
			return plan.Input{}, fmt.Errorf("%w: %w", ErrNotConnected, err)
		}
		return plan.Input{}, fmt.Errorf("look at the folder: %w", err)
	}
	// The folder may have gone away while it was read.
	if err := e.present(ctx); err != nil {
		e.markAll()
		return plan.Input{}, err
	}
	if e.UpOnly && !e.Known && o.Entries.Len() == 0 && e.base.Len() > 0 {
		e.Local.Forget()
		return plan.Input{}, fmt.Errorf("%w: the folder is empty, and was not before", ErrNotConnected)
	}
	e.skipped(o)
	in := e.input(o)
	e.matched = in.Local
	e.lost, e.foreign, e.remain = nil, nil, nil
	if e.equal(in) {
		return in, nil
	}
	e.away(in)
	e.elsewhere(in)
	e.remains(in)
	return in, e.knowClock(ctx)
}

// compared is what plan.Equal was asked about: what the disk showed, with the Base that it was matched with, and how often the volume had changed.
type compared struct {
	local   *plan.Locals
	changes int
	off     bool
	equal   bool
}

// equal tells whether disk, Base and cloud are the same, so that nothing need be planned.
func (e *Engine) equal(in plan.Input) bool {
	now := compared{local: in.Local, changes: e.Volume.Changes(), off: in.Off != nil}
	if now.equal = e.compared.equal; now != e.compared {
		now.equal = plan.Equal(in)
	}
	e.compared = now
	return now.equal
}

func (e *Engine) input(o local.Observation) plan.Input {
	l := e.matched
	if !o.Same || l == nil {
		l = plan.Match(o.Entries, e.base)
	}
	return plan.Input{
		Local: l, Base: e.base, State: e.Volume.State(), Skip: e.Local.Skip(), Unsure: e.Local.Unsure(), Off: e.isOff(), Joining: e.joining, Expired: e.Volume.Expired,
		UpOnly: e.UpOnly, FoldNames: e.FoldNames, NoExec: e.NoExec,
	}
}
