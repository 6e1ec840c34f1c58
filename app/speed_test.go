package app

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWeek(t *testing.T) {
	oslo, err := time.LoadLocation("Europe/Oslo")
	must(t, err)
	work := Week(nil)
	for day := range 5 {
		work = work.With(day, 8, 16, Nothing)
	}
	for day := 5; day < 7; day++ {
		work = work.With(day, 0, 24, Full)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 5, 9, oslo) } // the 23rd is a Monday
	hour := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, oslo)
	}
	for _, tt := range []struct {
		name  string
		week  Week
		at    time.Time
		is    byte
		until time.Time
	}{
		{"before work", work, at(23, 7, 59), Limited, hour(11, 23, 8)},
		{"at work", work, at(23, 8, 0), Nothing, hour(11, 23, 16)},
		{"after work", work, at(23, 16, 0), Limited, hour(11, 24, 8)},
		{"Friday evening", work, at(27, 23, 59), Limited, hour(11, 28, 0)},
		{"Sunday", work, at(29, 12, 0), Full, hour(11, 30, 0)},
		{"always", nil, at(29, 12, 0), Limited, time.Time{}},
		{"never", Week(nil).With(0, 0, 24, Nothing).With(1, 0, 24, Nothing).With(2, 0, 24, Nothing).With(3, 0, 24, Nothing).With(4, 0, 24, Nothing).With(5, 0, 24, Nothing).With(6, 0, 24, Nothing), at(23, 1, 2), Nothing, time.Time{}},
		{"the night when the clock is put back", Week(nil).With(6, 0, 4, Nothing), time.Date(2026, 10, 25, 1, 30, 0, 0, oslo), Nothing, hour(10, 25, 4)},
		{"the night when it is put forward", Week(nil).With(6, 0, 4, Nothing), time.Date(2026, 3, 29, 1, 30, 0, 0, oslo), Nothing, hour(3, 29, 4)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !tt.week.Valid() {
				t.Fatalf("%q is no week", tt.week)
			}
			if is, until := tt.week.At(tt.at), tt.week.Until(tt.at); is != tt.is || !until.Equal(tt.until) {
				t.Errorf("%c until %v, not %c until %v", is, until, tt.is, tt.until)
			}
		})
	}
	line := strings.Repeat("F", 24)
	for _, wrong := range []Week{{""}, {line}, {line, line, line, line, line, line, line, line}, {line, line, line, line, line, line, line[1:]}, {line, line, line, line, line, line, line[1:] + "f"}} {
		if wrong.Valid() {
			t.Errorf("%q is a week", wrong)
		}
	}
}

func TestSetSpeed(t *testing.T) {
	c := newWorld(t).computer("Kari")
	if x, err := c.Speed(t.Context()); !cmp.Equal(x, Speed{Pace: Normal}) || err != nil {
		t.Errorf("%+v %v", x, err)
	}
	for _, wrong := range []Speed{{Up: 1}, {Down: -5}, {Up: SlowestLimit - 1}, {Pace: "insane"}, {Week: Week{"F"}}} {
		if err := c.SetSpeed(t.Context(), wrong); code(err) != CodeWrongUse {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	want := Speed{Up: 50_000, Down: 70_000, Pace: Fast, Week: Week(nil).With((weekday(time.Now())+3)%days, 1, 2, Full)}
	must(t, c.SetSpeed(t.Context(), want))
	if c.throttle.up.Limit() == c.throttle.down.Limit() || c.throttle.now.bodies != bodies(Fast) {
		t.Errorf("not at once: %+v", c.throttle.now)
	}
	c.restart()
	if x, err := c.Speed(t.Context()); !cmp.Equal(x, want) || err != nil {
		t.Errorf("%+v %v", x, err)
	}
	must(t, c.SetSpeed(t.Context(), Speed{Week: Week(nil).With(0, 1, 2, Limited)}))
	if x, _ := c.Speed(t.Context()); !cmp.Equal(x, Speed{Pace: Normal}) {
		t.Errorf("a week in which nothing was chosen is kept: %+v", x)
	}
}

func TestLimitsOfTheHour(t *testing.T) {
	x := Speed{Up: 50_000, Down: 70_000, Pace: Gentle, Week: Week(nil).With(0, 1, 2, Full).With(0, 2, 3, Nothing)}
	for hour, want := range map[int]limits{0: {50_000, 70_000, 2}, 1: {0, 0, 2}, 2: {50_000, 70_000, 2}} {
		if got := x.limitsAt(time.Date(2026, 11, 23, hour, 30, 0, 0, time.UTC)); got != want {
			t.Errorf("hour %d: %+v", hour, got)
		}
	}
}

func TestRecordsGoFirst(t *testing.T) {
	for key, want := range map[string]bool{
		"space.json": true, "Synced/.volume/notice": true, "Backup/PC/Docs/.volume/history/1": true, "Synced/a.txt": false, "Backup/PC/Docs/a/b": false,
	} {
		if isRecord(key) != want {
			t.Errorf("%s", key)
		}
	}
}

// TestAnHourForNothing: Run pauses in it, says until when, goes on when somebody says so, and by itself when it is over or the week is changed.
func TestAnHourForNothing(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	stopA, stopB := a.running(), b.running()
	until(t, "it is safe", func() bool { return a.Status().State == StateSafe })
	nothing := Week(nil)
	for day := range days {
		nothing = nothing.With(day, 0, 24, Nothing)
	}
	now := w.now().Local()
	end := now.Truncate(time.Hour).Add(2 * time.Hour)
	ends := nothing.With(weekday(end), end.Hour(), end.Hour()+1, Limited)
	must(t, a.SetSpeed(t.Context(), Speed{Week: ends}))
	held := func() bool { s := a.Status(); return s.State == StatePaused && s.PausedFor == OnSchedule }
	if s := a.Status(); !held() || !s.PausedUntil.Equal(end) {
		t.Errorf("not at once, or not until %v: %+v", end, s)
	}
	put(t, da, map[string]string{"f": "one"})
	a.sent()
	must(t, a.Once(t.Context(), nil))
	if sent := a.sent(); len(sent) > 0 || !held() {
		t.Errorf("sent %v, %s", sent, show(a.Status()))
	}
	must(t, a.Resume(t.Context()))
	until(t, "it goes on anyway", there(filepath.Join(db, "f"), "one"))
	must(t, a.SetSpeed(t.Context(), Speed{}))
	must(t, a.SetSpeed(t.Context(), Speed{Week: ends}))
	until(t, "it pauses again", held)
	put(t, da, map[string]string{"f": "two"})
	w.pass(end.Sub(now))
	a.poked()
	until(t, "it goes on when the hour is over", there(filepath.Join(db, "f"), "two"))
	stopA()
	stopB()
	must(t, a.SetSpeed(t.Context(), Speed{Week: nothing}))
	put(t, da, map[string]string{"f": "three"})
	a.once() // a person's wish
}
