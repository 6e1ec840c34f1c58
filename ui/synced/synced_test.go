package synced

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// before is somebody before the page of a client.
func before(t *testing.T, c *uitest.Client, language string) (*uitest.Person, *Page) {
	t.Helper()
	x := uitest.NewPerson(t, language)
	p := New(x.Desk, c)
	x.See(p.Content(), 1100, 720)
	p.Show(uitest.Snapshot(c))
	p.Opened()
	c.Did()
	return x, p
}

func TestNoFolderYet(t *testing.T) {
	c := uitest.NewClient()
	x, p := before(t, c, "en")
	x.Reads("One folder, all your computers")
	x.Press("Choose a folder")
	x.Same(c) // nothing was chosen
	x.Folder = "/home/kari/Cloud"
	x.Press("Choose a folder")
	x.Same(c, "synced /home/kari/Cloud")
	x.Hears("/home/kari/Cloud is now your Synced folder.")
	c.Is.Pairs = []app.PairStatus{{Name: "Synced", Area: "synced", Root: "/home/kari/Cloud", State: app.StateWorking, Detail: "working", Files: 3}}
	p.Show(uitest.Snapshot(c))
	x.Reads("/home/kari/Cloud", "3 files", "No file was changed in two places")
	x.Misses("One folder, all your computers")
	x.Press("Open folder")
	if len(x.Shown) != 1 || x.Shown[0] != "/home/kari/Cloud" {
		t.Errorf("opened %q", x.Shown)
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	c := uitest.NewClient()
	c.Err = app.NewProblem("read-only", "/media/cd", nil)
	x, _ := before(t, c, "en")
	x.Folder = "/media/cd"
	x.Press("Choose a folder")
	x.Reads("The folder does not take changes", "/media/cd")
	x.Press("Close")
	if x.Asked() || len(x.Said) > 0 {
		t.Errorf("still asked, or said %q", x.Said)
	}
}

func TestOtherFolderIsExplained(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "en")
	x.Folder = "/home/kari/New"
	x.Press("Use another folder…")
	x.Reads("/home/kari/Elkjøp Cloud stays on this computer as it is")
	x.Same(c)
	x.Press("Cancel")
	x.Same(c)
	x.Press("Use another folder…")
	x.Press("Choose a folder")
	x.Same(c, "synced /home/kari/New")
}

func TestConflictsAreListed(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "en")
	x.Reads("Changed in two places (5)", "Budget.xlsx was changed in two places", "Ferie", "A copy of Kladd.txt is left")
	caption := x.Row("Budget.xlsx").Row().Caption
	mine, theirs, ok := strings.Cut(caption, " · ")
	if !ok || mine != "This computer: yesterday 13:03, 40\u00a0kB" || theirs != "Old PC: yesterday 12:03, 41\u00a0kB" {
		t.Errorf("both sides: %q", caption)
	}
	caption = x.Row("Handleliste").Row().Caption
	if !strings.HasPrefix(caption, "Old PC: ") || !strings.Contains(caption, "Ola: ") {
		t.Errorf("two other computers: %q", caption)
	}
}

// TestKeep: each choice asks the client for what the words say, of the conflict that was seen and of no other.
func TestKeep(t *testing.T) {
	for _, tt := range []struct {
		name, file, press string
		all               bool
		want              []string
		says              string
	}{
		{"both", "Budget", "Keep both", false, []string{"settle 1 both"}, "1 file is as you chose."},
		{"mine", "Budget", "Keep mine", false, []string{"settle 1 original"}, "1 file is as you chose."},
		{"theirs", "Referat", "Keep theirs", false, []string{"settle 3 copy"}, "1 file is as you chose."},
		{"both, for all", "Plan", "Keep both", true, []string{"settle 1 both", "settle 2 both", "settle 3 both"}, "3 files are as you chose."},
		{"mine, for all", "Plan", "Keep mine", true, []string{"settle 1 original", "settle 2 copy", "settle 3 original"}, "3 files are as you chose."},
		{"theirs, for all", "Plan", "Keep theirs", true, []string{"settle 1 copy", "settle 2 original", "settle 3 copy"}, "3 files are as you chose."},
		{"the copy alone", "Kladd", "Keep it", false, []string{"settle 5 both"}, "1 file is as you chose."},
		{"later", "Budget", "Decide later", false, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := uitest.Lived()
			c.Clashes[1] = turned(c.Clashes[1])
			x, _ := before(t, c, "en")
			x.Open(tt.file)
			if tt.all {
				x.Press("Do this for all 3 between these two computers")
			}
			x.Same(c)
			x.Press(tt.press)
			x.Same(c, tt.want...)
			if tt.says != "" {
				x.Hears(tt.says)
			}
			if x.Asked() {
				t.Error("the dialog is still there")
			}
		})
	}
}

