// Package synced is the page of the Synced folder: where it is, how it is, and the files that were changed in two places, and
// which of its folders are on this computer.
//
// Reading order: synced.go (the page), conflicts.go (the list of conflicts), settle.go (choosing what to keep), folders.go (choosing folders).
package synced

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Source is what the page asks of the client.
type Source interface {
	SetSynced(ctx context.Context, dir string) error
	Conflicts(ctx context.Context) ([]app.Conflict, error)
	SettleConflict(ctx context.Context, seen app.Conflict, keep string) error
	Folders(ctx context.Context) ([]app.Folder, error)
	KeepFolders(ctx context.Context, on, off []string) ([]app.Folder, error)
	KeepAside(ctx context.Context, paths []string) ([]string, error)
}

// Page is the page.
type Page struct {
	desk      *page.Desk
	client    Source
	pair      app.PairStatus
	conflicts []app.Conflict
	loading   bool
	settling  bool
	moment    string

	pill    *widgets.Pill
	root    *widgets.Line
	line    *widgets.Line
	bar     *widgets.Progress
	head    *widgets.Line
	rows    *widgets.Rows
	tile    fyne.CanvasObject
	calm    fyne.CanvasObject
	below   *fyne.Container
	main    fyne.CanvasObject
	empty   fyne.CanvasObject
	folders *folderChoice
	content *fyne.Container
}

// New returns the page.
func New(desk *page.Desk, client Source) *Page {
	p := &Page{desk: desk, client: client, pill: widgets.NewPill(widgets.State{}), bar: widgets.NewProgress()}
	w := desk.Words
	p.root = widgets.NewCutLine("", widgets.Style{Bold: true})
	p.line = widgets.NewCutLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	p.head = widgets.NewLine(w.T("synced.conflicts"), widgets.Style{Size: theme.Section, Bold: true})
	p.rows = widgets.NewRows(false, func(i int) widgets.Row { return p.row(p.conflicts[i]) })
	p.rows.OnAction = p.askKeep
	p.rows.OnOpen = p.askKeep
	p.tile = widgets.Tile(p.rows)
	p.calm = widgets.Empty(theme.PictureSynced, w.T("synced.calm"), w.T("synced.calm.more"))
	p.below = container.NewStack(p.calm)
	p.folders = newFolderChoice(p)
	buttons := widgets.Across(8, widgets.NewButton(w.T("synced.folders"), theme.Folder, widgets.Plain, p.folders.open), widgets.NewButton(w.T("folder.open"), theme.Open, widgets.Plain, func() { desk.Open(p.pair.Root) }))
	top := container.NewBorder(nil, nil, nil, widgets.Middle(p.pill), widgets.Middle(widgets.Column(2, p.root, p.line)))
	card := widgets.Card(widgets.Column(10, top, buttons, p.bar))
	header := page.Header(w.T("place.synced"), w.T("synced.about"), widgets.NewButton(w.T("synced.other"), "", widgets.Quiet, p.askOther))
	p.main = page.Body(widgets.Column(0, header, card, widgets.Inset(14, 8, 0, 0, p.head)), p.below)
	start := widgets.Empty(theme.PictureSynced, w.T("synced.empty"), w.T("synced.empty.more"), widgets.NewButton(w.T("synced.choose"), theme.Folder, widgets.Primary, func() { desk.Folder(p.set) }))
	p.empty = page.Body(page.Header(w.T("place.synced"), w.T("synced.about")), start)
	p.content = container.NewStack(p.empty)
	return p
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Opened looks for conflicts.
func (p *Page) Opened() {
	if p.content.Objects[0] != p.empty {
		p.backToMain()
	}
	p.load()
}

// backToMain leaves the choice of folders as it was.
func (p *Page) backToMain() { p.view(p.main) }

// Show shows a moment.
func (p *Page) Show(s page.Snapshot) {
	pairs := s.Pairs("synced")
	if len(pairs) == 0 {
		p.view(p.empty)
		return
	}
	p.pair = pairs[0]
	w := p.desk.Words
	p.pill.Set(page.Pair(w, s, p.pair))
	p.root.Set(p.pair.Root)
	p.line.Set(w.N("files", p.pair.Files) + ", " + w.Size(p.pair.Bytes))
	share, busy := s.PairWork[p.pair.Name]
	p.bar.Hidden = !busy
	p.bar.Set(share)
	if p.content.Objects[0] != p.folders.content {
		p.view(p.main)
	}
	if moment := p.pair.LastDone.String() + strconv.Itoa(s.Conflicts); moment != p.moment {
		p.moment = moment
		p.load()
	}
}

func (p *Page) view(o fyne.CanvasObject) {
	if p.content.Objects[0] != o {
		p.content.Objects = []fyne.CanvasObject{o}
		p.content.Refresh()
	}
}

func (p *Page) set(dir string) {
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return p.client.SetSynced(ctx, dir) },
		Done: func(err error) {
			if err != nil {
				p.desk.Explain(err)
				return
			}
			p.desk.Say(widgets.Good, p.desk.Words.T("synced.set", "folder", dir))
		},
	})
}

// askOther says what becomes of the present folder before another one is chosen.
func (p *Page) askOther() {
	w := p.desk.Words
	p.desk.Ask(widgets.Question{
		Icon: theme.Synced, Title: w.T("synced.other.title"), Body: []string{w.T("synced.other.body", "folder", p.pair.Root)}, Safe: w.T("cancel"),
		Acts: []widgets.Choice{{Label: w.T("synced.choose"), Kind: widgets.Primary, Do: func() { p.desk.Folder(p.set) }}},
	})
}
