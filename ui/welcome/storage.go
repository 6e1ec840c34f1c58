package welcome

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// try is the screen of the storage on this computer.
func (p *Page) try() {
	w := p.desk.Words
	dir := widgets.NewEntry(p.place(p.o.Brand.Name+" "+w.T("try.folder-name")), "")
	tests := newTests(p)
	warning := widgets.NewBanner()
	warning.Say(widgets.Warn, theme.Info, w.T("try.warning"), w.T("try.warning.more"), "", nil)
	body := tests.under(widgets.Column(14, warning.Container, widgets.Field(w.T("try.where"), p.chooser(dir), w.T("try.where.help")), tests.view))
	p.show(step{
		number: 1, title: w.T("try.title"), about: w.T("try.about"), body: body, back: p.first, label: w.T("continue"),
		next: func() {
			p.connect(tests, func(ctx context.Context) ([]app.Check, error) { return p.client.ConnectFolder(ctx, dir.Text) })
		},
	})
}

// chooser is a field with a folder's path, and a button for choosing it.
func (p *Page) chooser(dir *widget.Entry) fyne.CanvasObject {
	b := widgets.NewButton(p.desk.Words.T("choose"), theme.Folder, widgets.Plain, func() { p.desk.Folder(dir.SetText) })
	return container.NewBorder(nil, nil, nil, b, dir)
}

// ownForm are the fields of the screen of one's own storage.
type ownForm struct {
	kinds                         []preset
	at                            int
	dir, endpoint, space          *widget.Entry
	access, secret, region, caKey *widget.Entry
}

// own is the screen of one's own storage.
func (p *Page) own() {
	w := p.desk.Words
	f := &ownForm{kinds: presets(), dir: widgets.NewEntry("", ""), endpoint: widgets.NewEntry("", "https://"), space: widgets.NewEntry("elkjop-cloud", "")}
	f.access, f.secret, f.region, f.caKey = widgets.NewEntry("", ""), widget.NewPasswordEntry(), widgets.NewEntry("", "us-east-1"), widgets.NewEntry("", "")
	tests := newTests(p)
	fields := container.NewStack()
	var names []string
	for _, k := range f.kinds {
		name := k.name
		if name == "" {
			name = w.T(k.key)
		}
		names = append(names, name)
	}
	kind := widget.NewSelect(names, nil)
	pick := func(i int) {
		f.at = i
		tests.clear()
		f.endpoint.SetText(f.kinds[i].endpoint)
		f.region.SetText(f.kinds[i].region)
		fields.Objects = []fyne.CanvasObject{p.ownFields(f)}
		fields.Refresh()
	}
	kind.OnChanged = func(string) { pick(kind.SelectedIndex()) }
	kind.SetSelectedIndex(0)
	pick(0)
	body := tests.under(widgets.Column(14, widgets.Field(w.T("own.kind"), widgets.Framed(kind), ""), fields, tests.view))
	p.show(step{
		number: 1, title: w.T("own.title"), about: w.T("own.about"), body: body, back: p.first, label: w.T("own.test"),
		next: func() { p.connect(tests, f.connector(p.client)) },
	})
}

func (p *Page) ownFields(f *ownForm) fyne.CanvasObject {
	w := p.desk.Words
	if f.kinds[f.at].folder {
		return widgets.Field(w.T("own.dir"), p.chooser(f.dir), w.T("own.dir.help"))
	}
	keys := container.NewGridWithColumns(2, widgets.Field(w.T("own.access"), f.access, ""), widgets.Field(w.T("own.secret"), f.secret, ""))
	ca := container.NewBorder(nil, nil, nil, widgets.NewButton("", theme.Folder, widgets.Plain, func() { p.desk.File(f.caKey.SetText) }), f.caKey)
	more := container.NewGridWithColumns(2, widgets.Field(w.T("own.region"), f.region, ""), widgets.Field(w.T("own.ca"), ca, ""))
	advanced := widget.NewAccordion(widget.NewAccordionItem(w.T("own.advanced"), more))
	return widgets.Column(12, widgets.Field(w.T("own.endpoint"), f.endpoint, ""), keys, widgets.Field(w.T("own.space"), f.space, w.T("own.space.help")), advanced)
}

// connector returns what connects with what was typed.
func (f *ownForm) connector(c Source) func(context.Context) ([]app.Check, error) {
	if f.kinds[f.at].folder {
		dir := f.dir.Text
		return func(ctx context.Context) ([]app.Check, error) { return c.ConnectFolder(ctx, dir) }
	}
	trim := func(e *widget.Entry) string { return strings.TrimSpace(e.Text) }
	s := app.S3{Endpoint: trim(f.endpoint), Bucket: trim(f.space), Region: trim(f.region), CA: trim(f.caKey), Credentials: "keyring", AccessKey: trim(f.access)}
	secret := trim(f.secret)
	return func(ctx context.Context) ([]app.Check, error) { return c.ConnectS3(ctx, s, secret) }
}

// connect tries a storage out, shows each test, and goes on when all is well.
func (p *Page) connect(t *tests, connect func(context.Context) ([]app.Check, error)) {
	t.begin()
	var checks []app.Check
	var devices []app.DeviceInfo
	p.await(func(ctx context.Context) (err error) {
		if checks, err = connect(ctx); err != nil {
			return err
		}
		devices, err = p.client.Devices(ctx)
		return err
	}, func(err error) {
		t.show(checks, err)
		if err == nil {
			p.devices, p.held = devices, newHeld(p)
			p.computer()
		}
	})
}

// tests shows what was tried when a storage was connected, and why it failed.
type tests struct {
	p      *Page
	banner *widgets.Banner
	list   *fyne.Container
	view   fyne.CanvasObject
	screen *container.Scroll // at the foot of which they are
}

func newTests(p *Page) *tests {
	t := &tests{p: p, banner: widgets.NewBanner(), list: widgets.Column(5)}
	t.view = widgets.Column(10, t.list, t.banner.Container)
	return t
}

// under makes the body of a screen that ends with the tests, and remembers it: what they say is brought into sight.
func (t *tests) under(body fyne.CanvasObject) fyne.CanvasObject {
	t.screen = container.NewVScroll(beside(body))
	return t.screen
}

// reveal goes down to what the tests say.
func (t *tests) reveal() {
	t.screen.Refresh()
	t.screen.ScrollToBottom()
}

// clear forgets what was tried: it was of another kind of storage.
func (t *tests) clear() {
	t.list.Objects = nil
	t.list.Refresh()
	t.banner.Hide()
}

func (t *tests) begin() {
	t.list.Objects = nil
	t.list.Refresh()
	t.banner.Say(widgets.Busy, theme.Eye, t.p.desk.Words.T("test.busy"), "", "", nil)
	t.reveal()
}

func (t *tests) show(checks []app.Check, err error) {
	t.list.Objects = nil
	for _, c := range checks {
		icon := widgets.NewIcon(theme.Check, theme.Accent, 16)
		if !c.OK {
			icon.Set(theme.Close, theme.Muted)
		}
		t.list.Add(container.NewBorder(nil, nil, icon, nil, widgets.NewCutLine(t.p.desk.Words.T("test."+c.Name), widgets.Style{})))
	}
	t.list.Refresh()
	if err == nil {
		t.banner.Hide()
		return
	}
	title, help := page.Words(t.p.desk.Words, err)
	t.banner.Say(widgets.Warn, theme.Alert, title, help, "", nil)
	t.reveal()
}
