package synced

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/folders"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// folderChoice is the view in which somebody chooses what of Synced is on this computer.
type folderChoice struct {
	p       *Page
	tree    *folders.Tree
	asked   int // how often it was opened
	save    *widgets.Button
	below   *fyne.Container
	content fyne.CanvasObject
}

func newFolderChoice(p *Page) *folderChoice {
	w := p.desk.Words
	f := &folderChoice{p: p, tree: folders.New(w, false)}
	f.save = widgets.NewButton(w.T("synced.folders.save"), theme.Check, widgets.Primary, f.ask)
	f.tree.OnChange = f.allow
	f.below = container.NewStack()
	back := widgets.NewButton("", theme.Back, widgets.Quiet, p.backToMain)
	title := widgets.NewCutLine(w.T("synced.folders"), widgets.Style{Size: theme.Title, Bold: true})
	about := widgets.NewParagraph(w.T("synced.folders.about"), widgets.Style{Colour: theme.Muted})
	top := container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 6, widgets.Middle(back)), widgets.Middle(f.save), widgets.Middle(title))
	f.content = page.Body(widgets.Column(8, top, about, widgets.Inset(2, 6, 0, 0, f.tree.Size())), f.below)
	return f
}

// open asks the client for the folders as they are now.
func (f *folderChoice) open() {
	f.asked++
	now := f.asked
	f.tree.Take(nil)
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

func (f *folderChoice) list(found []app.Folder, err error) {
	w := f.p.desk.Words
	f.tree.Take(found)
	switch {
	case err != nil:
		f.under(widgets.Empty(theme.PictureQuiet, page.Line(w, err), w.T("synced.folders.unknown")))
	case f.tree.Count() == 0:
		f.under(widgets.Empty(theme.PictureSynced, w.T("synced.folders.none"), w.T("synced.folders.none.more")))
	default:
		f.under(f.tree.Content())
		f.p.desk.Canvas().Focus(f.tree.List())
	}
}

func (f *folderChoice) under(o fyne.CanvasObject) {
	f.below.Objects = []fyne.CanvasObject{o}
	f.below.Refresh()
}

// allow lets a choice be used when it is another one.
func (f *folderChoice) allow() {
	on, off := f.tree.Changes()
	f.save.Allow(len(on)+len(off) > 0)
}

// most is how many folders are named before they go: with more, the question would not fit into the smallest window.
const most = 3

// ask says what happens before anything goes.
func (f *folderChoice) ask() {
	w, going := f.p.desk.Words, f.tree.Leaving()
	if len(going) == 0 {
		f.keep()
		return
	}
	var names []string
	for _, n := range going[:min(len(going), most)] {
		names = append(names, n.Path+" · "+w.Size(n.HereBytes))
	}
	if more := len(going) - most; more > 0 {
		names = append(names, w.N("list.more", more))
	}
	beside := filepath.Dir(f.p.pair.Root)
	f.p.desk.Ask(widgets.Question{
		Icon: theme.Cloud, Tone: widgets.Warn, Title: w.N("synced.folders.ask", len(going)),
		Body: []string{w.T("synced.folders.ask.body"), w.T("synced.folders.ask.undo"), w.T("synced.folders.ask.keep", "folder", beside)}, Things: names,
		Safe: w.T("cancel"), Acts: []widgets.Choice{
			{Label: w.T("synced.folders.keep"), Kind: widgets.Plain, Do: func() { f.keepAside(going) }},
			{Label: w.T("synced.folders.remove"), Kind: widgets.Danger, Do: f.keep},
		},
	})
}

// keepAside keeps what would go, and then does what else was chosen.
func (f *folderChoice) keepAside(going []app.Folder) {
	var paths, places []string
	for _, n := range going {
		paths = append(paths, n.Path)
	}
	f.use(func(ctx context.Context) (err error) {
		places, err = f.p.client.KeepAside(ctx, paths)
		return err
	}, func() string {
		return f.p.desk.Words.T("synced.folders.kept", "folders", f.p.desk.Words.List(places, 2))
	})
}

func (f *folderChoice) keep() {
	f.use(func(context.Context) error { return nil }, func() string { return f.p.desk.Words.T("synced.folders.saved") })
}

// use does what comes first, and then says the choice to the client. What was chosen stays chosen when something fails, and can be said again.
func (f *folderChoice) use(first func(context.Context) error, said func() string) {
	on, off := f.tree.Changes()
	f.save.Disable()
	f.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			if err := first(ctx); err != nil {
				return err
			}
			_, err := f.p.client.KeepFolders(ctx, on, off)
			return err
		},
		Done: func(err error) {
			f.allow()
			if err != nil {
				f.p.desk.Explain(err)
				return
			}
			f.p.desk.Say(widgets.Good, said())
			f.p.backToMain()
		},
	})
}
