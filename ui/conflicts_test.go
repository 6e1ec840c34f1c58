package ui

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// counting is a client that tells how often it was asked to count.
type counting struct {
	*uitest.Client
	asked int
}

func (c *counting) CountConflicts() int {
	c.asked++
	return len(c.Clashes)
}

// TestConflictsAreCounted anew only when something was done, here or there: counting looks at every file.
func TestConflictsAreCounted(t *testing.T) {
	c := &counting{Client: uitest.Lived()}
	u := opened(t, c.Client)
	u.o.Client, u.bridge.client = c, c
	see := func(want, asked int) {
		t.Helper()
		if s := u.bridge.snapshot(t.Context()); s.Conflicts != want || c.asked != asked {
			t.Errorf("%d conflicts, asked %d times", s.Conflicts, c.asked)
		}
	}
	see(5, 1)
	see(5, 1)
	c.Clashes = c.Clashes[:2]
	c.Is.Pairs[0].LastDone = c.Is.Pairs[0].LastDone.Add(time.Second) // Synced did something
	see(2, 2)
	see(2, 2)
	c.Clashes = nil
	u.start(page.Job{Do: func(context.Context, func(app.Progress)) error { return nil }}) // somebody did something
	see(0, 3)
	c.Is.Pairs = c.Is.Pairs[1:] // there is no Synced folder any more
	see(0, 3)
}

// TestConflictsAreSeen from every page, and not when there are none.
func TestConflictsAreSeen(t *testing.T) {
	c := uitest.Lived()
	u := opened(t, c)
	badge := func() (found string) {
		uitest.Walk(u.window.frame.places.Container, func(o fyne.CanvasObject) {
			if l, ok := o.(*widgets.Line); ok && (l.Text() == "5" || l.Text() == "2") {
				found = l.Text()
			}
		})
		return found
	}
	u.window.show(u.bridge.snapshot(t.Context()))
	if got := badge(); got != "5" {
		t.Errorf("the list shows %q", got)
	}
	c.Clashes = nil
	u.bridge.doubt.Store(true)
	u.window.show(u.bridge.snapshot(t.Context()))
	if got := badge(); got != "" {
		t.Errorf("the list shows %q", got)
	}
}

// TestConflictDialogIsSmall: the question with most in it fits into the smallest window in every language, with the largest text.
func TestConflictDialogIsSmall(t *testing.T) {
	for _, l := range text.Languages() {
		u := opened(t, uitest.Lived())
		u.window.changeLook(settings.Look{Language: l.Tag, Mode: theme.Light, Scale: 1.35})
		u.window.show(u.bridge.snapshot(t.Context()))
		u.window.goTo(placeSynced)
		find(t, u.window, func(r *widgets.Rows) bool { return true }).OnOpen(0)
		top := u.window.win.Canvas().Overlays().Top()
		if top == nil {
			t.Fatalf("%s: nothing is asked", l.Tag)
		}
		if m := top.MinSize(); m.Width > 820 || m.Height > 560 {
			t.Errorf("%s: it asks for %v", l.Tag, m)
		}
	}
}

// TestArchiveIsRemembered as it was looked at last, also in another language.
func TestArchiveIsRemembered(t *testing.T) {
	u := opened(t, uitest.Lived())
	u.window.goTo(placeArchive)
	press(t, u.window, "archive.grid")
	u.window.changeLook(settings.Look{Language: "nb", Mode: theme.Light, Scale: 1})
	u.window.goTo(placeArchive)
	if n := find(t, u.window, func(*widgets.Tiles) bool { return true }).Count(); n == 0 {
		t.Error("there are no small pictures")
	}
}

// TestPlaces: every place has its page and its word, by shortcut in the order of the list.
func TestPlaces(t *testing.T) {
	u := opened(t, uitest.Lived())
	for _, place := range places() {
		u.window.goTo(place)
		if u.window.at != place || u.window.pages[place] == nil || !u.window.desk.Words.Has("place."+place) {
			t.Errorf("%s is no place", place)
		}
	}
	if len(u.window.pages) != len(places()) {
		t.Errorf("%d pages, %d places", len(u.window.pages), len(places()))
	}
	u.window.goTo("nowhere")
	if u.window.at != placeSettings {
		t.Errorf("at %q", u.window.at)
	}
}

// The client of the product is one that the window can show.
var _ Client = (*app.Client)(nil)
