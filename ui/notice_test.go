package ui

import (
	"slices"
	"testing"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// TestNotice: who does not have the window before them is told of what needs them, each thing once, unless they want quiet.
func TestNotice(t *testing.T) {
	locked := &app.Problem{Code: "unreadable", Path: "/home/kari/secret.odt"}
	full := &app.Problem{Code: "cloud-full"}
	for _, tt := range []struct {
		name  string
		front bool
		quiet bool
		want  int
	}{{"away", false, false, 2}, {"in front", true, false, 0}, {"quiet", false, true, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			c.Is.Problems = nil
			u := opened(t, c)
			var told []string
			u.o.Tell = func(title, text string) { told = append(told, title+": "+text) }
			u.window.look.Quiet = tt.quiet
			u.window.front = tt.front
			for _, problems := range [][]*app.Problem{nil, {locked}, {locked}, {full, locked}, {locked}, nil} {
				c.Is.Problems = problems
				if c.Is.State = app.StateSafe; len(problems) > 0 {
					c.Is.State = app.StateNeedsYou
				}
				u.window.show(u.bridge.snapshot(t.Context()))
			}
			if len(told) != tt.want || slices.Contains(told, "") {
				t.Errorf("told %q", told)
			}
		})
	}
}
