package space

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// finish is the second step. Every look at what is referenced comes after the listing of what may be deleted.
func (w *sweep) finish(ctx context.Context) error {
	planned, err := w.planned(ctx)
	if err != nil || planned == nil {
		return err
	}
	if err := w.understand(ctx); err != nil {
		return err
	}
	old, err := w.oldContent(ctx)
	if err != nil {
		return err
	}
	if err := w.understand(ctx); err != nil {
		return err
	}
	refs := w.references(planned.Checkpoint)
	drop := only(old, func(o objstore.Object) bool { return !refs.has(o.Key) })
	if w.limit > 0 && len(drop) > w.limit {
		w.report.Next = w.now
		return w.deleteAll(ctx, drop[:w.limit])
	}
	if err := w.deleteAll(ctx, drop); err != nil {
		return err
	}
	w.report.gone, w.report.Sparse = w.gone, w.sparse(only(old, func(o objstore.Object) bool { return refs.has(o.Key) }))
	if err := w.abortUploads(ctx); err != nil {
		return err
	}
	if err := w.histories(ctx, planned); err != nil {
		return err
	}
	w.file.Checkpoint, w.file.Planned, w.file.Finished = "", 0, w.now.UnixMilli()
	w.report.Finished, w.report.Next = true, w.now.Add(sweepPause)
	return w.write(ctx)
}

// planned reads the checkpoint of the first step again. When it is not there as it was written, the sweep begins anew.
func (w *sweep) planned(ctx context.Context) (*Snapshot, error) {
	n, ok := layout.ParseCheckpoint(w.file.Checkpoint)
	if ok {
		s, _, err := w.readCheckpoint(ctx, n)
		if s != nil || err != nil {
			return s, err
		}
	}
	w.file.Checkpoint, w.file.Planned = "", 0
	return nil, w.write(ctx)
}

// old tells whether an object may be deleted. Histories are kept as long as the trash, so that At reaches as far.
func (w *sweep) old(o objstore.Object) bool {
	return w.now.Sub(o.Modified) > max(OrphanAge, w.rules.Keep)
}

// oldContent lists the content objects that are old enough to be deleted. What has no name of ours is not ours.
func (w *sweep) oldContent(ctx context.Context) ([]objstore.Object, error) {
	var out []objstore.Object
	err := listAll(ctx, w.bucket, w.key(""), func(o objstore.Object) {
		rel, _ := w.name.Rel(o.Key)
		if _, ok := layout.ParseContent(rel); ok && w.old(o) {
			out = append(out, o)
		}
	})
	return out, err
}

// refSet holds the ids of objects that something names. An object's id is unique whatever it is called besides, so that a store which
// shows names in another case or form loses nothing.
type refSet map[layout.ULID]bool

func (r refSet) has(key string) bool { return r[objectID(key)] }

func (r refSet) content(c *tree.Content) {
	for _, e := range c.Extents {
		r[objectID(e.Key)] = true
	}
}

func (r refSet) batch(b *merge.Batch) {
	for i := range b.Ops {
		if c := b.Ops[i].Content; c != nil {
			r.content(c)
		}
	}
}

func objectID(key string) layout.ULID {
	_, name := tree.Split(key)
	id, _, _ := strings.Cut(name, ".")
	return layout.ULID(strings.ToUpper(id))
}

// references collects what is named by the checkpoint of the first step, by what is kept today, and by every batch of the last weeks.
func (w *sweep) references(planned *merge.Checkpoint) refSet {
	refs := refSet{}
	for _, v := range planned.Versions.All {
		refs.content(&v.Content)
	}
	s := w.log.State()
	for id := range keeping(s, w.rules, w.now.Add(-grace).UnixNano(), w.gone).versions.all {
		if v, ok := s.Version(id); ok {
			refs.content(&v.Content)
		}
	}
	for v := range s.AllVersions {
		if n, ok := s.Node(s.Holder(v.Node, v.ID)); ok && !n.Deleted && s.Resolve(n.Current) == s.Resolve(v.ID) {
			refs.content(&v.Content)
		}
	}
	since := w.now.Add(-w.rules.Keep - grace).UnixNano()
	for _, b := range w.batches {
		if b.Stored > since {
			refs.batch(b)
		}
	}
	for _, b := range w.hopeless {
		refs.batch(b)
	}
	for key, stored := range s.Left { // a batch of somebody who had not read of it may be on its way
		if stored > w.now.Add(-grace).UnixNano() {
			refs[objectID(key)] = true
		}
	}
	return refs
}

