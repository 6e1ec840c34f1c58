package space

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// How says how far Pull looks.
type How int

const (
	Poll How = iota // one conditional request when nothing has changed
	List            // also what the notice does not name
)

// listEvery is the longest time in which only the notice is read.
const listEvery = time.Hour

// Pull reads what others did and tells whether State changed. The first one after the start lists the histories, and so does one after a longer while: the
// notice is a hint, and nobody may tell anything from a view that lacks what has expired since. What cannot be read is in
// Problems and is never taken for absent; when requests fail, what was read until then counts, and the next Pull goes on.
func (v *Volume) Pull(ctx context.Context, how How) (changed bool, err error) {
	v.busy.Lock()
	defer v.busy.Unlock()
	before := v.changes
	err = v.pull(ctx, how)
	if err != nil {
		v.tag = "" // what the notice named was perhaps not read
		err = fmt.Errorf("pull %s: %w", v.name, err)
	}
	return v.changes != before, err
}

func (v *Volume) pull(ctx context.Context, how How) error {
	want, err := v.readNotice(ctx)
	if err != nil {
		return err
	}
	if !v.listed || v.me.Now().Sub(v.looked).Abs() >= listEvery {
		how = List
	}
	if how == List {
		err = v.list(ctx)
	}
	if err == nil {
		err = v.follow(ctx, want)
	}
	if err == nil {
		err = v.settle(ctx, how)
	}
	if err == nil && v.owed {
		_ = v.ring(ctx) // a hint, which a full store does not take: it stays owed
	}
	return err
}

// settle reads what the batches here depend on, and places late ones.
func (v *Volume) settle(ctx context.Context, how How) error {
	for {
		got, err := v.parents(ctx)
		if err != nil {
			return err
		}
		if got == 0 {
			break
		}
	}
	return v.replay(ctx, how)
}

// follow reads the batches that the notice names, and what a device wrote before them.
func (v *Volume) follow(ctx context.Context, named []merge.BatchID) error {
	var want []merge.BatchID
	for _, id := range named {
		if v.has(id) {
			continue
		}
		want = append(want, id)
		if known := v.newest[id.Device]; id.Seq > known+1 {
			ids, err := v.listDevice(ctx, id.Device, known)
			if err != nil {
				return err
			}
			want = append(want, ids...)
		}
	}
	return v.fetch(ctx, want)
}

func (v *Volume) listDevice(ctx context.Context, d tree.Device, after uint64) ([]merge.BatchID, error) {
	prefix := v.key(layout.DeviceHistory(d))
	var ids []merge.BatchID
	cursor := v.key(layout.Batch(merge.BatchID{Device: d, Seq: after, Run: 1<<32 - 1}))
	for {
		page, more, err := v.bucket.List(ctx, prefix, cursor, 0)
		if err != nil {
			return nil, err
		}
		ids = append(ids, v.unread(page)...)
		if !more || len(page) == 0 {
			return ids, nil
		}
		cursor = page[len(page)-1].Key
	}
}

