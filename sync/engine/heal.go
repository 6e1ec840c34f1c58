package engine

import (
	"context"
	"errors"
	"fmt"

	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Heal sends again what the store has lost or damaged, as far as a file here that nobody has changed since still holds it: the same bytes under
// the same key. It returns what is still lost.
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
	var left []space.Lost
	for i, l := range lost {
		b := at[l.Content.Hash]
		if b == nil {
			left = append(left, l)
			continue
		}
		switch err := e.again(ctx, b, l.Content); {
		case err == nil:
		case stops(err) || ctx.Err() != nil:
			return append(left, lost[i:]...), fmt.Errorf("send %s again: %w", l.Path, err)
		default:
			e.Log.Warn("send again what the store has lost", "path", l.Path, "error", err)
			left = append(left, l)
		}
	}
	return left, nil
}

// errOther means that a file here does not hold what Base says.
var errOther = errors.New("the file has other bytes")

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
