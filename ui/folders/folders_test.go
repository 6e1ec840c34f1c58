package folders

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2/test"

	"elkjopcloud/app"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
)

// found is p/{d,e} and q, of one byte each, all of them on but q.
func found() []app.Folder {
	return []app.Folder{{State: app.FolderPartly, Bytes: 4}, {Path: "p", State: app.FolderOn, Bytes: 3}, {Path: "p/d", State: app.FolderOn, Bytes: 1}, {Path: "p/e", State: app.FolderOn, Bytes: 1}, {Path: "q", State: app.FolderOff, Bytes: 1}}
}

// says is what the tree tells of itself.
func (t *Tree) says() string {
	on, off := t.Changes()
	return fmt.Sprintf("%s; off %v, on %v, leaving %d; all off %v", t.Size().Text(), off, on, len(t.Leaving()), t.Off())
}

// TestTree: what is pressed is told at once, and Undo takes back what was pressed since, also twice, and of no other folders.
func TestTree(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light, 1))
	x, told := New(text.For("en"), false), 0
	x.OnChange = func() { told++ }
	same := func(want string) {
		t.Helper()
		if got := x.says(); got != want {
			t.Errorf("says %q, not %q", got, want)
		}
	}
	if x.Count() != 0 || x.Bytes() != 0 {
		t.Errorf("nothing is %d folders, %d bytes", x.Count(), x.Bytes())
	}
	same("; off [], on [], leaving 0; all off []")
	x.Take(found())
	if x.Count() != 4 || x.Bytes() != 4 || told != 1 {
		t.Errorf("%d folders, %d bytes, told %d times", x.Count(), x.Bytes(), told)
	}
	same("3 of 4\u00a0B on this computer; off [], on [], leaving 0; all off [q]")
	x.rows.OnOpen(0)
	undo := x.Keep()
	x.rows.OnCheck(1) // p/d
	x.rows.OnCheck(3) // q
	same("3 of 4\u00a0B on this computer; off [p/d], on [q], leaving 1; all off [p/d]")
	again := x.Keep()
	x.rows.OnCheck(0) // p, which is not whole: all of it
	same("4 of 4\u00a0B on this computer; off [], on [q], leaving 0; all off []")
	again()
	same("3 of 4\u00a0B on this computer; off [p/d], on [q], leaving 1; all off [p/d]")
	undo()
	same("3 of 4\u00a0B on this computer; off [], on [], leaving 0; all off [q]")
	if len(x.choice.rows) != 4 {
		t.Error("it was folded")
	}
	x.rows.OnCheck(1)
	x.Take(found()[:2])
	undo()
	same("4 of 4\u00a0B on this computer; off [], on [], leaving 0; all off []")
}

// TestComing: of what is not here yet nothing is said to be.
func TestComing(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light, 1))
	x := New(text.For("en"), true)
	x.Take(found())
	for i, want := range []string{"Comes to this computer", "Stays in the cloud"} {
		if got := x.row(x.choice.rows[i]).Caption; got != want {
			t.Errorf("row %d says %q", i, got)
		}
	}
	if got := x.Here(); got != "3 of 4\u00a0B come to this computer" {
		t.Errorf("all of it says %q", got)
	}
}
