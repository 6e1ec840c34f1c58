package ui

import (
	"context"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"elkjopcloud/app"
	"elkjopcloud/ui/activity"
	"elkjopcloud/ui/archives"
	"elkjopcloud/ui/backups"
	"elkjopcloud/ui/home"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/shared"
	"elkjopcloud/ui/synced"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/trash"
	"elkjopcloud/ui/welcome"
	"elkjopcloud/ui/widgets"
)

// shown is a page as the frame sees it.
type shown interface {
	Content() fyne.CanvasObject
	Show(s page.Snapshot)
}

// opener is a page that does something when somebody comes to it.
type opener interface{ Opened() }

// The places, in the order of the list.
const (
	placeHome     = "home"
	placeBackup   = "backup"
	placeSynced   = "synced"
	placeShared   = "shared"
	placeArchive  = "archive"
	placeTrash    = "trash"
	placeActivity = "activity"
	placeSettings = "settings"
)

// places are all of them; the last one stands apart.
func places() []string {
	return []string{placeHome, placeBackup, placeSynced, placeShared, placeArchive, placeTrash, placeActivity, placeSettings}
}

// window is the frame and what is in it. All of it is only touched in the window.
type window struct {
	u     *UI
	win   fyne.Window
	look  settings.Look
	desk  *page.Desk
	frame *frame // nil during the first start
	pages map[string]shown
	at    string
	last  page.Snapshot
	has   bool  // last is one
	front bool  // somebody has the window before them
	away  bool  // there is no window now, only the icon in the tray
	tray  *tray // nil where there is none
	told  notices
	toast *toast

	hidden  page.Hidden
	invited bool // a dialog about an invitation is open
}

func newWindow(u *UI) *window {
	w := &window{u: u, at: placeHome, front: true, look: loadLook(u.o.App.Preferences())}
	w.hidden.Changed = u.bridge.poke
	u.o.App.Settings().SetTheme(theme.New(w.look.Mode, w.look.Scale))
	w.win = u.o.App.NewWindow(u.o.Brand.Name)
	w.win.Resize(fyne.NewSize(1100, 720))
	w.win.CenterOnScreen()
	w.win.SetMaster()
	w.win.SetOnDropped(w.dropped)
	w.win.SetCloseIntercept(w.close)
	u.o.App.Lifecycle().SetOnEnteredForeground(func() { w.front = true; u.bridge.appear(true) })
	u.o.App.Lifecycle().SetOnExitedForeground(func() { w.front = false })
	u.bridge.show = w.show
	w.tray = newTray(w)
	w.build()
	w.tray.show(page.Snapshot{Now: u.bridge.now(), Status: app.Status{State: app.StateWorking}})
	return w
}

// build makes everything anew: at the start, and when language or look were changed.
func (w *window) build() {
	w.desk = w.newDesk(text.For(w.language()))
	if w.u.o.Client.Storage().Kind == "" {
		w.begin(nil)
		return
	}
	w.enter()
}

// language is the one that was chosen, or the system's.
func (w *window) language() string {
	if w.look.Language != "" {
		return w.look.Language
	}
	return text.Match(lang.SystemLocale().LanguageString())
}

// begin shows the first start; leave is what goes back out of it, if there is something to go back to.
func (w *window) begin(leave func()) {
	w.frame, w.pages = nil, nil
	first := welcome.New(w.desk, w.u.o.Client, welcome.Options{
		Brand: w.u.o.Brand, UserHome: w.u.o.UserHome, Done: w.enter, Leave: leave,
		Language: func(tag string) {
			l := w.look
			l.Language = tag
			w.changeLook(l)
		},
	})
	w.fill(first.Content())
}

// fill puts something into the window, and the place for short messages over it.
func (w *window) fill(content fyne.CanvasObject) {
	w.toast = newToast(w.u.bridge)
	back := widgets.NewPanel("", "", 0)
	w.win.SetContent(container.NewStack(back, content, w.toast.layer))
}

// enter shows the frame with its pages.
func (w *window) enter() {
	c := w.u.o.Client
	w.pages = map[string]shown{
		placeHome: home.New(w.desk, c), placeBackup: backups.New(w.desk, c), placeSynced: synced.New(w.desk, c), placeShared: shared.New(w.desk),
		placeArchive: archives.New(w.desk, c, w.archive()), placeTrash: trash.New(w.desk, c), placeActivity: activity.New(w.desk, c),
		placeSettings: settings.New(w.desk, c, settings.Options{
			Brand: w.u.o.Brand, Version: w.u.o.Version, Look: w.look, Changed: w.changeLook, Connect: func() { w.begin(w.enter) },
			Tray: w.tray != nil, SignIn: w.u.o.SignIn,
		}),
	}
	w.frame = newFrame(w.desk.Words, w.u.o.Brand.Name, w.goTo)
	w.fill(w.frame.content)
	w.shortcuts()
	w.goTo(w.at)
	w.u.bridge.poke()
}

// archive remembers how the Archive is looked at.
func (w *window) archive() archives.Options {
	p := w.u.o.App.Preferences()
	return archives.Options{Grid: p.Bool(archiveGrid), Changed: func(grid bool) { p.SetBool(archiveGrid, grid) }}
}

