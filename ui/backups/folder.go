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

// folder is the view of one folder.
type folder struct {
	p       *Page
	name    string
	title   *widgets.Line
	path    *widgets.Line
	pill    *widgets.Pill
	size    *widgets.Line
	last    *widgets.Line
	bar     *widgets.Progress
	skipped []app.Skipped
	rows    *widgets.Rows
	head    *widgets.Line
	below   *fyne.Container // the list of what is skipped, or what stands for it
	content fyne.CanvasObject
}

func newFolder(p *Page) *folder {
	w := p.desk.Words
	f := &folder{p: p, pill: widgets.NewPill(widgets.State{}), bar: widgets.NewProgress()}
	f.title, f.path = widgets.NewCutLine("", widgets.Style{Size: theme.Title, Bold: true}), widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	f.size, f.last = widgets.NewCutLine("", widgets.Style{Bold: true}), widgets.NewCutLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	f.head = widgets.NewLine(w.T("folder.skipped"), widgets.Style{Size: theme.Section, Bold: true})
	f.rows = widgets.NewRows(false, func(i int) widgets.Row { return skippedRow(p, f.skipped[i]) })
	f.rows.OnOpen = func(i int) { p.desk.Open(f.skipped[i].Path) }
	back := widgets.NewButton("", theme.Back, widgets.Quiet, p.Opened)
	top := container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 6, widgets.Middle(back)), widgets.Middle(f.pill), widgets.Column(2, f.title, f.path))
	state := widgets.Beside(widgets.Readable, widgets.Column(2, f.size, f.last),
		widgets.NewButton(w.T("folder.open"), theme.Open, widgets.Plain, f.with(func(x app.PairStatus) { p.desk.Open(x.Root) })),
		widgets.NewButton(w.T("folder.get-back"), theme.Restore, widgets.Plain, func() { p.getBack(f.name) }),
		widgets.NewButton(w.T("folder.stop"), "", widgets.Quiet, f.stop))
	card := widgets.Card(widgets.Column(10, state, f.bar))
	f.below = container.NewStack()
	f.content = page.Body(widgets.Column(12, top, card, widgets.Inset(6, 6, 0, 0, f.head)), f.below)
	return f
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
	f.name, f.skipped = name, nil
	f.show()
	f.under(widgets.Tile(widgets.Skeleton(3)))
	var found []app.Skipped
	f.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			found, err = f.p.client.SkippedIn(ctx, name)
			return err
		},
		Done: func(err error) {
			if f.name == name {
				f.list(found, err)
			}
		},
	})
}

func (f *folder) list(found []app.Skipped, err error) {
	w := f.p.desk.Words
	switch {
	case err != nil:
		f.under(widgets.Empty(theme.PictureQuiet, page.Line(w, err), w.T("folder.skipped.unknown")))
	case len(found) == 0:
		f.under(widgets.Empty(theme.PictureQuiet, w.T("folder.skipped.none"), w.T("folder.skipped.none.more")))
	default:
		f.skipped = found
		f.rows.SetCount(len(found))
		f.under(widgets.Tile(f.rows))
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
	f.size.Set(w.N("files", x.Files) + ", " + w.Size(x.Bytes))
	last := w.T("folder.never")
	if !x.LastDone.IsZero() {
		last = w.T("folder.last", "when", page.When(w, x.LastDone, now.Now))
	}
	f.last.Set(last)
	share, busy := now.PairWork[x.Name]
	f.bar.Hidden = !busy
	f.bar.Set(share)
}

// stop asks what is to become of the copies.
func (f *folder) stop() {
	w, name := f.p.desk.Words, f.name
	remove := func(toTrash bool) func() {
		return func() {
			f.p.desk.Start(page.Job{
				Do: func(ctx context.Context, _ func(app.Progress)) error {
					return f.p.client.RemoveBackup(ctx, name, toTrash)
				},
				Done: func(err error) { f.stopped(name, err) },
			})
		}
	}
	f.p.desk.Ask(widgets.Question{
		Icon: theme.Backup, Tone: widgets.Warn, Title: w.T("stop.title", "folder", name), Body: []string{w.T("stop.body"), w.T("stop.undo")}, Safe: w.T("cancel"),
		Acts: []widgets.Choice{
			{Label: w.T("stop.trash"), Kind: widgets.Danger, Do: remove(true)},
			{Label: w.T("stop.keep"), Kind: widgets.Primary, Do: remove(false)},
		},
	})
}

func (f *folder) stopped(name string, err error) {
	if err != nil {
		f.p.desk.Explain(err)
		return
	}
	f.p.desk.Say(widgets.Good, f.p.desk.Words.T("stop.done", "folder", name))
	f.p.Opened()
}

func skippedRow(p *Page, s app.Skipped) widgets.Row {
	why := s.Reason
	if key := "skipped." + s.Reason; p.desk.Words.Has(key) {
		why = p.desk.Words.T(key)
	}
	return widgets.Row{Icon: theme.File, Tone: widgets.Idle, Title: s.Path, Caption: why}
}
