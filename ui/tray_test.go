package ui

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/uitest"
)

// trayApp is an app on a desktop with a tray.
type trayApp struct {
	fyne.App
	menus []*fyne.Menu
	icons []fyne.Resource
	quits int
}

func (a *trayApp) SetSystemTrayMenu(m *fyne.Menu)    { a.menus = append(a.menus, m) }
func (a *trayApp) SetSystemTrayIcon(r fyne.Resource) { a.icons = append(a.icons, r) }
func (a *trayApp) SetSystemTrayWindow(w fyne.Window) {}
func (a *trayApp) Quit()                             { a.quits++ }
func (a *trayApp) menu() *fyne.Menu                  { return a.menus[len(a.menus)-1] }
func (a *trayApp) item(label string) *fyne.MenuItem  { return itemOf(a.menu().Items, label) }
func itemOf(all []*fyne.MenuItem, l string) *fyne.MenuItem {
	for _, i := range all {
		if i.Label == l {
			return i
		}
	}
	return &fyne.MenuItem{}
}

func (a *trayApp) labels() []string {
	var out []string
	for _, i := range a.menu().Items {
		if !i.IsSeparator {
			out = append(out, i.Label)
		}
	}
	return out
}

// trayed opens a window on such a desktop; shown is what it says of its tray.
func trayed(t *testing.T, c *uitest.Client, shown bool) (*UI, *trayApp, *[]string) {
	t.Helper()
	a := &trayApp{App: test.NewTempApp(t)}
	told := &[]string{}
	u := New(t.Context(), Options{App: a, Client: c, Brand: brand.Default(), Version: "1", UserHome: "/home/kari", Tray: func(context.Context) bool { return shown },
		Tell: func(_, _, text string) { *told = append(*told, text) }, Reveal: func(_ context.Context, path string) error { return c.Do("reveal", path) }})
	u.bridge.now, u.beside = uitest.Now, func(f func()) { f() }
	t.Cleanup(u.cancel)
	return u, a, told
}

func (u *UI) moment(t *testing.T) { u.window.show(u.bridge.snapshot(t.Context())) }

// TestTray: the menu says how everything is, and does what it says; it is made anew only when something in it changes.
func TestTray(t *testing.T) {
	c := uitest.Lived()
	u, a, _ := trayed(t, c, true)
	u.moment(t)
	want := []string{"3 things need you", "Open Elkjøp Cloud", "Open the Synced folder", "Pause", "3 problems", "Settings", "Quit"}
	if got := a.labels(); !slices.Equal(got, want) {
		t.Errorf("the menu has %q, want %q", got, want)
	}
	n := len(a.menus)
	c.Is.Pairs[2].PendingFiles--
	u.moment(t)
	if len(a.menus) != n {
		t.Error("the menu is made anew while the same is done")
	}
	a.item("Open the Synced folder").Action()
	itemOf(a.item("Pause").ChildMenu.Items, "For 2 hours").Action()
	c.Is.State, c.Is.Problems = app.StatePaused, nil
	u.moment(t)
	a.item("Resume").Action()
	if got := strings.Join(c.Did(), "\n"); got != "reveal /home/kari/Elkjøp Cloud\npause 2h0m0s\nresume" {
		t.Errorf("it did %q", got)
	}
	seen := map[string]bool{}
	for _, s := range []string{app.StateSafe, app.StateWorking, app.StatePaused, app.StateOffline, app.StateNeedsYou} {
		c.Is.State = s
		u.moment(t)
		seen[a.icons[len(a.icons)-1].Name()] = true
	}
	if len(seen) != 5 {
		t.Errorf("five states have the icons %v", seen)
	}
}

// TestCloseToTray: closing leaves the program at work where somebody sees its icon, and says so once; elsewhere, and for whoever wants it, it ends.
func TestCloseToTray(t *testing.T) {
	for _, tt := range []struct {
		name        string
		shown, ends bool
		quits       int
	}{{"tray", true, false, 0}, {"no tray", false, false, 1}, {"closing is to be the end", true, true, 1}} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			c.Is.State, c.Is.Pairs, c.Is.Problems = app.StateSafe, c.Is.Pairs[:2], nil
			u, a, told := trayed(t, c, tt.shown)
			u.window.look.Ends = tt.ends
			u.moment(t)
			u.window.close()
			if a.quits != tt.quits || u.window.away != (tt.quits == 0) {
				t.Errorf("ended %d times, away: %v", a.quits, u.window.away)
			}
			if tt.quits > 0 {
				return
			}
			c.Is.State, c.Is.Problems = app.StateNeedsYou, []*app.Problem{app.NewProblem("cloud-full", "", nil)}
			u.moment(t)
			a.item("1 problem").Action()
			if u.window.away || u.window.at != placeActivity {
				t.Errorf("the window is away: %v, at %s", u.window.away, u.window.at)
			}
			if !says(u, "1 thing needs you") {
				t.Error("the window comes back with what was before")
			}
			u.window.close()
			if len(*told) != 2 || !strings.Contains((*told)[0], "tray") {
				t.Errorf("told %q", *told)
			}
			c.Is.Pairs[0].State, c.Is.Pairs[0].PendingFiles = app.StateWorking, 3
			u.moment(t)
			a.item("Quit").Action()
			if u.window.away || u.window.win.Canvas().Overlays().Top() == nil || a.quits > 0 {
				t.Error("nobody is asked whether to stop what goes on")
			}
		})
	}
}

// says tells whether a line of the window is this one.
func says(u *UI, line string) bool {
	return slices.ContainsFunc(test.LaidOutObjects(u.window.win.Content()), func(o fyne.CanvasObject) bool {
		text, ok := o.(*canvas.Text)
		return ok && text.Text == line
	})
}

// signIn is the system's list.
type signIn struct{ state string }

func (s *signIn) State(context.Context) (string, error) { return s.state, nil }
func (s *signIn) Set(_ context.Context, on bool) error {
	s.state = map[bool]string{true: "on", false: "off"}[on]
	return nil
}

// TestStartChoice: what is chosen stands in the system's list, and what stands there is shown.
func TestStartChoice(t *testing.T) {
	u, _, _ := trayed(t, uitest.Lived(), true)
	list := &signIn{"switched-off"}
	u.o.SignIn = list
	u.window.build()
	u.window.goTo(placeSettings)
	choice := func() *widget.Select {
		for _, o := range test.LaidOutObjects(u.window.win.Content()) {
			if s, ok := o.(*widget.Select); ok && slices.Contains(s.Options, "Do not start") {
				return s
			}
		}
		t.Fatal("there is no such choice")
		return nil
	}
	for _, want := range []string{"Start", "Do not start"} {
		if choice().Selected == want {
			t.Errorf("%q is chosen already", want)
		}
		choice().SetSelected(want)
		if got := choice().Selected; got != want || (list.state == "on") != (want == "Start") {
			t.Errorf("chosen is %q, the list has %q", got, list.state)
		}
	}
}

var _ settings.SignIn = (*signIn)(nil)
