package ui

import (
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/activity"
	"elkjopcloud/ui/archives"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// TestPictures draws every page and question, in both sizes, light and dark, in English and Finnish, and once more in Norwegian with the largest text, into the
// folder that ELKJOP_PICTURES names. It is for people to look at; nothing is compared.
func TestPictures(t *testing.T) {
	dir := os.Getenv("ELKJOP_PICTURES")
	if dir == "" {
		t.Skip("ELKJOP_PICTURES names no folder to draw into")
	}
	for _, size := range []fyne.Size{fyne.NewSize(1100, 720), fyne.NewSize(820, 560)} {
		for _, tag := range []string{"en", "fi"} {
			for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
				drawn(t, dir, fmt.Sprintf("%s-%s-%.0f", mode, tag, size.Width), settings.Look{Language: tag, Mode: mode, Scale: 1}, size)
			}
		}
	}
	drawn(t, dir, "dark-nb-820-large", settings.Look{Language: "nb", Mode: theme.Dark, Scale: 1.35}, fyne.NewSize(820, 560))
}

// drawn draws all pictures of one look, a test for each part: -run Pictures/light-en-820/trash draws one part of one look.
func drawn(t *testing.T, dir, name string, look settings.Look, size fyne.Size) {
	t.Run(name, func(t *testing.T) {
		for _, part := range []struct {
			name string
			draw func(*painter)
		}{
			{"lived", (*painter).lived}, {"queue", (*painter).queue}, {"backups", (*painter).backups}, {"trash", (*painter).trash}, {"settings", (*painter).settings}, {"problems", (*painter).problems}, {"states", (*painter).states}, {"first", (*painter).first}, {"joining", (*painter).joining}, {"refusals", (*painter).refusals},
		} {
			if end, ok := t.Deadline(); ok && time.Until(end) < time.Minute {
				t.Fatal("all pictures take some twenty minutes: -timeout 60m")
			}
			t.Run(part.name, func(t *testing.T) { part.draw(&painter{t, filepath.Join(dir, name), look, size}) })
		}
	})
}

// painter draws all pictures of one look.
type painter struct {
	t    *testing.T
	dir  string
	look settings.Look
	size fyne.Size
}

// opened is a window of this look on a client.
func (p *painter) opened(c *uitest.Client) *window {
	w := opened(p.t, c).window
	w.changeLook(p.look)
	p.snap(w)
	return w
}

// snap shows what the client says now.
func (p *painter) snap(w *window) {
	if len(w.u.o.Client.Status().Pairs) > 0 || w.u.o.Client.Storage().Kind != "" {
		w.show(w.u.bridge.snapshot(p.t.Context()))
	}
}

func (p *painter) draw(name string, w *window) {
	settle(w, p.size)
	save(p.t, filepath.Join(p.dir, name+".png"), w)
}

// lived draws the pages of somebody who has used the program for a while, and what they ask.
func (p *painter) lived() {
	c := uitest.Lived()
	c.At.Free, c.At.Size = 300_000_000_000, 2_000_000_000_000
	w := p.opened(c)
	for _, place := range places() {
		w.goTo(place)
		p.draw(place, w)
		if place == placeHome {
			p.down(w, place)
		}
	}
	w.answer()
	p.draw("guard", w)
	for _, x := range []struct {
		name, place string
		open        int // the row that is opened or chosen; -1: none
		press       string
	}{
		{"backup-folder-stop", placeBackup, 0, "folder.stop"}, {"backup-others", placeBackup, -1, "backup.others"},
		{"synced-keep", placeSynced, 0, ""}, {"synced-folders", placeSynced, -1, "synced.folders"}, {"archive-delete", placeArchive, 3, "archive.delete"},
		{"archive-grid", placeArchive, -1, "archive.grid"}, {"trash-delete", placeTrash, 0, "trash.delete"}, {"trash-empty", placeTrash, -1, "trash.empty-it"},
		{"activity-problem", placeActivity, 0, ""}, {"activity-now", placeActivity, -1, "activity.now"}, {"activity-history", placeActivity, -1, "activity.history"},
	} {
		clearOverlays(w)
		w.goTo(x.place)
		if x.open >= 0 {
			find(p.t, w, func(r *widgets.Rows) bool { return true }).OnOpen(x.open)
		}
		if x.press != "" {
			press(p.t, w, x.press)
		}
		p.draw(x.name, w)
		if x.press == "synced.folders" {
			p.folders(w, x.name)
		}
	}
	p.others(w)
}

