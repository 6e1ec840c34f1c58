package ui

import (
	"testing"

	"elkjopcloud/ui/settings"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
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
				if m := u.window.win.Content().MinSize(); m.Width > 820 || m.Height > 560 {
					t.Errorf("%s asks for %v", place, m)
				}
			}
			u.window.goTo(placeSynced)
			press(t, u.window, "synced.folders")
			if m := u.window.win.Content().MinSize(); m.Width > 820 || m.Height > 560 {
				t.Errorf("the choice of folders asks for %v", m)
			}
		})
	}
}
