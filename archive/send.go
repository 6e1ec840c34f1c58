package archive

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

const (
	bigUpload = 1 << 20 // from this size on, what was sent is remembered before it is told
	tries     = 3       // for a file that changes while it is read
)

// send brings the bytes of all files to the volume and tells of them, part by part.
func (w *adding) send(ctx context.Context, g gathered) error {
	saved, err := w.Store.Load(ctx)
	if err != nil {
		return err
	}
	prior := map[string]plan.Sent{}
	for _, u := range saved.Uploads {
		if w.young(u.Content) {
			prior[u.Path] = plan.Sent{Content: u.Content, Disk: u.Disk}
		}
	}
	w.begin("upload", g.files)
	if len(g.files) == 0 {
		return w.tell(ctx, g.folders, nil)
	}
	for part := range slices.Chunk(g.files, w.Batch) {
		if err := w.part(ctx, g.folders, part, prior); err != nil {
			return err
		}
	}
	return nil
}

// young tells whether content that no batch has told yet may still be told.
func (w *adding) young(c tree.Content) bool {
	for _, e := range c.Extents {
		o, ok := layout.ParseContent(e.Key)
		if !ok || w.Now().Sub(time.UnixMilli(o.ID.Time())) > space.MaxUploadAge {
			return false
		}
	}
	return true
}

// part sends and tells some files. A file that relied on bytes that were thrown away meanwhile is sent in a second round.
func (w *adding) part(ctx context.Context, folders []string, part []*found, prior map[string]plan.Sent) error {
	have := w.live()
	for round := 0; len(part) > 0 && round < 2; round++ {
		if err := w.contents(ctx, part, have, prior); err != nil {
			return err
		}
		if err := w.tell(ctx, folders, part); err != nil {
			return err
		}
		part = slices.DeleteFunc(slices.Clone(part), func(f *found) bool { return f.placed != "" || f.content.Hash.IsZero() })
		have, prior = contents{}, nil
	}
	return nil
}

// contents is what live files hold, by hash, and which sizes occur.
type contents struct {
	byHash map[tree.Hash]tree.Content
	sizes  map[int64]bool
}

func (w *adding) live() (c contents) {
	w.Volume.View(func(s *merge.State) { c = liveIn(s) })
	return c
}

func liveIn(s *merge.State) contents {
	c := contents{map[tree.Hash]tree.Content{}, map[int64]bool{}}
	all, _ := selection.At(s, "")
	for _, i := range all {
		if !i.Dir {
			c.byHash[i.Version.Content.Hash] = i.Version.Content
			c.sizes[i.Version.Content.Size] = true
		}
	}
	return c
}

// contents sends the bytes of files side by side, small ones together.
func (w *adding) contents(ctx context.Context, part []*found, have contents, prior map[string]plan.Sent) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(w.Parallel)
	for l := range w.loads(part) {
		g.Go(func() error {
			if len(l) > 1 {
				l = w.together(ctx, l, have, prior)
			}
			for _, f := range l {
				if err := w.alone(ctx, f, have, prior); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// alone sends one file; an error stops everything.
func (w *adding) alone(ctx context.Context, f *found, have contents, prior map[string]plan.Sent) error {
	err := w.one(ctx, f, have, prior)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && stops(err) {
		return err
	}
	if err != nil {
		f.content = tree.Content{}
		w.fail(f.abs(), err)
	}
	w.step(f, nil)
	return nil
}

// stops tells whether a failure is not that of one file. In a full storage a smaller file may still fit.
func stops(err error) bool {
	switch objstore.KindOf(err) {
	case objstore.KeyRefused, objstore.ClockSkew, objstore.Untrusted, objstore.NoBucket, objstore.NotAStore, objstore.Unreachable, objstore.Busy, objstore.Denied:
		return true
	}
	return disk.IsGone(err)
}

// one makes sure that the volume has a file's bytes. One that changes while it is read is looked at again a few times.
func (w *adding) one(ctx context.Context, f *found, have contents, prior map[string]plan.Sent) error {
	for try := 1; ; try++ {
		err := w.content(ctx, f, have, prior)
		if !errors.Is(err, transfer.ErrChanged) || try == tries {
			return err
		}
		if f.info, err = f.fs.Stat(f.path); err != nil {
			return err
		}
	}
}

func (w *adding) content(ctx context.Context, f *found, have contents, prior map[string]plan.Sent) error {
	if known, err := w.known(ctx, f, have, prior); known || err != nil {
		return err
	}
	return w.upload(ctx, f)
}

// known tells whether the volume has a file's bytes already.
func (w *adding) known(ctx context.Context, f *found, have contents, prior map[string]plan.Sent) (bool, error) {
	f.reused, f.fresh = false, false
	if p, ok := prior[f.abs()]; ok && p.Disk.Unchanged(signature(f.info)) {
		f.content, f.fresh = p.Content, true
		return true, nil
	}
	if !have.sizes[f.info.Size] && f.info.Size > 0 {
		return false, nil
	}
	h, err := w.Transfer.Hash(ctx, f.fs, f.path, f.info.Signature)
	if err != nil {
		return false, err
	}
	c, ok := have.byHash[h]
	if !ok && tree.Hash(h) != tree.EmptyHash {
		return false, nil
	}
	f.content, f.reused = tree.Content{Hash: h, Size: f.info.Size, Mtime: f.info.Mtime, Exec: f.info.Exec, Extents: c.Extents}, ok
	return true, nil
}

func (w *adding) upload(ctx context.Context, f *found) error {
	key := func() string { return w.prefix() + layout.Content(f.target, w.NewID()) }
	u, err := w.Transfer.Upload(ctx, f.fs, f.path, f.info.Signature, key, w.meta(f))
	if err != nil {
		return err
	}
	w.sent(f, u)
	if u.Size < bigUpload {
		return nil
	}
	return w.Store.Save(context.WithoutCancel(ctx), engine.Change{Uploads: []engine.Upload{{Path: f.abs(), Disk: signature(f.info), Content: f.content}}})
}

// meta is kept beside a file's bytes; its sha256 is known only when they were read, and added by the transfer.
func (w *adding) meta(f *found) map[string]string {
	m := layout.Meta{Path: f.target, Mtime: f.info.Mtime, Device: w.Device, Exec: f.info.Exec}.Map()
	delete(m, "sha256")
	return m
}

// sent notes where the bytes of a file are now.
func (w *adding) sent(f *found, u transfer.Uploaded) {
	f.fresh = true
	f.content = tree.Content{Hash: u.SHA256, Size: u.Size, Mtime: u.Mtime, Exec: u.Exec}
	for _, r := range u.Ranges {
		if r.Length > 0 {
			f.content.Extents = append(f.content.Extents, tree.Extent{Key: strings.TrimPrefix(r.Key, w.prefix()), Offset: r.Offset, Length: r.Length})
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.report.Uploaded++
}

func signature(i disk.Info) plan.Signature {
	return plan.Signature{Size: i.Size, Mtime: i.Mtime, Ctime: i.Ctime, Number: i.ID.Number, Birth: i.ID.Birth, Exec: i.Exec}
}
