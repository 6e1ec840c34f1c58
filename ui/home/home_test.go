package home

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/uitest"
)

func before(t *testing.T, c *uitest.Client) (*uitest.Person, *Page) {
	t.Helper()
	x := uitest.NewPerson(t, "en")
	p := New(x.Desk, c)
	p.Show(uitest.Snapshot(c))
	x.See(p.Content(), 1000, 1400)
	return x, p
}

// TestWhole: the card says how everything is, and never that all is well when it is not.
func TestWhole(t *testing.T) {
	backup := app.PairStatus{Name: "Docs", Area: "backup", State: app.StateSafe, Files: 12, Bytes: 5_000_000, LastDone: uitest.Now().Add(-time.Hour)}
	for _, tt := range []struct {
		name  string
		is    app.Status
		work  page.Work
		reads []string
	}{
		{"safe", app.Status{State: app.StateSafe, Pairs: []app.PairStatus{backup}}, page.Work{}, []string{"Everything is safe", "12 files, 5\u00a0MB", "today 13:03"}},
		{"nothing chosen", app.Status{State: app.StateSafe}, page.Work{}, []string{"Nothing is looked after yet"}},
		{"working", app.Status{State: app.StateWorking, Pairs: []app.PairStatus{backup}}, page.Work{Files: 38, FilesTotal: 412, Bytes: 1_200_000_000, BytesTotal: 9_800_000_000, Speed: 4_100_000, Left: 2100},
			[]string{"38 of 412 files", "1.2 of 9.8\u00a0GB · 4.1\u00a0MB/s · about 35 minutes left"}},
		{"working, too early for an estimate", app.Status{State: app.StateWorking, Pairs: []app.PairStatus{backup}}, page.Work{Files: 1, FilesTotal: 2, Bytes: 1_000_000, BytesTotal: 2_000_000}, []string{"1 of 2\u00a0MB"}},
		{"paused", app.Status{State: app.StatePaused, PausedUntil: uitest.Now().Add(2 * time.Hour), Pairs: []app.PairStatus{backup}}, page.Work{}, []string{"Paused until 16:03", "Resume"}},
		{"offline", app.Status{State: app.StateOffline, Pairs: []app.PairStatus{backup}}, page.Work{}, []string{"No connection", "We go on by ourselves when it is back."}},
		{"needs somebody", app.Status{State: app.StateNeedsYou, Pairs: []app.PairStatus{backup}, Problems: []*app.Problem{app.NewProblem("cloud-full", "", nil)}}, page.Work{}, []string{"1 thing needs you", "Your cloud storage is full"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.NewClient()
			c.Is = tt.is
			x, p := before(t, c)
			s := uitest.Snapshot(c)
			s.Work = tt.work
			p.Show(s)
			x.Reads(tt.reads...)
			if tt.name != "safe" {
				x.Misses("Everything is safe")
			}
			if tt.work.Left == 0 {
				x.Misses("left")
			}
		})
	}
}

// TestPause: each of the four pauses is as long as it says, and what pauses resumes.
func TestPause(t *testing.T) {
	for i, want := range []string{"pause 30m0s", "pause 2h0m0s", "pause 17h57m0s", "pause 0s"} {
		c := uitest.Lived()
		c.Is.State = app.StateSafe
		x, p := before(t, c)
		x.Press("Pause")
		menu := x.Desk.Canvas().Overlays().Top()
		if menu == nil {
			t.Fatal("there is no menu")
		}
		for range i + 1 {
			x.Keys(fyne.KeyDown)
		}
		x.Keys(fyne.KeyReturn)
		x.Same(c, want)
		c.Is.State = app.StatePaused
		p.Show(uitest.Snapshot(c))
		x.Press("Resume")
		x.Same(c, "resume")
	}
}

func TestPauseThatFails(t *testing.T) {
	c := uitest.Lived()
	c.Is.State = app.StatePaused
	c.Err = app.NewProblem("read-only", "/home/kari/.config", nil)
	x, _ := before(t, c)
	x.Press("Resume")
	x.Reads("The folder does not take changes", "/home/kari/.config")
}

