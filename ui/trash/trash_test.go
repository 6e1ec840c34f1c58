package trash

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// three is a trash of three areas, the last one of which is about to go.
func three() *uitest.Client {
	c := uitest.NewClient()
	now := uitest.Now()
	c.InTrash = []app.TrashItem{
		{ID: "1", Area: "backup", Path: "Kari's laptop/Pictures/Ferie/beach.jpg", Size: 2_000_000, DeletedAt: now, DeletedBy: "Old PC", ExpiresAt: now.AddDate(0, 0, 30)},
		{ID: "2", Area: "synced", Path: "Budget.xlsx", Size: 40_000, DeletedAt: now, ExpiresAt: now.AddDate(0, 0, 12)},
		{ID: "3", Area: "archive", Path: "Taxes/2011.pdf", Size: 300_000, DeletedAt: now, ExpiresAt: now.AddDate(0, 0, 2)},
	}
	return c
}

func before(t *testing.T, c *uitest.Client, width float32) (*uitest.Person, *Page) {
	t.Helper()
	x := uitest.NewPerson(t, "en")
	p := New(x.Desk, c)
	x.See(p.Content(), width, 700)
	p.Opened()
	x.See(p.Content(), width, 700)
	return x, p
}

func TestWhatIsThere(t *testing.T) {
	x, _ := before(t, three(), 1000)
	x.Reads("3 items, 2.3\u00a0MB", "beach.jpg", "Backup · Kari's laptop/Pictures/Ferie · today 14:03 · Old PC", "30 days left", "12 days left", "2 days left")
	if !x.Row("2011.pdf").Row().Warn || x.Row("Budget").Row().Warn {
		t.Error("what is about to go is not marked, or what is not is")
	}
	if x.Can("Put back") || x.Can("Delete for ever") || x.Can("Put back elsewhere…") {
		t.Error("nothing is chosen, and something can be done")
	}
}

func TestNothingThere(t *testing.T) {
	x, _ := before(t, uitest.NewClient(), 1000)
	x.Reads(x.T("trash.nothing"))
	x.Misses("0 items", "Put back") // nor is there anything to work with
	if x.Can("Empty Trash…") {
		t.Error("an empty trash can be emptied")
	}
}

func TestSearchAndAreas(t *testing.T) {
	for _, width := range []float32{1000, 480} { // with buttons, and with a menu
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			x, _ := before(t, three(), width)
			area := func(from, to string) {
				if width > 500 {
					x.Press(to)
				} else {
					x.Choose(from, to)
				}
			}
			area("All", "Synced")
			if got := x.Titles(); !slices.Equal(got, []string{"Budget.xlsx"}) {
				t.Errorf("synced: %q", got)
			}
			x.Type("Search in the Trash", "BEACH")
			x.Reads(x.T("nothing-found"))
			area("Synced", "All")
			if got := x.Titles(); !slices.Equal(got, []string{"beach.jpg"}) {
				t.Errorf("searched: %q", got)
			}
			x.Type("BEACH", "taxes/") // also the folder
			if got := x.Titles(); !slices.Equal(got, []string{"2011.pdf"}) {
				t.Errorf("searched by folder: %q", got)
			}
		})
	}
}

// TestWhatCannotBeSeenIsNotChosen: nobody puts back, or deletes, what a search hides.
func TestWhatCannotBeSeenIsNotChosen(t *testing.T) {
	c := three()
	x, _ := before(t, c, 1000)
	x.Open("Budget")
	x.Open("beach")
	x.Reads("2 chosen")
	x.Type("Search in the Trash", "bud")
	x.Reads("1 chosen, 40\u00a0kB")
	x.Type("bud", "b")
	x.Press("Put back")
	x.Same(c, "restore [2]")
}

func TestPutBack(t *testing.T) {
	c := three()
	x, _ := before(t, c, 1000)
	x.Open("beach")
	x.Open("2011")
	x.Press("Put back")
	x.Same(c, "restore [1 3]")
	x.Hears("2 files are back.")
	x.Press("Put back elsewhere…") // and no folder
	x.Same(c)
	x.Folder = "/home/kari/back"
	x.Press("Put back elsewhere…")
	x.Same(c, "restore [1 3] /home/kari/back")
}

func TestPutBackWithTrouble(t *testing.T) {
	c := three()
	c.Brought = app.RestoreReport{Files: 1, Renamed: []string{"Budget (2).xlsx"}}
	x, _ := before(t, c, 1000)
	x.Open("Budget")
	x.Press("Put back")
	x.Hears("1 file is back. One got another name, because its own was taken.")
	c.Fails = map[string]error{"restore": app.NewProblem("offline", "", nil)}
	x.Press("Put back")
	x.Reads("The storage cannot be reached")
	x.Press("Close")
	c.Fails = nil
	c.Brought = app.RestoreReport{Problems: []*app.Problem{app.NewProblem("name", "/home/kari/a:b", nil)}}
	x.Press("Put back")
	x.Reads("/home/kari/a:b")
}

