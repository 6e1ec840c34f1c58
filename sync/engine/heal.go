package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Heal sends again what the store has lost or damaged, as far as a file here that nobody has changed since still holds it: the same bytes in
// the same place. It returns what is still lost.
func (e *Engine) Heal(ctx context.Context, lost []space.Lost) ([]space.Lost, error) {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	if len(lost) == 0 {
		return nil, nil
	}
	if err := e.know(ctx); err != nil {
		return lost, err
	}
	if err := e.present(ctx); err != nil {
		return lost, err
	}
	return e.heal(ctx, lost)
}

// mend does what Heal does after the history had to be put back into the store: content may have gone with it.
func (e *Engine) mend(ctx context.Context) error {
	n := e.Volume.PutBack()
	if n == e.mended {
		return nil
	}
	e.Log.Warn("the store had lost a part of the history, which was put back", "pair", e.Name)
	lost, err := e.Volume.Missing(ctx)
	if err != nil {
		return err
	}
	left, err := e.heal(ctx, lost)
	if err != nil {
		return err
	}
	e.Log.Warn("content that the store had lost", "pair", e.Name, "versions", len(lost), "not here", len(left))
	e.mended = n
	return nil
}

func (e *Engine) heal(ctx context.Context, lost []space.Lost) ([]space.Lost, error) {
	at := map[tree.Hash]*plan.Base{}
	for _, b := range e.base {
		if !b.Dir {
			at[b.Hash] = b
		}
	}
	h := &healing{e: e, mends: map[string][]repair{}}
	for _, l := range lost {
		if h.stop != nil || ctx.Err() != nil || at[l.Content.Hash] == nil {
			h.left = append(h.left, l)
			continue
		}
		h.one(ctx, l, at[l.Content.Hash])
	}
	for _, key := range slices.Sorted(maps.Keys(h.mends)) {
		h.together(ctx, key, h.mends[key])
	}
	if err := errors.Join(h.stop, ctx.Err()); err != nil {
		return h.left, err
	}
	return h.left, nil
}

// healing collects what is left, and what is to be put into objects that hold several files.
type healing struct {
	e     *Engine
	left  []space.Lost
	mends map[string][]repair // by key
	stop  error
}

// repair is a file here that holds what an object has lost.
type repair struct {
	space.Lost
	row *plan.Base
}

// one sends what is an object of its own.
func (h *healing) one(ctx context.Context, l space.Lost, b *plan.Base) {
	if x := l.Content.Extents; len(x) == 1 && !cloud.Whole(l.Content) {
		h.mends[x[0].Key] = append(h.mends[x[0].Key], repair{l, b})
		return
	}
	h.took(h.e.again(ctx, b, l.Content), l)
}

// together puts what files here hold into an object.
func (h *healing) together(ctx context.Context, key string, ms []repair) {
	right := map[int64][]byte{}
	var in []space.Lost
	for _, m := range ms {
		b, err := h.e.bytes(ctx, m)
		if err != nil {
			h.took(err, m.Lost)
			continue
		}
		right[m.Content.Extents[0].Offset] = b
		in = append(in, m.Lost)
	}
	if len(in) > 0 {
		h.took(h.e.Volume.Mend(ctx, key, right), in...)
	}
}

// took notes what came of some files.
func (h *healing) took(err error, ls ...space.Lost) {
	if err == nil {
		return
	}
	h.left = append(h.left, ls...)
	if stops(err) && h.stop == nil {
		h.stop = fmt.Errorf("send %s again: %w", ls[0].Path, err)
	}
	h.e.Log.Warn("send again what the store has lost", "path", ls[0].Path, "error", err)
}

// errOther means that a file here does not hold what Base says.
var errOther = errors.New("the file has other bytes")

// bytes reads a small file that holds what an object has lost.
func (e *Engine) bytes(ctx context.Context, m repair) ([]byte, error) {
	b, h, err := e.Local.Read(ctx, plan.BasePath(e.base, m.row.ID), m.row.Disk)
	if err == nil && (h != m.Content.Hash || int64(len(b)) != m.Content.Extents[0].Length) {
		err = errOther
	}
	return b, err
}

func (e *Engine) again(ctx context.Context, b *plan.Base, c tree.Content) error {
	path := plan.BasePath(e.base, b.ID)
	h, err := e.Local.Hash(ctx, path, b.Disk)
	if err == nil && h != c.Hash {
		err = errOther
	}
	if err != nil {
		return err
	}
	return e.Cloud.Again(ctx, path, b.Disk, c)
}
