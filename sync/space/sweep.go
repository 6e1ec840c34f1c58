package space

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// The sweep's times, all on the store's clock.
const (
	// MaxUploadAge is how long after its upload an object may be named by a batch for the first time. Whoever goes on with an upload
	// that is older uploads again.
	MaxUploadAge = 14 * 24 * time.Hour
	// OrphanAge is how old an object, an upload or a batch must be to be deleted: far more than MaxUploadAge and MaxLateness together.
	OrphanAge = 30 * 24 * time.Hour
	// sweepPause is the time between the two steps, and between two sweeps.
	sweepPause = 24 * time.Hour
)

// ErrUnsure says that something in the volume could not be read, so that nothing may be deleted.
var ErrUnsure = errors.New("not everything in the volume can be read, so nothing is deleted")

// SweepOptions limit a sweep.
type SweepOptions struct {
	Limit int // of content objects deleted in one call, 0 for none; the next call goes on
}

// SweepReport says what a sweep did.
type SweepReport struct {
	Planned     bool // the first step was taken; the second follows a day later
	Finished    bool // the second step was taken
	Next        time.Time
	Objects     int // deleted
	Bytes       int64
	Batches     int // deleted
	Checkpoints int // deleted
	Uploads     int // aborted
	// Sparse names objects with many files of which few are kept any more; see Repack.
	Sparse []string
	gone   func(merge.Node) bool // tells of purged nodes whether they are over
}

// sweepFile is the hint by which a sweep goes on. Losing it costs a day.
type sweepFile struct {
	Format     int                 `json:"format"`
	By         tree.Device         `json:"by"`
	Finished   int64               `json:"finished,omitempty"`   // milliseconds since 1970
	Planned    int64               `json:"planned,omitempty"`    // when the checkpoint without what has expired was written
	Checkpoint string              `json:"checkpoint,omitempty"` // its key
	Purged     map[merge.ID]string `json:"purged,omitempty"`     // purged nodes, and when a sweep first saw them so (RFC 3339)
}

// Sweep forgets what has expired, in two steps a day apart; any device may take any of them, and a crash at any point costs a repetition. The first
// step writes a checkpoint without what has expired and reads it back. The second deletes content that is older than OrphanAge and that
// nothing names: no version in that checkpoint, none that is kept in today's state, no batch of the last weeks. It deletes nothing at all while any
// batch cannot be read (ErrUnsure). Histories go when two checkpoints older than OrphanAge hold them.
func (s *Space) Sweep(ctx context.Context, v *Volume, o SweepOptions) (SweepReport, error) {
	v.busy.Lock()
	defer v.busy.Unlock()
	w := &sweep{Volume: v, limit: o.Limit}
	err := w.run(ctx)
	if err != nil {
		err = fmt.Errorf("sweep %s: %w", v.name, err)
	}
	return w.report, err
}

// sweep is one run of a sweep.
type sweep struct {
	*Volume
	limit  int
	file   sweepFile
	now    time.Time
	report SweepReport
}

func (w *sweep) run(ctx context.Context) error {
	if err := w.read(ctx); err != nil {
		return err
	}
	due, step := w.due()
	w.report.Next = due
	if now := w.storeNow(); w.clocked && now.Before(due) && !w.unlikely(now) {
		return nil
	}
	if err := w.clock(ctx); err != nil {
		return err
	}
	if w.unlikely(w.now) { // or no device would ever sweep again
		w.file = sweepFile{}
		due, step = w.due()
		w.report.Next = due
	}
	if w.now.Before(due) {
		return nil
	}
	return step(ctx)
}

// due returns the next step and when it may be taken.
func (w *sweep) due() (time.Time, func(context.Context) error) {
	if w.file.Checkpoint != "" {
		return time.UnixMilli(w.file.Planned).Add(sweepPause), w.finish
	}
	return time.UnixMilli(w.file.Finished).Add(sweepPause), w.plan
}

