package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// ErrNotProven means that a file is not in the Archive as it is on the disk; it stays where it is.
var ErrNotProven = errors.New("the Archive does not hold this file as it is on the disk")

// prove reads every file back from the cloud and returns those whose bytes are the ones that were on the disk.
func (w *adding) prove(ctx context.Context, files []*found) ([]*found, error) {
	files = slices.DeleteFunc(slices.Clone(files), func(f *found) bool { return f.content.Hash.IsZero() })
	w.begin("verify", files)
	ok := make([]bool, len(files))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(w.Parallel)
	for i, f := range files {
		g.Go(func() error {
			err := w.verify(gctx, f)
			if gctx.Err() != nil {
				return gctx.Err()
			}
			if err != nil && stops(err) {
				return err
			}
			if err != nil {
				w.fail(f.abs(), err)
				w.step(f, nil)
				return nil
			}
			ok[i] = true
			w.step(f, func(r *Report) { r.Files++; r.Verified++; r.Bytes += f.content.Size })
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var proven []*found
	for i, f := range files {
		if ok[i] {
			proven = append(proven, f)
		}
	}
	return proven, nil
}

// verify looks up what the Archive shows at the file's place, and reads it.
func (w *adding) verify(ctx context.Context, f *found) error {
	var c tree.Content
	var ok bool
	w.Volume.View(func(s *merge.State) { c, ok = contentAt(s, f.placed) })
	if !ok || f.placed == "" || c.Hash != f.content.Hash || c.Size != f.content.Size {
		return ErrNotProven
	}
	return w.Transfer.Verify(ctx, w.ranges(c), c.Size, c.Hash)
}

// free moves proven files that are still what was read to the recycle bin, then removes the folders that are empty now. Precondition:
// every file was verified in this run.
func (w *adding) free(ctx context.Context, proven []*found, folders []emptied) {
	for _, f := range proven {
		if ctx.Err() != nil {
			return
		}
		now, err := f.fs.Stat(f.path)
		if err == nil && now.Signature != f.info.Signature {
			err = fmt.Errorf("it stays on this computer: %w", transfer.ErrChanged)
		}
		if err == nil {
			err = w.Trash.Trash(ctx, f.abs())
		}
		if err != nil {
			w.fail(f.abs(), err)
			continue
		}
		w.report.Freed++
	}
	for _, d := range slices.Backward(folders) {
		_ = d.fs.Remove(d.path) // only an empty folder goes; one with something in it stays, as it should
	}
}
