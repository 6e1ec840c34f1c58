// Package home is the first page: how everything is, what needs somebody, the areas, and what happened last.
package home

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Source is what the page asks of the client.
type Source interface {
	Pause(ctx context.Context, d time.Duration) error
	Resume(ctx context.Context) error
}

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	content fyne.CanvasObject
	status  *widgets.BigStatus
	pause   *widgets.Button
	choose  *widgets.Button // stands in its place while there is nothing that could be paused
	needs   *needs
	areas   map[string]*area
	storage *storage
	recent  *recent
	paused  bool
}

// New returns the page.
func New(desk *page.Desk, client Source) *Page {
	p := &Page{desk: desk, client: client, areas: map[string]*area{}}
	p.pause = widgets.NewButton(desk.Words.T("pause"), theme.Pause, widgets.Plain, p.pauseOrResume)
	p.choose = widgets.NewButton(desk.Words.T("backup.choose"), theme.Plus, widgets.Primary, func() { desk.Go("backup") })
	p.choose.Hide()
	p.status = widgets.NewBigStatus(p.choose, p.pause)
	p.needs, p.storage, p.recent = newNeeds(desk), newStorage(desk), newRecent(desk)
	var cards []fyne.CanvasObject
	for _, a := range []struct {
		id   string
		icon theme.Icon
	}{{"backup", theme.Backup}, {"synced", theme.Synced}, {"shared", theme.Shared}, {"archive", theme.Archive}} {
		p.areas[a.id] = newArea(desk, a.id, a.icon)
		cards = append(cards, p.areas[a.id].Press)
	}
	all := widgets.Column(14, p.status.Container, p.needs.card, widgets.Cards(26, cards...), p.storage.card, p.recent.card)
	p.content = container.NewVScroll(widgets.Inset(20, 20, 24, 24, all))
	return p
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Show shows a moment.
func (p *Page) Show(s page.Snapshot) {
	state, line := page.Whole(p.desk.Words, s)
	share := -1.0
	if s.Status.State == app.StateWorking {
		share = s.Work.Share()
	}
	p.status.Set(state, line, share)
	p.paused = s.Status.Paused
	switch {
	case p.paused && s.Status.PausedFor != "":
		p.pause.Set(p.desk.Words.T("resume.anyway"), theme.Play)
	case p.paused:
		p.pause.Set(p.desk.Words.T("resume"), theme.Play)
	default:
		p.pause.Set(p.desk.Words.T("pause"), theme.Pause)
	}
	if none := page.Unused(s); p.pause.Hidden != none {
		p.pause.Hidden, p.choose.Hidden = none, !none
		p.status.Refresh()
	}
	p.needs.show(s)
	p.storage.show(s)
	p.recent.show(s)
	p.areas["backup"].show(folderLine(p.desk.Words, s, "backup"))
	synced := folderLine(p.desk.Words, s, "synced")
	if s.Conflicts > 0 {
		synced += "\n" + p.desk.Words.N("home.synced.conflicts", s.Conflicts)
	}
	p.areas["synced"].show(synced)
	p.areas["shared"].show(p.desk.Words.T("shared.empty"))
	archive := p.desk.Words.T("home.archive")
	if n := s.Status.Archived; n > 0 {
		archive = p.desk.Words.Size(n) + "\n" + archive
	}
	p.areas["archive"].show(archive)
}

func (p *Page) pauseOrResume() {
	if p.paused {
		p.do(p.client.Resume)
		return
	}
	var items []*fyne.MenuItem
	for _, x := range page.Pauses(p.desk.Now()) {
		items = append(items, fyne.NewMenuItem(p.desk.Words.T(x.Key), func() { p.do(func(ctx context.Context) error { return p.client.Pause(ctx, x.For) }) }))
	}
	widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items...), p.desk.Canvas(), fyne.NewPos(0, p.pause.Size().Height+4), p.pause)
}

func (p *Page) do(f func(context.Context) error) {
	p.desk.Start(page.Job{Do: func(ctx context.Context, _ func(app.Progress)) error { return f(ctx) }, Done: p.desk.Explain})
}