// unlikely tells whether the hint speaks of a future that no sweep has been in.
func (w *sweep) unlikely(now time.Time) bool {
	latest := now.Add(sweepPause).UnixMilli()
	return w.file.Planned > latest || w.file.Finished > latest
}

func (w *sweep) read(ctx context.Context) error {
	body, _, err := read(ctx, w.bucket, w.key(layout.Sweep), maxCheckpointObject)
	if objstore.KindOf(err) == objstore.NotFound || isDamaged(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if formatOf(body) > Format {
		return ErrNewer
	}
	if json.Unmarshal(body, &w.file) != nil {
		w.file = sweepFile{}
	}
	return nil
}

func (w *sweep) write(ctx context.Context) error {
	w.file.Format, w.file.By = Format, w.me.Device
	_, err := write(ctx, w.bucket, w.key(layout.Sweep), w.file)
	return err
}

// clock takes the sweep's time from the store.
func (w *sweep) clock(ctx context.Context) (err error) {
	w.now, err = w.learnClock(ctx)
	return err
}

// understand reads all that is in the volume, or says that it cannot.
func (w *sweep) understand(ctx context.Context) error {
	w.listed, w.tag = false, ""
	if err := w.pull(ctx, List); err != nil {
		return err
	}
	for _, p := range w.problems {
		if p.Code == DamagedBatch || p.Code == MissingBatch || p.Code == NewerFormat {
			return fmt.Errorf("%w: %s: %w", ErrUnsure, p.Key, p.Err)
		}
	}
	for id := range w.batches {
		if !w.log.Counts(id) {
			return fmt.Errorf("%w: batch %s/%s waits for others", ErrUnsure, id.Device, id)
		}
	}
	n, _, err := w.getNotice(ctx, "")
	if err != nil {
		return err
	}
	for _, id := range n.Newest {
		if !w.log.Counts(id) {
			return fmt.Errorf("%w: the notice names batch %s/%s", ErrUnsure, id.Device, id)
		}
	}
	return nil
}

// plan is the first step.
func (w *sweep) plan(ctx context.Context) error {
	if err := w.understand(ctx); err != nil {
		return err
	}
	w.markPurged()
	c, err := w.cut(ctx, w.now, w.gone)
	if err != nil {
		return err
	}
	name, err := w.checkpoint(ctx, c)
	if err != nil {
		return err
	}
	if name == "" {
		w.file.Finished = w.now.UnixMilli()
		return w.write(ctx)
	}
	w.file.Checkpoint, w.file.Planned = name, w.now.UnixMilli()
	w.report.Planned, w.report.Next = true, w.now.Add(sweepPause)
	return w.write(ctx)
}

// checkpoint stores what was cut, or names the one that holds the same already; "" when there is nothing yet.
func (w *sweep) checkpoint(ctx context.Context, c Snapshot) (string, error) {
	if len(c.Seen) == 0 {
		return "", nil
	}
	if s := w.start; s != nil && w.began != "" && s.Last == c.Last && s.Nodes.Len() == c.Nodes.Len() && s.Versions.Len() == c.Versions.Len() {
		if _, err := w.bucket.Head(ctx, w.key(w.began)); err == nil {
			return w.began, nil
		}
	}
	n, err := w.putCheckpoint(ctx, c)
	return n.Key(), err
}

// markPurged notes which nodes are purged, and since when that is known: a restore that was made before may still arrive.
func (w *sweep) markPurged() {
	old := w.file.Purged
	w.file.Purged = map[merge.ID]string{}
	for n := range w.log.State().Nodes {
		if !n.Deleted || !n.Purged {
			continue
		}
		since, ok := old[n.ID]
		if !ok {
			since = w.now.UTC().Format(time.RFC3339)
		}
		w.file.Purged[n.ID] = since
	}
}

// gone tells whether a purged node has been purged long enough.
func (w *sweep) gone(n merge.Node) bool {
	since, err := time.Parse(time.RFC3339, w.file.Purged[n.ID])
	return err == nil && w.now.Sub(since) > grace
}
