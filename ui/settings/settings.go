// Package settings is the page of what can be chosen: how the window looks, this computer and its storage, the check of everything.
//
// Reading order: settings.go (the page), account.go (computers and storage), speed.go (how fast, and in which hours), work.go (on which networks and on
// battery), network.go (how the server is reached), notify.go (notifications), safety.go (the check, and what is kept),
// advanced.go (the storage more closely, the log, the help file), start.go (starting by itself), saver.go (saving one after the other).
package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Source is what the page asks of the client.
type Source interface {
	Devices(ctx context.Context) ([]app.DeviceInfo, error)
	SetDeviceName(ctx context.Context, name string) error
	Check(ctx context.Context, readData bool, progress func(app.Progress)) (app.CheckReport, error)
	Speed(ctx context.Context) (app.Speed, error)
	SetSpeed(ctx context.Context, x app.Speed) error
	WhenToWork(ctx context.Context) (app.WhenToWork, error)
	SetWhenToWork(ctx context.Context, w app.WhenToWork) error
	Network(ctx context.Context) (app.Network, error)
	SetNetwork(ctx context.Context, n app.Network, password string) error
	Keeping(ctx context.Context) (app.Keeping, error)
	Details() app.Details
	RebuildIndex(ctx context.Context) error
	SaveHelp(ctx context.Context, dir, version string) (string, error)
}

// Look is how the window shows itself.
type Look struct {
	Language string // a tag; "" is the system's
	Mode     theme.Mode
	Scale    float32
	Silent   Silent // kinds of notifications that are not wanted
	Ends     bool   // closing the window ends the program, also where it could go on in the tray
}

// Options are what the window gives to the page.
type Options struct {
	Brand   brand.Brand
	Version string
	Look    Look
	Changed func(Look) // somebody chose another look
	Tray    bool       // the program may go on without its window
	SignIn  SignIn     // nil where nothing starts programs by itself
	Connect func()     // somebody wants another storage
}

// SignIn lets the system start the program when its user signs in.
type SignIn interface {
	State(ctx context.Context) (string, error) // on, off, switched-off (in the system's own list) or other (another program has its place)
	Set(ctx context.Context, on bool) error
}

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	o       Options
	account *account
	safety  *safety
	start   *start
	speed   *speed
	work    *work
	network *network
	deep    *advanced
	content fyne.CanvasObject
}

// New returns the page.
func New(desk *page.Desk, client Source, o Options) *Page {
	p := &Page{desk: desk, client: client, o: o}
	p.account, p.safety = newAccount(p), newSafety(p)
	p.start, p.speed, p.work, p.network, p.deep = newStart(p), newSpeed(p), newWork(p), newNetwork(p), newAdvanced(p)
	header := page.Header(desk.Words.T("place.settings"), desk.Words.T("settings.about"))
	p.content = page.Scrolling(header, p.general(), p.account.card, p.speed.card, p.work.card, p.notifications(), p.network.card, p.safety.card, p.deep.card, p.about())
	return p
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Opened loads the list of computers, and what is chosen.
func (p *Page) Opened() {
	p.account.load()
	p.start.load()
	p.speed.load()
	p.work.load()
	p.network.load()
	p.safety.load()
}

// Show shows a moment.
func (p *Page) Show(s page.Snapshot) {
	p.account.show(s)
	p.network.place(s)
	p.deep.show(s)
}

// section is a card with a title.
func section(title string, parts ...fyne.CanvasObject) *fyne.Container {
	head := widgets.NewLine(title, widgets.Style{Size: theme.Section, Bold: true})
	return widgets.Card(widgets.Column(12, append([]fyne.CanvasObject{head}, parts...)...))
}

// option is one line of a section: what it is, what it means, and its controls.
func option(title, about string, controls ...fyne.CanvasObject) fyne.CanvasObject {
	words := widgets.Column(2, widgets.NewParagraph(title, widgets.Style{}), widgets.NewParagraph(about, widgets.Style{Size: theme.Caption, Colour: theme.Muted}))
	return widgets.Beside(widgets.Readable, words, controls...)
}

func (p *Page) general() fyne.CanvasObject {
	w := p.desk.Words
	parts := []fyne.CanvasObject{
		option(w.T("settings.language"), w.T("settings.language.about"), p.languages()),
		option(w.T("settings.look"), w.T("settings.look.about"), p.modes()),
		option(w.T("settings.size"), w.T("settings.size.about"), p.sizes()),
	}
	if p.o.SignIn != nil {
		parts = append(parts, option(w.T("settings.start"), w.T("settings.start.about"), p.start.choice))
	}
	if p.o.Tray {
		names := []string{w.T("settings.close.stay"), w.T("settings.close.end")}
		choice := choose(names, []bool{false, true}, p.o.Look.Ends, func(ends bool) { p.look(func(l *Look) { l.Ends = ends }) })
		parts = append(parts, option(w.T("settings.close"), w.T("settings.close.about"), choice))
	}
	return section(w.T("settings.general"), parts...)
}

func (p *Page) languages() fyne.CanvasObject {
	all := text.Languages()
	names := []string{p.desk.Words.T("settings.system")}
	tags := []string{""}
	for _, l := range all {
		names, tags = append(names, l.Name), append(tags, l.Tag)
	}
	return choose(names, tags, p.o.Look.Language, func(tag string) { p.look(func(l *Look) { l.Language = tag }) })
}

func (p *Page) modes() fyne.CanvasObject {
	w := p.desk.Words
	names := []string{w.T("settings.system"), w.T("settings.light"), w.T("settings.dark")}
	return choose(names, []theme.Mode{theme.System, theme.Light, theme.Dark}, p.o.Look.Mode, func(m theme.Mode) { p.look(func(l *Look) { l.Mode = m }) })
}

func (p *Page) sizes() fyne.CanvasObject {
	w := p.desk.Words
	names := []string{w.T("settings.size.normal"), w.T("settings.size.large"), w.T("settings.size.larger")}
	return choose(names, []float32{1, 1.15, 1.35}, p.o.Look.Scale, func(x float32) { p.look(func(l *Look) { l.Scale = x }) })
}

// look changes one thing of how the window shows itself.
func (p *Page) look(change func(*Look)) {
	l := p.o.Look
	change(&l)
	if l != p.o.Look {
		p.o.Look = l
		p.o.Changed(l)
	}
}

// choose is a list of names of which one is taken.
func choose[T comparable](names []string, values []T, now T, chosen func(T)) fyne.CanvasObject {
	s := widget.NewSelect(names, nil)
	for i, v := range values {
		if v == now {
			s.SetSelectedIndex(i)
		}
	}
	s.OnChanged = func(string) { chosen(values[s.SelectedIndex()]) }
	return container.NewGridWrap(fyne.NewSize(210, s.MinSize().Height), widgets.Framed(s))
}

func (p *Page) about() fyne.CanvasObject {
	w := p.desk.Words
	line := w.T("about.version", "name", p.o.Brand.Name, "version", p.o.Version)
	parts := []fyne.CanvasObject{widgets.NewLine(line, widgets.Style{}), widgets.NewParagraph(w.T("about.promise"), widgets.Style{Colour: theme.Muted})}
	return section(w.T("settings.about.title"), parts...)
}
