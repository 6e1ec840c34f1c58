package backups

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

// files is the view of what the cloud has of one backup: its folders and files, and the versions of one file.
type files struct {
	p        *Page
	backup   string // NAME, or DEVICE/NAME of another computer's
	at       string // the folder that is shown
	file     string // whose versions are shown; ""
	items    []app.Item
	versions []app.VersionItem
	chosen   widgets.Chosen
	known    bool // something has come, or failed
	failed   error
	asked    int    // how often something was asked for
	cancel   func() // what was asked for last

	search  *widget.Entry // stands where the view's owner has room for it
	up      *widgets.Button
	back    *widgets.Button
	trail   *widgets.Line
	count   *widgets.Line
	bar     *fyne.Container
	rows    *widgets.Rows
	history *widgets.Rows
	list    *fyne.Container
	older   *fyne.Container
	below   *fyne.Container
	content fyne.CanvasObject
}

func newFiles(p *Page) *files {
	w := p.desk.Words
	f := &files{p: p, chosen: widgets.Chosen{}, cancel: func() {}, below: container.NewStack()}
	f.search = widgets.NewSearch(w.T("files.search"), func(string) { f.look() })
	f.up = widgets.NewButton(w.T("files.up"), theme.Up, widgets.Quiet, f.goUp)
	f.trail = widgets.NewCutLine("", widgets.Style{Bold: true})
	f.count = widgets.NewLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	f.back = widgets.NewButton(w.T("folder.get-back"), theme.Restore, widgets.Plain, f.askChosen)
	f.rows = widgets.NewRows(true, func(i int) widgets.Row { return f.row(f.items[i]) })
	f.rows.OnOpen, f.rows.OnCheck, f.rows.OnAll = f.open, f.check, f.checkAll
	f.history = widgets.NewRows(false, func(i int) widgets.Row { return f.version(f.versions[i]) })
	f.history.OnOpen, f.history.OnAction = f.askVersion, f.askVersion
	f.list, f.older = widgets.Tile(f.rows), widgets.Tile(f.history)
	f.bar = container.NewBorder(nil, nil, f.up, widgets.Across(10, widgets.Middle(f.count), f.back), widgets.Middle(f.trail))
	f.content = container.NewBorder(widgets.Inset(0, 10, 2, 0, f.bar), nil, nil, nil, f.below)
	return f
}

// show begins with a backup, at its beginning.
func (f *files) show(backup string) {
	f.backup, f.at, f.file = backup, "", ""
	f.forget()
	if f.search.Text != "" {
		f.search.SetText("") // loads
	} else {
		f.load()
	}
}

// forget shows that nothing is known yet.
func (f *files) forget() {
	f.known, f.items, f.versions = false, nil, nil
	clear(f.chosen)
	f.rows.Begin()
	f.history.Begin()
}

// look goes from whatever is shown to what is looked for.
func (f *files) look() {
	f.file = ""
	f.load()
}

func (f *files) find() string { return strings.TrimSpace(f.search.Text) }

// load asks the client anew. What was asked for before, and has not come, is not waited for any more.
func (f *files) load() {
	if f.file != "" {
		f.ask(f.loadVersions())
		return
	}
	f.ask(f.loadItems())
}

func (f *files) loadItems() (func(context.Context) error, func()) {
	backup, at, find := f.backup, f.at, f.find()
	var found []app.Item
	return func(ctx context.Context) (err error) {
			if find != "" {
				found, err = f.p.client.BackupFind(ctx, backup, find)
			} else {
				found, err = f.p.client.BackupList(ctx, backup, at)
			}
			return err
		}, func() {
			f.items = found
			f.chosen.Only(f.paths())
		}
}

func (f *files) loadVersions() (func(context.Context) error, func()) {
	backup, file := f.backup, f.file
	var found []app.VersionItem
	return func(ctx context.Context) (err error) {
		found, err = f.p.client.BackupVersions(ctx, backup, file)
		return err
	}, func() { f.versions = found }
}

func (f *files) ask(do func(context.Context) error, take func()) {
	f.cancel()
	f.asked++
	now := f.asked
	cancel := f.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return do(ctx) },
		Done: func(err error) {
			if now != f.asked {
				return
			}
			f.known, f.failed = true, err
			if err == nil {
				take()
			}
			f.fill()
		},
	})
	f.cancel = cancel
	f.fill()
}

