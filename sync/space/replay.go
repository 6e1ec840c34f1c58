package space

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// replay begins again from another checkpoint where that is needed: from an earlier one when a batch arrived that is older than the end of
// the one here, and from a later one when batches that others have seen were swept while this device was away.
func (v *Volume) replay(ctx context.Context, how How) error {
	if len(v.log.Late()) > 0 {
		if _, err := v.unfold(ctx); err != nil {
			return err
		}
	}
	if late := v.log.Late(); len(late) > 0 {
		if err := v.goBack(ctx, late); err != nil {
			return err
		}
	}
	swept := v.swept()
	if len(swept) == 0 || how != List {
		return nil
	}
	found, err := v.restart(ctx, func(layout.CheckpointName) bool { return true }, swept, false)
	if err != nil || !found {
		return err
	}
	v.forgive()
	return nil
}

// catchUp goes on from the newest checkpoint when that holds batches which were swept before they were read here, and which no later one names.
func (v *Volume) catchUp(ctx context.Context, h *histories) error {
	if !v.mayLack(h) {
		return nil
	}
	newest, _ := layout.ParseCheckpoint(slices.Max(slices.Collect(maps.Keys(h.points))))
	heads, err := v.headsOf(ctx, newest)
	if err != nil || !slices.ContainsFunc(heads, func(id merge.BatchID) bool { return !v.has(id) }) {
		return err
	}
	_, err = v.restart(ctx, func(n layout.CheckpointName) bool { return n.Key() != v.began }, nil, false)
	return err
}

// mayLack tells whether batches may have been swept that were not read here: they go when checkpoints older than OrphanAge hold them, so there is such a
// one that was stored since this device last listed.
func (v *Volume) mayLack(h *histories) bool {
	last := h.points[v.began]
	see := func(stored int64) {
		if at := time.Unix(0, stored); at.After(last) {
			last = at
		}
	}
	for _, b := range v.batches {
		see(b.Stored)
	}
	for _, f := range v.folded {
		see(f.Stored)
	}
	for key, at := range h.points {
		if key != v.began && at.After(last.Add(-wholeEvery)) && v.storeNow().Sub(at) > OrphanAge {
			return true
		}
	}
	return false
}

// headsOf returns where a checkpoint ends, none when it cannot be read.
func (v *Volume) headsOf(ctx context.Context, n layout.CheckpointName) ([]merge.BatchID, error) {
	body, _, err := v.bucket.Get(ctx, v.key(n.Key()), objstore.GetOptions{})
	if objstore.KindOf(err) == objstore.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = body.Close() }() // only the first line is read
	u, err := newUnpacker(body, maxLine)
	if err != nil {
		return nil, nil
	}
	defer u.Close()
	h, err := readHeader(&lines{r: bufio.NewReader(u)})
	if isDamaged(err) || errors.Is(err, ErrNewer) {
		return nil, nil
	}
	return h.Heads, err
}

// swept returns what is missing and not in the store, or cannot be placed here.
func (v *Volume) swept() []merge.BatchID {
	var out []merge.BatchID
	for _, id := range v.log.Missing() {
		if v.hopeless[id] != nil || v.problems[v.key(layout.Batch(id))].Code == MissingBatch {
			out = append(out, id)
		}
	}
	return out
}