// queue draws what moves and what waits, at its beginning and further down, and while all is paused.
func (p *painter) queue() {
	c := uitest.Lived()
	c.Is.State, c.Is.Problems, c.Is.Pairs = app.StateWorking, nil, c.Is.Pairs[:3]
	c.Queued = uitest.Queue()
	w := p.opened(c)
	w.goTo(placeActivity)
	p.draw("queue", w)
	rows := find(p.t, w, func(r *widgets.Rows) bool { return true })
	w.win.Canvas().Focus(rows)
	rows.Highlight(14)
	rows.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	p.draw("queue-menu", w)
	clearOverlays(w)
	rows.OnAction(14)
	p.draw("queue-first", w)
	rows.ScrollToTop()
	for i := range c.Is.Pairs {
		c.Is.Pairs[i].State = app.StatePaused
	}
	c.Is.State = app.StatePaused
	p.snap(w)
	p.draw("queue-paused", w)
}

// trash draws what was deleted in one go, unfolded and partly chosen, and what filters leave.
func (p *painter) trash() {
	w := p.opened(uitest.Lived())
	w.goTo(placeTrash)
	p.draw("trash-events", w)
	rows := find(p.t, w, func(r *widgets.Rows) bool { return true })
	rows.OnFold(1, true)
	rows.OnCheck(0)
	rows.OnCheck(3)
	rows.OnCheck(5)
	p.draw("trash-event", w)
	press(p.t, w, "trash.pick")
	p.draw("trash-all", w)
	find(p.t, w, func(s *widget.Select) bool { return slices.Contains(s.Options, w.desk.Words.T("trash.when.soon")) }).SetSelectedIndex(4)
	p.draw("trash-soon", w)
	find(p.t, w, func(s *widget.Select) bool { return slices.Contains(s.Options, w.desk.Words.T("kind.film")) }).SetSelectedIndex(2)
	p.draw("trash-none", w)
}

// backups draws the views of a folder that is backed up.
func (p *painter) backups() {
	c := uitest.Lived()
	w := p.opened(c)
	rows := func() *widgets.Rows { return find(p.t, w, func(r *widgets.Rows) bool { return true }) }
	search := func() *widget.Entry { return find(p.t, w, func(e *widget.Entry) bool { return e.Visible() }) }
	folder := func(i int) {
		clearOverlays(w)
		w.goTo(placeBackup)
		rows().OnOpen(i)
	}
	w.goTo(placeBackup)
	settle(w, p.size) // a menu stands at its row
	list := rows()
	w.win.Canvas().Focus(list)
	list.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
	w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	p.draw("backup-menu", w)
	folder(0)
	p.draw("backup-folder", w)
	rows().OnCheck(0)
	rows().OnCheck(5)
	p.draw("backup-folder-chosen", w)
	press(p.t, w, "folder.get-back")
	p.draw("backup-folder-back", w)
	folder(0)
	rows().OnOpen(0)
	p.draw("backup-folder-in", w)
	search().SetText("bud")
	p.draw("backup-folder-search", w)
	search().SetText("xyz")
	p.draw("backup-folder-nothing", w)
	folder(0)
	rows().OnOpen(6)
	p.draw("backup-folder-versions", w)
	rows().OnOpen(3)
	p.draw("backup-folder-version", w)
	folder(2)
	press(p.t, w, "folder.get-back")
	p.draw("backup-folder-away", w)
	folder(0)
	press(p.t, w, "folder.skipped")
	p.draw("backup-folder-skipped", w)
	pressInside(p.t, w, p.size, "place.settings")
	p.draw("backup-folder-settings", w)
	rule := find(p.t, w, func(e *widget.Entry) bool { return e.Visible() })
	rule.SetText("*.mp4")
	p.draw("backup-folder-rule", w)
	press(p.t, w, "rule.add")
	p.draw("backup-folder-rule-ask", w)
	clearOverlays(w)
	c.Fails = map[string]error{"effect": &app.Problem{Code: app.CodeWrongUse, Why: "bad-rule", Name: "["}}
	rule.SetText("[")
	p.draw("backup-folder-rule-bad", w)
	c.Fails, c.Skips = nil, nil
	folder(0)
	pressInside(p.t, w, p.size, "place.settings")
	p.draw("backup-folder-settings-none", w)
	w.goTo(placeBackup)
	press(p.t, w, "backup.others")
	rows().OnOpen(0)
	p.draw("backup-other", w)
	p.times(c, w)
}

