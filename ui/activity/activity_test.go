package activity

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/uitest"
	"elkjopcloud/ui/widgets"
)

func before(t *testing.T, c *uitest.Client) (*uitest.Person, *Page) {
	t.Helper()
	x := uitest.NewPerson(t, "en")
	p := New(x.Desk, c)
	x.See(p.Content(), 1000, 700)
	p.Show(uitest.Snapshot(c))
	p.Opened()
	return x, p
}

func TestNow(t *testing.T) {
	c := uitest.Lived()
	c.Is.Problems = nil
	x, _ := before(t, c)
	x.Reads("Synced", "/home/kari/Elkjøp Cloud", "Pictures", "374 files to go", "8.6\u00a0GB", "Not connected")
	x.Open("Pictures")
	x.Open("Synced")
	if !slices.Equal(x.Went, []string{"backup", "synced"}) {
		t.Errorf("went to %q", x.Went)
	}
}

// busy is a client that moves some files, and has more that wait.
func busy() *uitest.Client {
	c := uitest.Lived()
	c.Is.State, c.Is.Problems, c.Is.Pairs = app.StateWorking, nil, c.Is.Pairs[:3]
	c.Queued = uitest.Queue()
	return c
}

// TestQueue: below the folders stands what moves and what waits, and each row opens where its file lies.
func TestQueue(t *testing.T) {
	c := busy()
	x, p := before(t, c)
	for title, want := range map[string][]string{
		"Reinebringen": {"Pictures/Lofoten 2026", "4.1\u00a0GB", "Uploading", ""}, "Oppgaver": {"Synced/Skole/Matte", "812\u00a0kB", "Downloading", ""},
		"Tale": {"Pictures/Mormor 90 år", "96\u00a0kB", "Next", ""}, "Handleliste": {"Synced", "812\u00a0B", "Waiting", ""}, "IMG_4002": {"Pictures/2026", "3.1\u00a0MB", "Waiting", "Upload first"},
	} {
		r := x.Row(title).Row()
		if got := []string{filepath.ToSlash(r.Caption), r.Side, r.State.Word, r.Action}; !slices.Equal(got, want) {
			t.Errorf("%s shows %q, not %q", title, got, want)
		}
	}
	x.Open("IMG_4001")
	x.Open("Oppgaver")
	if want := []string{"/home/kari/Pictures/2026/IMG_4001.jpg", filepath.FromSlash("/home/kari/Elkjøp Cloud/Skole/Matte")}; !slices.Equal(x.Shown, want) {
		t.Errorf("shown %q", x.Shown)
	}
	c.Is.Pairs[2].State = app.StatePaused // one folder alone
	p.Show(uitest.Snapshot(c))
	x.Misses("Uploading")
	x.Reads("Downloading")
	c.Is.State = app.StatePaused
	p.Show(uitest.Snapshot(c))
	x.Misses("Downloading")
	c.Queued, c.Is.State = nil, app.StateSafe
	p.Show(uitest.Snapshot(c))
	if got := x.Titles(); !slices.Equal(got, []string{"Synced", "Documents", "Pictures"}) {
		t.Errorf("after all of it: %q", got)
	}
}

// TestUploadFirst: by the button, and by the keyboard alone, also when the file was sent in that moment.
func TestUploadFirst(t *testing.T) {
	c := busy()
	x, p := before(t, c)
	asks := c.Asks
	x.Row("IMG_4002").Press()
	x.Same(c, "first /home/kari/Pictures/2026/IMG_4002.jpg")
	x.Hears("IMG_4002.jpg goes next.")
	if c.Asks != asks+1 {
		t.Errorf("asked %d times anew", c.Asks-asks)
	}
	x.Tab("Upload first") // the first of these buttons
	x.Keys(fyne.KeySpace)
	x.Same(c, "first /home/kari/Pictures/2026/IMG_4002.jpg")
	list := x.List()
	list.Highlight(10)
	x.Keys(desktop.KeyMenu)
	c.Queued = c.Queued[3:] // they are gone while the menu is open
	p.Show(later(c, 2*time.Second))
	x.Keys(fyne.KeyDown, fyne.KeyReturn)
	x.Same(c, "first /home/kari/Pictures/2026/IMG_4004.jpg")
	if list.At() != 7 {
		t.Errorf("the keyboard is at %d", list.At())
	}
	c.Fails = map[string]error{"first": &app.Problem{Code: app.CodeWrongUse, Why: "not-waiting", Name: "IMG_4002.jpg"}}
	x.Row("IMG_4002").Press()
	x.Reads("IMG_4002.jpg does not wait to be sent any more")
}

// later is a moment some time after the first.
func later(c *uitest.Client, d time.Duration) page.Snapshot {
	s := uitest.Snapshot(c)
	s.Now = s.Now.Add(d)
	return s
}

