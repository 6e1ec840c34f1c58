package space

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// wholeEvery is how often a List looks at every key of the histories, to see what the store has lost.
const wholeEvery = 24 * time.Hour

// PutBack returns how often something that counts here was missing in the store and was put back: the store was set back to an earlier state,
// or somebody deleted there. Content that went with it is not put back by that; see Missing.
func (v *Volume) PutBack() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.putBacks
}

// putBack puts batches that count here and that the store does not have under their names again, byte for byte. What a checkpoint in the
// store covers was swept. Volumes in which this device never wrote are left to those who do. v.busy is held.
func (v *Volume) putBack(ctx context.Context, h *histories) error {
	if _, any := v.own(); !any {
		return nil
	}
	var gone []merge.BatchID
	see := func(id merge.BatchID, time int64) {
		if !h.batches[id] && time > h.covered {
			gone = append(gone, id)
		}
	}
	for id, b := range v.batches {
		see(id, b.Time)
	}
	for _, f := range v.folded {
		see(f.ID, f.Time)
	}
	done := 0
	if v.beganAt() > h.covered {
		var err error
		if done, err = v.putBackStart(ctx); err != nil {
			return err
		}
	}
	n, err := v.putBackBatches(ctx, gone)
	if done += n; done > 0 {
		v.owed = true
		v.mu.Lock()
		v.putBacks++
		v.mu.Unlock()
	}
	return err
}

// putBackStart puts the checkpoint back that this view began with. It returns how many objects were missing.
func (v *Volume) putBackStart(ctx context.Context) (int, error) {
	var body []byte
	err := v.cache.LoadCheckpoint(ctx, v.id, func(name string, _ int64, r io.Reader) {
		if b, err := io.ReadAll(r); err == nil && name == v.began {
			body = b
		}
	})
	if err != nil || body == nil {
		return 0, err
	}
	return v.putBackOne(ctx, v.began, body)
}

func (v *Volume) putBackBatches(ctx context.Context, gone []merge.BatchID) (int, error) {
	if len(gone) == 0 {
		return 0, nil
	}
	stored, err := v.cache.LoadBatches(ctx, v.id)
	if err != nil {
		return 0, fmt.Errorf("load the cached batches: %w", err)
	}
	want := map[merge.BatchID]bool{}
	for _, id := range gone {
		want[id] = true
	}
	stored = slices.DeleteFunc(stored, func(s StoredBatch) bool { return !want[s.ID] })
	slices.SortFunc(stored, func(a, b StoredBatch) int { return strings.Compare(layout.Batch(a.ID), layout.Batch(b.ID)) })
	done := 0
	for _, s := range stored {
		n, err := v.putBackOne(ctx, layout.Batch(s.ID), s.Body)
		if done += n; err != nil {
			return done, err
		}
	}
	return done, nil
}

// putBackOne asks for the object by its name, which finds what a listing that was behind has not shown, and puts it where it is missing.
func (v *Volume) putBackOne(ctx context.Context, rel string, body []byte) (int, error) {
	_, err := v.bucket.Head(ctx, v.key(rel))
	if objstore.KindOf(err) != objstore.NotFound {
		return 0, err
	}
	if _, err := putHashed(ctx, v.bucket, v.key(rel), body); err != nil {
		return 0, fmt.Errorf("put %s back: %w", rel, err)
	}
	return 1, nil
}
