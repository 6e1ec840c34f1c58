package backups

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// skipped is the view of what of a folder is not backed up, and why.
type skipped struct {
	p       *Page
	asked   int // how often it was asked
	found   []app.Skipped
	rows    *widgets.Rows
	list    *fyne.Container
	content *fyne.Container
}

func newSkipped(p *Page) *skipped {
	s := &skipped{p: p, content: container.NewStack()}
	s.rows = widgets.NewRows(false, func(i int) widgets.Row { return skippedRow(p, s.found[i]) })
	s.rows.OnOpen = func(i int) { p.desk.Open(s.found[i].Path) }
	s.list = widgets.Tile(s.rows)
	return s
}

// load looks at a folder anew.
func (s *skipped) load(name string) {
	s.asked++
	now := s.asked
	s.under(widgets.Tile(widgets.Skeleton(3)))
	var found []app.Skipped
	s.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			found, err = s.p.client.SkippedIn(ctx, name)
			return err
		},
		Done: func(err error) {
			if now == s.asked {
				s.take(found, err)
			}
		},
	})
}

func (s *skipped) take(found []app.Skipped, err error) {
	w := s.p.desk.Words
	s.found = found
	s.rows.SetCount(len(found))
	switch {
	case err != nil:
		s.under(widgets.Empty(theme.PictureQuiet, page.Line(w, err), w.T("folder.skipped.unknown")))
	case len(found) == 0:
		s.under(widgets.Empty(theme.PictureQuiet, w.T("folder.skipped.none"), w.T("folder.skipped.none.more")))
	default:
		s.under(s.list)
	}
}

func (s *skipped) under(o fyne.CanvasObject) {
	s.content.Objects = []fyne.CanvasObject{o}
	s.content.Refresh()
}

func skippedRow(p *Page, s app.Skipped) widgets.Row {
	why := s.Reason
	if key := "skipped." + s.Reason; p.desk.Words.Has(key) {
		why = p.desk.Words.T(key)
	}
	return widgets.Row{Icon: theme.File, Tone: widgets.Idle, Title: s.Path, Caption: why}
}
