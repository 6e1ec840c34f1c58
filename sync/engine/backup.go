package engine

import (
	"context"
	"errors"
	"fmt"

	"elkjopcloud/sync/plan"
)

var errElsewhere = errors.New("another computer changed it in this backup")

// elsewhere lists what another device changed in this backup while it stood here unchanged. It is not sent again: two devices that
// both did so would never end.
func (e *Engine) elsewhere(in plan.Input) {
	for _, h := range plan.Elsewhere(in) {
		e.foreign = append(e.foreign, Problem{CodeElsewhere, pathOf(in.Local, h), errElsewhere})
	}
}

// TakeOver makes a backup again what stands on this disk, where another device changed it or the cloud has forgotten it: the next Cycle sends that,
// on top of what the other one sent. Nothing is lost by it, and no bytes that the volume has are sent.
func (e *Engine) TakeOver(ctx context.Context) error {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	if !e.UpOnly {
		return fmt.Errorf("%s is no backup", e.Name)
	}
	e.begin()
	for _, step := range []func(context.Context) error{e.load, e.pull, e.confirmIntent, e.present} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	in, err := e.observe(ctx)
	if err != nil {
		return err
	}
	if err := e.save(ctx, Change{Drop: plan.Anew(in)}); err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	e.markAll()
	e.Wake()
	return nil
}
