package welcome

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// computer is the screen of this computer's name, and of what other computers have in the space already.
func (p *Page) computer() {
	w := p.desk.Words
	name := widgets.NewEntry(p.ownName(), "")
	parts := []fyne.CanvasObject{widgets.Field(w.T("computer.name"), name, w.T("computer.name.help"))}
	if rows := p.found(); len(rows) > 0 {
		head := widgets.NewLine(w.T("computer.found"), widgets.Style{Bold: true})
		about := widgets.NewParagraph(w.T("computer.found.about"), widgets.Style{Size: theme.Caption, Colour: theme.Muted})
		parts = append(parts, widgets.Column(3, head, about), widgets.Tile(widgets.Column(0, rows...)))
	}
	p.show(step{
		number: 2, title: w.T("computer.title"), about: w.T("computer.about"), body: scrolling(widgets.Column(16, parts...)),
		back: p.first, next: func() { p.rename(name) }, label: w.T("continue"),
	})
}

func (p *Page) ownName() string {
	for _, d := range p.devices {
		if d.This {
			return d.Name
		}
	}
	return ""
}

func (p *Page) rename(name *widget.Entry) {
	p.await(func(ctx context.Context) error { return p.client.SetDeviceName(ctx, name.Text) }, func(err error) {
		if err != nil {
			p.desk.Explain(err)
			return
		}
		p.folders()
	})
}

// found lists the backups of other computers, each with what can be done with it.
func (p *Page) found() []fyne.CanvasObject {
	w := p.desk.Words
	var rows []fyne.CanvasObject
	for _, d := range p.devices {
		for _, b := range d.Backups {
			if d.This {
				continue
			}
			v := widgets.NewRowView(false)
			row := widgets.Row{Icon: theme.Computer, Title: b, Caption: d.Name + " · " + d.System, Action: w.T("computer.use")}
			v.Set(row, nil, func() { p.askUse(v, row, d.Name+"/"+b) })
			rows = append(rows, v)
		}
	}
	return rows
}

// askUse offers to go on with another computer's backup here, or to get its files.
func (p *Page) askUse(v *widgets.RowView, row widgets.Row, spec string) {
	w := p.desk.Words
	p.desk.Ask(widgets.Question{
		Icon: theme.Computer, Title: w.T("computer.use.title", "folder", row.Title), Body: []string{w.T("computer.use.continue"), w.T("computer.use.get")}, Safe: w.T("cancel"),
		Acts: []widgets.Choice{
			{Label: w.T("computer.use.get.go"), Do: func() { p.desk.Folder(func(to string) { p.getBack(spec, to) }) }},
			{Label: w.T("computer.use.continue.go"), Kind: widgets.Primary, Do: func() { p.desk.Folder(func(dir string) { p.goOn(v, row, spec, dir) }) }},
		},
	})
}

// goOn makes another computer's backup this one's.
func (p *Page) goOn(v *widgets.RowView, row widgets.Row, spec, dir string) {
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			_, err := p.client.ContinueBackup(ctx, spec, dir)
			return err
		},
		Done: func(err error) {
			if err != nil {
				p.desk.Explain(err)
				return
			}
			row.Action, row.State = "", widgets.State{Word: p.desk.Words.T("computer.use.done"), Icon: theme.Check, Tone: widgets.Good}
			v.Set(row, nil, nil)
		},
	})
}

func (p *Page) getBack(spec, to string) {
	w := p.desk.Words
	var r app.RestoreReport
	p.busy(true)
	p.desk.Say(widgets.Busy, w.T("restoring", "folder", to))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, tell func(app.Progress)) (err error) {
			r, err = p.client.RestoreBackup(ctx, spec, to, time.Time{}, tell)
			return err
		},
		Tell: func(x app.Progress) {
			p.desk.Say(widgets.Busy, w.T("restoring.files", "done", x.Files, "total", x.FilesTotal))
		},
		Done: func(err error) {
			p.busy(false)
			p.desk.Restored(r, err)
		},
	})
}
