package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/settings"
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
			u.o.Tell = func(kind, title, text string) { told = append(told, kind+": "+title+": "+text) }
			if tt.quiet {
				u.window.look.Silent = settings.AllSilent
			}
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

// TestKindsOfNotices: each is told for what it is, at its time, and none that somebody switched off.
func TestKindsOfNotices(t *testing.T) {
	old := app.PairStatus{Name: "Docs", Area: "backup", State: app.StatePaused, LastDone: uitest.Now().AddDate(0, 0, -8)}
	work := page.Work{Files: 1, FilesTotal: 9}
	type moment struct {
		after    time.Duration
		state    string
		work     page.Work
		problems []*app.Problem
		pairs    []app.PairStatus
		storage  app.StorageInfo
	}
	at := func(after time.Duration, free, size int64) moment {
		return moment{after: after, state: app.StateSafe, storage: app.StorageInfo{Kind: "folder", Free: free, Size: size}}
	}
	none := app.StorageInfo{}
	many := []*app.Problem{{Code: "unreadable", Path: "/a"}, {Code: "many-changes", Path: "/b"}}
	for _, tt := range []struct {
		name    string
		moments []moment
		want    string
	}{
		{"two kinds at once", []moment{{0, app.StateNeedsYou, work, many, nil, none}, {1, app.StateNeedsYou, work, many, nil, none}}, "needs-you many-changes"},
		{"a long job", []moment{{0, app.StateWorking, work, nil, nil, none}, {9 * time.Minute, app.StateWorking, page.Work{}, nil, nil, none}, {time.Minute, app.StateSafe, page.Work{}, nil, nil, none}, {1, app.StateSafe, page.Work{}, nil, nil, none}}, "long-job"},
		{"a short job", []moment{{0, app.StateWorking, work, nil, nil, none}, {9 * time.Minute, app.StateSafe, page.Work{}, nil, nil, none}, {9 * time.Minute, app.StateSafe, page.Work{}, nil, nil, none}}, ""},
		{"a look without work", []moment{{0, app.StateWorking, page.Work{}, nil, nil, none}, {time.Hour, app.StateSafe, page.Work{}, nil, nil, none}}, ""},
		{"no backup for a week", []moment{{0, app.StatePaused, page.Work{}, nil, []app.PairStatus{old}, none}, {time.Hour, app.StatePaused, page.Work{}, nil, []app.PairStatus{old}, none}, {24 * time.Hour, app.StatePaused, page.Work{}, nil, []app.PairStatus{old}, none}}, "no-backup no-backup"},
		{"one of two is new", []moment{{0, app.StatePaused, page.Work{}, nil, []app.PairStatus{old, {Area: "backup", LastDone: uitest.Now()}}, none}}, ""},
		{"none ever was", []moment{{0, app.StateWorking, page.Work{}, nil, []app.PairStatus{{Area: "backup"}}, none}}, ""},
		{"nearly full, each day again", []moment{at(0, 101, 1000), at(time.Hour, 100, 1000), at(time.Hour, 90, 1000), at(22*time.Hour, 90, 1000), at(time.Hour, 90, 1000)}, "storage-full storage-full"},
		{"room enough", []moment{at(0, 900, 1000), at(24*time.Hour, 101, 1000)}, ""},
		{"a storage that does not say", []moment{at(0, 0, 0)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, silent := range []bool{false, true} {
				u := opened(t, uitest.Lived())
				var told []string
				u.o.Tell = func(kind, title, text string) {
					if title == "" || text == "" {
						t.Errorf("%s says nothing", kind)
					}
					told = append(told, kind)
				}
				u.window.front = false
				want := tt.want
				if kind, _, _ := strings.Cut(want, " "); silent {
					u.window.look.Silent = settings.Silent(0).With(settings.Kind(kind), true)
					want = strings.TrimSpace(strings.ReplaceAll(want, kind, ""))
				}
				now := uitest.Now()
				for _, m := range tt.moments {
					now = now.Add(m.after)
					u.window.notice(page.Snapshot{Now: now, Storage: m.storage, Work: m.work, Status: app.Status{State: m.state, Problems: m.problems, Pairs: m.pairs}})
				}
				if got := strings.Join(told, " "); got != want {
					t.Errorf("silent %t: told %q, want %q", silent, got, want)
				}
			}
		})
	}
}

// TestNotificationsAreChosen: a switch for each kind is remembered, and what an earlier version was told counts.
func TestNotificationsAreChosen(t *testing.T) {
	u := opened(t, uitest.Lived())
	u.window.goTo(placeSettings)
	take(t, u.window, "settings.notify.off") // the last one
	p := u.o.App.Preferences()
	if l := loadLook(p); !l.Silent.Has(settings.StorageFull) || l.Silent.Has(settings.NeedsYou) {
		t.Errorf("%b", l.Silent)
	}
	p.RemoveValue(lookSilent)
	p.SetBool(lookQuiet, true)
	if l := loadLook(p); l.Silent != settings.AllSilent {
		t.Errorf("%b", l.Silent)
	}
}
