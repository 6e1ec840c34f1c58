package page_test

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

// TestWhole: the state and the line below it say the same, and as much as is known.
func TestWhole(t *testing.T) {
	w, now := text.For("en"), uitest.Now()
	done := app.PairStatus{Name: "a", State: app.StateSafe, Files: 2, Bytes: 1_500_000, LastDone: now.Add(-time.Hour)}
	later := app.PairStatus{Name: "b", State: app.StateSafe, Files: 1, Bytes: 500_000, LastDone: now}
	work := page.Work{Files: 3, FilesTotal: 10, Bytes: 1_000_000, BytesTotal: 4_000_000, Speed: 500_000, Left: 60}
	for name, tt := range map[string]struct {
		is   page.Snapshot
		word string
		line string
	}{
		"offline":       {page.Snapshot{Status: app.Status{State: app.StateOffline}}, w.T("whole.offline"), w.T("whole.offline.more")},
		"nothing yet":   {page.Snapshot{Status: app.Status{State: app.StateSafe}}, w.T("whole.nothing"), w.T("whole.nothing.more")},
		"safe":          {page.Snapshot{Status: app.Status{State: app.StateSafe, Pairs: []app.PairStatus{later, done}}}, w.T("whole.safe"), "3 files, 2\u00a0MB · " + w.T("whole.safe.when", "when", page.When(w, now, now))},
		"never done":    {page.Snapshot{Status: app.Status{State: app.StateSafe, Pairs: []app.PairStatus{{Files: 1, Bytes: 10}}}}, w.T("whole.safe"), "1 file, 10\u00a0B"},
		"working":       {page.Snapshot{Status: app.Status{State: app.StateWorking}, Work: work}, w.T("whole.working", "done", 3, "total", 10), page.WorkLine(w, work)},
		"needs":         {page.Snapshot{Status: app.Status{State: app.StateNeedsYou}}, w.N("whole.needs-you", 0), w.T("whole.needs-you.more")},
		"needs, works":  {page.Snapshot{Status: app.Status{State: app.StateNeedsYou}, Work: work}, w.N("whole.needs-you", 0), w.T("whole.needs-you.working", "done", 3, "total", 10)},
		"on battery":    {page.Snapshot{Status: app.Status{State: app.StatePaused, Paused: true, PausedFor: app.OnBattery}}, w.T("whole.paused"), w.T("whole.paused.battery")},
		"by the line":   {page.Snapshot{Status: app.Status{State: app.StatePaused, Paused: true, PausedFor: app.OnMetered}}, w.T("whole.paused"), w.T("whole.paused.metered")},
		"by the clock":  {page.Snapshot{Status: app.Status{State: app.StatePaused, Paused: true, PausedFor: app.OnSchedule}}, w.T("whole.paused"), w.T("whole.paused.schedule")},
		"by the person": {page.Snapshot{Status: app.Status{State: app.StatePaused, Paused: true, PausedUntil: now.Add(time.Hour)}}, w.T("whole.paused-until", "time", w.Until(page.At(now.Add(time.Hour)), page.At(now))), w.T("whole.paused.more")},
		"one waits":     {page.Snapshot{Status: app.Status{State: app.StatePaused, Pairs: []app.PairStatus{{State: app.StatePaused, Paused: true}, {State: app.StateSafe}}}}, w.N("whole.some-paused", 1), w.T("whole.some-paused.more")},
		"all wait":      {page.Snapshot{Status: app.Status{State: app.StatePaused, Pairs: []app.PairStatus{{State: app.StatePaused, Paused: true}}}}, w.N("whole.some-paused", 1), w.T("whole.paused.more")},
		"each its way":  {page.Snapshot{Status: app.Status{State: app.StatePaused, Pairs: []app.PairStatus{{State: app.StatePaused, Paused: true}, {State: app.StateSafe}, {State: app.StatePaused, Next: now}}}}, w.N("whole.some-paused", 1), w.T("whole.paused.more")},
		"its time":      {page.Snapshot{Status: app.Status{State: app.StatePaused, Pairs: []app.PairStatus{{State: app.StatePaused, Next: now.Add(2 * time.Hour)}, {State: app.StatePaused, Next: now.Add(time.Hour)}}}}, w.T("whole.scheduled", "time", w.Until(page.At(now.Add(time.Hour)), page.At(now))), w.T("whole.scheduled.more")},
	} {
		tt.is.Now = now
		if got, line := page.Whole(w, tt.is); got.Word != tt.word || line != tt.line {
			t.Errorf("%s: %q, %q, not %q, %q", name, got.Word, line, tt.word, tt.line)
		}
	}
}

// TestWorkLine: what is not known is not said.
func TestWorkLine(t *testing.T) {
	w := text.For("en")
	for _, tt := range []struct {
		is   page.Work
		want string
	}{
		{page.Work{}, ""},
		{page.Work{Bytes: 1_000_000, BytesTotal: 4_000_000}, w.SizeOf(1_000_000, 4_000_000)},
		{page.Work{Speed: 500_000}, w.Speed(500_000)},
		{page.Work{Bytes: 1, BytesTotal: 4, Speed: 5, Left: 3600}, w.SizeOf(1, 4) + " · " + w.Speed(5) + " · " + w.Left(3600)},
	} {
		if got := page.WorkLine(w, tt.is); got != tt.want {
			t.Errorf("%+v: %q, not %q", tt.is, got, tt.want)
		}
	}
}

