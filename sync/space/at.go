package space

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// ErrTooEarly says that the histories do not reach back to a time.
var ErrTooEarly = errors.New("the histories do not reach back so far")

// At returns the volume as it was at a time on the store's clock: all batches that were stored until then. The contents of what was
// deleted or replaced long before now may be forgotten. ErrTooEarly where the histories do not reach back.
func (v *Volume) At(ctx context.Context, t time.Time) (*merge.State, error) {
	v.busy.Lock()
	defer v.busy.Unlock()
	s, err := v.at(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("%s at %s: %w", v.name, t.Format(time.RFC3339), err)
	}
	s.Follow(v.log.State())
	return s, nil
}

func (v *Volume) at(ctx context.Context, t time.Time) (*merge.State, error) {
	r := &restarting{v: v, bodies: map[merge.BatchID]StoredBatch{}}
	if err := r.collect(ctx); err != nil {
		return nil, err
	}
	starts, err := v.checkpointsUntil(ctx, t)
	if err != nil {
		return nil, err
	}
	for _, n := range starts {
		s, _, err := v.readCheckpoint(ctx, n)
		if err != nil {
			return nil, err
		}
		if s == nil {
			continue
		}
		if l, err := r.until(ctx, s.Checkpoint, t); l != nil || err != nil {
			return l, err
		}
	}
	s, err := r.until(ctx, nil, t)
	if s == nil && err == nil {
		err = ErrTooEarly
	}
	return s, err
}

// checkpointsUntil returns the checkpoints that were stored until a time, the newest first.
func (v *Volume) checkpointsUntil(ctx context.Context, t time.Time) ([]layout.CheckpointName, error) {
	old := map[string]bool{}
	err := listAll(ctx, v.bucket, v.key(layout.Checkpoints), func(o objstore.Object) { old[o.Key] = !o.Modified.After(t) })
	if err != nil {
		return nil, err
	}
	names, err := v.checkpoints(ctx)
	return only(names, func(n layout.CheckpointName) bool { return old[v.key(n.Key())] }), err
}

// until folds what was stored until a time, and what that depends on; nil when something of it is not there.
func (r *restarting) until(ctx context.Context, start *merge.Checkpoint, t time.Time) (*merge.State, error) {
	all, err := r.batches(ctx, merge.NewLog(start))
	if err != nil {
		return nil, err
	}
	then := map[merge.BatchID]*merge.Batch{}
	for _, b := range all {
		if b.Stored <= t.UnixNano() {
			closure(b, all, then)
		}
	}
	l := newLog(start, then)
	for id := range then {
		if !l.Counts(id) {
			return nil, nil
		}
	}
	if start == nil && !r.reachesBack(all) {
		return nil, nil
	}
	return l.State(), nil
}

// closure adds a batch and those it depends on.
func closure(b *merge.Batch, all, to map[merge.BatchID]*merge.Batch) {
	work := []*merge.Batch{b}
	for len(work) > 0 {
		b, work = work[len(work)-1], work[:len(work)-1]
		if to[b.BatchID] != nil {
			continue
		}
		to[b.BatchID] = b
		for _, p := range b.Parents {
			if all[p] != nil {
				work = append(work, all[p])
			}
		}
	}
}

// reachesBack tells whether the store still holds the volume's first batches: all that others depend on is there.
func (r *restarting) reachesBack(all map[merge.BatchID]*merge.Batch) bool {
	want := r.v.log.Heads()
	for _, b := range all {
		want = append(want, b.Parents...)
	}
	return !slices.ContainsFunc(want, func(id merge.BatchID) bool { return all[id] == nil })
}
