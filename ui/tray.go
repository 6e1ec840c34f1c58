package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// tray is the icon by which the program is there without its window: how everything is, by shape and colour, and a small menu. All of it is only
// touched in the window.
type tray struct {
	app   desktop.App
	w     *window
	shown string // what icon and menu were made for: they are made anew only when something in them changes
}

// newTray returns the icon; nil where the window may have none.
func newTray(w *window) *tray {
	a, ok := w.u.o.App.(desktop.App)
	if !ok || w.u.o.Tray == nil {
		return nil
	}
	return &tray{app: a, w: w}
}

// state is how everything is, without what changes from moment to moment.
func (t *tray) state(s page.Snapshot) (word string, icon theme.Icon, tone widgets.Tone) {
	whole, _ := page.Whole(t.w.desk.Words, s)
	if s.Status.State == app.StateWorking && whole.Tone == widgets.Busy {
		return t.w.desk.Words.T("tray.working"), whole.Icon, whole.Tone
	}
	return whole.Word, whole.Icon, whole.Tone
}

// show shows a moment of the client.
func (t *tray) show(s page.Snapshot) {
	if t == nil {
		return
	}
	word, icon, tone := t.state(s)
	synced := syncedRoot(s.Status)
	problems := len(page.Groups(s.Status.Problems))
	key := strings.Join([]string{word, string(icon), synced, t.w.desk.Words.N("tray.problems", problems), s.Status.PausedFor}, "\n")
	if key == t.shown {
		return
	}
	t.shown = key
	t.app.SetSystemTrayMenu(t.menu(word, synced, problems, s.Status))
	t.app.SetSystemTrayIcon(theme.Tray(icon, tone.Colour()))
}

func syncedRoot(s app.Status) string {
	if i := slices.IndexFunc(s.Pairs, func(p app.PairStatus) bool { return p.Area == "synced" }); i >= 0 {
		return s.Pairs[i].Root
	}
	return ""
}

func (t *tray) menu(word, synced string, problems int, st app.Status) *fyne.Menu {
	words, line := t.w.desk.Words, fyne.NewMenuItemSeparator()
	head := fyne.NewMenuItem(word, nil)
	head.Disabled = true
	items := []*fyne.MenuItem{head, line, fyne.NewMenuItem(words.T("tray.open", "name", t.w.u.o.Brand.Name), t.w.raise)}
	if synced != "" {
		items = append(items, fyne.NewMenuItem(words.T("tray.synced"), func() { t.w.open(synced) }))
	}
	if st.Paused {
		resume := words.T("resume")
		if st.PausedFor != "" {
			resume = words.T("resume.anyway")
		}
		items = append(items, fyne.NewMenuItem(resume, func() { t.do(t.w.u.o.Client.Resume) }))
	} else {
		items = append(items, t.pauses())
	}
	if problems > 0 {
		items = append(items, fyne.NewMenuItem(words.N("tray.problems", problems), func() { t.goTo(placeActivity) }))
	}
	quit := fyne.NewMenuItem(words.T("tray.quit"), t.w.end)
	quit.IsQuit = true
	items = append(items, fyne.NewMenuItem(words.T("place.settings"), func() { t.goTo(placeSettings) }), line, quit)
	return fyne.NewMenu(t.w.u.o.Brand.Name, items...)
}

func (t *tray) pauses() *fyne.MenuItem {
	words := t.w.desk.Words
	var items []*fyne.MenuItem
	for _, p := range page.Pauses(t.w.desk.Now()) {
		items = append(items, fyne.NewMenuItem(words.T(p.Key), func() {
			now := page.Pauses(t.w.desk.Now()) // the menu may be some days old
			i := slices.IndexFunc(now, func(x page.Pause) bool { return x.Key == p.Key })
			t.do(func(ctx context.Context) error { return t.w.u.o.Client.Pause(ctx, now[i].For) })
		}))
	}
	pause := fyne.NewMenuItem(words.T("pause"), nil)
	pause.ChildMenu = fyne.NewMenu("", items...)
	return pause
}

func (t *tray) do(f func(context.Context) error) {
	t.w.u.start(page.Job{Do: func(ctx context.Context, _ func(app.Progress)) error { return f(ctx) }})
}

func (t *tray) goTo(place string) {
	t.w.raise()
	if t.w.frame != nil {
		t.w.goTo(place)
	}
}
