// Package archives is the page of the Archive: what lies only up there.
//
// Reading order: archives.go (the page), list.go (what is shown), filter.go (kinds and years), pictures.go (small pictures), add.go (putting in), act.go
// (downloading and deleting).
package archives

import (
	"context"

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
	ArchivePreview(ctx context.Context, path string) ([]byte, error)
	ArchiveRemove(ctx context.Context, path string) error
}

// Options of the page.
type Options struct {
	Grid    bool            // it begins with small pictures, not with a list
	Changed func(grid bool) // somebody chose the other one; may be nil
}

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	o       Options
	at      string // the folder that is shown
	items   []app.Item
	chosen  widgets.Chosen // by path
	known   bool           // items are those of at, or of the search
	loading bool
	again   bool
	failed  error
	filter  *filter
	small   *pictures

	search   *widget.Entry
	trail    *widgets.Line
	up       *widgets.Button
	count    *widgets.Line
	rows     *widgets.Rows
	tiles    *widgets.Tiles
	list     fyne.CanvasObject // the rows on their tile
	grid     fyne.CanvasObject
	download *widgets.Button
	remove   *widgets.Button
	bar      *fyne.Container // the tools, not there where there is nothing to use them on
	where    *fyne.Container // the way to the folder that is shown
	banner   *widgets.Banner
	below    *fyne.Container
	content  fyne.CanvasObject
}

// New returns the page.
func New(desk *page.Desk, client Source, o Options) *Page {
	p := &Page{desk: desk, client: client, o: o, chosen: widgets.Chosen{}, banner: widgets.NewBanner(), bar: container.NewStack(), below: container.NewStack()}
	w := desk.Words
	p.search = widgets.NewSearch(w.T("archive.search"), func(string) { p.load() })
	p.trail = widgets.NewCutLine(w.T("place.archive"), widgets.Style{Bold: true})
	p.up = widgets.NewButton("", theme.Back, widgets.Quiet, p.goUp)
	p.count = widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	p.lists()
	p.download = widgets.NewButton(w.T("archive.download"), theme.Down, widgets.Primary, p.getChosen)
	p.remove = widgets.NewButton(w.T("archive.delete"), theme.Trash, widgets.Plain, p.askRemove)
	p.filter, p.small = newFilter(w, p.load), newPictures(p)
	header := page.Header(w.T("place.archive"), w.T("archive.about"),
		widgets.NewButton(w.T("archive.add-file"), theme.File, widgets.Plain, func() { desk.File(func(x string) { p.Add([]string{x}) }) }),
		widgets.NewButton(w.T("archive.add-folder"), theme.Plus, widgets.Primary, func() { desk.Folder(func(x string) { p.Add([]string{x}) }) }))
	p.bar.Add(p.tools())
	p.content = page.Body(widgets.Column(0, header, p.banner.Container, p.bar), p.below)
	p.fill()
	return p
}

// lists makes both views of what there is.
func (p *Page) lists() {
	p.rows = widgets.NewRows(true, func(i int) widgets.Row { return p.row(p.items[i]) })
	p.rows.OnOpen, p.rows.OnCheck, p.rows.OnAll = p.open, p.check, p.checkAll
	p.tiles = widgets.NewTiles(func(i int) widgets.Shot { return p.shot(p.items[i]) })
	p.tiles.OnOpen, p.tiles.OnCheck, p.tiles.OnAll = p.open, p.check, p.checkAll
	p.list, p.grid = widgets.Tile(p.rows), widgets.Tile(p.tiles)
}

// tools are where one is, what is looked for, and what can be done with what is chosen.
func (p *Page) tools() fyne.CanvasObject {
	w := p.desk.Words
	p.where = container.NewBorder(nil, nil, p.up, nil, widgets.Middle(p.trail))
	view := widgets.NewIconSegments(p.view, []theme.Icon{theme.List, theme.Grid}, w.T("archive.list"), w.T("archive.grid"))
	if p.o.Grid {
		view.Choose(1)
	}
	which := container.NewBorder(nil, nil, p.filter.content, widgets.Middle(view.Container))
	acts := container.NewBorder(nil, nil, nil, widgets.Across(8, p.remove, p.download), widgets.Middle(p.count))
	return widgets.Column(0, widgets.Inset(6, 0, 0, 0, container.NewGridWithColumns(2, p.where, p.search)), widgets.Inset(8, 0, 0, 0, which), widgets.Inset(8, 10, 2, 0, acts))
}

// view shows the list, or the small pictures.
func (p *Page) view(i int) {
	grid := i == 1
	if grid != p.o.Grid && p.o.Changed != nil {
		p.o.Changed(grid)
	}
	p.o.Grid = grid
	p.fill()
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Opened loads what is there now.
func (p *Page) Opened() { p.reload() }

// Show shows a moment; what is in the Archive is loaded when the page is opened and after everything that is done here. Small pictures are fetched
// only while the client works.
func (p *Page) Show(s page.Snapshot) {
	p.small.allow(s.Status.State != app.StateOffline && !s.Status.Paused)
}
