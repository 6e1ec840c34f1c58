// Package activity is the page of what is being done, what needs somebody, and what happened.
package activity

import (
	"context"
	"strings"
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
	Activity(ctx context.Context, limit int) ([]app.ActivityItem, error)
	Queue(ctx context.Context) ([]app.Transfer, error)
	First(ctx context.Context, path string) error
}

// history is how many events the page can show.
const history = 5000

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	now     page.Snapshot
	groups  []page.Group // problems that are to be seen
	hidden  int          // causes that are not
	all     []app.ActivityItem
	found   []app.ActivityItem
	loading bool
	moment  string
	view    int
	queue   []app.Transfer
	asking  bool      // for the queue
	asked   time.Time // when it was asked for last
	doing   string    // what was done then

	segments *widgets.Segments
	lists    [3]*widgets.Rows
	tiles    [3]fyne.CanvasObject
	empties  [3]fyne.CanvasObject
	search   *widget.Entry
	below    *fyne.Container
	content  fyne.CanvasObject
}

// The views.
const (
	viewNow = iota
	viewProblems
	viewHistory
)

// New returns the page.
func New(desk *page.Desk, client Source) *Page {
	p := &Page{desk: desk, client: client, below: container.NewStack()}
	w := desk.Words
	p.lists[viewNow] = widgets.NewRows(false, p.nowRow)
	p.lists[viewNow].OnOpen, p.lists[viewNow].OnMenu = p.openNow, p.menu
	p.lists[viewNow].OnAction = func(i int) {
		if t, ok := p.transfer(i); ok {
			p.sendFirst(t)
		}
	}
	p.lists[viewProblems] = widgets.NewTallRows(p.problemRow)
	p.lists[viewProblems].OnAction, p.lists[viewProblems].OnOpen = p.help, p.details
	p.lists[viewProblems].OnSecond = func(i int) { p.hide(p.groups[i]) }
	p.lists[viewHistory] = widgets.NewRows(false, func(i int) widgets.Row { return page.Event(w, p.found[i], p.now.Now) })
	p.lists[viewHistory].OnOpen = func(i int) { desk.Open(p.found[i].Path) }
	for i, l := range p.lists {
		p.tiles[i] = widgets.Tile(l)
	}
	p.empties = [3]fyne.CanvasObject{
		widgets.Empty(theme.PictureQuiet, w.T("activity.now.none"), w.T("activity.now.none.more")),
		widgets.Empty(theme.PictureQuiet, w.T("activity.problems.none"), w.T("activity.problems.none.more")),
		widgets.Empty(theme.PictureSearch, w.T("activity.history.none"), w.T("activity.history.none.more")),
	}
	p.search = widgets.NewSearch(w.T("activity.search"), func(string) { p.filter() })
	p.segments = widgets.NewSegments(p.choose, w.T("activity.now"), w.T("activity.problems"), w.T("activity.history"))
	tools := container.NewBorder(nil, nil, p.segments.Container, nil, widgets.Inset(0, 0, 8, 0, p.search))
	p.search.Hide()
	header := page.Header(w.T("place.activity"), w.T("activity.about"))
	p.content = page.Body(widgets.Column(0, header, widgets.Inset(0, 10, 0, 0, tools)), p.below)
	p.fill()
	return p
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Problems goes to the problems.
func (p *Page) Problems() { p.segments.Choose(viewProblems) }

// Opened loads the history, and goes to the problems when there are some.
func (p *Page) Opened() {
	if len(p.groups) > 0 {
		p.Problems()
	}
	p.load()
	p.ask()
}

// Show shows a moment.
func (p *Page) Show(s page.Snapshot) {
	var hidden []page.Group
	p.groups, hidden = p.desk.Hidden.Among(s)
	p.hidden = len(hidden)
	word := p.desk.Words.T("activity.problems")
	if n := len(p.groups); n > 0 {
		word = p.desk.Words.T("activity.problems.count", "n", n)
	}
	p.segments.Word(viewProblems, word)
	p.keep(func() { p.now = s })
	if s.Now.Sub(p.asked) >= again || doing(s.Status) != p.doing {
		p.ask()
	}
	if len(s.Recent) > 0 {
		if moment := s.Recent[0].Time.String() + s.Recent[0].Path; moment != p.moment {
			p.moment = moment
			p.load()
		}
	}
}

func (p *Page) choose(i int) {
	p.view = i
	p.search.Hidden = i != viewHistory
	p.search.Refresh()
	p.fill()
	p.ask()
}

func (p *Page) load() {
	if p.loading {
		return
	}
	p.loading = true
	var all []app.ActivityItem
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			all, err = p.client.Activity(ctx, history)
			return err
		},
		Done: func(err error) {
			p.loading = false
			if err != nil {
				p.desk.Explain(err)
				return
			}
			p.all = all
			p.filter()
		},
	})
}