// goTo goes to a page.
func (w *window) goTo(place string) {
	p, ok := w.pages[place]
	if !ok {
		return
	}
	w.at = place
	w.frame.open(place, p.Content())
	if w.has {
		p.Show(w.last)
	}
	if o, ok := p.(opener); ok {
		o.Opened()
	}
}

// show shows a moment of the client.
func (w *window) show(s page.Snapshot) {
	w.last, w.has = s, true
	w.tray.show(s)
	if w.frame == nil {
		return
	}
	w.notice(s)
	open, _ := w.hidden.Among(s)
	if w.away {
		return
	}
	w.frame.show(s, len(open))
	w.pages[w.at].Show(s)
}

// changeLook changes language, colours or size, or what else the look has, and remembers it.
func (w *window) changeLook(l settings.Look) {
	seen := w.look
	w.look = l
	saveLook(w.u.o.App.Preferences(), l)
	if seen.Silent, seen.Ends = l.Silent, l.Ends; seen == l {
		return // nothing that can be seen
	}
	w.u.o.App.Settings().SetTheme(theme.New(l.Mode, l.Scale))
	w.build()
}

// shortcuts lets Ctrl and a digit go to a page.
func (w *window) shortcuts() {
	keys := []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8}
	for i, place := range places() {
		w.win.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: keys[i], Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) { w.goTo(place) })
	}
}

// raise brings the window to the front.
func (w *window) raise() {
	if w.away = false; w.has {
		w.show(w.last) // the page may have stood still for hours
	}
	w.win.Show()
	w.win.RequestFocus()
	w.u.bridge.appear(true)
}

// dropped takes files that were dropped on the window: on Backup folders, on Archive everything.
func (w *window) dropped(_ fyne.Position, uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, filepath.FromSlash(u.Path()))
		}
	}
	switch p := w.pages[w.at].(type) {
	case *backups.Page:
		for _, x := range paths {
			p.AddFolder(x)
		}
	case *archives.Page:
		if len(paths) > 0 {
			p.Add(paths)
		}
	}
}

// close leaves the window for the tray where there is one, unless somebody wants closing to be the end.
func (w *window) close() {
	if w.tray == nil || w.look.Ends || w.frame == nil {
		w.end()
		return
	}
	shown := false
	w.u.start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			shown = w.u.o.Tray(ctx)
			return nil
		},
		Done: func(error) {
			if !shown {
				w.end()
				return
			}
			w.leave()
		},
	})
}

// leave goes on without the window. The first time somebody is told where to find it.
func (w *window) leave() {
	w.away, w.front = true, false
	w.win.Hide()
	w.u.bridge.appear(false)
	signal(w.u.left)
	if p := w.u.o.App.Preferences(); !p.Bool(toldTray) && w.u.o.Tell != nil {
		p.SetBool(toldTray, true)
		w.u.o.Tell("tray", w.u.o.Brand.Name, w.desk.Words.T("tray.goes-on"))
	}
}

// end ends the program, and asks before work that goes on is stopped.
func (w *window) end() {
	if w.frame == nil || !atWork(w.u.o.Client.Status()) { // the last moment that was shown may be some seconds old
		w.u.quit()
		return
	}
	if w.away {
		w.raise()
	}
	words := w.desk.Words
	w.desk.Ask(widgets.Question{
		Icon: theme.Up, Title: words.T("quit.title"), Body: []string{words.T("quit.body")}, Safe: words.T("quit.stay"),
		Acts: []widgets.Choice{{Label: words.T("quit.go"), Kind: widgets.Primary, Do: w.u.quit}},
	})
}

// atWork tells whether something is sent or brought now, whatever else needs somebody.
func atWork(s app.Status) bool {
	return s.State == app.StateWorking || !s.Paused && slices.ContainsFunc(s.Pairs, func(p app.PairStatus) bool { return p.State == app.StateWorking && p.PendingFiles > 0 })
}

const (
	lookLanguage = "language"
	lookMode     = "mode"
	lookScale    = "scale"
	lookQuiet    = "quiet" // of earlier versions: all notifications, or none
	lookSilent   = "silent"
	lookEnds     = "closing-ends"
	toldTray     = "told-tray"
	archiveGrid  = "archive-grid"
)

func loadLook(p fyne.Preferences) settings.Look {
	silent := 0
	if p.Bool(lookQuiet) {
		silent = int(settings.AllSilent)
	}
	return settings.Look{Language: p.String(lookLanguage), Mode: theme.Mode(p.StringWithFallback(lookMode, string(theme.System))), Scale: float32(p.FloatWithFallback(lookScale, 1)), Silent: settings.Silent(p.IntWithFallback(lookSilent, silent)), Ends: p.Bool(lookEnds)}
}

func saveLook(p fyne.Preferences, l settings.Look) {
	p.SetString(lookLanguage, l.Language)
	p.SetString(lookMode, string(l.Mode))
	p.SetFloat(lookScale, float64(l.Scale))
	p.SetInt(lookSilent, int(l.Silent))
	p.SetBool(lookEnds, l.Ends)
}
