package trash

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/uitest"
)

// item is one that was deleted some seconds ago.
func item(id, area, path, by string, ago time.Duration) app.TrashItem {
	at := uitest.Now().Add(-ago)
	return app.TrashItem{ID: id, Area: area, Path: path, Size: 1_000, DeletedAt: at, DeletedBy: by, ExpiresAt: at.AddDate(0, 0, 30)}
}

func TestEvents(t *testing.T) {
	s := time.Second
	for _, tt := range []struct {
		name  string
		items []app.TrashItem
		want  string // the items of each event
	}{
		{"nothing", nil, ""},
		{"one", []app.TrashItem{item("1", "synced", "a", "PC", 0)}, "[0]"},
		{"at once", []app.TrashItem{item("1", "synced", "a", "PC", 0), item("2", "synced", "b", "PC", 0)}, "[0 1]"},
		{"two computers at once", []app.TrashItem{item("1", "synced", "a", "PC", 0), item("2", "synced", "b", "Mac", 0), item("3", "synced", "c", "PC", 0)}, "[0 2][1]"},
		{"two areas at once", []app.TrashItem{item("1", "synced", "a", "PC", 0), item("2", "backup", "b", "PC", 0)}, "[0][1]"},
		{"soon after", []app.TrashItem{item("1", "synced", "a", "PC", 0), item("2", "synced", "b", "PC", 60*s)}, "[0 1]"},
		{"later", []app.TrashItem{item("1", "synced", "a", "PC", 0), item("2", "synced", "b", "PC", 61*s)}, "[0][1]"},
		{"for long", []app.TrashItem{item("1", "synced", "a", "PC", 0), item("2", "synced", "b", "PC", 60*s), item("3", "synced", "c", "PC", 120*s)}, "[0 1 2]"},
	} {
		got := ""
		for _, e := range events(tt.items) {
			got += fmt.Sprint(e.items)
		}
		if got != tt.want {
			t.Errorf("%s: %s, not %s", tt.name, got, tt.want)
		}
	}
	var endless []app.TrashItem
	for i := range 12 {
		endless = append(endless, item(fmt.Sprint(i), "synced", "a", "PC", time.Duration(i)*time.Minute))
	}
	if got := events(endless); len(got) != 2 || len(got[0].items) != 11 {
		t.Errorf("what never ends is %v", got)
	}
}

// TestWhole: a folder of which everything is meant is asked for as a whole, once; else its files are.
func TestWhole(t *testing.T) {
	var items []app.TrashItem
	for i, whole := range []string{"", "f", "f", "g", "f", "g"} {
		x := item(fmt.Sprint(i), "synced", fmt.Sprint("d/", i), "PC", 0)
		x.Whole = whole
		items = append(items, x)
	}
	b := newBin(items)
	for _, tt := range []struct {
		items []int
		want  []string
	}{
		{nil, nil}, {[]int{0}, []string{"0"}}, {[]int{1, 2}, []string{"1", "2"}}, {[]int{1, 2, 4}, []string{"f"}}, {b.everything(), []string{"0", "f", "g"}},
		{[]int{0, 1, 3, 5}, []string{"0", "1", "g"}},
	} {
		if got := b.ids(tt.items); !slices.Equal(got, tt.want) {
			t.Errorf("%v is %q, not %q", tt.items, got, tt.want)
		}
	}
}

func TestFolder(t *testing.T) {
	for want, paths := range map[string][]string{"a/b": {"a/b/c", "a/b/d/e"}, "a": {"a/b/c", "a/bc/d"}, "": {"a/b", "c/d"}, "x": {"x/y"}} {
		var items []app.TrashItem
		for _, p := range paths {
			items = append(items, item("", "synced", p, "", 0))
		}
		b := newBin(items)
		if got := b.folder(b.everything()); got != want {
			t.Errorf("%q lie in %q, not %q", paths, got, want)
		}
	}
}