// times draws folders that wait by themselves.
func (p *painter) times(c *uitest.Client, w *window) {
	next := uitest.Now().Add(3 * time.Hour)
	c.Is.Problems, c.Is.State, c.Is.Pairs = nil, app.StatePaused, c.Is.Pairs[1:3]
	docs, pictures := &c.Is.Pairs[0], &c.Is.Pairs[1]
	docs.Every, docs.State, docs.Detail, docs.Next = app.EveryDay, app.StatePaused, app.DetailScheduled, next
	pictures.State, pictures.Detail, pictures.PendingFiles, pictures.PendingBytes = app.StateSafe, "up-to-date", 0, 0
	draw := func(name string) {
		p.snap(w)
		w.goTo(placeHome)
		p.draw("home-"+name, w)
		w.goTo(placeBackup)
		p.draw("backup-"+name, w)
		find(p.t, w, func(r *widgets.Rows) bool { return true }).OnOpen(0)
		pressInside(p.t, w, p.size, "place.settings")
		p.draw("backup-folder-"+name, w)
	}
	draw("scheduled")
	docs.Paused, docs.Detail, docs.Next = true, "paused", time.Time{}
	draw("one-paused") // all of it paused is among the states
}

// folders draws the choice of folders further on.
func (p *painter) folders(w *window, name string) {
	rows := find(p.t, w, func(r *widgets.Rows) bool { return true })
	rows.OnOpen(2)
	rows.OnOpen(0)
	rows.OnCheck(4)
	p.draw(name+"-open", w)
	press(p.t, w, "synced.folders.save")
	p.draw(name+"-ask", w)
}

// settings draws the settings, which are longer than the window, also those of a storage on a server.
func (p *painter) settings() {
	c := uitest.Lived()
	w := p.opened(c)
	w.goTo(placeSettings)
	p.draw(placeSettings, w)
	p.down(w, placeSettings)
	c.At.Kind, c.Net = "s3", app.Network{Proxy: "http://proxy.example.com:3128", User: "kari"}
	p.snap(w)
	settle(w, p.size)
	all := find(p.t, w, func(s *container.Scroll) bool { return s.Size().Height > 300 })
	all.ScrollToOffset(fyne.NewPos(0, max(all.Content.MinSize().Height-2*p.size.Height-160, 0)))
	p.down(w, placeSettings+"-server")
	press(p.t, w, "advanced.rebuild.ask")
	p.draw("settings-rebuild", w)
}

