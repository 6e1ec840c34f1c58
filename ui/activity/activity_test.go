package activity

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
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
