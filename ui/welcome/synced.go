package welcome

import (
	"context"

	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// synced is the last screen: the folder that is the same on every computer, and a picture of how things go.
func (p *Page) synced() {
	w := p.desk.Words
	dir := widgets.NewEntry(p.place(p.o.Brand.Name), "")
	where := widgets.Field(w.T("synced.where"), p.chooser(dir), w.T("synced.where.help"))
	use := widgets.NewCheck(w.T("synced.use"), func(on bool) { where.Hidden = !on; where.Refresh() })
	use.Set(true)
	flow := widgets.Card(container.NewBorder(nil, nil, widgets.NewPicture(theme.PictureFlow, 120), nil, widgets.Middle(widgets.Column(7,
		widgets.NewParagraph(w.T("flow.backup"), widgets.Style{}), widgets.NewParagraph(w.T("flow.synced"), widgets.Style{}), widgets.NewParagraph(w.T("flow.archive"), widgets.Style{})))))
	p.show(step{
		number: 4, title: w.T("synced.title"), about: w.T("synced.about.first"), body: container.NewVScroll(widgets.Inset(0, 0, 2, 12, widgets.Column(14, use, where, flow))),
		back: p.folders, label: w.T("start"),
		next: func() {
			if use.On() {
				p.start(dir.Text)
			} else {
				p.start("")
			}
		},
	})
}

// start does what was chosen. What was done already when something fails is not done twice.
func (p *Page) start(syncedDir string) {
	p.busy(true)
	picks := p.picks
	var failed error
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			if syncedDir != "" {
				if err := p.client.SetSynced(ctx, syncedDir); err != nil {
					return err
				}
			}
			for _, x := range picks {
				if !x.on {
					continue
				}
				if _, err := p.client.AddBackup(ctx, x.path, "", nil); err != nil {
					failed = err // the others are backed up all the same
				}
			}
			return nil
		},
		Done: func(err error) {
			p.busy(false)
			if err != nil {
				p.desk.Explain(err)
				return
			}
			p.o.Done()
			p.desk.Explain(failed)
		},
	})
}