func TestDeleteForEver(t *testing.T) {
	for _, width := range []float32{1000, 480} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			word := "Delete for ever"
			if width < 500 {
				word = "Delete…"
			}
			c := three()
			x, _ := before(t, c, width)
			x.Open("Budget")
			x.Press(word)
			x.Reads("Budget.xlsx", x.T("trash.delete.body"))
			if x.Focus() != "Cancel" {
				t.Errorf("the keyboard is at %q", x.Focus())
			}
			x.Keys(fyne.KeyEscape)
			x.Same(c)
			x.Press(word)
			c.InTrash = c.InTrash[:1]
			x.Press("Delete for ever")
			x.Same(c, "delete [2]")
			x.Misses("Budget.xlsx")
		})
	}
}

// TestEmpty deletes exactly what was there when somebody was asked.
func TestEmpty(t *testing.T) {
	c := three()
	x, p := before(t, c, 1000)
	x.Type("Search in the Trash", "budget") // what is hidden goes, too: it says how many
	x.Press("Empty Trash…")
	x.Reads("3 ")
	c.InTrash = append(c.InTrash, app.TrashItem{ID: "4", Area: "synced", Path: "just now.txt"})
	p.Opened()
	x.Press(x.T("trash.empty-it.now"))
	x.Same(c, "delete [1 2 3]")
}

// TestEmptyMuch: for very many things, or very large ones, a word is typed first.
func TestEmptyMuch(t *testing.T) {
	for name, c := range map[string]*uitest.Client{"many": uitest.NewClient(), "large": three()} {
		t.Run(name, func(t *testing.T) {
			if name == "many" {
				for i := range manyThings {
					c.InTrash = append(c.InTrash, app.TrashItem{ID: fmt.Sprint(i), Area: "backup", Path: fmt.Sprint("d/", i)})
				}
			} else {
				c.InTrash[0].Size = manyBytes
			}
			x, _ := before(t, c, 1000)
			x.Press("Empty Trash…")
			now, word := x.T("trash.empty-it.now"), x.T("trash.empty.word")
			if x.Can(now) {
				t.Error("it can be emptied without the word")
			}
			x.Press(now)
			x.Same(c)
			x.Type("", word[:2])
			if x.Can(now) {
				t.Error("half the word is enough")
			}
			x.Type(word[:2], " "+strings.ToUpper(word)+" ")
			x.Press(now)
			if did := c.Did(); len(did) != 1 || !strings.HasPrefix(did[0], "delete [") {
				t.Errorf("%d things were asked", len(did))
			}
		})
	}
}

func TestKeyboard(t *testing.T) {
	c := three()
	x, p := before(t, c, 1000)
	x.List()
	x.Keys(fyne.KeyDown, fyne.KeySpace)
	x.Reads("1 chosen, 40\u00a0kB")
	p.rows.TypedShortcut(&fyne.ShortcutSelectAll{})
	x.Reads("3 chosen")
	x.Tab("Choose none")
	x.Keys(fyne.KeySpace)
	x.Misses("chosen")
	x.Keys(fyne.KeySpace)
	x.Reads("3 chosen")
	x.Tab("Put back")
	x.Keys(fyne.KeyReturn)
	x.Same(c, "restore [1 2 3]")
}

// TestNews: the list follows what the client does, but not while it works, when it would never stand still.
func TestNews(t *testing.T) {
	c := three()
	x, p := before(t, c, 1000)
	c.Events = []app.ActivityItem{{Time: uitest.Now(), Kind: "deleted", Path: "/home/kari/new.txt"}}
	c.InTrash = append(c.InTrash, app.TrashItem{ID: "9", Area: "synced", Path: "new.txt"})
	c.Is.State = app.StateWorking
	p.Show(uitest.Snapshot(c))
	x.Misses("new.txt")
	c.Is.State = app.StateSafe
	p.Show(uitest.Snapshot(c))
	x.Reads("new.txt", "4 items")
}

func TestCannotBeReached(t *testing.T) {
	c := uitest.NewClient()
	c.Err = app.NewProblem("offline", "", nil)
	x, _ := before(t, c, 1000)
	x.Reads("The storage cannot be reached")
	c.Err = nil
	c.InTrash = three().InTrash
	x.Press(x.T("fix.again"))
	x.Reads("beach.jpg")
}

// TestLoading: while nothing is known yet, it does not say that the trash is empty; and whatever is asked meanwhile is asked once.
func TestLoading(t *testing.T) {
	c := three()
	x := uitest.NewPerson(t, "en")
	x.Wait = true
	p := New(x.Desk, c)
	x.See(p.Content(), 1000, 700)
	p.Opened()
	p.Opened()
	p.Opened()
	if x.Undone() != 1 {
		t.Errorf("%d questions at one time", x.Undone())
	}
	x.Step()
	if x.Undone() != 1 {
		t.Errorf("%d questions afterwards", x.Undone())
	}
	x.Finish()
	x.Reads("beach.jpg")
}