// deleted is a trash with a folder that was deleted at once, between two single files.
func deleted() *uitest.Client {
	c := uitest.NewClient()
	c.InTrash = []app.TrashItem{item("a", "synced", "Budget.xlsx", "Mac", 0)}
	for i := range 4 {
		x := item(fmt.Sprint(i), "backup", fmt.Sprintf("Kari's PC/Pictures/%d/p%d.%s", i/2, i, []string{"jpg", "pdf"}[i%2]), "Kari's PC", time.Hour)
		x.Whole = "w"
		c.InTrash = append(c.InTrash, x)
	}
	c.InTrash = append(c.InTrash, item("z", "archive", "Old/2011.pdf", "Kari's PC", 8*24*time.Hour))
	return c
}

const happened = "4 files deleted on Kari's PC"

// TestEventRow: what was deleted in one go is one row, which opens to its files; all of it comes back by one press, as the folder that it was.
func TestEventRow(t *testing.T) {
	c := deleted()
	x, _ := before(t, c, 1000)
	if got := x.Titles(); !slices.Equal(got, []string{"Budget.xlsx", happened, "2011.pdf"}) {
		t.Fatalf("rows: %q", got)
	}
	x.Reads("today 13:03 · Backup · Kari's PC/Pictures", "4\u00a0kB", "30 days left")
	x.Open(happened)
	if got := x.Titles(); !slices.Equal(got, []string{"Budget.xlsx", happened, "p0.jpg", "p1.pdf", "p2.jpg", "p3.pdf", "2011.pdf"}) {
		t.Errorf("unfolded: %q", got)
	}
	x.Open(happened)
	if got := x.Titles(); len(got) != 3 {
		t.Errorf("folded again: %q", got)
	}
	x.Press("Put all back")
	x.Same(c, "restore [w]")
}

// TestChooseInEvent: its box chooses all, and says when only some of it is chosen; what of a folder is left goes by its files.
func TestChooseInEvent(t *testing.T) {
	c := deleted()
	x, _ := before(t, c, 1000)
	x.Row(happened).Check()
	x.Reads("4 chosen")
	x.Row(happened).Fold()
	x.Open("p1.pdf")
	if r := x.Row(happened).Row(); !r.Partly || r.Chosen {
		t.Errorf("partly chosen: %+v", r)
	}
	x.Press("Put back")
	x.Same(c, "restore [0 2 3]")
	x.Row(happened).Check()
	x.Row(happened).Check()
	x.Misses("chosen")
	x.Press("Choose all")
	if r := x.Row(happened).Row(); !r.Chosen || !x.Row("Budget").Row().Chosen {
		t.Errorf("all is chosen: %+v", r)
	}
	x.Press("Choose none")
	if x.Can("Put back") {
		t.Error("nothing is chosen, and it can be put back")
	}
}

// TestEventKeyboard: the arrows unfold and fold, also from within; Space chooses all of it.
func TestEventKeyboard(t *testing.T) {
	c := deleted()
	x, _ := before(t, c, 1000)
	x.List()
	x.Keys(fyne.KeyDown, fyne.KeyRight)
	if got := x.Titles(); len(got) != 7 {
		t.Fatalf("unfolded: %q", got)
	}
	x.Keys(fyne.KeyRight, fyne.KeyDown, fyne.KeyDown, fyne.KeyRight, fyne.KeyLeft)
	if got := x.Titles(); len(got) != 3 {
		t.Errorf("folded from within: %q", got)
	}
	x.Keys(fyne.KeySpace)
	x.Reads("4 chosen")
	x.Keys(fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn)
	x.Reads("3 chosen")
	x.Keys(fyne.KeyEnd, fyne.KeyLeft, fyne.KeyRight) // a file by itself has nothing to unfold
	if got := x.Titles(); len(got) != 7 {
		t.Errorf("at the end: %q", got)
	}
}

