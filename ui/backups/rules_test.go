package backups

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// choosing is somebody who looks at what of Documents is skipped. No rule matches copies.
func choosing(t *testing.T, c *uitest.Client) *uitest.Person {
	t.Helper()
	c.Effect.Copies = app.Extent{}
	x, _ := before(t, c)
	x.Open("Documents")
	c.Did()
	x.Press("Settings")
	return x
}

func TestRules(t *testing.T) {
	c := uitest.Lived()
	x := choosing(t, c)
	x.Same(c, "effect Documents")
	x.Reads("*.iso", "node_modules/", "/Nedlastinger", "Your rules skip 12,431 files, 38\u00a0GB.", x.T("rule.ending"), x.T("rule.folders"), x.T("rule.here"), x.T("rule.always"))
	x.Misses(x.T("files.search"), "Mormor.jpg")
	if x.Can("Skip it") {
		t.Error("nothing is typed, and it can be added")
	}
}

func TestNoRules(t *testing.T) {
	c := uitest.Lived()
	c.Skips = nil
	x := choosing(t, c)
	x.Same(c)
	x.Reads(x.T("rule.none"), x.T("rule.always.which"))
	x.Misses("Remove")
}

func TestRulesUnknown(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.Open("Documents")
	c.Err = app.NewProblem("offline", "", nil)
	x.Press("Settings")
	x.Reads("The storage cannot be reached")
	c.Err, c.Fails = nil, map[string]error{"effect": app.NewProblem("unreadable", "", nil)}
	x.Press("Files")
	x.Press("Settings")
	x.Reads("node_modules/", "You have no permission to read this")
}

// TestPreview: while it is typed it is told what a rule would skip.
func TestPreview(t *testing.T) {
	for _, tt := range []struct {
		name, rule string
		effect     app.SkipEffect
		err        error
		reads      string
		can        bool
	}{
		{"some", "*.mp4", app.SkipEffect{Extent: app.Extent{Files: 12_431, Bytes: 38_000_000_000}}, nil, "Skips 12,431 files, 38\u00a0GB", true},
		{"one", "*.mp4", app.SkipEffect{Extent: app.Extent{Files: 1, Bytes: 2_000_000}}, nil, "Skips 1 file, 2\u00a0MB", true},
		{"none", "*.mp4", app.SkipEffect{}, nil, "Skips nothing that is there now", true},
		{"unplugged", "*.mp4", app.SkipEffect{Extent: app.Extent{Files: 2, Bytes: 9_000}, NotHere: true}, nil, "Skips 2 files that are backed up, 9\u00a0kB. The folder is not connected.", true},
		{"an exception", "!a.mp4", app.SkipEffect{}, nil, "An exception: ", true},
		{"there already", "*.iso", app.SkipEffect{}, nil, "This rule is there already", false},
		{"broken", "[", app.SkipEffect{}, &app.Problem{Code: app.CodeWrongUse, Why: "bad-rule", Name: "["}, "This cannot be a rule: [", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			x := choosing(t, c)
			c.Effect, c.Fails = tt.effect, map[string]error{"effect": tt.err}
			x.Type(x.T("rule.example"), tt.rule)
			x.Reads(tt.reads)
			if x.Can("Skip it") != tt.can {
				t.Errorf("it can be added: %v", !tt.can)
			}
			x.Type(tt.rule, " ")
			x.Misses(tt.reads)
		})
	}
}

// TestNothingTyped: no sign is left of what was typed.
func TestNothingTyped(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Open("Documents")
	x.Press("Settings")
	x.Type(x.T("rule.example"), "*.mp4")
	if !p.folder.rules.icon.Visible() {
		t.Error("the preview has no icon")
	}
	x.Press("Files")
	x.Press("Settings")
	if p.folder.rules.icon.Visible() || x.Sees("*.mp4") {
		t.Error("something is left of what was typed")
	}
}

// TestSlowPreview: only what is typed last is told, and what it overtook is canceled.
func TestSlowPreview(t *testing.T) {
	c := uitest.Lived()
	x := choosing(t, c)
	x.Wait = true
	x.Type(x.T("rule.example"), "*.m")
	x.Reads(x.T("rule.counting"))
	for x.Undone() > 1 {
		x.Step() // of what was typed before: their contexts have ended
		x.Misses("Skips 12,431", "Stopped")
	}
	x.Finish()
	x.Reads("Skips 12,431 files")
}