// TestQueueStays: what comes and goes above leaves the list where it was scrolled to, and the keyboard at its file.
func TestQueueStays(t *testing.T) {
	c := busy()
	x, p := before(t, c)
	list := x.List()
	list.Highlight(200)
	seen := list.GetScrollOffset()
	c.Queued = slices.Insert(slices.Clone(c.Queued[2:]), 5, app.Transfer{Pair: "Pictures", Path: "/home/kari/Pictures/new.jpg", Up: true})
	p.Show(later(c, time.Minute))
	if list.At() != 199 || list.GetScrollOffset() != seen {
		t.Errorf("at %d, scrolled to %v, not %v", list.At(), list.GetScrollOffset(), seen)
	}
	x.Keys(fyne.KeyReturn)
	if want := "/home/kari/Pictures/2026/IMG_4194.jpg"; !slices.Equal(x.Shown, []string{want}) {
		t.Errorf("shown %q", x.Shown)
	}
	c.Queued = c.Queued[:1] // the file is gone, and so is its place
	p.Show(later(c, 2*time.Minute))
	x.Keys(fyne.KeyReturn)
	if len(x.Shown) != 2 || x.Shown[1] != filepath.FromSlash("/home/kari/Elkjøp Cloud/Skole/Matte") {
		t.Errorf("shown %q", x.Shown)
	}
}

// TestQueueIsAskedFor: only while it is looked at, at most once a second, one question at a time, and at once when something begins or ends.
func TestQueueIsAskedFor(t *testing.T) {
	c := busy()
	x, p := before(t, c)
	asks := c.Asks
	rises := func(by int, when string) {
		t.Helper()
		if c.Asks != asks+by {
			t.Errorf("%s: asked %d times", when, c.Asks-asks)
		}
		asks = c.Asks
	}
	p.Show(later(c, 900*time.Millisecond))
	rises(0, "within a second")
	p.Show(later(c, time.Second))
	rises(1, "after a second")
	c.Is.Pairs[2].State = app.StateSafe
	p.Show(later(c, time.Second))
	rises(1, "when something ends")
	x.Press("History")
	p.Show(later(c, time.Minute))
	x.Press("Problems")
	p.Show(later(c, 2*time.Minute))
	rises(0, "while something else is looked at")
	x.Press("Now")
	rises(1, "coming back")
	x.Wait = true
	p.Show(later(c, 3*time.Minute))
	p.Show(later(c, 4*time.Minute))
	if x.Undone() != 1 {
		t.Errorf("%d questions at once", x.Undone())
	}
	x.Finish()
	rises(1, "while there is no answer")
}

func TestNothing(t *testing.T) {
	x, _ := before(t, uitest.NewClient())
	x.Reads("No folders yet")
	x.Press("Problems")
	x.Reads("No problems")
	x.Press("History")
	x.Reads("Nothing here yet")
}

// TestProblems: whoever comes while something needs them sees it; one cause is one row, with the one button that helps.
func TestProblems(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Reads("Problems (3)")
	if got := x.Titles(); len(got) != 3 {
		t.Errorf("rows: %q", got)
	}
	x.Reads("secret.odt and locked.pdf — Allow your user to read it")
	for _, want := range []struct{ press, code string }{{"Show it", "unreadable"}, {"Decide…", "many-changes"}, {"Try again", "not-connected"}} {
		x.Press(want.press)
		if x.Fixed[len(x.Fixed)-1] != want.code {
			t.Errorf("%s fixes %q", want.press, x.Fixed)
		}
	}
	c.Is.Problems = nil
	p.Show(uitest.Snapshot(c))
	x.Reads("No problems")
	x.Misses("Problems (")
}

// TestProblemDetails: all paths of one cause, as far as there is room, and how many more.
func TestProblemDetails(t *testing.T) {
	c := uitest.Lived()
	c.Is.Problems = nil
	for i := range 20 {
		c.Is.Problems = append(c.Is.Problems, app.NewProblem("unreadable", fmt.Sprintf("/home/kari/%02d", i), nil))
	}
	x, _ := before(t, c)
	x.Reads("00, 01 and 18 more")
	x.Open("You have no permission")
	x.Reads("/home/kari/00", "/home/kari/11", "8 more")
	x.Misses("/home/kari/12")
	x.Keys(fyne.KeyEscape)
	if x.Asked() || len(x.Fixed) > 0 {
		t.Error("Escape does something, or leaves it open")
	}
	x.List()
	x.Keys(fyne.KeyReturn)
	x.Press("Show it")
	if !slices.Equal(x.Fixed, []string{"unreadable"}) {
		t.Errorf("fixed %q", x.Fixed)
	}
}