// goBack places late batches. Those that are older than all that is kept do not count for anybody.
func (v *Volume) goBack(ctx context.Context, late []merge.BatchID) error {
	first := int64(maxTime)
	for _, id := range late {
		first = min(first, v.batches[id].Time)
	}
	found, err := v.restart(ctx, func(n layout.CheckpointName) bool { return n.Last < first }, nil, true)
	if err != nil || found {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, id := range late {
		v.giveUp(id, LateBatch, errors.New("it is older than the histories reach"))
	}
	v.refold()
	return nil
}

// refold makes the log anew from what is here. v.mu is held.
func (v *Volume) refold() {
	v.log = newLog(v.start, v.batches)
	v.changes++
}

func newLog(start *merge.Checkpoint, batches map[merge.BatchID]*merge.Batch) *merge.Log {
	l := merge.NewLog(start)
	for _, b := range slices.SortedFunc(maps.Values(batches), byStamp) {
		l.Add(b)
	}
	return l
}

// skipTo begins with the newest checkpoint when many batches are to be read.
func (v *Volume) skipTo(ctx context.Context, ids []merge.BatchID) error {
	last := max(0, v.beganAt())
	_, err := v.restart(ctx, func(n layout.CheckpointName) bool { return n.Last > last && n.Key() != v.began }, nil, false)
	if err != nil {
		return fmt.Errorf("skip %d batches: %w", len(ids), err)
	}
	return nil
}

// restart tries checkpoints, the newest first, and at last with orNone none at all, until the histories go on from one without a gap: everything
// that counted must still count, and everything in must. It tells whether it has found one; else nothing has changed.
func (v *Volume) restart(ctx context.Context, good func(layout.CheckpointName) bool, must []merge.BatchID, orNone bool) (bool, error) {
	names, err := v.checkpoints(ctx)
	if err != nil {
		return false, err
	}
	r := &restarting{v: v, bodies: map[merge.BatchID]StoredBatch{}, must: append(v.log.Heads(), must...)}
	if err := r.collect(ctx); err != nil {
		return false, err
	}
	for _, n := range names {
		if !good(n) {
			continue
		}
		s, body, err := v.readCheckpoint(ctx, n)
		if err != nil {
			return false, err
		}
		if s == nil {
			continue
		}
		if ok, err := r.try(ctx, n.Key(), s, body); ok || err != nil {
			return ok, err
		}
	}
	if !orNone {
		return false, nil
	}
	return r.try(ctx, "", nil, nil)
}

// restarting is an attempt to go on from another checkpoint.
type restarting struct {
	v      *Volume
	ids    []merge.BatchID // all batches in the store
	bodies map[merge.BatchID]StoredBatch
	must   []merge.BatchID
}

func (r *restarting) collect(ctx context.Context) error {
	cached, err := r.v.cache.LoadBatches(ctx, r.v.id)
	if err != nil {
		return fmt.Errorf("load the cached batches: %w", err)
	}
	for _, s := range cached {
		r.bodies[s.ID] = s
	}
	return listAll(ctx, r.v.bucket, r.v.key(layout.History), func(o objstore.Object) {
		rel, _ := r.v.name.Rel(o.Key)
		if id, ok := layout.ParseBatch(rel); ok && r.v.hopeless[id] == nil {
			r.ids = append(r.ids, id)
		}
	})
}

// try folds everything from a checkpoint, and adopts the result if it is complete.
func (r *restarting) try(ctx context.Context, name string, s *Snapshot, body []byte) (bool, error) {
	var start *merge.Checkpoint
	if s != nil {
		start = s.Checkpoint
	}
	batches, err := r.batches(ctx, merge.NewLog(start))
	if err != nil {
		return false, err
	}
	l := newLog(start, batches)
	if len(l.Late()) > 0 || slices.ContainsFunc(r.must, func(id merge.BatchID) bool { return !l.Counts(id) }) {
		return false, nil
	}
	v := r.v
	v.mu.Lock()
	v.begin(name, s)
	v.log, v.batches = l, batches
	v.regain()
	v.mu.Unlock()
	return true, r.keep(ctx, name, body)
}

// regain forgets problems with batches that count now. v.mu is held.
func (v *Volume) regain() {
	for id := range v.hopeless {
		if v.log.Counts(id) {
			delete(v.hopeless, id)
			delete(v.problems, v.key(layout.Batch(id)))
		}
	}
}

// batches returns all batches that are not in the checkpoint, read from the cache or the store.
func (r *restarting) batches(ctx context.Context, covered *merge.Log) (map[merge.BatchID]*merge.Batch, error) {
	out := map[merge.BatchID]*merge.Batch{}
	var far []merge.BatchID
	for id, b := range r.v.batches {
		if !covered.Has(id) {
			out[id] = b
		}
	}
	take := func(id merge.BatchID) {
		if covered.Has(id) || out[id] != nil {
			return
		}
		if b, err := decodeStored(r.bodies[id]); err == nil {
			out[id] = b
			return
		}
		far = append(far, id)
	}
	for _, id := range r.ids {
		take(id)
	}
	for _, f := range r.v.folded {
		if r.bodies[f.ID].Body != nil { // also one that the store has lost
			take(f.ID)
		}
	}
	f, err := r.v.fetchOnly(ctx, far)
	if err != nil {
		return nil, err
	}
	for _, s := range f.stored {
		r.bodies[s.ID] = s
	}
	for _, b := range f.batches {
		out[b.BatchID] = b
	}
	return out, nil
}

// keep makes the cache hold what the view holds.
func (r *restarting) keep(ctx context.Context, name string, body []byte) error {
	v := r.v
	if err := errors.Join(v.cache.Forget(ctx, v.foldID()), v.cache.Forget(ctx, v.id)); err != nil {
		return fmt.Errorf("clear the cache: %w", err)
	}
	if name != "" {
		if err := v.saveCheckpoint(ctx, name, body); err != nil {
			return err
		}
	}
	var stored []StoredBatch
	for id := range v.batches {
		if s, ok := r.bodies[id]; ok {
			stored = append(stored, s)
		}
	}
	if err := v.cache.SaveBatches(ctx, v.id, stored); err != nil {
		return fmt.Errorf("cache the batches: %w", err)
	}
	return nil
}
