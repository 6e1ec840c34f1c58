package backups

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// times is where it is chosen when a folder is backed up.
type times struct {
	p       *Page
	is      app.PairStatus
	choice  *widgets.Segments
	pause   *widgets.Button
	now     *widgets.Button
	content fyne.CanvasObject
}

// everies are what can be chosen, in the order of the words.
func everies() []string { return []string{"", app.EveryHour, app.EveryDay} }

func newTimes(p *Page) *times {
	w := p.desk.Words
	t := &times{p: p}
	t.choice = widgets.NewSegments(func(i int) { t.choose(everies()[i]) }, w.T("every.change"), w.T("every.hour"), w.T("every.day"))
	t.pause = widgets.NewButton(w.T("times.pause"), theme.Pause, widgets.Quiet, func() { p.pause(t.is.Name, !t.is.Paused) })
	t.now = widgets.NewButton(w.T("times.now"), theme.Up, widgets.Plain, func() { p.backUpNow(t.is.Name) })
	t.now.Hide()
	t.content = widgets.Card(widgets.Column(8,
		widgets.NewParagraph(w.T("every.title"), widgets.Style{Size: theme.Section, Bold: true}),
		widgets.Across(0, t.choice.Container),
		widgets.NewParagraph(w.T("every.about"), widgets.Style{Size: theme.Caption, Colour: theme.Muted}), widgets.Across(8, t.now, t.pause)))
	return t
}

// show shows what is chosen for a folder.
func (t *times) show(x app.PairStatus) {
	w := t.p.desk.Words
	before := t.is
	t.is = x
	if x.Name == before.Name && x.Every == before.Every && x.Paused == before.Paused && x.Detail == before.Detail {
		return
	}
	t.choice.Choose(max(0, slices.Index(everies(), x.Every)))
	word, icon := w.T("times.pause"), theme.Pause
	if x.Paused {
		word, icon = w.T("times.resume"), theme.Play
	}
	t.pause.Set(word, icon)
	t.now.Hidden = x.Detail != app.DetailScheduled
	t.content.Refresh()
}

func (t *times) choose(every string) {
	if every == t.is.Every {
		return
	}
	name := t.is.Name
	t.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return t.p.client.SetEvery(ctx, name, every) },
		Done: func(err error) {
			if err != nil {
				t.p.desk.Explain(err)
				t.is.Every = every // so that what is true is shown with the next moment
			}
		},
	})
}

// pause lets a folder wait, or go on.
func (p *Page) pause(name string, paused bool) {
	w := p.desk.Words
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return p.client.PauseBackup(ctx, name, paused) },
		Done: func(err error) {
			switch {
			case err != nil:
				p.desk.Explain(err)
			case paused:
				p.desk.Say(widgets.Idle, w.T("times.paused", "folder", name))
			default:
				p.desk.Say(widgets.Good, w.T("times.resumed", "folder", name))
			}
		},
	})
}

func (p *Page) backUpNow(name string) {
	p.desk.Start(page.Job{
		Do:   func(ctx context.Context, _ func(app.Progress)) error { return p.client.BackUpNow(ctx, name) },
		Done: func(err error) { p.desk.Explain(err) },
	})
}

// timely are the parts of a folder's menu that are about when.
func (p *Page) timely(x app.PairStatus) []*fyne.MenuItem {
	w := p.desk.Words
	if x.Paused {
		return []*fyne.MenuItem{fyne.NewMenuItem(w.T("times.resume"), func() { p.pause(x.Name, false) })}
	}
	items := []*fyne.MenuItem{fyne.NewMenuItem(w.T("times.pause"), func() { p.pause(x.Name, true) })}
	if x.Detail == app.DetailScheduled {
		items = append(items, fyne.NewMenuItem(w.T("times.now"), func() { p.backUpNow(x.Name) }))
	}
	return items
}
