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
	keeps  *fyne.Container // how long things are kept; not there while that is not known
	trash  *widgets.Paragraph
	old    *widgets.Paragraph
	card   *fyne.Container
	cancel func()
}

func newSafety(p *Page) *safety {
	w := p.desk.Words
	s := &safety{p: p, banner: widgets.NewBanner()}
	s.quick = widgets.NewButton(w.T("check.quick"), theme.Shield, widgets.Plain, func() { s.check(false) })
	s.whole = widgets.NewButton(w.T("check.whole"), "", widgets.Quiet, func() { s.check(true) })
	about := widgets.Style{Size: theme.Caption, Colour: theme.Muted}
	s.trash, s.old = widgets.NewParagraph("", about), widgets.NewParagraph("", about)
	s.keeps = widgets.Column(12,
		widgets.Column(2, widgets.NewParagraph(w.T("keep.trash"), widgets.Style{}), s.trash), widgets.Column(2, widgets.NewParagraph(w.T("keep.versions"), widgets.Style{}), s.old))
	s.keeps.Hide()
	s.card = section(w.T("settings.safety"), option(w.T("check.title"), w.T("check.about"), s.whole, s.quick), s.banner.Container, s.keeps)
	return s
}

// load learns how long the space keeps things: it is the same for all its computers, and cannot be changed here.
func (s *safety) load() {
	w := s.p.desk.Words
	var k app.Keeping
	s.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			k, err = s.p.client.Keeping(ctx)
			return err
		},
		Done: func(err error) {
			if s.keeps.Hidden = err != nil; err == nil {
				s.trash.Set(w.N("keep.trash.about", k.Days))
				s.old.Set(w.N("keep.versions.about", k.Versions, "days", w.N("keep.days", k.Days)))
			}
			s.card.Refresh()
		},
	})
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
