package ui

import (
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// TestClose: whoever closes the window while something is on its way is asked, also when something else needs them.
func TestClose(t *testing.T) {
	going := app.PairStatus{Name: "Pictures", Area: "backup", State: app.StateWorking, PendingFiles: 3}
	still := app.PairStatus{Name: "Letters", Area: "backup", State: app.StateNeedsYou}
	for _, tt := range []struct {
		name  string
		state string
		pairs []app.PairStatus
		asks  bool
	}{
		{"nothing to do", app.StateSafe, nil, false},
		{"at work", app.StateWorking, []app.PairStatus{going}, true},
		{"at work, and something needs them", app.StateNeedsYou, []app.PairStatus{still, going}, true},
		{"something needs them", app.StateNeedsYou, []app.PairStatus{still}, false},
		{"paused", app.StatePaused, []app.PairStatus{going}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			c.Is.State, c.Is.Pairs = tt.state, tt.pairs
			u := opened(t, c)
			u.window.show(u.bridge.snapshot(t.Context()))
			u.window.close()
			if asks := u.window.win.Canvas().Overlays().Top() != nil; asks != tt.asks {
				t.Errorf("asks: %v", asks)
			}
		})
	}
}
