package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
)

// work is the card of the conditions in which to work.
type work struct {
	p                *Page
	is               app.WhenToWork
	save             saver
	metered, battery *fyne.Container
	card             *fyne.Container
}

func newWork(p *Page) *work {
	w := p.desk.Words
	k := &work{p: p, save: saver{desk: p.desk}, metered: container.NewStack(), battery: container.NewStack()}
	k.card = section(w.T("settings.work"), option(w.T("work.metered"), w.T("work.metered.about"), k.metered), option(w.T("work.battery"), w.T("work.battery.about"), k.battery))
	k.show(app.WhenToWork{})
	return k
}

func (k *work) show(is app.WhenToWork) {
	k.is = is
	w := k.p.desk.Words
	names := []string{w.T("work.pause"), w.T("work.on")}
	for _, x := range []struct {
		into *fyne.Container
		now  bool
		set  func(bool)
	}{{k.metered, is.Metered, func(on bool) { k.is.Metered = on }}, {k.battery, is.Battery, func(on bool) { k.is.Battery = on }}} {
		x.into.Objects = []fyne.CanvasObject{choose(names, []bool{false, true}, x.now, func(on bool) {
			x.set(on)
			k.keep()
		})}
		x.into.Refresh()
	}
}

func (k *work) keep() {
	is := k.is
	k.save.keep(func(ctx context.Context) error { return k.p.client.SetWhenToWork(ctx, is) }, k.load)
}

func (k *work) load() {
	var is app.WhenToWork
	k.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			is, err = k.p.client.WhenToWork(ctx)
			return err
		},
		Done: func(err error) {
			if err == nil && !k.save.busy {
				k.show(is)
			}
		},
	})
}