func TestHistory(t *testing.T) {
	c := uitest.Lived()
	c.Is.Problems = nil
	c.Events[2].Kind = "something new"
	x, _ := before(t, c)
	x.Misses("Search in the history")
	x.Press("History")
	x.Reads("IMG_4000.jpg", "Sent to the cloud · Pictures · Kari's laptop", "today 14:03", "something new")
	x.Type("Search in the history", "img_0001")
	if got := x.Titles(); !slices.Equal(got, []string{"IMG_0001.jpg"}) {
		t.Errorf("found %q", got)
	}
	x.Open("IMG_0001")
	if !slices.Equal(x.Shown, []string{"/home/kari/Pictures/2026/IMG_0001.jpg"}) {
		t.Errorf("shown %q", x.Shown)
	}
	x.Type("img_0001", "no such file")
	x.Reads("Nothing here yet")
}

// TestHistoryFollows: what happens while the page is open is in it.
func TestHistoryFollows(t *testing.T) {
	c := uitest.Lived()
	c.Is.Problems = nil
	x, p := before(t, c)
	x.Press("History")
	c.Events = append([]app.ActivityItem{{Time: uitest.Now(), Kind: "removed", Pair: "Synced", Path: "/home/kari/Elkjøp Cloud/just now.txt", Device: "Old PC"}}, c.Events...)
	p.Show(uitest.Snapshot(c))
	x.Reads("just now.txt", "Deleted on another computer · Synced · Old PC")
}

func TestHistoryThatCannotBeRead(t *testing.T) {
	c := uitest.Lived()
	c.Err = app.NewProblem("database", "/home/kari/.local/state.db", nil)
	x, _ := before(t, c)
	x.Reads("/home/kari/.local/state.db")
	if !x.Asked() {
		t.Error("nothing is said")
	}
}

// TestShrinking: lists that get shorter while another view is open.
func TestShrinking(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Press("Now")
	x.Press("Problems (3)")
	c.Is.Pairs, c.Is.Problems = c.Is.Pairs[:1], c.Is.Problems[:1]
	p.Show(uitest.Snapshot(c))
	x.Press("Now")
	if got := x.Titles(); !slices.Equal(got, []string{"Synced"}) {
		t.Errorf("rows: %q", got)
	}
}

// TestHide: what is hidden is not counted, is told below the others, and comes back when somebody wants it or when it gets worse. The list never says that there is nothing.
func TestHide(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c)
	x.Row("You have no permission").Second()
	x.Reads("Problems (2)", "1 problem is hidden", x.T("activity.hidden.about"))
	x.Misses("You have no permission")
	x.Hears("Hidden, until it happens again or gets worse.")
	x.Open("1 problem is hidden")
	x.Reads("Problems (3)", "You have no permission")
	x.Misses("hidden")
	for _, title := range []string{"You have no permission", "not connected", "Many files"} { // by the dialog, which the keyboard reaches
		for i, row := range x.Titles() {
			if row == x.Row(title).Row().Title {
				p.lists[viewProblems].OnOpen(i)
				break
			}
		}
		x.Tab("Hide")
		x.Keys(fyne.KeySpace)
	}
	x.Reads("3 problems are hidden")
	x.Misses("Problems (", x.T("activity.problems.none"))
	c.Is.Problems = append(c.Is.Problems, app.NewProblem("unreadable", "/home/kari/Documents/third.odt", nil))
	p.Show(uitest.Snapshot(c))
	x.Reads("Problems (1)", "2 problems are hidden", "secret.odt, locked.pdf and 1 more")
	x.Press("Show again")
	x.Reads("Problems (3)")
	if len(x.Fixed) > 0 || x.Asked() {
		t.Errorf("fixed %q, asked %v", x.Fixed, x.Asked())
	}
}

// TestLongProblems: the words of a problem are all there in little room, its buttons below them, and other rows below those.
func TestLongProblems(t *testing.T) {
	c := uitest.Lived()
	long := "/media/kari/A drive with a very long name/and folders/that lie deep/in other folders/until nobody knows any more/where they began/letter.odt"
	c.Is.Problems = []*app.Problem{app.NewProblem("untrusted", long, nil), app.NewProblem("keeps-changing", "/home/kari/a", nil)}
	x := uitest.NewPerson(t, "fi")
	p := New(x.Desk, c)
	x.See(p.Content(), 556, 460)
	p.Show(uitest.Snapshot(c))
	p.Opened()
	first, second := x.Row(x.T("problem.untrusted")), x.Row(x.T("problem.keeps-changing"))
	if first.Size().Height < first.MinSize().Height || second.Size().Height < second.MinSize().Height {
		t.Errorf("rows are %v and %v high, and need %v and %v", first.Size().Height, second.Size().Height, first.MinSize().Height, second.MinSize().Height)
	}
	at := func(v *widgets.RowView) float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(v).Y }
	if at(second) < at(first)+first.Size().Height {
		t.Error("they lie over one another")
	}
	narrow := first.Size().Height
	x.See(p.Content(), 1100, 460)
	if wide := x.Row(x.T("problem.untrusted")).Size().Height; wide >= narrow {
		t.Errorf("%v high where there is room, %v where there is little", wide, narrow)
	}
}