// turned is the conflict as it is when this computer made the copy.
func turned(c app.Conflict) app.Conflict {
	o := *c.Other
	c.Device, c.Mine, o.Device, o.Mine = o.Device, o.Mine, c.Device, c.Mine
	c.Other = &o
	return c
}

// TestKeepOfOthers: between two other computers nothing is mine, and there is nobody to do the same for.
func TestKeepOfOthers(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "en")
	x.Open("Handleliste")
	x.Reads("Old PC", "Ola", "Keep this one")
	x.Misses("Keep mine", "Keep theirs", "Do this for all")
	x.Press("Keep this one") // the last one: Ola's, the copy
	x.Same(c, "settle 4 copy")
}

func TestKeepByKeyboard(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "en")
	x.List()
	x.Keys(fyne.KeyDown, fyne.KeyReturn)
	if x.Focus() != "Keep both" {
		t.Errorf("the keyboard is at %q", x.Focus())
	}
	x.Keys(fyne.KeyEscape)
	if x.Asked() {
		t.Error("Escape leaves it open")
	}
	x.Same(c)
	x.List()
	x.Keys(fyne.KeyHome, fyne.KeyReturn)
	x.Tab("Do this for all 3 between these two computers")
	x.Keys(fyne.KeySpace)
	x.Tab("Keep theirs")
	x.Keys(fyne.KeyReturn)
	x.Same(c, "settle 1 copy", "settle 2 copy", "settle 3 copy")
}

// TestKeepFails: what could not be settled is said with its reason, and what could be stays settled.
func TestKeepFails(t *testing.T) {
	c := uitest.Lived()
	c.Fails = map[string]error{"settle": app.NewProblem("since-seen", "/home/kari/Elkjøp Cloud/Budget.xlsx", nil)}
	x, _ := before(t, c, "en")
	x.Open("Budget")
	x.Press("Keep mine")
	x.Reads("It was changed after you looked at it, so nothing was done", "/home/kari/Elkjøp Cloud/Budget.xlsx")
	x.Hears("Nothing was changed.")
	x.Press("Close")

	x.Open("Budget")
	x.Press("Do this for all 3 between these two computers")
	x.Press("Keep theirs")
	x.Reads("3 files stay as they are")
	x.Press("Close")

	c.Fails = map[string]error{"settle": errors.New("out of the blue")}
	x.Open("Budget")
	x.Press("Keep both")
	x.Reads("Something unexpected happened")
}

// TestKeepOnce: while it is being done, nothing else is begun, and afterwards the list is asked for anew.
func TestKeepOnce(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "en")
	x.Wait = true
	x.Open("Budget")
	x.Press("Keep both")
	x.Open("Plan")
	if x.Asked() {
		t.Error("it asks while it is at work")
	}
	c.Clashes = c.Clashes[1:]
	x.Finish()
	x.Same(c, "settle 1 both")
	x.Misses("Budget.xlsx")
	x.Reads("Changed in two places (4)")
}

func TestShowsEitherFile(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "en")
	x.Open("Budget")
	x.Press("") // the last one without words: the other side's
	if len(x.Shown) != 1 || x.Shown[0] != "/home/kari/Elkjøp Cloud/Budget.xlsx (conflicted copy, Old PC)" {
		t.Errorf("shown %q", x.Shown)
	}
}

// TestConflictsInFinnish: no key is seen instead of a sentence.
func TestConflictsInFinnish(t *testing.T) {
	c := uitest.Lived()
	x, _ := before(t, c, "fi")
	x.Open("Budget")
	x.Misses("synced.")
	x.Reads("Säilytä molemmat", "Säilytä omani", "Säilytä toinen")
}

// TestOfflineKeepsTheList: when the client cannot say, what was seen stays.
func TestOfflineKeepsTheList(t *testing.T) {
	c := uitest.Lived()
	x, p := before(t, c, "en")
	c.Err = app.NewProblem("offline", "", nil)
	p.Opened()
	x.Reads("Budget.xlsx was changed in two places")
}
