// Package archives is the page of the Archive: what lies only up there.
//
// Reading order: archives.go (the page), add.go (putting in), act.go (downloading and deleting).
package archives

import (
	"context"
	"path"
	"strings"

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
	ArchiveAdd(ctx context.Context, paths []string, free bool, progress func(app.Progress)) (app.ArchiveReport, error)
	ArchiveList(ctx context.Context, path string) ([]app.Item, error)
	ArchiveFind(ctx context.Context, text string) ([]app.Item, error)
	ArchiveGet(ctx context.Context, path, to string, progress func(app.Progress)) (app.RestoreReport, error)
	ArchiveRemove(ctx context.Context, path string) error
}

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	at      string // the folder that is shown
	items   []app.Item
	chosen  widgets.Chosen // by path
	known   bool           // items are those of at, or of the search
	loading bool
	again   bool
	failed  error

	search   *widget.Entry
	trail    *widgets.Line
	up       *widgets.Button
	count    *widgets.Line
	rows     *widgets.Rows
	tile     fyne.CanvasObject
	download *widgets.Button
	remove   *widgets.Button
	banner   *widgets.Banner
	below    *fyne.Container
	content  fyne.CanvasObject
}

// New returns the page.
func New(desk *page.Desk, client Source) *Page {
	p := &Page{desk: desk, client: client, chosen: widgets.Chosen{}, banner: widgets.NewBanner(), below: container.NewStack()}
	w := desk.Words
	p.search = widgets.NewSearch(w.T("archive.search"), func(string) { p.load() })
	p.trail = widgets.NewCutLine(w.T("place.archive"), widgets.Style{Bold: true})
	p.up = widgets.NewButton("", theme.Back, widgets.Quiet, p.goUp)
	p.count = widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	p.rows = widgets.NewRows(true, func(i int) widgets.Row { return p.row(p.items[i]) })
	p.rows.OnOpen, p.rows.OnCheck, p.rows.OnAll = p.open, p.check, p.checkAll
	p.tile = widgets.Tile(p.rows)
	p.download = widgets.NewButton(w.T("archive.download"), theme.Down, widgets.Primary, p.getChosen)
	p.remove = widgets.NewButton(w.T("archive.delete"), theme.Trash, widgets.Plain, p.askRemove)
	header := page.Header(w.T("place.archive"), w.T("archive.about"),
		widgets.NewButton(w.T("archive.add-file"), theme.File, widgets.Plain, func() { desk.File(func(x string) { p.Add([]string{x}) }) }),
		widgets.NewButton(w.T("archive.add-folder"), theme.Plus, widgets.Primary, func() { desk.Folder(func(x string) { p.Add([]string{x}) }) }))
	where := container.NewBorder(nil, nil, p.up, nil, widgets.Middle(p.trail))
	acts := container.NewBorder(nil, nil, nil, widgets.Across(8, p.remove, p.download), widgets.Middle(p.count))
	tools := container.NewGridWithColumns(2, where, p.search)
	p.content = page.Body(widgets.Column(0, header, p.banner.Container, widgets.Inset(6, 0, 0, 0, tools), widgets.Inset(10, 10, 2, 0, acts)), p.below)
	p.fill()
	return p
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Opened loads what is there now.
func (p *Page) Opened() { p.load() }

// Show shows a moment; what is in the Archive is loaded when the page is opened and after everything that is done here.
func (p *Page) Show(page.Snapshot) {}

func (p *Page) load() {
	if p.loading {
		p.again = true
		return
	}
	p.loading = true
	find, at := strings.TrimSpace(p.search.Text), p.at
	var items []app.Item
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			if find != "" {
				items, err = p.client.ArchiveFind(ctx, find)
			} else {
				items, err = p.client.ArchiveList(ctx, at)
			}
			return err
		},
		Done: func(err error) { p.loaded(items, err) },
	})
}

func (p *Page) loaded(items []app.Item, err error) {
	p.loading = false
	if p.again {
		p.again = false
		p.load()
		return
	}
	p.items, p.failed, p.known = items, err, true
	p.chosen.Only(p.paths())
	p.fill()
}

func (p *Page) fill() {
	w := p.desk.Words
	p.rows.SetCount(len(p.items))
	p.up.Allow(p.at != "")
	trail := w.T("place.archive")
	if p.at != "" {
		trail += " › " + strings.ReplaceAll(p.at, "/", " › ")
	}
	p.trail.Set(trail)
	switch {
	case !p.known:
		p.under(widgets.Tile(widgets.Skeleton(5)))
	case p.failed != nil:
		p.under(widgets.Empty(theme.PictureQuiet, page.Line(w, p.failed), w.T("try-later"), widgets.NewButton(w.T("fix.again"), theme.Refresh, widgets.Plain, p.load)))
	case len(p.items) == 0 && p.search.Text != "":
		p.under(widgets.Empty(theme.PictureSearch, w.T("nothing-found"), w.T("nothing-found.more")))
	case len(p.items) == 0:
		p.under(widgets.Empty(theme.PictureArchive, w.T("archive.empty"), w.T("archive.empty.more")))
	default:
		p.under(p.tile)
	}
	p.counted()
}

func (p *Page) counted() {
	n, w := len(p.chosen), p.desk.Words
	p.count.Set("")
	if len(p.items) > 0 {
		p.count.Set(w.N("archive.count", len(p.items)))
	}
	if n > 0 {
		p.count.Set(w.N("archive.chosen", n))
	}
	p.download.Allow(n > 0)
	p.remove.Allow(n > 0)
}

func (p *Page) under(o fyne.CanvasObject) {
	if len(p.below.Objects) != 1 || p.below.Objects[0] != o {
		p.below.Objects = []fyne.CanvasObject{o}
		p.below.Refresh()
	}
}

func (p *Page) row(x app.Item) widgets.Row {
	w := p.desk.Words
	row := widgets.Row{Icon: theme.File, Tone: widgets.Idle, Title: path.Base(x.Path), Chosen: p.chosen[x.Path]}
	if x.Dir {
		row.Icon, row.Tone = theme.Folder, widgets.Good
	} else {
		row.Side = w.Size(x.Size)
	}
	if !x.Modified.IsZero() {
		row.Caption = page.When(w, x.Modified, p.desk.Now())
	}
	if p.search.Text != "" {
		row.Caption = path.Dir(x.Path)
	}
	return row
}

// open goes into a folder, or chooses a file.
func (p *Page) open(i int) {
	x := p.items[i]
	if !x.Dir {
		p.check(i)
		return
	}
	p.goTo(x.Path)
}

func (p *Page) goTo(at string) {
	p.at, p.known, p.items = at, false, nil
	clear(p.chosen)
	if p.search.Text != "" {
		p.search.SetText("") // loads
	} else {
		p.load()
	}
	p.fill()
}

func (p *Page) goUp() {
	dir := path.Dir(p.at)
	if dir == "." {
		dir = ""
	}
	p.goTo(dir)
}

func (p *Page) check(i int) {
	p.chosen.Toggle(p.items[i].Path)
	p.rows.RefreshItem(i)
	p.counted()
}

func (p *Page) checkAll() {
	p.chosen.ToggleAll(p.paths())
	p.rows.Refresh()
	p.counted()
}

// picked are the paths that are chosen, in the order of the list.
func (p *Page) picked() []string { return p.chosen.Of(p.paths()) }

func (p *Page) paths() []string {
	out := make([]string, len(p.items))
	for i, x := range p.items {
		out[i] = x.Path
	}
	return out
}