func (p *Page) filter() {
	find := strings.ToLower(strings.TrimSpace(p.search.Text))
	p.found = nil
	for _, e := range p.all {
		if strings.Contains(strings.ToLower(e.Path+"\n"+e.Pair), find) {
			p.found = append(p.found, e)
		}
	}
	p.fill()
}

func (p *Page) fill() {
	counts := [3]int{len(p.now.Status.Pairs) + len(p.queue), len(p.groups) + min(p.hidden, 1), len(p.found)}
	p.lists[p.view].SetCount(counts[p.view])
	o := p.tiles[p.view]
	if counts[p.view] == 0 {
		o = p.empties[p.view]
	}
	if len(p.below.Objects) != 1 || p.below.Objects[0] != o {
		p.below.Objects = []fyne.CanvasObject{o}
		p.below.Refresh()
	}
}

func (p *Page) pairRow(x app.PairStatus) widgets.Row {
	w := p.desk.Words
	row := widgets.Row{Icon: theme.Folder, Title: x.Name, Caption: x.Root, State: page.Pair(w, p.now, x)}
	switch {
	case x.Area == "synced":
		row.Icon, row.Title = theme.Synced, w.T("place.synced")
	case x.Detail == "not-connected":
		row.Icon = theme.Drive
	}
	if row.State.Tone != widgets.Busy {
		row.Tone = row.State.Tone
	}
	if x.PendingFiles > 0 {
		row.Side, row.Under = w.Size(x.PendingBytes), w.N("activity.pending", x.PendingFiles)
	}
	return row
}

// problemRow shows a problem; below all of them, one row says how many are hidden.
func (p *Page) problemRow(i int) widgets.Row {
	w := p.desk.Words
	if i == len(p.groups) {
		return widgets.Row{Icon: theme.Eye, Tone: widgets.Idle, Title: w.N("activity.hidden", p.hidden), Caption: w.T("activity.hidden.about"), Action: w.T("activity.hidden.show")}
	}
	row := p.groups[i].Row(w)
	row.Second = w.T("activity.hide")
	return row
}

// help does what helps against a problem, or shows the hidden ones again.
func (p *Page) help(i int) {
	if i == len(p.groups) {
		p.desk.Hidden.Reveal()
		p.Show(p.now)
		return
	}
	p.desk.Fix(p.groups[i])
}

// hide hides a problem until it happens anew or gets worse.
func (p *Page) hide(g page.Group) {
	p.desk.Hidden.Hide(g)
	p.Show(p.now)
	p.desk.Say(widgets.Idle, p.desk.Words.T("activity.hide.done"))
}

// details shows all that one problem is about.
func (p *Page) details(i int) {
	if i == len(p.groups) {
		p.help(i)
		return
	}
	g, w := p.groups[i], p.desk.Words
	paths := g.Paths()
	body := []string{g.Help(w)}
	if n := len(paths) - 12; n > 0 {
		body = append(body, w.N("list.more", n))
		paths = paths[:12]
	}
	p.desk.Ask(widgets.Question{
		Icon: theme.Alert, Tone: widgets.Warn, Title: g.Title(w), Body: body, Things: paths, Safe: w.T("close"),
		Acts: []widgets.Choice{{Label: w.T("activity.hide"), Kind: widgets.Plain, Do: func() { p.hide(g) }}, {Label: g.Remedy().Button(w), Kind: widgets.Primary, Do: func() { p.desk.Fix(g) }}},
	})
}
