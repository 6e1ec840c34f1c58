package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
)

// start is the choice whether the program starts when its user signs in. The system's own list is the only record.
type start struct {
	p      *Page
	choice *fyne.Container
}

func newStart(p *Page) *start {
	s := &start{p: p, choice: container.NewStack()}
	s.show("off")
	return s
}

// show shows how it is; what the user switched off in the system's list, or gave to another program, is off here too.
func (s *start) show(state string) {
	w := s.p.desk.Words
	names := []string{w.T("settings.start.on"), w.T("settings.start.off")}
	s.choice.Objects = []fyne.CanvasObject{choose(names, []bool{true, false}, state == "on", s.set)}
	s.choice.Refresh()
}

func (s *start) load() {
	if s.p.o.SignIn == nil {
		return
	}
	state := ""
	s.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			state, err = s.p.o.SignIn.State(ctx)
			return err
		},
		Done: func(err error) {
			if err == nil {
				s.show(state)
			}
		},
	})
}

func (s *start) set(on bool) {
	s.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return s.p.o.SignIn.Set(ctx, on) },
		Done: func(err error) {
			s.p.desk.Explain(err)
			s.load()
		},
	})
}
