package welcome

import (
	"context"
	"errors"

	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// synced is the last screen: the folder that is the same on every computer, what the cloud holds of it already, and a picture of how things go.
func (p *Page) synced() {
	w := p.desk.Words
	if p.dir == "" {
		p.dir = p.place(p.o.Brand.Name)
	}
	dir := widgets.NewEntry(p.dir, "")
	dir.OnChanged = func(s string) { p.dir = s }
	where := widgets.Field(w.T("synced.where"), p.chooser(dir), w.T("synced.where.help"))
	held := p.held.show(p.chooseFolders)
	use := widgets.NewCheck(w.T("synced.use"), func(on bool) {
		p.alone = !on
		where.Hidden = !on
		where.Refresh()
		p.held.wanted(on)
	})
	use.Set(!p.alone)
	where.Hidden = p.alone
	flow := widgets.Card(container.NewBorder(nil, nil, widgets.NewPicture(theme.PictureFlow, 120), nil, widgets.Middle(widgets.Column(7,
		widgets.NewParagraph(w.T("flow.backup"), widgets.Style{}), widgets.NewParagraph(w.T("flow.synced"), widgets.Style{}), widgets.NewParagraph(w.T("flow.archive"), widgets.Style{})))))
	p.show(step{
		number: 4, title: w.T("synced.title"), about: w.T("synced.about.first"), body: scrolling(widgets.Column(14, use, where, held, flow)),
		back: p.folders, next: p.start, label: w.T("start"),
	})
	p.held.look()
}

// chooseFolders is the screen on which somebody chooses what of the cloud comes to this computer. Back leaves the choice as it was before.
func (p *Page) chooseFolders() {
	w, tree := p.desk.Words, p.held.tree
	undo := tree.Keep()
	p.show(step{
		number: 4, title: w.T("synced.folders"), about: w.T("synced.cloud.choose.about"),
		body: beside(container.NewBorder(widgets.Inset(0, 8, 0, 0, tree.Size()), nil, nil, nil, tree.Content())),
		back: func() { undo(); p.synced() }, next: p.synced, label: w.T("synced.folders.save"),
	})
	p.desk.Canvas().Focus(tree.List())
}

// start does what was chosen. What was done already when something fails is not done twice.
func (p *Page) start() {
	p.busy(true)
	picks, join := p.picks, p.joining()
	var failed error
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			if err := join(ctx); err != nil {
				return err
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
				p.refused(err)
				return
			}
			p.o.Done()
			p.desk.Explain(failed)
		},
	})
}

// joining returns what makes the Synced folder as it was chosen.
func (p *Page) joining() func(context.Context) error {
	dir := p.dir
	if p.alone {
		return func(context.Context) error { return nil }
	}
	if off, chosen := p.held.off(); chosen {
		return func(ctx context.Context) error { return p.client.SetSyncedWithout(ctx, dir, off) }
	}
	return func(ctx context.Context) error { return p.client.SetSynced(ctx, dir) }
}

// refused says why there is no Synced folder. Where the cloud holds other folders by now, they are shown, and the choice begins anew.
func (p *Page) refused(err error) {
	var x *app.Problem
	if errors.As(err, &x) && x.Code == app.CodeNoFolder {
		p.held = newHeld(p)
		p.synced()
	}
	p.desk.Explain(err)
}
