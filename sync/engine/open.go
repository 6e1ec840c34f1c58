package engine

import (
	"context"
	"fmt"

	"elkjopcloud/sync/plan"
)

// remember keeps, before the disk is changed, what acts put or move where: a crash after it leaves files in their places that Base does not
// know, and an edit that follows must still be one of theirs.
func (e *Engine) remember(ctx context.Context, acts []plan.Down, undone map[plan.Handle]bool) error {
	var open []plan.Open
	for _, a := range acts {
		if undone[a.ID] || e.failed[target(a)] {
			continue
		}
		o, ok, err := e.Local.Begin(a)
		if err != nil {
			return fmt.Errorf("look at what is ready: %w", err)
		}
		if ok {
			open = append(open, o)
		}
	}
	if len(open) == 0 {
		return nil
	}
	if err := e.save(ctx, Change{Open: open}); err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	return nil
}

// recoverActs writes to Base what acts have done that a crash, or a drive that went away, has cut off. What cannot be told for sure counts as not
// done: it is then seen like a change of the user's.
func (e *Engine) recoverActs(ctx context.Context) error {
	if len(e.open) == 0 {
		return nil
	}
	c := Change{Open: []plan.Open{}}
	var dirs []string
	for _, o := range e.open {
		row, drop, err := e.Local.Finish(o)
		if err != nil {
			return fmt.Errorf("look at what was begun: %w", err)
		}
		if drop {
			c.Drop = append(c.Drop, o.ID)
		}
		if row != nil {
			c.Set = append(c.Set, row)
		}
		if drop || row != nil {
			dirs = append(dirs, e.Local.FoldersOf(o)...) // a power cut may take back a removal, too
		}
	}
	if err := e.Local.Sync(dirs); err != nil {
		return err
	}
	if err := e.save(ctx, c); err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	return nil
}