func TestAddRule(t *testing.T) {
	c := uitest.Lived()
	x := choosing(t, c)
	x.Type(x.T("rule.example"), "*.mp4")
	c.Did()
	x.Keys(fyne.KeyReturn)
	x.Same(c, "skip Documents *.mp4 false", "effect Documents")
	x.Hears("*.mp4 is skipped from now on.")
	x.Row("*.mp4")
	if x.Can("Skip it") || x.Asked() {
		t.Error("it can be added once more, or something is asked")
	}
	x.Press("*.tmp") // one of the usual ones
	x.Reads("Skips 12,431 files")
	c.Did()
	x.Press("Skip it")
	x.Same(c, "skip Documents *.tmp false", "effect Documents")
}

// TestAddRuleBeforeItIsCounted: whoever is quicker than the counting waits for it, as there may be something to ask.
func TestAddRuleBeforeItIsCounted(t *testing.T) {
	c := uitest.Lived()
	x := choosing(t, c)
	c.Effect.Copies.Files = 214
	x.Wait = true
	x.Type(x.T("rule.example"), "x")
	x.Press("Skip it")
	c.Did()
	x.Finish()
	x.Same(c, "effect Documents x")
	x.Reads("214 files that this rule matches are backed up already")
}

// TestRuleThatMatchesCopies: they stay unless somebody says otherwise.
func TestRuleThatMatchesCopies(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(x *uitest.Person)
		want string
		said string
	}{
		{"keep", func(x *uitest.Person) { x.Press("Keep the copies already in the cloud") }, "skip Documents *.mp4 false", "*.mp4 is skipped from now on."},
		{"escape", func(x *uitest.Person) { x.Keys(fyne.KeyEscape) }, "skip Documents *.mp4 false", "*.mp4 is skipped from now on."},
		{"trash", func(x *uitest.Person) { x.Press("Move them to Trash") }, "skip Documents *.mp4 true", "*.mp4 is skipped from now on. 214 copies moved to Trash."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			x := choosing(t, c)
			c.Effect.Copies = app.Extent{Files: 214, Bytes: 1_240_000_000}
			x.Type(x.T("rule.example"), "*.mp4")
			c.Did()
			x.Press("Skip it")
			x.Reads("214 files that this rule matches are backed up already, 1.2\u00a0GB", "From now on, *.mp4 is skipped.", "can be put back for 30 days")
			if x.Focus() != "Keep the copies already in the cloud" {
				t.Errorf("the keyboard is at %q", x.Focus())
			}
			x.Same(c)
			tt.do(x)
			x.Same(c, tt.want, "effect Documents")
			x.Hears(tt.said)
		})
	}
}

func TestRuleThatCannotBeAdded(t *testing.T) {
	c := uitest.Lived()
	x := choosing(t, c)
	x.Type(x.T("rule.example"), "*.mp4")
	c.Fails = map[string]error{"skip": app.NewProblem("offline", "", nil), "rules": app.NewProblem("offline", "", nil)}
	x.Press("Skip it")
	x.Reads("The storage cannot be reached")
	x.Press("Close")
	x.Reads("*.mp4") // still typed, to be tried again
	x.Press("Remove")
	x.Reads("The storage cannot be reached")
	if len(x.Said) > 0 || len(c.Skips) != 3 {
		t.Errorf("said %q, rules %q", x.Said, c.Skips)
	}
}

func TestRemoveRule(t *testing.T) {
	c := uitest.Lived()
	x := choosing(t, c)
	c.Did()
	x.Press("Remove") // the last one
	x.Same(c, "rules Documents [] [/Nedlastinger] false", "effect Documents")
	x.Hears("/Nedlastinger is not skipped any more.")
	if got := x.Titles(); !slices.Equal(got, []string{"*.iso", "node_modules/", "System files and unfinished downloads"}) {
		t.Errorf("there is %q", got)
	}
}

// TestRulesByKeyboard: what is there is reached by Tab.
func TestRulesByKeyboard(t *testing.T) {
	x := choosing(t, uitest.Lived())
	for _, word := range []string{"*.iso", "Remove", x.T("rule.example")} {
		x.Tab(word)
	}
}

// TestSlowRules: what comes late for one folder is not shown at another.
func TestSlowRules(t *testing.T) {
	c := uitest.Lived()
	x := choosing(t, c)
	x.Press("")
	x.Open("Pictures")
	x.Wait = true
	x.Press("Settings")
	if slices.Contains(x.Titles(), "node_modules/") {
		t.Error("rules of another folder are shown")
	}
	x.Press("")
	x.Open("Letters")
	x.Press("Settings")
	x.Finish()
	x.Reads("/home/kari/Letters", "Your rules skip 12,431 files")
}