// unread returns the batches among some objects that are not here.
func (v *Volume) unread(page []objstore.Object) []merge.BatchID {
	var ids []merge.BatchID
	for _, o := range page {
		rel, _ := v.name.Rel(o.Key)
		if id, ok := layout.ParseBatch(rel); ok && !v.has(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// list reads all batches that are not here. The first list after the start looks at every key; later ones skip what is far behind the
// newest batch known of a device.
func (v *Volume) list(ctx context.Context) error {
	if err := v.firstCheckpoint(ctx); err != nil {
		return err
	}
	v.forgive()
	whole := !v.listed || v.me.Now().Sub(v.whole).Abs() >= wholeEvery
	found, err := v.listHistories(ctx, whole)
	if err != nil {
		return err
	}
	// A store that takes nothing more, as when it is full, must not keep this device from reading: the next List tries again.
	if whole && v.putBack(ctx, found) == nil {
		v.whole = v.me.Now()
	}
	ids := found.unread
	if len(ids) > manyBatches {
		if err := v.skipTo(ctx, ids); err != nil {
			return err
		}
	}
	if err := v.fetch(ctx, ids); err != nil {
		return err
	}
	if whole {
		if err := v.catchUp(ctx, found); err != nil {
			return fmt.Errorf("catch up with a checkpoint: %w", err)
		}
	}
	v.listed, v.looked = true, v.me.Now()
	return nil
}

const (
	manyBatches = 500 // reading a newer checkpoint is cheaper
	skipBehind  = 64  // a computer that is a copy of another's disk may write numbers that are behind
)

// forgive drops the problems that another look may solve.
func (v *Volume) forgive() {
	v.mu.Lock()
	defer v.mu.Unlock()
	maps.DeleteFunc(v.problems, func(_ string, p Problem) bool { return p.Code == DamagedBatch || p.Code == MissingBatch })
}

// histories is what a listing has shown.
type histories struct {
	unread  []merge.BatchID
	batches map[merge.BatchID]bool // all; only of a whole listing
	covered int64                  // where the newest checkpoint ends, -1 without one; only of a whole listing
	points  map[string]time.Time   // when each checkpoint was stored; only of a whole listing
}

// listHistories lists the batches; a whole listing looks at every key and at the checkpoints, too.
func (v *Volume) listHistories(ctx context.Context, whole bool) (*histories, error) {
	prefix, h := v.key(layout.History), &histories{batches: map[merge.BatchID]bool{}, covered: -1, points: map[string]time.Time{}}
	if whole {
		prefix = v.key(layout.Reserved)
	}
	for cursor := ""; ; {
		page, more, err := v.bucket.List(ctx, prefix, cursor, 0)
		if err != nil {
			return nil, err
		}
		h.unread = append(h.unread, v.unread(page)...)
		if whole {
			h.see(v.name, page)
		}
		if !more || len(page) == 0 {
			return h, nil
		}
		cursor = page[len(page)-1].Key
		if !whole {
			cursor = v.skip(cursor)
		}
	}
}

func (h *histories) see(v layout.Volume, page []objstore.Object) {
	for _, o := range page {
		rel, _ := v.Rel(o.Key)
		if id, ok := layout.ParseBatch(rel); ok {
			h.batches[id] = true
		}
		if n, ok := layout.ParseCheckpoint(rel); ok {
			h.covered = max(h.covered, n.Last)
			h.points[rel] = o.Modified
		}
	}
}

// skip returns where to go on after a key: near the end of what is known of its device.
func (v *Volume) skip(cursor string) string {
	rel, _ := v.name.Rel(cursor)
	id, ok := layout.ParseBatch(rel)
	if known := v.newest[id.Device]; ok && known > skipBehind && id.Seq < known-skipBehind {
		return v.key(layout.Batch(merge.BatchID{Device: id.Device, Seq: known - skipBehind}))
	}
	return cursor
}

// firstCheckpoint lets an empty view begin with the newest checkpoint that can be read.
func (v *Volume) firstCheckpoint(ctx context.Context) error {
	if v.start != nil || len(v.batches) > 0 {
		return nil
	}
	names, err := v.checkpoints(ctx)
	if err != nil {
		return err
	}
	for _, n := range names {
		s, body, err := v.readCheckpoint(ctx, n)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		v.mu.Lock()
		v.begin(n.Key(), s)
		v.mu.Unlock()
		return v.saveCheckpoint(ctx, n.Key(), body)
	}
	return nil
}

// checkpoints returns the names of the volume's checkpoints, the newest first.
func (v *Volume) checkpoints(ctx context.Context) ([]layout.CheckpointName, error) {
	var names []layout.CheckpointName
	err := listAll(ctx, v.bucket, v.key(layout.Checkpoints), func(o objstore.Object) {
		rel, _ := v.name.Rel(o.Key)
		if n, ok := layout.ParseCheckpoint(rel); ok {
			names = append(names, n)
		}
	})
	slices.SortFunc(names, func(a, b layout.CheckpointName) int { return strings.Compare(b.Key(), a.Key()) })
	return names, err
}

// readCheckpoint returns nil for one that cannot be read, and notes why.
func (v *Volume) readCheckpoint(ctx context.Context, n layout.CheckpointName) (*Snapshot, []byte, error) {
	body, o, err := read(ctx, v.bucket, v.key(n.Key()), maxCheckpointObject)
	if objstore.KindOf(err) == objstore.NotFound {
		return nil, nil, nil
	}
	if err == nil {
		err = verify(o, body)
	}
	var s Snapshot
	if err == nil {
		s, err = DecodeCheckpoint(body)
	}
	if err == nil && s.Last.Time != n.Last {
		err = damaged("checkpoint", errors.New("it ends elsewhere than its name says"))
	}
	if isDamaged(err) || errors.Is(err, ErrNewer) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.note(problemCode(err, DamagedCheckpoint), n.Key(), err)
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return &s, body, nil
}

func problemCode(err error, other Code) Code {
	if errors.Is(err, ErrNewer) {
		return NewerFormat
	}
	return other
}

func (v *Volume) saveCheckpoint(ctx context.Context, name string, body []byte) error {
	if err := v.cache.SaveCheckpoint(ctx, v.id, name, body); err != nil {
		return fmt.Errorf("cache a checkpoint: %w", err)
	}
	return nil
}