// deleteAll deletes content objects.
func (w *sweep) deleteAll(ctx context.Context, objects []objstore.Object) error {
	var mu sync.Mutex
	return w.each(ctx, objects, func(o objstore.Object) {
		mu.Lock()
		defer mu.Unlock()
		w.report.Objects++
		w.report.Bytes += o.Size
	})
}

func (w *sweep) each(ctx context.Context, objects []objstore.Object, done func(objstore.Object)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(w.me.parallel())
	for _, o := range objects {
		g.Go(func() error {
			if err := w.bucket.Delete(ctx, o.Key); err != nil {
				return err
			}
			done(o)
			return nil
		})
	}
	return g.Wait()
}

func (w *sweep) abortUploads(ctx context.Context) error {
	ups, err := w.bucket.ListUploads(ctx, w.key(""))
	if err != nil {
		return err
	}
	for _, u := range ups {
		if _, ours := w.name.Rel(u.Key); !ours || w.now.Sub(u.Started) <= OrphanAge {
			continue
		}
		if err := w.bucket.AbortUpload(ctx, u.Key, u.ID); err != nil {
			return err
		}
		w.report.Uploads++
	}
	return nil
}

// histories deletes batches that are old and that two old checkpoints and the one just planned hold, and checkpoints that nobody needs.
func (w *sweep) histories(ctx context.Context, planned *Snapshot) error {
	var batches, points []objstore.Object
	err := listAll(ctx, w.bucket, w.key(layout.History), func(o objstore.Object) {
		if w.old(o) {
			batches = append(batches, o)
		}
	})
	if err == nil {
		err = listAll(ctx, w.bucket, w.key(layout.Checkpoints), func(o objstore.Object) { points = append(points, o) })
	}
	if err != nil {
		return err
	}
	bases, keep, err := w.bases(ctx, points)
	if err != nil {
		return err
	}
	covered := func(o objstore.Object) bool {
		rel, _ := w.name.Rel(o.Key)
		id, ok := layout.ParseBatch(rel)
		return ok && len(bases) == 2 && planned.Checkpoint.Covers(id) && bases[0].Covers(id) && bases[1].Covers(id)
	}
	var mu sync.Mutex
	count := func(n *int) func(objstore.Object) {
		return func(objstore.Object) { mu.Lock(); *n++; mu.Unlock() }
	}
	if err := w.each(ctx, only(batches, covered), count(&w.report.Batches)); err != nil {
		return err
	}
	return w.each(ctx, only(points, func(o objstore.Object) bool { return !keep[o.Key] }), count(&w.report.Checkpoints))
}

// bases returns the two newest readable checkpoints that are older than OrphanAge, from which any late batch can still be placed, and
// which checkpoints stay: those two, the newest two, the planned one, and one of each week since. Where there are no such two, all old
// ones stay.
func (w *sweep) bases(ctx context.Context, points []objstore.Object) ([]*merge.Checkpoint, map[string]bool, error) {
	slices.SortFunc(points, func(a, b objstore.Object) int { return strings.Compare(b.Key, a.Key) })
	keep := map[string]bool{w.key(w.file.Checkpoint): true, w.key(w.began): true}
	weeks := map[int64]bool{}
	var out []*merge.Checkpoint
	for i, o := range points {
		rel, _ := w.name.Rel(o.Key)
		n, ok := layout.ParseCheckpoint(rel)
		week := o.Modified.Unix() / int64(7*24*time.Hour/time.Second)
		if !ok || i < 2 || !w.old(o) && !weeks[week] {
			keep[o.Key], weeks[week] = true, true
			continue
		}
		if !w.old(o) || len(out) == 2 {
			continue
		}
		s, _, err := w.readCheckpoint(ctx, n)
		if err != nil {
			return nil, nil, err
		}
		if s != nil {
			keep[o.Key] = true
			out = append(out, s.Checkpoint)
		}
	}
	for _, o := range points {
		keep[o.Key] = keep[o.Key] || len(out) < 2 && w.old(o)
	}
	return out, keep, nil
}
