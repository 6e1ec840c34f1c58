package synced

import (
	"context"
	"path"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// folders is the view in which somebody chooses what of Synced is on this computer.
type folders struct {
	p       *Page
	choice  *choice
	asked   int // how often it was opened
	size    *widgets.Line
	save    *widgets.Button
	rows    *widgets.Rows
	tile    fyne.CanvasObject
	below   *fyne.Container
	content fyne.CanvasObject
}

func newFolders(p *Page) *folders {
	w := p.desk.Words
	f := &folders{p: p, choice: newChoice(nil)}
	f.size = widgets.NewCutLine("", widgets.Style{Bold: true})
	f.save = widgets.NewButton(w.T("synced.folders.save"), theme.Check, widgets.Primary, f.ask)
	f.rows = widgets.NewRows(true, func(i int) widgets.Row { return f.row(f.choice.rows[i]) })
	f.rows.OnCheck = func(i int) { f.choice.toggle(f.choice.rows[i]); f.show() }
	f.rows.OnFold = func(i int, open bool) { f.choice.fold(f.choice.rows[i], open); f.show() }
	f.rows.OnOpen = func(i int) { f.rows.OnFold(i, !f.choice.open[f.choice.rows[i]]) }
	f.tile = widgets.Tile(f.rows)
	f.below = container.NewStack()
	back := widgets.NewButton("", theme.Back, widgets.Quiet, p.backToMain)
	title := widgets.NewCutLine(w.T("synced.folders"), widgets.Style{Size: theme.Title, Bold: true})
	about := widgets.NewParagraph(w.T("synced.folders.about"), widgets.Style{Colour: theme.Muted})
	top := container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 6, widgets.Middle(back)), widgets.Middle(f.save), widgets.Middle(title))
	f.content = page.Body(widgets.Column(8, top, about, widgets.Inset(2, 6, 0, 0, f.size)), f.below)
	return f
}

// open asks the client for the folders as they are now.
func (f *folders) open() {
	f.asked++
	now := f.asked
	f.take(nil)
	f.under(widgets.Tile(widgets.Skeleton(4)))
	f.p.view(f.content)
	var found []app.Folder
	f.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			found, err = f.p.client.Folders(ctx)
			return err
		},
		Done: func(err error) {
			if now == f.asked {
				f.list(found, err)
			}
		},
	})
}

func (f *folders) list(found []app.Folder, err error) {
	w := f.p.desk.Words
	f.take(found)
	switch {
	case err != nil:
		f.under(widgets.Empty(theme.PictureQuiet, page.Line(w, err), w.T("synced.folders.unknown")))
	case len(found) < 2:
		f.under(widgets.Empty(theme.PictureSynced, w.T("synced.folders.none"), w.T("synced.folders.none.more")))
	default:
		f.under(f.tile)
		f.p.desk.Canvas().Focus(f.rows)
	}
}

func (f *folders) take(found []app.Folder) {
	f.choice = newChoice(found)
	f.show()
}

func (f *folders) under(o fyne.CanvasObject) {
	f.below.Objects = []fyne.CanvasObject{o}
	f.below.Refresh()
}

// show shows what is chosen by now.
func (f *folders) show() {
	f.rows.SetCount(len(f.choice.rows))
	f.size.Set("")
	if len(f.choice.all) > 0 {
		f.size.Set(f.of(0))
	}
	if on, off := f.choice.changes(); len(on)+len(off) > 0 {
		f.save.Enable()
	} else {
		f.save.Disable()
	}
}

// of is how much of a folder is here.
func (f *folders) of(i int) string {
	return f.p.desk.Words.T("synced.folders.here", "size", f.p.desk.Words.SizeOf(f.choice.size(i), f.choice.all[i].Bytes))
}

func (f *folders) row(i int) widgets.Row {
	w, n := f.p.desk.Words, f.choice.all[i]
	row := widgets.Row{Icon: theme.Folder, Title: path.Base(n.Path), Side: w.Size(n.Bytes), Depth: n.depth - 1, Fold: widgets.Folded}
	switch {
	case f.choice.leaf(i):
		row.Fold = widgets.Leaf
	case f.choice.open[i]:
		row.Fold = widgets.Unfolded
	}
	switch f.choice.states[i] {
	case app.FolderOn:
		row.Chosen, row.Caption = true, w.T("synced.folders.on")
	case app.FolderPartly:
		row.Partly, row.Caption = true, f.of(i)
	default:
		row.Icon, row.Tone, row.Caption = theme.Cloud, widgets.Idle, w.T("synced.folders.off")
		if n.Remains {
			row.Caption = w.T("synced.folders.left")
		}
	}
	return row
}

// ask says what happens before anything goes.
func (f *folders) ask() {
	w, going := f.p.desk.Words, f.choice.leaving()
	if len(going) == 0 {
		f.keep()
		return
	}
	var names []string
	for _, n := range going[:min(len(going), 10)] {
		names = append(names, n.Path+" · "+w.Size(n.HereBytes))
	}
	f.p.desk.Ask(widgets.Question{
		Icon: theme.Cloud, Tone: widgets.Warn, Title: w.N("synced.folders.ask", len(going)), Body: []string{w.T("synced.folders.ask.body"), w.T("synced.folders.ask.undo")}, Things: names,
		Safe: w.T("cancel"), Acts: []widgets.Choice{{Label: w.T("synced.folders.remove"), Kind: widgets.Danger, Do: f.keep}},
	})
}

func (f *folders) keep() {
	on, off := f.choice.changes()
	f.save.Disable()
	f.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			_, err := f.p.client.KeepFolders(ctx, on, off)
			return err
		},
		Done: func(err error) {
			f.show()
			if err != nil {
				f.p.desk.Explain(err)
				return
			}
			f.p.desk.Say(widgets.Good, f.p.desk.Words.T("synced.folders.saved"))
			f.p.backToMain()
		},
	})
}
