package command

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/app"
	"elkjopcloud/sync/engine"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain ø å 日本 😀.txt":        "plain ø å 日本 😀.txt",
		"\x1b[31mred\x1b]0;title\a": "�[31mred�]0;title�",
		"two\nlines\r\ttab":         "two�lines��tab",
		"invoice\u202efdp.exe":      "invoice�fdp.exe",
		"c1 \u009b31m":              "c1 �31m",
		"bad\xffutf8":               "bad�utf8",
		"soft\u00adhyphen\u200b":    "soft�hyphen�",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, not %q", in, got, want)
		}
	}
}

// TestNothingReachesTheTerminalUncleaned shows hostile names everywhere.
func TestNothingReachesTheTerminalUncleaned(t *testing.T) {
	const evil = "\x1b[2Jgone\u202e"
	var b strings.Builder
	p := &app.Problem{Code: evil, Path: evil, Message: evil, Action: evil}
	showStatus(&b, app.Status{
		State: app.StateNeedsYou, Problems: []*app.Problem{p, p, {Path: evil, Message: "m"}},
		Pairs: []app.PairStatus{{Name: evil, Area: evil, Root: evil, State: evil, Question: &app.Question{Text: evil, Samples: []string{evil}}}},
	})
	showChecks(&b, []app.Check{{Message: evil, OK: true}, {Message: evil, Action: evil}}, nil)
	showArchived(&b, app.ArchiveReport{Paths: []string{evil}, Problems: []*app.Problem{p}}, true)
	showCheck(&b, app.CheckReport{Problems: []*app.Problem{p}})
	showQueue(&b, []app.Transfer{{Pair: evil, Path: evil}}, app.Status{})
	m := &meter{now: time.Now}
	m.note(app.Progress{Phase: evil}, time.Now())
	b.WriteString(m.text(time.Now()))
	if strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Errorf("a name reached the terminal as it was: %q", b.String())
	}
}

// TestChecksSayAFailureOnce: what is told after the checks is not told in them, nor what it kept from being tried.
func TestChecksSayAFailureOnce(t *testing.T) {
	var b strings.Builder
	denied := &app.Problem{Code: "denied", Message: "may not list", Action: "ask"}
	showChecks(&b, []app.Check{
		{Name: "reach", OK: true, Message: "reached it"}, {Name: "list", Message: "may not list", Action: "ask"},
		{Name: "write", Message: "may not write", Action: "ask"}, {Name: "read", Message: "can read: not tried"},
	}, denied)
	if diff := cmp.Diff("✓ reached it\n✗ may not write\n", b.String()); diff != "" {
		t.Error(diff)
	}
}