// TestNeedsYou: the first three causes, each with its button; the rest is one press away; gone when nothing is left.
func TestNeedsYou(t *testing.T) {
	c := uitest.Lived()
	c.Is.Problems = []*app.Problem{
		app.NewProblem("unreadable", "/home/kari/a", nil), app.NewProblem("unreadable", "/home/kari/b", nil), app.NewProblem("cloud-full", "", nil),
		app.NewProblem("clock", "", nil), app.NewProblem("key-refused", "", nil),
	}
	x, p := before(t, c)
	x.Reads("You have no permission to read this", "a and b — ", "Your cloud storage is full", "This computer's clock is wrong")
	x.Misses("does not accept the access key")
	x.Press("Open Trash")
	if len(x.Fixed) != 1 || x.Fixed[0] != "cloud-full" {
		t.Errorf("fixed %q", x.Fixed)
	}
	x.Press("Show all") // of the problems: the other one lies below it
	if len(x.Went) != 1 || x.Went[0] != "activity" {
		t.Errorf("went to %q", x.Went)
	}
	c.Is.Problems = nil
	p.Show(uitest.Snapshot(c))
	x.Misses("Your cloud storage is full")
}

func TestAreas(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Reads("4 folders\n53,452 files, 259\u00a0GB", "2,311 files, 4.1\u00a0GB\n5 files were changed in two places", "41\u00a0GB\nFiles that you seldom need")
	for _, place := range []string{"Backup", "Synced", "Archive"} {
		x.Press(place)
	}
	if got := strings.Join(x.Went, " "); got != "backup synced archive" {
		t.Errorf("went to %q", got)
	}
	x.Tab("Synced")
	x.Keys(fyne.KeyReturn)
	if got := x.Went[len(x.Went)-1]; got != "synced" {
		t.Errorf("by keyboard to %q", got)
	}
	c.Is.Pairs, c.Clashes = nil, nil
	p.Show(uitest.Snapshot(c))
	x.Reads("Not in use")
	x.Misses("two places")
}

// TestNothingYet: while nothing is looked after there is nothing to pause, and folders are one press away.
func TestNothingYet(t *testing.T) {
	c := uitest.NewClient()
	c.Is.State = app.StateSafe
	x, p := before(t, c)
	x.Reads("Nothing is looked after yet")
	x.Misses("Pause", "Show all")
	x.Press("Choose folders")
	if got := strings.Join(x.Went, " "); got != "backup" {
		t.Errorf("went to %q", got)
	}
	c.Is.Pairs = uitest.Lived().Is.Pairs[:2]
	p.Show(uitest.Snapshot(c))
	x.Reads("Pause")
	x.Misses("Choose folders")
}

func TestRecent(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Reads("IMG_4000.jpg", "IMG_3996.jpg", "Deleted here, kept in Trash")
	x.Misses("IMG_3995.jpg")
	c.Events = nil
	p.Show(uitest.Snapshot(c))
	x.Reads(x.T("home.recent.none"))
	x.Misses("IMG_4000.jpg")
}

// TestHiddenProblems: what is hidden is not shown, but that it is; and it never becomes safe by that.
func TestHiddenProblems(t *testing.T) {
	c := uitest.Lived()
	c.Is.Problems = []*app.Problem{app.NewProblem("clock", "", nil), app.NewProblem("cloud-full", "", nil)}
	x, p := before(t, c)
	for i, g := range page.Groups(c.Is.Problems) {
		x.Desk.Hidden.Hide(g)
		p.Show(uitest.Snapshot(c))
		x.Reads([]string{"1 problem is hidden", "2 problems are hidden"}[i], "2 things need you", "Show all")
	}
	x.Misses("Your cloud storage is full", "Everything is safe")
	x.Press("Show all")
	c.Is.Problems = append(c.Is.Problems, app.NewProblem("clock", "/worse", nil))
	p.Show(uitest.Snapshot(c))
	x.Reads("This computer's clock is wrong", "1 problem is hidden")
	c.Is.Problems, c.Is.State = nil, app.StateSafe
	p.Show(uitest.Snapshot(c))
	x.Misses("hidden")
}

// TestStorage: one bar by area, with the Trash where it is known; nothing while there is nothing; the room only where somebody can say.
func TestStorage(t *testing.T) {
	c := uitest.Lived()
	c.Is.Archived, c.Is.Trashed = 41_200_000_000, 1_900_000_000
	c.At.Free, c.At.Size = 300_000_000_000, 2_000_000_000_000
	x, p := before(t, c)
	x.Reads("Storage", "259\u00a0GB", "4.1\u00a0GB", "41\u00a0GB", "1.9\u00a0GB", "300\u00a0GB free", "Trash")
	c.Is.Trashed, c.At.Size = 0, 0
	p.Show(uitest.Snapshot(c))
	x.Misses("1.9\u00a0GB", "free")
	c.Is.Pairs, c.Is.Archived = nil, 0
	p.Show(uitest.Snapshot(c))
	x.Misses(x.T("home.storage"))
}