// problems draws problems of many words, and some that are hidden, on the first page and among the activities.
func (p *painter) problems() {
	c := uitest.Lived()
	long := "/media/kari/A drive with a very long name/and folders/that lie deep/in other folders/letter.odt"
	c.Is.Problems = append(c.Is.Problems, app.NewProblem("untrusted", "", nil), app.NewProblem("keeps-changing", long, nil), app.NewProblem("sidebar", "", nil))
	w := p.opened(c)
	for i := range 2 {
		w.goTo(placeActivity)
		w.pages[placeActivity].(*activity.Page).Problems()
		p.draw(fmt.Sprint("problems", i+1), w)
		w.goTo(placeHome)
		p.draw(fmt.Sprint("problems-home", i+1), w)
		groups := page.Groups(c.Is.Problems)
		w.hidden.Hide(groups[0])
		w.hidden.Hide(groups[2])
		p.snap(w)
	}
}

// down draws what comes further down on a page, as far as it goes.
func (p *painter) down(w *window, name string) {
	down := find(p.t, w, func(s *container.Scroll) bool { return s.Size().Height > 300 })
	for i := 2; down.Offset.Y < down.Content.MinSize().Height-down.Size().Height-1; i++ {
		down.ScrollToOffset(down.Offset.AddXY(0, p.size.Height-160))
		p.draw(fmt.Sprint(name, i), w)
	}
}

// others draws what comes over a page without being asked for there.
func (p *painter) others(w *window) {
	for _, x := range []struct {
		name string
		do   func()
	}{
		{"archive-free", func() {
			w.goTo(placeArchive)
			w.pages[placeArchive].(*archives.Page).Add([]string{"/home/kari/Summer 2019"})
		}},
		{"quit", w.close},
		{"invited", func() { w.answerCall(Call{Invited: true}) }},
		{"refused", func() {
			w.desk.Explain(&app.Problem{Code: app.CodeWrongUse, Why: "whole-drive", Name: "/media/kari/Elkjøp Cloud"})
		}},
		{"said", func() { w.desk.Say(widgets.Good, w.desk.Words.N("restored.files", 214)) }},
	} {
		clearOverlays(w)
		x.do()
		p.draw(x.name, w)
	}
}

// states draws the first page in every state, and all pages while there is nothing on them.
func (p *painter) states() {
	c := uitest.NewClient()
	c.At = app.StorageInfo{Kind: "folder", Place: "/media/nas/kari"}
	c.Is.State = app.StateSafe
	w := p.opened(c)
	for _, place := range places() {
		w.goTo(place)
		p.draw("empty-"+place, w)
	}
	w.goTo(placeHome)
	c.Is.Pairs = uitest.Lived().Is.Pairs[:3]
	for _, state := range []string{app.StateSafe, app.StateWorking, app.StatePaused, app.StateOffline} {
		c.Is.State, c.Is.PausedUntil = state, time.Time{}
		if state == app.StatePaused {
			c.Is.PausedUntil = uitest.Now().Add(2 * time.Hour)
		}
		p.snap(w)
		p.draw("home-"+state, w)
	}
}

// first draws the first start.
func (p *painter) first() {
	c := uitest.NewClient()
	w := p.opened(c)
	p.draw("welcome", w)
	press(p.t, w, "welcome.own")
	p.draw("welcome-own", w)
	find(p.t, w, func(s *widget.Select) bool { return true }).SetSelected("MinIO")
	c.Tests = []app.Check{{Name: "reach", OK: true}, {Name: "clock", OK: true}, {Name: "key"}, {Name: "bucket"}}
	c.Fails = map[string]error{"s3": app.NewProblem("key-refused", "", nil)}
	p.draw("welcome-own-server", w)
	press(p.t, w, "own.test")
	p.draw("welcome-own-refused", w)
	press(p.t, w, "back")
	c.Tests, c.Fails = nil, nil
	press(p.t, w, "welcome.try")
	p.draw("welcome-try", w)
	for _, name := range []string{"welcome-computer", "welcome-folders", "welcome-synced"} {
		press(p.t, w, "continue")
		p.draw(name, w)
	}
}

