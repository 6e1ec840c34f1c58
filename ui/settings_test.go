package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// take chooses from the list that has an option.
func take(t *testing.T, w *window, key string) {
	t.Helper()
	word := w.desk.Words.T(key)
	find(t, w, func(s *widget.Select) bool { return slices.Contains(s.Options, word) }).SetSelected(word)
}

func TestSpeedIsChosen(t *testing.T) {
	c := uitest.Lived()
	c.Pace = app.Speed{Up: 123_000, Pace: app.Normal}
	u := opened(t, c)
	u.window.goTo(placeSettings)
	up := find(t, u.window, func(s *widget.Select) bool { return strings.Contains(s.Selected, "123") })
	up.SetSelected(u.window.desk.Words.T("speed.none"))
	take(t, u.window, "speed.gentle")
	grid := find(t, u.window, func(*widgets.WeekGrid) bool { return true })
	grid.TypedRune('1')
	grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if c.Pace.Up != 0 || c.Pace.Pace != app.Gentle || len(c.Pace.Week) != 7 || !strings.HasPrefix(c.Pace.Week[0], "FLL") {
		t.Errorf("%+v", c.Pace)
	}
}

func TestWhenToWorkIsChosen(t *testing.T) {
	c := uitest.Lived()
	u := opened(t, c)
	u.window.goTo(placeSettings)
	take(t, u.window, "work.on") // the last one: battery
	if c.Work != (app.WhenToWork{Battery: true}) {
		t.Errorf("%+v", c.Work)
	}
}

// TestWhyItPaused: the first page says why, and offers to go on all the same.
func TestWhyItPaused(t *testing.T) {
	for reason, key := range map[string]string{app.OnMetered: "whole.paused.metered", app.OnBattery: "whole.paused.battery", app.OnSchedule: "whole.paused.schedule"} {
		c := uitest.Lived()
		c.Is.Problems, c.Is.State, c.Is.PausedFor = nil, app.StatePaused, reason
		u := opened(t, c)
		u.window.show(u.bridge.snapshot(t.Context()))
		u.window.goTo(placeHome)
		word := u.window.desk.Words.T(key)
		find(t, u.window, func(l interface {
			fyne.CanvasObject
			Text() string
		}) bool {
			return l.Text() == word
		})
		press(t, u.window, "resume.anyway")
		if did := c.Did(); !slices.Contains(did, "resume") {
			t.Errorf("%s: %q", reason, did)
		}
	}
}

// TestNetworkIsChosen: the card is there for a server only; an address counts when it is saved, with its password.
func TestNetworkIsChosen(t *testing.T) {
	c := uitest.Lived()
	c.Net = app.Network{Proxy: "system"}
	u := opened(t, c)
	u.window.show(u.bridge.snapshot(t.Context()))
	u.window.goTo(placeSettings)
	card := func() (there bool) {
		word := u.window.desk.Words.T("network.by-address")
		each(u.window, func(s *widget.Select) { there = there || slices.Contains(s.Options, word) })
		return there
	}
	if card() {
		t.Error("a folder has a network")
	}
	c.At.Kind = "s3"
	u.window.show(u.bridge.snapshot(t.Context()))
	take(t, u.window, "network.by-address")
	if did := c.Did(); len(did) > 0 {
		t.Errorf("before it was saved: %q", did)
	}
	var fields []*widget.Entry
	each(u.window, func(e *widget.Entry) { fields = append(fields, e) })
	for i, text := range []string{"http://proxy:3128", "kari", "secret"} {
		fields[len(fields)-3+i].SetText(text)
	}
	press(t, u.window, "network.save")
	take(t, u.window, "network.none")
	if did, want := c.Did(), []string{"network http://proxy:3128 kari secret", "network none"}; !slices.Equal(did, want) {
		t.Errorf("%q", did)
	}
}