// TestAllOfItIsAllOfIt: "all of it" is said only when nothing was left out.
func TestAllOfItIsAllOfIt(t *testing.T) {
	for _, problems := range [][]*app.Problem{nil, {{Code: "unreadable", Path: "/x", Message: "m"}}} {
		var b strings.Builder
		showArchived(&b, app.ArchiveReport{Files: 1, Verified: 1, Paths: []string{"d"}, Problems: problems}, false)
		if strings.Contains(b.String(), "All of it") != (problems == nil) {
			t.Error(b.String())
		}
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	x := columns("NAME", ">SIZE", "")
	x.add("short", "1 B", "")
	x.add("a longer ø", "20 MB", "this")
	x.write(&b, "empty")
	want := "NAME         SIZE\nshort         1 B\na longer ø  20 MB  this\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	columns("NAME").write(&b, "Nothing is there.")
	if b.String() != "Nothing is there.\n" {
		t.Errorf("%q", b.String())
	}
}

func TestProblemsOfOneCauseStandTogether(t *testing.T) {
	var all []*app.Problem
	for range mostShown + 3 {
		all = append(all, &app.Problem{Code: "busy", Path: "/x", Message: "It is open.", Action: "Close it."})
	}
	all = append(all, &app.Problem{Code: "name", Path: "/y", Message: "No.", Action: "Rename."})
	var b strings.Builder
	showProblems(&b, all)
	got := b.String()
	if strings.Count(got, "  /x\n") != mostShown || strings.Count(got, "Close it.") != 1 || !strings.Contains(got, "… and 3 more") || !strings.Contains(got, "/y: No.\n  Rename.\n") {
		t.Error(got)
	}
}

func TestHeadline(t *testing.T) {
	until := time.Date(2026, 3, 1, 14, 0, 0, 0, time.Local)
	for _, c := range []struct {
		st   app.Status
		want string
	}{
		{app.Status{State: app.StateSafe}, "Everything is safe."},
		{app.Status{State: app.StateWorking}, "Working…"},
		{app.Status{State: app.StateWorking, Pairs: []app.PairStatus{{State: app.StateSafe}, {State: app.StateWorking, Detail: "waiting"}}}, "Not everything is safe yet."},
		{app.Status{State: app.StateWorking, Pairs: []app.PairStatus{{State: app.StateWorking, Detail: "checking"}, {State: app.StateWorking, Detail: "waiting"}}}, "Working…"},
		{app.Status{State: app.StateWorking, Pairs: []app.PairStatus{{PendingFiles: 1, PendingBytes: 5}, {PendingFiles: 1200, PendingBytes: 5}}}, "Working… 1,201 files, 10 B to go."},
		{app.Status{State: app.StatePaused, Paused: true}, "Paused until you resume."},
		{app.Status{State: app.StatePaused, Paused: true, PausedUntil: until}, "Paused until 2026-03-01 14:00."},
		{app.Status{State: app.StatePaused, Paused: true, PausedFor: app.OnBattery}, "Paused because this computer runs on battery. Go on anyway with: elkjop resume."},
		{app.Status{State: app.StatePaused, Paused: true, PausedFor: app.OnMetered}, "Paused because this network is metered. Go on anyway with: elkjop resume."},
		{app.Status{State: app.StatePaused, Pairs: []app.PairStatus{{State: app.StatePaused, Paused: true}, {State: app.StateSafe}}}, "1 folder is paused. The others are safe."},
		{app.Status{State: app.StatePaused, Pairs: []app.PairStatus{{State: app.StatePaused, Paused: true}, {State: app.StatePaused, Next: until}}}, "1 folder is paused."},
		{app.Status{State: app.StatePaused, Pairs: []app.PairStatus{{State: app.StatePaused, Next: until.Add(time.Hour)}, {State: app.StatePaused, Next: until}}}, "The next backup is made at 14:00."},
		{app.Status{State: app.StateNeedsYou, Problems: make([]*app.Problem, 2)}, "2 things need you."},
		{app.Status{State: app.StateNeedsYou, Problems: make([]*app.Problem, 1)}, "1 thing needs you."},
		{app.Status{State: app.StateOffline}, "The storage cannot be reached. We go on when it is back."},
	} {
		if got := headline(c.st); got != c.want {
			t.Errorf("%q instead of %q", got, c.want)
		}
	}
}

func TestAFolderThatIsAwaySaysSinceWhen(t *testing.T) {
	seen := time.Date(2026, 11, 3, 9, 5, 0, 0, time.Local)
	for _, c := range []struct {
		pair app.PairStatus
		want string
	}{
		{app.PairStatus{State: app.StateNeedsYou, Detail: "not-connected", LastSeen: seen}, "Not connected, last seen 2026-11-03 09:05, your copies are kept"},
		{app.PairStatus{State: app.StateNeedsYou, Detail: "not-connected"}, "Not connected, your copies are kept"},
		{app.PairStatus{State: app.StateSafe, Detail: "up-to-date", LastSeen: seen}, "Up to date"},
	} {
		if got := pairWord(c.pair); got != c.want {
			t.Errorf("%q instead of %q", got, c.want)
		}
	}
}

func TestAQuestionIsShownOnce(t *testing.T) {
	var b strings.Builder
	showNeeds(&b, app.Status{
		Problems: []*app.Problem{{Code: engine.CodeGuard, Path: "/p", Message: "Did you mean it?"}, {Code: engine.CodeGuard, Path: "/other", Message: "And here?"}},
		Pairs:    []app.PairStatus{{Name: "My pictures", Root: "/p", Question: &app.Question{Text: "Did you mean it?", Samples: []string{"a"}}}},
	})
	want := "\n/other: And here?\n\nDid you mean it?\n  a\nNo, bring them back:  elkjop answer \"My pictures\" keep\nYes, it was meant:    elkjop answer \"My pictures\" apply\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestTimesThatAreTyped(t *testing.T) {
	zone := time.FixedZone("x", 3600)
	for text, want := range map[string]time.Time{
		"":                          {},
		"2026-03-01":                time.Date(2026, 3, 1, 0, 0, 0, 0, zone),
		"2026-03-01 14:05":          time.Date(2026, 3, 1, 14, 5, 0, 0, zone),
		"2026-03-01T14:05:09":       time.Date(2026, 3, 1, 14, 5, 9, 0, zone),
		"2026-03-01T14:05:09Z":      time.Date(2026, 3, 1, 14, 5, 9, 0, time.UTC),
		"2026-03-01T14:05:09.5Z":    time.Date(2026, 3, 1, 14, 5, 9, 5e8, time.UTC),
		"2026-03-01T14:05:09+02:00": time.Date(2026, 3, 1, 12, 5, 9, 0, time.UTC),
	} {
		if got, err := moments(text, zone); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"yesterday", "14:00", "2026-13-01", "2026-03-01 25:00"} {
		if got, err := moments(text, zone); exitCode(err, nil) != exitWrongUse {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}

func TestPausesThatAreTyped(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "30m": 30 * time.Minute, "2h": 2 * time.Hour, "1d": 24 * time.Hour, "1h30m": 90 * time.Minute} {
		if got, err := duration(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"soon", "0", "-1h", "d", "1.5d", "99999d", "2w", "367d"} {
		if got, err := duration(text); exitCode(err, nil) != exitWrongUse {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
}

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{"docs": "docs", "My docs": `"My docs"`, "a&b": `"a&b"`} {
		if got := quoted(in); got != want {
			t.Errorf("%q became %s", in, got)
		}
	}
}
