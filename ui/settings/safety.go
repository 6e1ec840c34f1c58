package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// safety is the card of the check: is everything there that should be?
type safety struct {
	p      *Page
	quick  *widgets.Button
	whole  *widgets.Button
	banner *widgets.Banner
	card   *fyne.Container
	cancel func()
}

func newSafety(p *Page) *safety {
	w := p.desk.Words
	s := &safety{p: p, banner: widgets.NewBanner()}
	s.quick = widgets.NewButton(w.T("check.quick"), theme.Shield, widgets.Plain, func() { s.check(false) })
	s.whole = widgets.NewButton(w.T("check.whole"), "", widgets.Quiet, func() { s.check(true) })
	s.card = section(w.T("settings.safety"), option(w.T("check.title"), w.T("check.about"), s.whole, s.quick), s.banner.Container)
	return s
}

func (s *safety) busy(yes bool) {
	s.quick.Allow(!yes)
	s.whole.Allow(!yes)
}

func (s *safety) check(readData bool) {
	w := s.p.desk.Words
	var r app.CheckReport
	say := func(line string) {
		s.banner.Say(widgets.Busy, theme.Eye, w.T("check.busy"), line, w.T("cancel"), func() { s.cancel() })
	}
	s.busy(true)
	say(w.T("check.begun"))
	s.cancel = s.p.desk.Start(page.Job{
		Do: func(ctx context.Context, tell func(app.Progress)) (err error) {
			r, err = s.p.client.Check(ctx, readData, tell)
			return err
		},
		Tell: func(x app.Progress) { say(w.T("check.step", "done", x.Files, "total", x.FilesTotal)) },
		Done: func(err error) {
			s.busy(false)
			s.tell(r, err)
		},
	})
}

func (s *safety) tell(r app.CheckReport, err error) {
	w := s.p.desk.Words
	switch {
	case err != nil:
		s.banner.Hide()
		s.p.desk.Explain(err)
	case r.Missing+r.Damaged+len(r.Problems) > 0:
		text := w.T("check.bad.more", "missing", r.Missing, "damaged", r.Damaged)
		s.banner.Say(widgets.Warn, theme.Alert, w.T("check.bad"), text, "", nil)
	case r.Healed > 0:
		s.banner.Say(widgets.Good, theme.Check, w.T("check.good"), w.N("check.healed", r.Healed), "", nil)
	case r.ReadData:
		s.banner.Say(widgets.Good, theme.Check, w.T("check.good"), w.N("check.good.read", r.Versions, "size", w.Size(r.Bytes)), "", nil)
	default:
		s.banner.Say(widgets.Good, theme.Check, w.T("check.good"), w.N("check.good.there", r.Versions, "size", w.Size(r.Bytes)), "", nil)
	}
}
