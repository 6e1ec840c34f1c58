package backups

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

// folder is the view of one folder.
type folder struct {
	p       *Page
	name    string
	title   *widgets.Line
	path    *widgets.Line
	pill    *widgets.Pill
	top     *fyne.Container // what they stand in
	size    *widgets.Line
	last    *widgets.Line
	bar     *widgets.Progress
	tabs    *widgets.Segments
	menu    *widget.Select // the same as tabs, where there is little room
	files   *files
	skipped *skipped
	rules   *rules
	done    time.Time // when the folder's last work was done, as far as files show it
	below   *fyne.Container
	content fyne.CanvasObject
}

// The views of a folder.
const (
	tabFiles = iota
	tabSkipped
	tabSettings
)

func newFolder(p *Page) *folder {
	w := p.desk.Words
	f := &folder{p: p, pill: widgets.NewPill(widgets.State{}), bar: widgets.NewProgress(), files: newFiles(p), skipped: newSkipped(p), rules: newRules(p)}
	f.title, f.path = widgets.NewCutLine("", widgets.Style{Size: theme.Title, Bold: true}), widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	f.size, f.last = widgets.NewCutLine("", widgets.Style{Bold: true}), widgets.NewCutLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	back := widgets.NewButton("", theme.Back, widgets.Quiet, p.Opened)
	f.top = container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 6, widgets.Middle(back)), widgets.Middle(f.pill), widgets.Column(2, f.title, f.path))
	state := widgets.Beside(widgets.Readable, widgets.Column(2, f.size, f.last),
		widgets.NewButton(w.T("folder.open"), theme.Open, widgets.Plain, f.with(func(x app.PairStatus) { p.desk.Open(x.Root) })),
		widgets.NewButton(w.T("folder.stop"), "", widgets.Quiet, func() { p.stop(f.name) }))
	f.below = container.NewStack()
	f.content = page.Body(widgets.Column(10, f.top, state, f.bar, widgets.Inset(2, 10, 0, 0, f.choice())), f.below)
	return f
}

// choice chooses one of the views, beside the search: from buttons where there is room, else from a menu.
func (f *folder) choice() fyne.CanvasObject {
	w := f.p.desk.Words
	names := []string{w.T("folder.files"), w.T("folder.skipped"), w.T("place.settings")}
	f.menu = widget.NewSelect(names, nil)
	f.tabs = widgets.NewSegments(func(i int) { f.menu.SetSelectedIndex(i); f.view(i) }, names...)
	f.menu.SetSelectedIndex(tabFiles)
	f.menu.OnChanged = func(string) {
		if i := f.menu.SelectedIndex(); i != f.tabs.At() {
			f.tabs.Choose(i)
		}
	}
	return widgets.Roomy(f.files.search, 180, f.tabs.Container, widgets.Framed(f.menu), false)
}

// with gives a button the folder as it is when it is pressed.
func (f *folder) with(do func(app.PairStatus)) func() {
	return func() {
		if x, ok := f.p.pair(f.name); ok {
			do(x)
		}
	}
}

func (f *folder) open(name string) {
	f.name = name
	f.files.backup = "" // nothing of the folder before is asked for any more
	f.show()
	f.tabs.Choose(tabFiles)
	f.files.show(name)
}

// view shows one of the views, as it is now.
func (f *folder) view(i int) {
	f.files.search.Hide()
	switch i {
	case tabFiles:
		f.files.search.Show()
		f.under(f.files.content)
		if f.files.backup == f.name {
			f.files.load()
		}
	case tabSkipped:
		f.under(f.skipped.content)
		f.skipped.load(f.name)
	case tabSettings:
		f.under(f.rules.content)
		f.rules.load(f.name)
	}
}

func (f *folder) under(o fyne.CanvasObject) {
	f.below.Objects = []fyne.CanvasObject{o}
	f.below.Refresh()
}

func (f *folder) show() {
	w, now := f.p.desk.Words, f.p.now
	x, ok := f.p.pair(f.name)
	if !ok {
		return
	}
	f.title.Set(x.Name)
	f.path.Set(x.Root)
	f.pill.Set(page.Pair(w, now, x))
	f.top.Refresh() // the pill may need another width
	f.size.Set(w.N("files", x.Files) + ", " + w.Size(x.Bytes))
	last := w.T("folder.never")
	if !x.LastDone.IsZero() {
		last = w.T("folder.last", "when", page.When(w, x.LastDone, now.Now))
	}
	f.last.Set(last)
	share, busy := now.PairWork[x.Name]
	f.bar.Hidden = !busy
	f.bar.Set(share)
	f.rules.times.show(x)
	f.follow(x.LastDone)
}

// follow shows the files anew when the folder's work was done once more.
func (f *folder) follow(done time.Time) {
	if f.done.Equal(done) {
		return
	}
	f.done = done
	if f.files.backup == f.name && f.files.known && f.tabs.At() == tabFiles {
		f.files.load()
	}
}

// stop asks what is to become of the copies.
func (p *Page) stop(name string) {
	w := p.desk.Words
	remove := func(toTrash bool) func() {
		return func() {
			p.desk.Start(page.Job{
				Do: func(ctx context.Context, _ func(app.Progress)) error {
					return p.client.RemoveBackup(ctx, name, toTrash)
				},
				Done: func(err error) { p.stopped(name, err) },
			})
		}
	}
	p.desk.Ask(widgets.Question{
		Icon: theme.Backup, Tone: widgets.Warn, Title: w.T("stop.title", "folder", name), Body: []string{w.T("stop.body"), w.T("stop.undo")}, Safe: w.T("cancel"),
		Acts: []widgets.Choice{
			{Label: w.T("stop.trash"), Kind: widgets.Danger, Do: remove(true)},
			{Label: w.T("stop.keep"), Kind: widgets.Primary, Do: remove(false)},
		},
	})
}

func (p *Page) stopped(name string, err error) {
	if err != nil {
		p.desk.Explain(err)
		return
	}
	p.desk.Say(widgets.Good, p.desk.Words.T("stop.done", "folder", name))
	p.Opened()
}
