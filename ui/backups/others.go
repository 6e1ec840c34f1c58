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
}

// copyOf is one backup of another computer.
type copyOf struct {
	device app.DeviceInfo
	name   string
}

func newOthers(p *Page) *others {
	w := p.desk.Words
	o := &others{p: p, below: container.NewStack()}
	o.rows = widgets.NewRows(false, func(i int) widgets.Row { return o.row(o.found[i]) })
	o.rows.OnAction = func(i int) { p.getBack(o.found[i].device.Name + "/" + o.found[i].name) }
	back := widgets.NewButton("", theme.Back, widgets.Quiet, p.Opened)
	header := container.NewBorder(nil, nil, widgets.Inset(0, 12, 0, 6, widgets.Middle(back)), nil, page.Header(w.T("backup.others"), w.T("others.about")))
	o.content = page.Body(header, o.below)
	return o
}

func (o *others) row(c copyOf) widgets.Row {
	w := o.p.desk.Words
	caption := c.device.Name + " · " + c.device.System
	row := widgets.Row{Icon: theme.Computer, Title: c.name, Caption: caption, Action: w.T("folder.get-back")}
	if !c.device.LastSeen.IsZero() {
		row.Under = w.T("others.seen", "when", page.When(w, c.device.LastSeen, o.p.desk.Now()))
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
