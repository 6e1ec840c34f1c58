package backups

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// looking is somebody who looks at what the cloud has of Documents.
func looking(t *testing.T, c *uitest.Client) (*uitest.Person, *Page) {
	t.Helper()
	x, p := before(t, c)
	x.Open("Documents")
	x.Same(c, "look Documents")
	return x, p
}

func TestBrowse(t *testing.T) {
	c := uitest.Lived()
	x, _ := looking(t, c)
	x.Reads("7 items", "Hytta", "21\u00a0GB", "Budget.xlsx", "today 12:03", "41\u00a0kB")
	x.Open("Hytta")
	x.Same(c, "look Documents Hytta")
	x.Reads("Hytta", "2 items", "Budsjett.xlsx")
	x.Misses("Mormor.jpg")
	x.Open("Bilder")
	x.Same(c, "look Documents Hytta/Bilder")
	x.Reads("Hytta › Bilder", x.T("files.empty"))
	if x.Can(x.T("folder.get-back")) {
		t.Error("nothing can be got back")
	}
	x.Press("Up")
	x.Press("Up")
	x.Same(c, "look Documents Hytta", "look Documents")
	x.Reads("Mormor.jpg")
	if x.Can("Up") {
		t.Error("there is a folder above the first one")
	}
}

func TestNothingBackedUpYet(t *testing.T) {
	c := uitest.Lived()
	c.Copies = nil
	x, _ := looking(t, c)
	x.Reads(x.T("files.none"), x.T("files.none.more"))
}

func TestBrowseThatFails(t *testing.T) {
	c := uitest.Lived()
	c.Fails = map[string]error{"look": app.NewProblem("offline", "", nil)}
	x, _ := looking(t, c)
	x.Reads("The storage cannot be reached")
	c.Fails = nil
	x.Press("Try again")
	x.Reads("Mormor.jpg")
}

func TestSearchFiles(t *testing.T) {
	c := uitest.Lived()
	x, _ := looking(t, c)
	x.Type(x.T("files.search"), "bud")
	x.Same(c, "search Documents b", "search Documents bu", "search Documents bud")
	if got := x.Titles(); !slices.Equal(got, []string{"Budget.xlsx", "Budsjett.xlsx"}) {
		t.Errorf("found %q", got)
	}
	x.Reads("25 Oct 14:03 · Hytta")
	x.Type("bud", "nothing")
	x.Reads(x.T("nothing-found"))
	x.Type("nothing", "hytta")
	x.Open("Hytta") // goes there, and searches no more
	x.Reads("Hytta", "Budsjett.xlsx", x.T("files.search"))
}

// TestSlowSearch: only the last thing that was asked for is shown, and what it overtook is canceled.
func TestSlowSearch(t *testing.T) {
	c := uitest.Lived()
	x, _ := looking(t, c)
	x.Wait = true
	x.Type(x.T("files.search"), "no")
	x.Type("no", "bud")
	for range x.Undone() - 1 {
		x.Step()
		x.Misses("Budsjett.xlsx", x.T("nothing-found"), "Stopped")
	}
	x.Finish()
	x.Reads("Budsjett.xlsx")
}

// TestSlowVersions: what comes late for a file that nobody looks at any more is not shown.
func TestSlowVersions(t *testing.T) {
	c := uitest.Lived()
	x, _ := looking(t, c)
	x.Wait = true
	x.Open("Notater.odt")
	x.Press("Up")
	x.Step()
	x.Misses("Newest")
	x.Finish()
	x.Reads("Mormor.jpg")
}

