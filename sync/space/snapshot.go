package space

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// When a checkpoint is worth its upload, and what it leaves out: batches that were stored so lately that others, stamped before them, may
// still be on their way.
const (
	worthOps     = 5000
	worthBatches = 300
	leaveOut     = time.Hour

	leaveOutWaiting = 7 * 24 * time.Hour // for batches that wait for others
)

// Checkpoint writes one when that is worth it: when much has happened since the last. now is the store's clock; see StoreNow. What has
// long expired is left out.
func (v *Volume) Checkpoint(ctx context.Context, now time.Time) error {
	v.busy.Lock()
	defer v.busy.Unlock()
	if !v.listed || v.newer || !v.worth(now) {
		return nil
	}
	if err := v.mustUnfold(ctx); err != nil {
		return err
	}
	if fresh, err := v.adoptNewer(ctx); fresh || err != nil {
		return err
	}
	c, err := v.cut(ctx, now, func(merge.Node) bool { return false })
	if err == nil {
		_, err = v.putCheckpoint(ctx, c)
	}
	if err != nil {
		return fmt.Errorf("checkpoint of %s: %w", v.name, err)
	}
	return nil
}

func (v *Volume) worth(now time.Time) bool {
	ops, batches := 0, 0
	for _, b := range v.allFolded() {
		if old(b, now) {
			ops += b.Ops
			batches++
		}
	}
	return ops > worthOps || batches > worthBatches
}

// old tells whether a batch may be in a checkpoint.
func old(b folded, now time.Time) bool { return b.Stored <= now.Add(-leaveOut).UnixNano() }

// adoptNewer goes on from a checkpoint that another device has written, and tells whether that is enough.
func (v *Volume) adoptNewer(ctx context.Context) (bool, error) {
	names, err := v.checkpoints(ctx)
	if err != nil || len(names) == 0 || names[0].Key() == v.began {
		return false, err
	}
	half := v.log.Batches()
	if len(half) == 0 || names[0].Last < half[len(half)/2].Time {
		return false, nil
	}
	before := v.began
	err = v.skipTo(ctx, nil)
	return v.began != before, err
}

// cut makes a checkpoint of what is here, up to an hour ago, without what the rules forget. Nothing is dropped that is kept by the state
// at its end or by today's, or that a later batch speaks of. The result was proved to lead to today's tree.
func (v *Volume) cut(ctx context.Context, now time.Time, gone func(merge.Node) bool) (Snapshot, error) {
	if v.began == "" && !slices.ContainsFunc(v.allFolded(), func(b folded) bool { return old(b, now) }) {
		return Snapshot{&merge.Checkpoint{}, maps.Clone(v.names)}, nil // and what is folded may stay so
	}
	if err := v.mustUnfold(ctx); err != nil {
		return Snapshot{}, err
	}
	before := v.log.Clock() + 1
	for id, b := range v.batches {
		age := leaveOut
		if !v.log.Counts(id) {
			age = leaveOutWaiting
		}
		if b.Stored > now.Add(-age).UnixNano() {
			before = min(before, b.Time)
		}
	}
	c := v.log.Checkpoint(before)
	var later []*merge.Batch
	covered := merge.NewLog(c)
	for _, b := range v.batches {
		if !covered.Counts(b.BatchID) {
			later = append(later, b)
		}
	}
	at := now.Add(-grace).UnixNano()
	k := keeping(covered.State(), v.rules, at, gone)
	today := keeping(v.log.State(), v.rules, at, gone)
	k.add(today)
	k.mentioned(covered.State(), later)
	out := Snapshot{prune(c, k), maps.Clone(v.names)}
	out.Left = only(out.Left, func(l merge.Left) bool { return l.Stored > at })
	return out, v.proves(out, today)
}

var errUnproved = errors.New("it would not lead to the tree that is here")

// proves checks that the checkpoint and the batches after it show exactly what is shown here, and hold all that is to be kept.
func (v *Volume) proves(s Snapshot, k *kept) error {
	if err := checkSnapshot(s.Checkpoint); err != nil {
		return fmt.Errorf("%w: %w", errUnproved, err)
	}
	rest := maps.Clone(v.batches)
	l := merge.NewLog(s.Checkpoint)
	maps.DeleteFunc(rest, func(id merge.BatchID, _ *merge.Batch) bool { return l.Counts(id) })
	then, now := newLog(s.Checkpoint, rest).State(), v.log.State()
	if !sameTree(then.Root(), now.Root()) || !sameKept(then, now, k) {
		return errUnproved
	}
	return nil
}

func sameKept(then, now *merge.State, k *kept) bool {
	for id := range k.nodes.all {
		a, ok1 := then.Node(id)
		b, ok2 := now.Node(id)
		if a != b || !ok1 || !ok2 {
			return false
		}
	}
	for id := range k.versions.all {
		a, ok1 := then.Version(id)
		b, ok2 := now.Version(id)
		if a.ID != b.ID || a.Content.Hash != b.Content.Hash || !ok1 || !ok2 {
			return false
		}
	}
	return true
}

// sameTree tells whether two folders show the same members, files and contents.
func sameTree(a, b *merge.Folder) bool {
	am, bm, af, bf, ad, bd := a.Members(), b.Members(), a.Files(), b.Files(), a.Folders(), b.Folders()
	if len(am) != len(bm) || len(af) != len(bf) || len(ad) != len(bd) {
		return false
	}
	for i := range am {
		if am[i] != bm[i] {
			return false
		}
	}
	for i := range af {
		if af[i] != bf[i] {
			return false
		}
	}
	for i := range ad {
		if !sameTree(ad[i], bd[i]) {
			return false
		}
	}
	return true
}

// putCheckpoint stores a checkpoint, reads it back, and goes on from it.
func (v *Volume) putCheckpoint(ctx context.Context, s Snapshot) (layout.CheckpointName, error) {
	body, err := EncodeCheckpoint(s)
	if err != nil {
		return layout.CheckpointName{}, err
	}
	n := layout.CheckpointName{Last: s.Last.Time, Made: v.storeNow().UnixMilli(), Run: v.me.Run, Device: v.me.Device}
	if _, err := putHashed(ctx, v.bucket, v.key(n.Key()), body); err != nil {
		return n, err
	}
	back, _, err := v.readCheckpoint(ctx, n)
	if err != nil {
		return n, err
	}
	if back == nil {
		return n, fmt.Errorf("%s: read back: %w", n.Key(), ErrDamaged)
	}
	return n, v.adopt(ctx, n.Key(), back, body)
}

// adopt goes on from a checkpoint that holds what is here.
func (v *Volume) adopt(ctx context.Context, name string, s *Snapshot, body []byte) error {
	cached, err := v.cache.LoadBatches(ctx, v.id)
	if err != nil {
		return fmt.Errorf("load the cached batches: %w", err)
	}
	r := &restarting{v: v, bodies: map[merge.BatchID]StoredBatch{}}
	for _, c := range cached {
		r.bodies[c.ID] = c
	}
	v.mu.Lock()
	rest := v.batches
	v.begin(name, s)
	for id, b := range rest {
		if !v.log.Counts(id) {
			v.batches[id] = b
		}
	}
	v.refold()
	v.mu.Unlock()
	return r.keep(ctx, name, body)
}
