package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Heal sends again what the store has lost or damaged, as far as a file here that nobody has changed since still holds it: to new objects, and tells that the
// versions lie there now. What is in the store is never written over: it may be whole, and only have come wrong. It returns what is still lost.
func (e *Engine) Heal(ctx context.Context, lost []space.Lost) ([]space.Lost, error) {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	if len(lost) == 0 {
		return nil, nil
	}
	for _, step := range []func(context.Context) error{e.know, e.pull, e.confirmIntent, e.present} {
		if err := step(ctx); err != nil {
			return lost, err
		}
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

// mostHealed is how many versions are told at once. What a crash cuts off is sent again.
const mostHealed = 2000

func (e *Engine) heal(ctx context.Context, lost []space.Lost) ([]space.Lost, error) {
	at := map[tree.Hash]*plan.Base{}
	for _, l := range lost {
		at[l.Content.Hash] = nil
	}
	for b := range e.base.Glance {
		if _, asked := at[b.Hash]; asked && !b.Dir {
			at[b.Hash] = e.base.Get(b.ID)
		}
	}
	var left, here []space.Lost
	for _, l := range lost {
		if at[l.Content.Hash] == nil {
			left = append(left, l)
		} else {
			here = append(here, l)
		}
	}
	for part := range slices.Chunk(here, mostHealed) {
		h := &healing{e: e, at: at}
		if err := h.send(ctx, part); err != nil {
			return e.lostAfter(lost), err
		}
		left = append(left, h.left...)
	}
	return left, nil
}

// lostAfter returns what is still lost when healing was cut off: what still lies where it was lost.
func (e *Engine) lostAfter(lost []space.Lost) []space.Lost {
	s := e.Volume.State()
	return slices.DeleteFunc(slices.Clone(lost), func(l space.Lost) bool {
		v, ok := s.Version(l.Version)
		return ok && !slices.Equal(v.Content.Extents, l.Content.Extents)
	})
}

// healing is one part of what is to be sent again.
type healing struct {
	e    *Engine
	at   map[tree.Hash]*plan.Base
	left []space.Lost
	ops  []merge.Op
	stop error
}

// send sends the files that hold what is lost and tells where it lies now.
func (h *healing) send(ctx context.Context, lost []space.Lost) error {
	of := map[plan.Handle][]space.Lost{}
	in := plan.Input{Local: plan.LocalsOf(), State: h.e.Volume.State()}
	var ups []plan.Up
	for _, l := range lost {
		b := h.at[l.Content.Hash]
		if of[b.ID] = append(of[b.ID], l); len(of[b.ID]) > 1 {
			continue
		}
		in.Local.Set(&plan.Local{ID: b.ID, Disk: b.Disk})
		ups = append(ups, plan.Up{Kind: merge.Create, ID: b.ID, Path: plan.BasePath(h.e.base, b.ID), Version: b.Version, Base: b})
	}
	// They go as wholes, like new files: of what is lost nothing may be named again.
	stopped := func() bool { return h.stop != nil }
	err := h.e.Cloud.Contents(ctx, in, ups, cloud.Have{}, stopped, func(u plan.Up, s plan.Sent, _ bool) {
		h.sent(of[u.ID], s)
		delete(of, u.ID)
	}, func(f cloud.Failure) {
		h.failed(of[f.Up.ID], f.Err)
		delete(of, f.Up.ID)
	})
	if err == nil {
		err = h.e.announce(ctx, h.ops) // also when something stopped it half-way: what was sent lies there
	}
	return errors.Join(h.stop, err)
}

// errOther means that a file here does not hold what Base says.
var errOther = errors.New("the file has other bytes")

func (h *healing) sent(ls []space.Lost, s plan.Sent) {
	for _, l := range ls {
		if s.Content.Hash != l.Content.Hash || s.Content.Size != l.Content.Size {
			h.failed([]space.Lost{l}, errOther)
			continue
		}
		c := l.Content
		c.Extents = s.Content.Extents
		h.ops = append(h.ops, merge.Op{Kind: merge.Repack, Version: l.Version, Content: &c})
	}
}

func (h *healing) failed(ls []space.Lost, err error) {
	h.left = append(h.left, ls...)
	if stops(err) && h.stop == nil {
		h.stop = fmt.Errorf("send %s again: %w", ls[0].Path, err)
	}
	h.e.Log.Warn("send again what the store has lost", "path", ls[0].Path, "error", err)
}
