package engine

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Ahead does at once, for an engine that has done nothing yet, what the first Cycle would do one after the other: it reads the Store, volume reads what the
// volume has cached, and with disk it looks at the whole folder, which must be present. What is marked meanwhile, or later, is looked at again. The error is that of volume;
// what else could not be read, the Cycle tries once more.
func (e *Engine) Ahead(ctx context.Context, disk bool, volume func(context.Context) error) error {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	var g errgroup.Group
	if e.Parallel == 1 {
		g.SetLimit(1) // in order, so that a simulated run is always the same
	}
	g.Go(func() error { return volume(ctx) })
	g.Go(func() error {
		if s, err := e.Store.Load(ctx); err == nil {
			e.saved = &s
		}
		return nil
	})
	if disk && !e.isPaused() && e.takeDirty() == nil {
		g.Go(func() error {
			if _, err := e.Local.Observe(ctx, nil); err != nil {
				e.markAll()
			}
			return nil
		})
	}
	return g.Wait()
}
