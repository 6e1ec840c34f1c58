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

// others is the view of what other computers have backed up. It is only for reading.
type others struct {
	p       *Page
	found   []copyOf
	rows    *widgets.Rows
	below   *fyne.Container
	content fyne.CanvasObject

	files *files // of one of them
	title *widgets.Line
	from  *widgets.Line
	one   fyne.CanvasObject
}

// copyOf is one backup of another computer.
type copyOf struct {
	device app.DeviceInfo
	name   string
}

// spec is what the client calls it.
func (c copyOf) spec() string { return c.device.Name + "/" + c.name }

// from says whose it is.
func (c copyOf) from() string { return c.device.Name + " · " + c.device.System }

func newOthers(p *Page) *others {
	w := p.desk.Words
	o := &others{p: p, below: container.NewStack()}
	o.rows = widgets.NewRows(false, func(i int) widgets.Row { return o.row(o.found[i]) })
	o.rows.OnOpen = func(i int) { o.open(o.found[i]) }
	o.rows.OnAction = func(i int) {
		spec := o.found[i].spec()
		p.desk.Folder(func(to string) { p.getBack(app.Part{Backup: spec}, to) })
	}
	back := widgets.NewButton("", theme.Back, widgets.Quiet, p.Opened)
	header := container.NewBorder(nil, nil, widgets.Inset(0, 12, 0, 6, widgets.Middle(back)), nil, page.Header(w.T("backup.others"), w.T("others.about")))
	o.content = page.Body(header, o.below)
	o.one = o.view()
	return o
}

// view is the one in which a backup is looked at.
func (o *others) view() fyne.CanvasObject {
	o.files = newFiles(o.p)
	o.title, o.from = widgets.NewCutLine("", widgets.Style{Size: theme.Title, Bold: true}), widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	back := widgets.NewButton("", theme.Back, widgets.Quiet, func() { o.p.view(o.content) })
	top := container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 6, widgets.Middle(back)), nil, widgets.Column(2, o.title, o.from))
	return page.Body(widgets.Column(12, top, widgets.Inset(0, 8, 0, 0, o.files.search)), o.files.content)
}

// open shows what is in a backup.
func (o *others) open(c copyOf) {
	o.title.Set(c.name)
	o.from.Set(c.from())
	o.p.view(o.one)
	o.files.show(c.spec())
}

func (o *others) row(c copyOf) widgets.Row {
	w := o.p.desk.Words
	row := widgets.Row{Icon: theme.Computer, Title: c.name, Caption: c.from(), Action: w.T("folder.get-back")}
	if !c.device.LastSeen.IsZero() {
		row.Caption += " · " + w.T("others.seen", "when", page.When(w, c.device.LastSeen, o.p.desk.Now()))
	}
	return row
}

func (o *others) load() {
	o.under(widgets.Tile(widgets.Skeleton(3)))
	var all []app.DeviceInfo
	o.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			all, err = o.p.client.Devices(ctx)
			return err
		},
		Done: func(err error) { o.list(all, err) },
	})
}

func (o *others) list(all []app.DeviceInfo, err error) {
	w := o.p.desk.Words
	o.found = nil
	for _, d := range all {
		for _, name := range d.Backups {
			if !d.This {
				o.found = append(o.found, copyOf{d, name})
			}
		}
	}
	switch {
	case err != nil:
		o.under(widgets.Empty(theme.PictureQuiet, page.Line(w, err), ""))
	case len(o.found) == 0:
		o.under(widgets.Empty(theme.PictureQuiet, w.T("others.none"), w.T("others.none.more")))
	default:
		o.rows.SetCount(len(o.found))
		o.under(widgets.Tile(o.rows))
	}
}

func (o *others) under(x fyne.CanvasObject) {
	o.below.Objects = []fyne.CanvasObject{x}
	o.below.Refresh()
}
