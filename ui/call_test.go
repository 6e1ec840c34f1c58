package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/ui/uitest"
)

// TestInvited: a link to a shared folder is told in one dialog, however many come, at any time; closed, the next one is told again.
func TestInvited(t *testing.T) {
	for _, tt := range []struct {
		name string
		c    *uitest.Client
	}{{"in use", uitest.Lived()}, {"at the first start", uitest.NewClient()}} {
		t.Run(tt.name, func(t *testing.T) {
			u := opened(t, tt.c)
			u.window.away = true
			overlays := func() int { return len(u.window.win.Canvas().Overlays().List()) }
			u.window.answerCall(Call{})
			if u.window.away || overlays() != 0 {
				t.Errorf("away %t, %d dialogs", u.window.away, overlays())
			}
			for range 2 {
				for range 3 {
					u.window.answerCall(Call{Invited: true})
				}
				if overlays() != 1 {
					t.Fatalf("%d dialogs", overlays())
				}
				u.window.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
				if overlays() != 0 {
					t.Fatalf("%d dialogs are left", overlays())
				}
			}
			if did := tt.c.Did(); len(did) > 0 {
				t.Errorf("the client was asked: %q", did)
			}
		})
	}
}
