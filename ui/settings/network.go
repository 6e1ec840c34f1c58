package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/widgets"
)

// network is the card of how the storage's server is reached. It is there only when the storage is on a server.
type network struct {
	p                       *Page
	choice                  *fyne.Container
	address, user, password *widget.Entry
	manual                  *fyne.Container
	save                    *widgets.Button
	how                     string // "system", "none" or byAddress
	server                  bool
	card                    *fyne.Container
}

// byAddress is what is chosen when the proxy has an address.
const byAddress = "address"

func newNetwork(p *Page) *network {
	w := p.desk.Words
	n := &network{p: p, choice: container.NewStack()}
	n.address, n.user, n.password = widgets.NewEntry("", "http://"), widgets.NewEntry("", ""), widget.NewPasswordEntry()
	for _, e := range []*widget.Entry{n.address, n.user, n.password} {
		e.OnChanged = func(string) { n.save.Allow(n.how != byAddress || n.address.Text != "") }
		e.OnSubmitted = func(string) { n.keep() }
	}
	n.save = widgets.NewButton(w.T("network.save"), "", widgets.Plain, n.keep)
	n.manual = widgets.Column(10,
		widgets.Field(w.T("network.address"), n.address, w.T("network.address.help")),
		container.NewGridWithColumns(2, widgets.Field(w.T("network.user"), n.user, ""), widgets.Field(w.T("network.password"), n.password, "")),
		widgets.NewParagraph(w.T("network.password.help"), widgets.Style{}), widgets.Across(0, n.save))
	n.card = section(w.T("settings.network"), option(w.T("network.proxy"), w.T("network.proxy.about"), n.choice), n.manual)
	n.show(app.Network{Proxy: "system"})
	n.card.Hide()
	return n
}

// place shows the card, or not.
func (n *network) place(s page.Snapshot) {
	if server := s.Storage.Kind == "s3"; server != n.server {
		n.server = server
		n.card.Hidden = !server
		n.p.content.Refresh()
		n.load()
	}
}

func (n *network) show(x app.Network) {
	w := n.p.desk.Words
	n.how = x.Proxy
	if x.Proxy != "system" && x.Proxy != "none" {
		n.how = byAddress
		n.address.SetText(x.Proxy)
	}
	n.user.SetText(x.User)
	n.password.SetText("")
	names, values := []string{w.T("settings.system"), w.T("network.none"), w.T("network.by-address")}, []string{"system", "none", byAddress}
	n.choice.Objects = []fyne.CanvasObject{choose(names, values, n.how, n.choose)}
	n.choice.Refresh()
	n.manual.Hidden = n.how != byAddress
	n.save.Disable()
	n.card.Refresh()
}

// choose takes a way. One with an address counts when it is saved.
func (n *network) choose(how string) {
	n.how = how
	n.manual.Hidden = how != byAddress
	n.card.Refresh()
	if n.p.content != nil {
		n.p.content.Refresh()
	}
	if how != byAddress {
		n.keep()
		return
	}
	n.save.Allow(n.address.Text != "")
}

func (n *network) keep() {
	x, password := app.Network{Proxy: n.how}, ""
	if n.how == byAddress {
		x.Proxy, x.User, password = n.address.Text, n.user.Text, n.password.Text
	}
	n.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return n.p.client.SetNetwork(ctx, x, password) },
		Done: func(err error) {
			if err != nil {
				n.p.desk.Explain(err)
				return
			}
			n.p.desk.Say(widgets.Good, n.p.desk.Words.T("network.saved"))
			n.show(x)
		},
	})
}

func (n *network) load() {
	if !n.server {
		return
	}
	var x app.Network
	n.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			x, err = n.p.client.Network(ctx)
			return err
		},
		Done: func(err error) {
			if err == nil {
				n.show(x)
			}
		},
	})
}