// fill shows the list, or what stands for it.
func (f *files) fill() {
	w := f.p.desk.Words
	f.rows.SetCount(len(f.items))
	f.history.SetCount(len(f.versions))
	f.up.Hidden, f.back.Hidden = f.where() == "", f.file != ""
	f.counted()
	switch {
	case !f.known:
		f.under(widgets.Tile(widgets.Skeleton(4)))
	case f.failed != nil:
		f.under(widgets.Empty(theme.PictureQuiet, page.Line(w, f.failed), w.T("try-later"), widgets.NewButton(w.T("fix.again"), theme.Refresh, widgets.Plain, f.load)))
	case f.file != "":
		f.under(f.older)
	case len(f.items) == 0 && f.find() != "":
		f.under(widgets.Empty(theme.PictureSearch, w.T("nothing-found"), w.T("nothing-found.more")))
	case len(f.items) == 0 && f.at != "":
		f.under(widgets.Empty(theme.PictureQuiet, w.T("files.empty"), ""))
	case len(f.items) == 0:
		f.under(widgets.Empty(theme.PictureBackup, w.T("files.none"), w.T("files.none.more")))
	default:
		f.under(f.list)
	}
}

// where is the way to what is shown; "" at the beginning, and for what was found anywhere.
func (f *files) where() string {
	switch {
	case f.file != "":
		return f.file
	case f.find() != "":
		return ""
	}
	return f.at
}

// counted says where one is and how much there is or is chosen.
func (f *files) counted() {
	where, count := f.where(), f.howMany()
	if where == "" {
		f.trail.SetBoth(count, "")
		f.count.Set("")
	} else {
		f.trail.SetBoth(strings.ReplaceAll(where, "/", " › "), "… › "+path.Base(where))
		f.count.Set(count)
	}
	f.back.Allow(len(f.items) > 0)
	f.bar.Refresh() // what stands in it may need another width
}

func (f *files) howMany() string {
	w := f.p.desk.Words
	switch n := len(f.chosen); {
	case f.file != "" && len(f.versions) > 0:
		return w.N("files.versions", len(f.versions))
	case f.file != "" || len(f.items) == 0:
		return ""
	case n > 0:
		return w.N("archive.chosen", n)
	}
	return w.N("archive.count", len(f.items))
}

func (f *files) under(o fyne.CanvasObject) {
	if len(f.below.Objects) != 1 || f.below.Objects[0] != o {
		f.below.Objects = []fyne.CanvasObject{o}
		f.below.Refresh()
	}
}

func (f *files) row(x app.Item) widgets.Row {
	icon, tone := page.Look(x.Path, x.Dir)
	row := widgets.Row{Icon: icon, Tone: tone, Title: path.Base(x.Path), Caption: f.caption(x), Chosen: f.chosen[x.Path]}
	if !x.Dir || f.find() == "" {
		row.Side = f.p.desk.Words.Size(x.Size)
	}
	return row
}

// caption is when a file was changed, and where it is when it was looked for.
func (f *files) caption(x app.Item) string {
	var parts []string
	if !x.Dir {
		parts = append(parts, page.When(f.p.desk.Words, x.Modified, f.p.desk.Now()))
	}
	if dir := path.Dir(x.Path); dir != "." && f.find() != "" {
		parts = append(parts, dir)
	}
	return strings.Join(parts, " · ")
}

func (f *files) version(v app.VersionItem) widgets.Row {
	w := f.p.desk.Words
	row := widgets.Row{Icon: theme.Clock, Tone: widgets.Idle, Title: page.When(w, v.Modified, f.p.desk.Now()), Caption: v.Device, Side: w.Size(v.Size), Action: w.T("files.get-version")}
	if v.Current {
		row.Tone, row.State = widgets.Good, widgets.State{Word: w.T("files.newest"), Icon: theme.Check, Tone: widgets.Good}
	}
	return row
}

// open goes into a folder, or shows the versions of a file.
func (f *files) open(i int) {
	x := f.items[i]
	if !x.Dir {
		f.file, f.versions, f.known = x.Path, nil, false
		f.history.Begin()
		f.load()
		f.p.desk.Canvas().Focus(f.history)
		return
	}
	f.goTo(x.Path)
}

func (f *files) goTo(at string) {
	f.at, f.file = at, ""
	f.forget()
	if f.search.Text != "" {
		f.search.SetText("") // loads
		return
	}
	f.load()
}

// goUp goes from a file to the list that it was in, or to the folder above.
func (f *files) goUp() {
	if f.file != "" {
		f.file = ""
		f.load()
		f.p.desk.Canvas().Focus(f.rows)
		return
	}
	dir := path.Dir(f.at)
	if dir == "." {
		dir = ""
	}
	f.goTo(dir)
}

func (f *files) check(i int) {
	f.chosen.Toggle(f.items[i].Path)
	f.rows.RefreshItem(i)
	f.counted()
}

// checkAll chooses all that is shown, or nothing when all of it is chosen.
func (f *files) checkAll() {
	f.chosen.ToggleAll(f.paths())
	f.rows.Refresh()
	f.counted()
}

func (f *files) paths() []string {
	out := make([]string, len(f.items))
	for i, x := range f.items {
		out[i] = x.Path
	}
	return out
}
