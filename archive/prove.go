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
	at := w.pieces(files)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(w.Parallel)
	for _, group := range transfer.Together(at) {
		g.Go(func() error {
			if len(group) > 1 {
				w.proveTogether(ctx, files, at, group)
			}
			for _, i := range group {
				if err := w.proveOne(ctx, files[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(files, func(f *found) bool { return !f.proven }), nil
}

// proveTogether reads small files that lie near to one another in one go. What it does not prove is left to proveOne.
func (w *adding) proveTogether(ctx context.Context, files []*found, at []transfer.Range, group []int) {
	want := make([]transfer.Wanted, len(group))
	for n, i := range group {
		want[n] = transfer.Wanted{Range: at[i], SHA256: files[i].content.Hash}
	}
	for n, err := range w.Transfer.VerifyTogether(ctx, want) {
		files[group[n]].proven = err == nil
	}
}

// proveOne counts a file that is proven, and proves it unless it is; an error stops everything.
func (w *adding) proveOne(ctx context.Context, f *found) error {
	var err error
	if !f.proven {
		err = w.verify(ctx, f)
		f.proven = err == nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && stops(err) {
		return err
	}
	if err != nil {
		w.fail(f.abs(), err)
		w.step(f, nil)
		return nil
	}
	w.step(f, func(r *Report) { r.Files++; r.Verified++; r.Bytes += f.content.Size })
	return nil
}

// verify looks up what the Archive shows at the file's place, and reads it.
func (w *adding) verify(ctx context.Context, f *found) error {
	var c tree.Content
	var ok bool
	w.Volume.View(func(s *merge.State) { c, ok = shown(s, f) })
	if !ok {
		return ErrNotProven
	}
	return w.Transfer.Verify(ctx, w.ranges(c), c.Size, c.Hash)
}

// shown returns what the Archive shows at a file's place, if it is what the file holds.
func shown(s *merge.State, f *found) (tree.Content, bool) {
	c, ok := contentAt(s, f.placed)
	return c, ok && f.placed != "" && c.Hash == f.content.Hash && c.Size == f.content.Size
}

// pieces returns where the Archive shows the bytes of files, for those that lie in one piece.
func (w *adding) pieces(files []*found) []transfer.Range {
	out := make([]transfer.Range, len(files))
	w.Volume.View(func(s *merge.State) {
		for i, f := range files {
			if c, ok := shown(s, f); ok && len(c.Extents) == 1 {
				out[i] = w.ranges(c)[0]
			}
		}
	})
	return out
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