// TestPair: each state of a folder has a word, an icon and a colour of its own, and none of them says "safe" of what is not.
func TestPair(t *testing.T) {
	w := text.For("en")
	s := page.Snapshot{PairWork: map[string]float64{"known": 0.25}}
	for name, tt := range map[string]struct {
		is   app.PairStatus
		word string
		icon theme.Icon
		tone widgets.Tone
	}{
		"not connected":  {app.PairStatus{State: app.StateNeedsYou, Detail: "not-connected"}, w.T("pair.not-connected"), theme.Unplug, widgets.Idle},
		"offline":        {app.PairStatus{State: app.StateOffline}, w.T("pair.offline"), theme.Offline, widgets.Idle},
		"paused":         {app.PairStatus{State: app.StatePaused}, w.T("pair.paused"), theme.Pause, widgets.Idle},
		"needs somebody": {app.PairStatus{State: app.StateNeedsYou}, w.T("pair.needs-you"), theme.Alert, widgets.Warn},
		"some skipped":   {app.PairStatus{State: app.StateSafe, Skipped: 2}, w.N("pair.skipped", 2), theme.Check, widgets.Good},
		"safe":           {app.PairStatus{State: app.StateSafe}, w.T("pair.safe"), theme.Check, widgets.Good},
		"a quarter":      {app.PairStatus{Name: "known", State: app.StateWorking, Detail: "working"}, w.T("pair.working", "percent", w.Percent(0.25)), theme.Up, widgets.Busy},
		"somewhere":      {app.PairStatus{Name: "other", State: app.StateWorking, Detail: "working"}, w.T("pair.busy"), theme.Up, widgets.Busy},
		"checking":       {app.PairStatus{Name: "known", State: app.StateWorking, Detail: "checking"}, w.T("pair.checking"), theme.Eye, widgets.Busy},
		"waiting":        {app.PairStatus{State: app.StateWorking}, w.T("pair.waiting"), theme.Clock, widgets.Idle},
	} {
		if got := page.Pair(w, s, tt.is); got.Word != tt.word || got.Icon != tt.icon || got.Tone != tt.tone {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestPairs(t *testing.T) {
	s := page.Snapshot{Status: app.Status{Pairs: []app.PairStatus{{Name: "a", Area: "backup"}, {Name: "b", Area: "synced"}, {Name: "c", Area: "backup"}}}}
	if got := s.Pairs("backup"); len(got) != 2 || got[0].Name != "a" || got[1].Name != "c" {
		t.Errorf("%+v", got)
	}
	if got := s.Pairs("archive"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestWords: a failure is said in one line, or with what to do; no failure is no words.
func TestWords(t *testing.T) {
	w := text.For("en")
	what, then := page.Words(w, errors.New("x"))
	if what == "" || then == "" || page.Line(w, errors.New("x")) != what {
		t.Errorf("%q, %q", what, then)
	}
	if what, then := page.Words(w, nil); what != "" || then != "" || page.Line(w, nil) != "" {
		t.Errorf("of nothing: %q, %q", what, then)
	}
}

// TestWhere: one path is said whole, several by their names, and no more than fit.
func TestWhere(t *testing.T) {
	w := text.For("en")
	g := page.Group{}
	for i, want := range []string{"", "/home/kari/a", "a and b", w.List([]string{"a", "b", "c"}, 2)} {
		if got := g.Where(w); got != want {
			t.Errorf("%d: %q, not %q", i, got, want)
		}
		g.Problems = append(g.Problems, app.NewProblem("unreadable", "/home/kari/"+string(rune('a'+i)), nil))
	}
}

// TestEventIcons: what came, what went and what moved are told apart, and what is not known is not taken for good.
func TestEventIcons(t *testing.T) {
	for kind, want := range map[string]theme.Icon{"uploaded": theme.Up, "changed": theme.Up, "downloaded": theme.Down, "replaced": theme.Down, "renamed": theme.Pencil, "moved": theme.Pencil, "removed": theme.Trash, "from the future": theme.Info} {
		row := page.Event(text.For("en"), app.ActivityItem{Kind: kind, Path: "/x", Time: uitest.Now()}, uitest.Now())
		if row.Icon != want || (row.Tone == widgets.Good) != (want == theme.Up || want == theme.Down) || row.Caption == "" {
			t.Errorf("%s: %+v", kind, row)
		}
	}
}

// TestFrames: a page shows its name, its line, its buttons and its content; one that scrolls has all of them in what scrolls.
func TestFrames(t *testing.T) {
	pressed := 0
	header := func() fyne.CanvasObject {
		return page.Header("Trash", "What was deleted.", widgets.NewButton("Empty", "", widgets.Plain, func() { pressed++ }))
	}
	for i, o := range []fyne.CanvasObject{page.Body(header(), widgets.NewLine("content", widgets.Style{})), page.Scrolling(header(), widgets.NewLine("content", widgets.Style{}))} {
		x := uitest.NewPerson(t, "en")
		x.See(o, 600, 400)
		x.Reads("Trash", "What was deleted.", "content")
		x.Press("Empty")
		if pressed != i+1 {
			t.Errorf("%d: the button was pressed %d times", i, pressed)
		}
	}
}
