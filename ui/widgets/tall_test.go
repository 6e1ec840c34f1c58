package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"elkjopcloud/ui/theme"
)

// TestTallRows: each row is as high as its words and buttons need for the width, also when they change.
func TestTallRows(t *testing.T) {
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Light, 1))
	rows := []Row{{Title: "short", Action: "Do"}, {Title: strings.Repeat("many words ", 30), Caption: strings.Repeat("and more ", 40), Action: "Do something", Second: "Hide"}}
	r := NewTallRows(func(i int) Row { return rows[i] })
	w := a.NewWindow("")
	w.SetContent(r)
	w.Resize(fyne.NewSize(400, 500))
	r.SetCount(2)
	heights := func() (low, high float32) {
		v := NewTallRow(false)
		return v.high(rows[0], r.Size().Width), v.high(rows[1], r.Size().Width)
	}
	low, high := heights()
	if low >= high/3 {
		t.Errorf("%v and %v", low, high)
	}
	if got := r.seen; got.width != r.Size().Width || len(got.rows) != 2 {
		t.Errorf("measured %+v", got)
	}
	w.Resize(fyne.NewSize(900, 500))
	if _, wide := heights(); wide >= high || r.seen.width != r.Size().Width {
		t.Errorf("%v of %v, measured for %v", wide, high, r.seen.width)
	}
	rows = rows[:1]
	r.SetCount(1)
	if len(r.seen.rows) != 1 {
		t.Errorf("measured %+v", r.seen)
	}
	did := ""
	r.OnAction, r.OnSecond = func(int) { did += "a" }, func(int) { did += "s" }
	v := NewTallRow(true)
	r.update(0, v)
	v.Press()
	v.Second()
	NewTallRow(true).Second() // of nothing
	if did != "as" {
		t.Errorf("did %q", did)
	}
}
