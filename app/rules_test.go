package app

import "testing"

// TestRulesOfTheStorage: a rule that deletes what is old is told as long as it is there; a storage that does not let one look is none.
func TestRulesOfTheStorage(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	a.synced()
	a.once()
	for _, x := range []struct {
		rule  string
		state string
		codes int
	}{{"", StateSafe, 0}, {"clean up", StateNeedsYou, 1}, {"?", StateNeedsYou, 1}, {"another", StateNeedsYou, 1}, {"", StateSafe, 0}, {"?", StateSafe, 0}} {
		a.parts.rule = x.rule
		a.rules(t.Context())
		s := a.Status()
		if s.State != x.state || len(s.Problems) != x.codes || x.codes > 0 && s.Problems[0].Code != CodeRules {
			t.Errorf("%q: %s", x.rule, show(s))
		}
	}
}

// TestRunLooksAtRules: who runs looks at them by itself.
func TestRunLooksAtRules(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	a.synced()
	a.once()
	a.parts.rule = "clean up"
	stop := a.running()
	defer stop()
	until(t, "the rule is told", func() bool {
		s := a.Status()
		return s.State == StateNeedsYou && len(s.Problems) == 1 && s.Problems[0].Code == CodeRules
	})
}
