// Package welcome is the first start: where the files go, what this computer is called, what is backed up, and the Synced folder. One can
// always go back. No file is looked after before the last step is done, except where another computer's backup is continued.
//
// Reading order: welcome.go (the frame and the first screen), storage.go and presets.go (where the files go), computer.go, folders.go,
// synced.go and held.go (what the cloud holds already).
package welcome

import (
	"context"
	"path/filepath"
	"time"

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

// Source is what the first start asks of the client.
type Source interface {
	ConnectFolder(ctx context.Context, dir string) ([]app.Check, error)
	ConnectS3(ctx context.Context, x app.S3, secret string) ([]app.Check, error)
	Device(ctx context.Context) (app.DeviceInfo, error)
	Devices(ctx context.Context) ([]app.DeviceInfo, error)
	SetDeviceName(ctx context.Context, name string) error
	Suggestions() []app.Suggestion
	Measure(ctx context.Context, dir string) (app.Extent, error)
	AddBackup(ctx context.Context, dir, name string, skip []string) (app.BackupInfo, error)
	ContinueBackup(ctx context.Context, spec, dir string) (app.BackupInfo, error)
	RestoreBackup(ctx context.Context, spec, to string, at time.Time, progress func(app.Progress)) (app.RestoreReport, error)
	SetSynced(ctx context.Context, dir string) error
	SetSyncedWithout(ctx context.Context, dir string, off []string) error
	FoldersInCloud(ctx context.Context) ([]app.Folder, error)
}

// Options are what the window gives to the first start.
type Options struct {
	Brand    brand.Brand
	UserHome string           // the user's own folder, below which places are proposed
	Language func(tag string) // somebody chose a language
	Done     func()           // all is chosen
	Leave    func()           // back out of it; nil where there is nothing behind it
}

// Page is the first start.
type Page struct {
	desk    *page.Desk
	client  Source
	o       Options
	content *fyne.Container
	next    *widgets.Button
	devices []app.DeviceInfo // of the space, once it is connected
	picks   []pick           // folders to back up
	picked  bool             // picks were proposed
	dir     string           // of the Synced folder
	alone   bool             // there is to be none
	held    *held            // what the cloud holds of it
	screen  int              // how many were shown
	cancel  func()           // ends what was begun on this screen; nil: nothing
}

// New returns the first start.
func New(desk *page.Desk, client Source, o Options) *Page {
	p := &Page{desk: desk, client: client, o: o, content: container.NewStack()}
	p.held = newHeld(p)
	p.first()
	return p
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// place proposes a folder below the user's own.
func (p *Page) place(name string) string { return filepath.Join(p.o.UserHome, name) }

// step is one screen.
type step struct {
	number int // of four; 0 is none
	title  string
	about  string
	body   fyne.CanvasObject
	back   func()
	next   func()
	label  string // on the button that goes on
}

// show shows a screen.
func (p *Page) show(s step) {
	w := p.desk.Words
	p.next = widgets.NewButton(s.label, "", widgets.Primary, s.next)
	back := widgets.NewButton(w.T("back"), theme.Back, widgets.Quiet, s.back)
	back.Hidden = s.back == nil
	head := []fyne.CanvasObject{widgets.NewParagraph(s.title, widgets.Style{Size: theme.Title, Bold: true}), widgets.NewParagraph(s.about, widgets.Style{Colour: theme.Muted})}
	if s.number > 0 {
		count := widgets.NewLine(w.T("welcome.step", "n", s.number, "of", 4), widgets.Style{Size: theme.Caption, Bold: true, Colour: theme.Accent})
		head = append([]fyne.CanvasObject{count}, head...)
	}
	foot := widgets.Column(12, widgets.Rule(), container.NewBorder(nil, nil, back, p.next))
	all := container.NewBorder(beside(widgets.Inset(0, 16, 0, 0, widgets.Column(5, head...))), beside(widgets.Inset(12, 0, 0, 0, foot)), nil, nil, s.body)
	p.put(widgets.Narrow(640, widgets.Inset(34, 22, 22, 12, all)))
}

// beside leaves the room in which a bar for scrolling and the shadows of cards are, so that everything on a screen has the same edges.
func beside(o fyne.CanvasObject) fyne.CanvasObject { return widgets.Inset(0, 0, 2, 12, o) }

// scrolling is the body of a screen that may be longer than the window.
func scrolling(o fyne.CanvasObject) fyne.CanvasObject { return container.NewVScroll(beside(o)) }

// put shows a screen. What the one before waits for is not waited for any more.
func (p *Page) put(o fyne.CanvasObject) {
	if p.screen++; p.cancel != nil {
		p.cancel()
		p.cancel = nil
	}
	p.content.Objects = []fyne.CanvasObject{o}
	p.content.Refresh()
}

// busy keeps the way on shut while something is being done.
func (p *Page) busy(yes bool) { p.next.Allow(!yes) }

// await does a job for the screen that is shown. Whoever goes elsewhere meanwhile ends it, and is not fetched from there.
func (p *Page) await(do func(context.Context) error, done func(error)) {
	p.busy(true)
	screen, ended := p.screen, false
	cancel := p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return do(ctx) },
		Done: func(err error) {
			if ended = true; p.screen != screen {
				return
			}
			p.cancel = nil
			p.busy(false)
			done(err)
		},
	})
	if !ended {
		p.cancel = cancel
	}
}

// first is the first screen.
func (p *Page) first() {
	w := p.desk.Words
	centre := fyne.TextAlignCenter
	words := widgets.Column(6,
		widgets.NewParagraph(p.o.Brand.Name, widgets.Style{Bold: true, Colour: theme.Accent, Align: centre}),
		widgets.NewParagraph(w.T("welcome.title"), widgets.Style{Size: theme.Title, Bold: true, Align: centre}),
		widgets.NewParagraph(w.T("welcome.about"), widgets.Style{Colour: theme.Muted, Align: centre}))
	ways := widgets.Column(10,
		newWay(theme.Cloud, w.T("welcome.own"), w.T("welcome.own.about"), func() { p.own() }),
		newWay(theme.Computer, w.T("welcome.try"), w.T("welcome.try.about"), func() { p.try() }))
	foot := container.NewBorder(nil, nil, nil, p.languages(), p.leave())
	all := widgets.Column(20, widgets.NewPicture(theme.PictureWelcome, 150), words, ways, foot)
	p.put(container.NewVScroll(widgets.Middle(widgets.Narrow(480, widgets.Inset(20, 20, 20, 20, all)))))
}

func (p *Page) leave() fyne.CanvasObject {
	b := widgets.NewButton(p.desk.Words.T("back"), theme.Back, widgets.Quiet, p.o.Leave)
	b.Hidden = p.o.Leave == nil
	return container.NewHBox(b)
}

// languages is the menu of languages.
func (p *Page) languages() fyne.CanvasObject {
	all := text.Languages()
	var names []string
	at := 0
	for i, l := range all {
		names = append(names, l.Name)
		if l.Tag == p.desk.Words.Tag() {
			at = i
		}
	}
	s := widget.NewSelect(names, nil)
	s.SetSelectedIndex(at)
	s.OnChanged = func(string) { p.o.Language(all[s.SelectedIndex()].Tag) }
	return widgets.Framed(s)
}
