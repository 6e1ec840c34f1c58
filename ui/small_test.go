package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// TestSmallWindow: every page fits into the smallest window that is of use, in every language, with the largest text.
func TestSmallWindow(t *testing.T) {
	for _, l := range text.Languages() {
		t.Run(l.Tag, func(t *testing.T) {
			u := opened(t, uitest.Lived())
			u.window.changeLook(settings.Look{Language: l.Tag, Mode: theme.Light, Scale: 1.35})
			u.window.show(u.bridge.snapshot(t.Context()))
			for _, place := range places() {
				u.window.goTo(place)
				settle(u.window, fyne.NewSize(820, 560))
				if m := u.window.win.Content().MinSize(); m.Width > 820 || m.Height > 560 {
					t.Errorf("%s asks for %v", place, m)
				}
			}
			u.window.goTo(placeBackup)
			find(t, u.window, func(r *widgets.Rows) bool { return true }).OnOpen(0)
			settle(u.window, fyne.NewSize(820, 560))
			if m := u.window.win.Content().MinSize(); m.Width > 820 || m.Height > 560 {
				t.Errorf("a folder asks for %v", m)
			}
			for _, view := range []string{"folder.skipped", "place.settings"} {
				pressInside(t, u.window, fyne.NewSize(820, 560), view)
				settle(u.window, fyne.NewSize(820, 560))
				if m := u.window.win.Content().MinSize(); m.Width > 820 || m.Height > 560 {
					t.Errorf("%s of a folder asks for %v", view, m)
				}
			}
			u.window.goTo(placeTrash)
			search := find(t, u.window, func(e *widget.Entry) bool { return e.Visible() })
			search.SetText("xyz")
			settle(u.window, fyne.NewSize(820, 560))
			all := find(t, u.window, func(b *widgets.Button) bool { return b.Text() == u.window.desk.Words.T("trash.show-all") })
			if y := u.o.App.Driver().AbsolutePositionForObject(all).Y + all.Size().Height; y > 560 {
				t.Errorf("the button below what was not found ends at %v", y)
			}
			u.window.goTo(placeSynced)
			press(t, u.window, "synced.folders")
			if m := u.window.win.Content().MinSize(); m.Width > 820 || m.Height > 560 {
				t.Errorf("the choice of folders asks for %v", m)
			}
		})
	}
}

// TestReasonInSight: why a storage cannot be used is seen without scrolling, also in the smallest window with the largest text.
func TestReasonInSight(t *testing.T) {
	c := uitest.NewClient()
	c.Tests = []app.Check{{Name: "reach", OK: true}, {Name: "clock", OK: true}, {Name: "key"}}
	c.Fails = map[string]error{"s3": app.NewProblem("key-refused", "", nil)}
	w := opened(t, c).window
	w.changeLook(settings.Look{Language: "en", Mode: theme.Light, Scale: 1.35})
	size := fyne.NewSize(820, 560)
	press(t, w, "welcome.own")
	find(t, w, func(s *widget.Select) bool { return true }).SetSelected("MinIO")
	settle(w, size)
	press(t, w, "own.test")
	settle(w, size)
	reason := find(t, w, func(p *widgets.Paragraph) bool { return p.Text() == w.desk.Words.T("problem.key-refused") })
	if y := w.u.o.App.Driver().AbsolutePositionForObject(reason).Y; y < 0 || y+reason.Size().Height > size.Height-60 {
		t.Errorf("it is at %v to %v of %v", y, y+reason.Size().Height, size.Height)
	}
}

// TestStatusLine: how everything is can be read whole on every page, in the smallest window with the largest text.
func TestStatusLine(t *testing.T) {
	for _, l := range text.Languages() {
		c := uitest.Lived()
		w := opened(t, c).window
		w.changeLook(settings.Look{Language: l.Tag, Mode: theme.Light, Scale: 1.35})
		w.goTo(placeBackup)
		for _, state := range []string{app.StateNeedsYou, app.StateWorking, app.StatePaused, app.StateOffline, app.StateSafe} {
			c.Is.State = state
			s := w.u.bridge.snapshot(t.Context())
			w.show(s)
			settle(w, fyne.NewSize(820, 560))
			line := w.frame.line
			if !line.word.Whole() || !line.text.Whole() {
				t.Errorf("%s, %s: there is no room for %q and %q", l.Tag, state, line.word.Text(), line.text.Text())
			}
			if shown := line.right.Visible(); shown && (state == app.StateSafe || line.right.Position().X < line.text.Position().X+line.text.Full()) {
				t.Errorf("%s, %s: the bar is there", l.Tag, state)
			}
		}
	}
}
