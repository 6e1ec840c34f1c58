package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// account is the card of the computers and of the storage.
type account struct {
	p       *Page
	name    *widget.Entry
	rename  *widgets.Button
	saved   string // this computer's name
	place   *widgets.Line
	kind    *widgets.Line
	head    *widgets.Line // above the computers
	devices *fyne.Container
	card    *fyne.Container
}

func newAccount(p *Page) *account {
	w := p.desk.Words
	a := &account{p: p, devices: widgets.Column(0)}
	a.name = widgets.NewEntry("", "")
	a.rename = widgets.NewButton(w.T("settings.rename"), "", widgets.Plain, a.save)
	a.rename.Disable()
	a.name.OnChanged = func(text string) { a.rename.Allow(text != "" && text != a.saved) }
	a.name.OnSubmitted = func(string) { a.save() }
	a.kind, a.place = widgets.NewLine("", widgets.Style{}), widgets.NewCutLine("", widgets.Style{Size: theme.Caption, Colour: theme.Muted})
	name := container.NewGridWrap(fyne.NewSize(190, a.name.MinSize().Height), a.name)
	other := widgets.NewButton(w.T("settings.storage.other"), "", widgets.Plain, a.askConnect)
	storage := widgets.Beside(widgets.Readable, widgets.Column(2, a.kind, a.place), other)
	a.head = widgets.NewLine(w.T("settings.devices"), widgets.Style{Bold: true})
	a.head.Hide()
	a.card = section(w.T("settings.account"),
		option(w.T("settings.device"), w.T("settings.device.about"), name, a.rename), storage, a.head, a.devices)
	return a
}

func (a *account) show(s page.Snapshot) {
	w := a.p.desk.Words
	if a.saved != s.Device {
		a.saved = s.Device
		a.name.SetText(s.Device)
	}
	key := "settings.storage.none"
	if s.Storage.Kind != "" {
		key = "settings.storage." + s.Storage.Kind
	}
	a.kind.Set(w.T(key))
	place := s.Storage.Place
	if s.Storage.Name != "" {
		place += " · " + s.Storage.Name
	}
	a.place.Set(place)
}

func (a *account) save() {
	name := a.name.Text
	a.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return a.p.client.SetDeviceName(ctx, name) },
		Done: func(err error) {
			if err != nil {
				a.p.desk.Explain(err)
				return
			}
			a.rename.Disable()
			a.p.desk.Say(widgets.Good, a.p.desk.Words.T("settings.renamed", "name", name))
			a.load()
		},
	})
}

func (a *account) load() {
	var all []app.DeviceInfo
	a.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			all, err = a.p.client.Devices(ctx)
			return err
		},
		Done: func(err error) { a.list(all, err) },
	})
}

func (a *account) list(all []app.DeviceInfo, err error) {
	w := a.p.desk.Words
	a.devices.Objects = nil
	if err != nil {
		a.devices.Add(widgets.NewParagraph(page.Line(w, err), widgets.Style{Colour: theme.Muted}))
	}
	for _, d := range all {
		row := widgets.Row{Icon: theme.Computer, Title: d.Name, Caption: d.System}
		switch {
		case d.This:
			row.Under = w.T("settings.this")
		case !d.LastSeen.IsZero():
			row.Under = w.T("others.seen", "when", page.When(w, d.LastSeen, a.p.desk.Now()))
		}
		v := widgets.NewFlushRow()
		v.Set(row, nil, nil)
		a.devices.Add(v)
	}
	a.head.Hidden = len(a.devices.Objects) == 0
	a.card.Refresh()
}

// askConnect says what another storage means before it is asked for.
func (a *account) askConnect() {
	w := a.p.desk.Words
	a.p.desk.Ask(widgets.Question{
		Icon: theme.Cloud, Tone: widgets.Warn, Title: w.T("settings.storage.title"), Body: []string{w.T("settings.storage.body")}, Safe: w.T("cancel"),
		Acts: []widgets.Choice{{Label: w.T("settings.storage.go"), Kind: widgets.Primary, Do: a.p.o.Connect}},
	})
}