// TestSearchUnfolds: whoever searches sees files; what is put back is what is seen.
func TestSearchUnfolds(t *testing.T) {
	c := deleted()
	x, _ := before(t, c, 1000)
	x.Type("Search in the Trash", "pictures/0")
	if got := x.Titles(); !slices.Equal(got, []string{"2 files deleted on Kari's PC", "p0.jpg", "p1.pdf"}) {
		t.Fatalf("found: %q", got)
	}
	x.Open("2 files deleted")
	if got := x.Titles(); len(got) != 1 {
		t.Errorf("folded: %q", got)
	}
	x.Press("Put all back")
	x.Same(c, "restore [0 1]")
	x.Type("pictures/0", "p3")
	if got := x.Titles(); !slices.Equal(got, []string{"p3.pdf"}) {
		t.Errorf("one file: %q", got)
	}
	x.Type("p3", "p")
	x.Type("p", "")
	if got := x.Titles(); len(got) != 3 {
		t.Errorf("not searched any more: %q", got)
	}
}

func TestFilters(t *testing.T) {
	for _, width := range []float32{1000, 556} {
		c := deleted()
		c.InTrash[5].ExpiresAt = uitest.Now().AddDate(0, 0, few-1)
		x, _ := before(t, c, width)
		choose := func(from, to string, want ...string) {
			t.Helper()
			x.Choose(from, to)
			if got := x.Titles(); !slices.Equal(got, want) {
				t.Errorf("%s: %q", to, got)
			}
		}
		choose("Any time", "Today", "Budget.xlsx", happened)
		choose("Today", "Last 7 days", "Budget.xlsx", happened)
		choose("Last 7 days", "Older", "2011.pdf")
		choose("Older", "Leaves soon", "2011.pdf")
		choose("Leaves soon", "Any time", "Budget.xlsx", happened, "2011.pdf")
		choose("All kinds", "Pictures", strings.Replace(happened, "4", "2", 1))
		x.Press("Choose all")
		x.Reads("2 chosen")
		choose("Pictures", "Documents", "Budget.xlsx", strings.Replace(happened, "4", "2", 1), "2011.pdf")
		x.Misses("chosen")
		choose("Documents", "Music")
		x.Reads(x.T("trash.nothing-found.more"))
		if x.Can("Choose all") {
			t.Error("there is nothing, and it can be chosen")
		}
		x.Press("Show everything")
		if got := x.Titles(); !slices.Equal(got, []string{"Budget.xlsx", happened, "2011.pdf"}) {
			t.Errorf("all again: %q", got)
		}
	}
}

// TestEmptyFolder: a folder without files is there by itself, and is of no kind.
func TestEmptyFolder(t *testing.T) {
	c := uitest.NewClient()
	c.InTrash = []app.TrashItem{item("d", "synced", "New folder.txt", "", 0)}
	c.InTrash[0].Dir, c.InTrash[0].Size = true, 0
	x, _ := before(t, c, 1000)
	if r := x.Row("New folder.txt").Row(); r.Icon != "folder" || r.Side != "" {
		t.Errorf("%+v", r)
	}
	x.Choose("All kinds", "Documents")
	x.Misses("New folder.txt")
}

// TestFoldedAnew: what is unfolded, and what is chosen in it, stays so when the Trash is loaded anew.
func TestFoldedAnew(t *testing.T) {
	c := deleted()
	x, p := before(t, c, 1000)
	x.Open(happened)
	x.Open("p2.jpg")
	c.InTrash = append([]app.TrashItem{item("n", "synced", "new.txt", "", 0)}, c.InTrash...)
	p.Opened()
	x.Reads("new.txt", "p2.jpg", "1 chosen")
	c.InTrash = c.InTrash[:1]
	p.Opened()
	x.Misses("p2.jpg", "chosen")
}

// TestSomewhere: where the computer has no name, none is said.
func TestSomewhere(t *testing.T) {
	c := uitest.NewClient()
	c.InTrash = []app.TrashItem{item("1", "synced", "a", "", 0), item("2", "synced", "b", "", 0)}
	x, _ := before(t, c, 1000)
	x.Reads("2 files deleted", "today 14:03 · Synced")
	x.Misses("files deleted on")
}