func TestVersions(t *testing.T) {
	c := uitest.Lived()
	x, _ := looking(t, c)
	x.Open("Notater.odt")
	x.Same(c, "versions Documents Notater.odt")
	x.Reads("Notater.odt", "5 versions", "Newest", "today 12:03", "yesterday 12:03", "Old PC", "96\u00a0kB")
	x.Misses("Mormor.jpg")
	x.Keys(fyne.KeyEnd, fyne.KeyReturn) // the oldest one: the keyboard is in the list
	x.Reads(x.T("back.version", "file", "Notater.odt"), "21 Oct 2025 · 67\u00a0kB · Kari's laptop")
	x.Press(x.T("back.place"))
	x.Same(c, "get back Documents [Notater.odt] v1 to")
	x.Hears("1 file is back.")
	x.Press(x.T("files.get-version")) // the last one's button asks the same
	x.Press("Cancel")
	x.Same(c)
	x.Press("Up")
	x.Reads("Mormor.jpg")
}

func TestVersionsThatFail(t *testing.T) {
	c := uitest.Lived()
	c.Fails = map[string]error{"versions": (&app.Problem{Code: app.CodeWrongUse, Why: "not-in-backup", Name: "Notater.odt"})}
	x, _ := looking(t, c)
	x.Open("Notater.odt")
	x.Reads("Notater.odt is not in the backup any more")
	x.Press("Up")
	x.Reads("Mormor.jpg")
}

func TestGetBack(t *testing.T) {
	all, hytta := "get back Documents [] ", "get back Documents [Hytta] "
	for _, tt := range []struct {
		name  string
		do    func(x *uitest.Person)
		title string
		want  string
	}{
		{"all", func(*uitest.Person) {}, "Get everything in Documents back?", all},
		{"the folder that is shown", func(x *uitest.Person) { x.Open("Hytta") }, "Get everything in Hytta back?", hytta},
		{"what is chosen", func(x *uitest.Person) { x.Row("Hytta").Check(); x.Row("Mormor").Check() }, "Get 2 items back?", "get back Documents [Hytta Mormor.jpg] "},
		{"what was found", func(x *uitest.Person) { x.Type(x.T("files.search"), "bud") }, "Get 2 items back?", "get back Documents [Budget.xlsx Hytta/Budsjett.xlsx] "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			x, _ := looking(t, c)
			tt.do(x)
			c.Did()
			x.Press(x.T("folder.get-back"))
			x.Reads(tt.title, "both are kept")
			if x.Focus() != "Cancel" {
				t.Errorf("the keyboard is at %q", x.Focus())
			}
			x.Keys(fyne.KeyEscape)
			x.Press(x.T("folder.get-back"))
			x.Press("To another folder…") // and none is chosen
			x.Same(c)
			x.Press(x.T("folder.get-back"))
			x.Press("To where it was")
			x.Same(c, tt.want+" to")
			x.Folder = "/home/kari/back"
			x.Press(x.T("folder.get-back"))
			x.Press("To another folder…")
			x.Same(c, tt.want+" to /home/kari/back")
		})
	}
}

func TestGetBackNamesOnlySome(t *testing.T) {
	c := uitest.Lived()
	x, _ := looking(t, c)
	x.List()
	x.Keys(fyne.KeySpace)
	x.Reads("1 chosen")
	x.List().TypedShortcut(&fyne.ShortcutSelectAll{})
	x.Reads("7 chosen")
	x.Press(x.T("folder.get-back"))
	x.Reads("Get 7 items back?", "2 more")
	x.Press("Cancel")
	x.List().TypedShortcut(&fyne.ShortcutSelectAll{})
	x.Reads("7 items")
}

// TestGetBackWithoutTheDrive: the files are there to be seen, and can go elsewhere.
func TestGetBackWithoutTheDrive(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.Open("Old projects")
	c.Did()
	x.Press(x.T("folder.get-back"))
	x.Reads("/media/kari/USB is not connected")
	x.Misses("To where it was")
	x.Folder = "/home/kari/back"
	x.Press("To another folder…")
	x.Same(c, "get back Old projects []  to /home/kari/back")
}