// joining draws the first start of somebody who has another computer.
func (p *painter) joining() {
	w := p.opened(uitest.Joining())
	press(p.t, w, "welcome.try")
	press(p.t, w, "continue")
	p.draw("welcome-joining-computer", w)
	press(p.t, w, "continue")
	press(p.t, w, "continue")
	p.draw("welcome-joining", w)
	press(p.t, w, "synced.folders")
	rows := find(p.t, w, func(r *widgets.Rows) bool { return true })
	rows.OnOpen(0)
	rows.OnCheck(1)
	p.draw("welcome-joining-folders", w)
	press(p.t, w, "synced.folders.save")
	p.draw("welcome-joining-chosen", w)
}

// refusals draws why the program cannot start.
func (p *painter) refusals() {
	w := p.opened(uitest.NewClient())
	for _, code := range []string{app.CodeAnotherInstance, app.CodeSettings, "newer-format"} {
		w.win.SetContent(refusal(w.desk.Words, app.NewProblem(code, "", nil), func() {}))
		p.draw("start-"+code, w)
	}
}

func clearOverlays(w *window) {
	for o := w.win.Canvas().Overlays(); o.Top() != nil; {
		o.Remove(o.Top())
	}
}

// press presses what bears the words of a key, or the short ones of it where there is little room.
func press(t *testing.T, w *window, key string) {
	t.Helper()
	word, short := w.desk.Words.T(key), w.desk.Words.T(key+".short")
	find(t, w, func(b interface {
		fyne.Tappable
		Text() string
	}) bool {
		return b.Text() == word || b.Text() == short
	}).Tapped(nil)
}

// pressInside presses what bears the words of a key on a page, not in the list of pages.
func pressInside(t *testing.T, w *window, size fyne.Size, key string) {
	t.Helper()
	settle(w, size)
	find(t, w, func(b interface {
		fyne.Tappable
		fyne.CanvasObject
		Text() string
	}) bool {
		return b.Text() == w.desk.Words.T(key) && w.u.o.App.Driver().AbsolutePositionForObject(b).X > size.Width/4
	}).Tapped(nil)
}

// find returns the last visible thing of a kind that is wanted: what lies on top.
func find[T any](t *testing.T, w *window, wanted func(T) bool) (found T) {
	t.Helper()
	var some bool
	each(w, func(x T) {
		if wanted(x) {
			found, some = x, true
		}
	})
	if !some {
		t.Fatalf("there is no %T that is wanted", *new(T))
	}
	return found
}

// each goes through the visible things of a kind.
func each[T any](w *window, f func(T)) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		if x, ok := o.(T); ok {
			f(x)
		}
		switch x := o.(type) {
		case *fyne.Container:
			for _, k := range x.Objects {
				walk(k)
			}
		case fyne.Widget:
			for _, k := range test.WidgetRenderer(x).Objects() {
				walk(k)
			}
		}
	}
	walk(w.win.Content())
	if o := w.win.Canvas().Overlays().Top(); o != nil {
		walk(o)
	}
}

// opened is a window on a client.
func opened(t *testing.T, c *uitest.Client) *UI {
	t.Helper()
	a := &trayApp{App: test.NewTempApp(t)}
	u := New(t.Context(), Options{App: a, Client: c, Brand: brand.Default(), Version: "1", UserHome: "/home/kari", Tray: func(context.Context) bool { return false }, SignIn: &signIn{"on"}})
	u.bridge.now, u.beside = uitest.Now, func(f func()) { f() }
	t.Cleanup(u.cancel)
	return u
}

// settle lays the window out until nothing moves: the height of text depends on its width.
func settle(w *window, size fyne.Size) {
	for range 3 {
		w.win.Resize(size.AddWidthHeight(1, 1))
		w.win.Resize(size)
	}
}

func save(t *testing.T, path string, w *window) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, w.win.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
