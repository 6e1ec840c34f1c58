package page

import (
	"strings"
	"testing"

	"elkjopcloud/app"
)

// TestHidden: what is hidden stays so while it is as it was, and is seen again when it is worse, or comes anew.
func TestHidden(t *testing.T) {
	file := func(paths ...string) (out []*app.Problem) {
		for _, p := range paths {
			out = append(out, app.NewProblem("unreadable", p, nil))
		}
		return out
	}
	full := app.NewProblem("cloud-full", "", nil)
	guard := func(n string) *app.Problem {
		return &app.Problem{Code: guardCode, Path: "/d", Message: "Did you mean to delete " + n + " files?"}
	}
	type step struct {
		problems     []*app.Problem
		state        string
		open, hidden string // their codes
	}
	for _, tt := range []struct {
		name  string
		hide  []*app.Problem // the first cause of these
		steps []step
	}{
		{"as it was", file("a", "b"), []step{{file("a", "b"), "", "", "unreadable"}, {file("a", "b"), "", "", "unreadable"}}},
		{"less of it", file("a", "b"), []step{{file("b"), "", "", "unreadable"}}},
		{"worse", file("a"), []step{{file("a", "b"), "", "unreadable", ""}, {file("a"), "", "unreadable", ""}}},
		{"another file", file("a"), []step{{file("b"), "", "unreadable", ""}}},
		{"another cause", file("a"), []step{{append(file("a"), full), "", "cloud-full", "unreadable"}}},
		{"over, and anew", file("a"), []step{{nil, app.StateSafe, "", ""}, {file("a"), "", "unreadable", ""}}},
		{"not to be seen while something is done", file("a"), []step{{nil, app.StateWorking, "", ""}, {file("a"), "", "", "unreadable"}}},
		{"without a place", []*app.Problem{full}, []step{{[]*app.Problem{full}, "", "", "cloud-full"}, {nil, app.StatePaused, "", ""}, {[]*app.Problem{full}, "", "cloud-full", ""}}},
		{"another question", []*app.Problem{guard("812")}, []step{{[]*app.Problem{guard("812")}, "", "", guardCode}, {[]*app.Problem{guard("813")}, "", guardCode, ""}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h Hidden
			h.Hide(Groups(tt.hide)[0])
			for i, s := range tt.steps {
				if s.state == "" {
					s.state = app.StateNeedsYou
				}
				open, hidden := h.Among(Snapshot{Status: app.Status{State: s.state, Problems: s.problems}})
				if got := codes(open); got != s.open {
					t.Errorf("step %d: open are %q", i, got)
				}
				if got := codes(hidden); got != s.hidden {
					t.Errorf("step %d: hidden are %q", i, got)
				}
			}
			h.Reveal()
			if _, hidden := h.Among(Snapshot{Status: app.Status{Problems: tt.hide}}); len(hidden) > 0 {
				t.Errorf("still hidden: %q", codes(hidden))
			}
		})
	}
}

func codes(all []Group) string {
	var out []string
	for _, g := range all {
		out = append(out, g.Code)
	}
	return strings.Join(out, " ")
}
