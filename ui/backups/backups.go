// Package backups is the page of the folders that this computer backs up, with a view of each folder, and of other computers' backups.
//
// Reading order: backups.go (the list), add.go (another folder), folder.go (one folder), files.go (what the cloud has of it), back.go (getting it back), skipped.go (what
// is left out), rules.go (what is to be left out), times.go (when), others.go (other computers).
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

// Source is what the page asks of the client.
type Source interface {
	AddBackup(ctx context.Context, dir, name string, skip []string) (app.BackupInfo, error)
	RemoveBackup(ctx context.Context, name string, toTrash bool) error
	SkippedIn(ctx context.Context, name string) ([]app.Skipped, error)
	Backups(ctx context.Context) ([]app.BackupInfo, error)
	SkipRules(ctx context.Context, name string, add, remove []string, toTrash bool) (app.SkipReport, error)
	SkipAlso(ctx context.Context, name, rule string, toTrash bool) (app.SkipReport, error)
	PauseBackup(ctx context.Context, name string, paused bool) error
	SetEvery(ctx context.Context, name, every string) error
	BackUpNow(ctx context.Context, name string) error
	SkipEffect(ctx context.Context, name, rule string) (app.SkipEffect, error)
	Suggestions() []app.Suggestion
	Devices(ctx context.Context) ([]app.DeviceInfo, error)
	BackupList(ctx context.Context, name, path string) ([]app.Item, error)
	BackupFind(ctx context.Context, name, text string) ([]app.Item, error)
	BackupVersions(ctx context.Context, name, path string) ([]app.VersionItem, error)
	GetBack(ctx context.Context, part app.Part, to string, progress func(app.Progress)) (app.RestoreReport, error)
}

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	now     page.Snapshot
	pairs   []app.PairStatus
	rows    *widgets.Rows
	list    *fyne.Container // the list, or what is shown when it is empty
	empty   fyne.CanvasObject
	main    fyne.CanvasObject
	folder  *folder
	others  *others
	content *fyne.Container
}

// New returns the page.
func New(desk *page.Desk, client Source) *Page {
	p := &Page{desk: desk, client: client}
	w := desk.Words
	p.rows = widgets.NewRows(false, func(i int) widgets.Row { return p.row(p.pairs[i]) })
	p.rows.OnOpen = func(i int) { p.openFolder(p.pairs[i].Name) }
	p.rows.OnMenu = func(i int, row fyne.CanvasObject) { p.menu(p.pairs[i], row) }
	p.empty = widgets.Empty(theme.PictureBackup, w.T("backup.empty"), w.T("backup.empty.more"), widgets.NewButton(w.T("backup.choose"), theme.Plus, widgets.Primary, p.add))
	p.list = container.NewStack(widgets.Tile(p.rows), p.empty)
	p.folder, p.others = newFolder(p), newOthers(p)
	header := page.Header(w.T("place.backup"), w.T("backup.about"),
		widgets.NewButton(w.T("backup.others"), theme.Computer, widgets.Plain, p.openOthers), widgets.NewButton(w.T("backup.add"), theme.Plus, widgets.Primary, p.add))
	p.main = page.Body(header, p.list)
	p.content = container.NewStack(p.main)
	p.fill()
	return p
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Show shows a moment.
func (p *Page) Show(s page.Snapshot) {
	p.now, p.pairs = s, s.Pairs("backup")
	p.fill()
	if p.sees(p.folder.content) {
		p.folder.show()
	}
}

// Opened shows the list whenever somebody comes to the page.
func (p *Page) Opened() { p.view(p.main) }

func (p *Page) fill() {
	p.list.Objects[0].(*fyne.Container).Hidden = len(p.pairs) == 0
	p.empty.(*fyne.Container).Hidden = len(p.pairs) > 0
	p.rows.SetCount(len(p.pairs))
	p.list.Refresh()
}

func (p *Page) view(o fyne.CanvasObject) {
	p.content.Objects = []fyne.CanvasObject{o}
	p.content.Refresh()
}

// sees tells whether a view is the one that is shown.
func (p *Page) sees(o fyne.CanvasObject) bool { return p.content.Objects[0] == o }

func (p *Page) row(x app.PairStatus) widgets.Row {
	w := p.desk.Words
	row := widgets.Row{Icon: theme.Folder, Title: x.Name, Caption: x.Root, State: page.Pair(w, p.now, x), Side: w.Size(x.Bytes), Under: w.N("files", x.Files), Menu: true}
	if x.Detail == "not-connected" {
		row.Icon, row.Caption = theme.Drive, w.T("backup.away")
		if !x.LastSeen.IsZero() {
			row.Caption = w.T("backup.away.since", "when", page.When(w, x.LastSeen, p.now.Now))
		}
	}
	if row.State.Tone == widgets.Idle {
		row.Tone = widgets.Idle
	}
	if x.State == app.StateNeedsYou {
		row.Tone = row.State.Tone
	}
	return row
}

// menu shows what can be done with a folder.
func (p *Page) menu(x app.PairStatus, row fyne.CanvasObject) {
	w := p.desk.Words
	tab := func(i int) func() {
		return func() {
			p.openFolder(x.Name)
			p.folder.tabs.Choose(i)
		}
	}
	items := []*fyne.MenuItem{
		fyne.NewMenuItem(w.T("folder.open"), func() { p.desk.Open(x.Root) }),
		fyne.NewMenuItem(w.T("menu.files"), func() { p.openFolder(x.Name) }), fyne.NewMenuItem(w.T("menu.skipped"), tab(tabSkipped)), fyne.NewMenuItem(w.T("menu.rules"), tab(tabSettings)),
		fyne.NewMenuItem(w.T("folder.get-back"), func() { p.askWhole(x.Name) }), fyne.NewMenuItemSeparator(),
	}
	items = append(append(items, p.timely(x)...), fyne.NewMenuItem(w.T("folder.stop"), func() { p.stop(x.Name) }))
	if x.Detail == "not-connected" {
		items = items[1:]
	}
	widgets.ShowMenu(p.desk.Canvas(), row, items...)
}

// pair finds a folder by its name.
func (p *Page) pair(name string) (app.PairStatus, bool) {
	for _, x := range p.pairs {
		if x.Name == name {
			return x, true
		}
	}
	return app.PairStatus{}, false
}

func (p *Page) openFolder(name string) {
	p.view(p.folder.content)
	p.folder.open(name)
}

func (p *Page) openOthers() {
	p.others.load()
	p.view(p.others.content)
}
