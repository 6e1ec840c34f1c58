package settings

import (
	"context"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
)

// saver saves one thing after the other: of what is chosen while it saves, only the last counts.
type saver struct {
	desk *page.Desk
	busy bool
	next func(context.Context) error
}

// keep saves. failed is called when it did not succeed, and shows what is true again.
func (s *saver) keep(save func(context.Context) error, failed func()) {
	s.next = save
	if s.busy {
		return
	}
	s.busy, s.next = true, nil
	s.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return save(ctx) },
		Done: func(err error) {
			s.busy = false
			s.desk.Explain(err)
			switch next := s.next; {
			case next != nil:
				s.keep(next, failed)
			case err != nil:
				failed()
			}
		},
	})
}