func TestWhatGetBackSays(t *testing.T) {
	for _, tt := range []struct {
		brought app.RestoreReport
		err     error
		said    string
		reads   string
	}{
		{app.RestoreReport{Files: 2, Renamed: []string{"a"}}, nil, "2 files are back. One got another name, because its own was taken.", ""},
		{app.RestoreReport{Files: 1, Present: 3}, nil, "1 file is back.", ""},
		{app.RestoreReport{Problems: []*app.Problem{app.NewProblem("damaged", "/x/y", nil)}}, nil, "", "One file could not be brought back"},
		{app.RestoreReport{}, app.NewProblem("disk-full", "/home", nil), "", "This computer's disk is full"},
	} {
		c := uitest.Lived()
		c.Brought = tt.brought
		if tt.err != nil {
			c.Fails = map[string]error{"get back": tt.err}
		}
		x, _ := looking(t, c)
		x.Press(x.T("folder.get-back"))
		x.Press("To where it was")
		if tt.said != "" {
			x.Hears(tt.said)
		} else {
			x.Reads(tt.reads)
		}
	}
}

// TestFilesFollow: when work was done, the list is another one; what is chosen stays chosen.
func TestFilesFollow(t *testing.T) {
	c := uitest.Lived()
	x, p := looking(t, c)
	x.Row("Notater").Check()
	p.Show(uitest.Snapshot(c))
	x.Same(c)
	c.Copies[""] = c.Copies[""][1:]
	c.Is.Pairs[1].LastDone = uitest.Now()
	p.Show(uitest.Snapshot(c))
	x.Same(c, "look Documents")
	x.Misses("Hytta")
	x.Reads("1 chosen")
	p.Opened()
	c.Is.Pairs[1].LastDone = uitest.Now().Add(time.Minute)
	p.Show(uitest.Snapshot(c))
	x.Same(c) // nobody looks
}

func TestOthersFiles(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c)
	x.Press("Other computers")
	x.Open("Pictures")
	x.Same(c, "look Old PC/Pictures")
	x.Reads("Old PC · Windows", "Mormor.jpg", "Pictures")
	x.Folder = "/home/kari/old"
	x.Row("Mormor").Check()
	x.Press(x.T("folder.get-back")) // it asks only where
	x.Same(c, "get back Old PC/Pictures [Mormor.jpg]  to /home/kari/old")
	x.Open("Notater")
	x.Keys(fyne.KeyReturn)
	x.Same(c, "versions Old PC/Pictures Notater.odt", "get back Old PC/Pictures [Notater.odt] v5 to /home/kari/old")
	x.Type(x.T("files.search"), "bud")
	x.Reads("Budsjett.xlsx")
}

// TestManyFiles: a folder of 100 000 files makes only the rows that can be seen.
func TestManyFiles(t *testing.T) {
	c := uitest.Lived()
	many := make([]app.Item, 100_000)
	for i := range many {
		many[i] = app.Item{Path: fmt.Sprintf("IMG_%06d.jpg", i), Size: int64(i)}
	}
	c.Copies = map[string][]app.Item{"": many}
	x, _ := looking(t, c)
	x.Reads("100,000 items")
	x.List()
	x.Keys(fyne.KeyEnd)
	x.Reads("IMG_099999.jpg")
	if n := len(x.Titles()); n > 60 {
		t.Errorf("%d rows were made", n)
	}
}

// TestOpenFarDown: a folder, and a file's versions, can be opened after scrolling, and what is shown then is only theirs.
func TestOpenFarDown(t *testing.T) {
	c := uitest.Lived()
	var many []app.Item
	for i := range 500 {
		many = append(many, app.Item{Path: fmt.Sprintf("Folder %03d", i), Dir: true})
	}
	many = append(many, app.Item{Path: "last.odt", Size: 5})
	c.Copies = map[string][]app.Item{"": many, "Folder 499": {{Path: "Folder 499/in.txt", Size: 1}}}
	x, _ := looking(t, c)
	x.List()
	x.Keys(fyne.KeyEnd, fyne.KeyUp, fyne.KeyReturn)
	x.Reads("in.txt")
	x.Press("Up")
	x.List()
	x.Keys(fyne.KeyEnd, fyne.KeyReturn)
	x.Reads("last.odt", "5 versions")
}
