package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// painted is a grid on a canvas, and what it told.
func painted(t *testing.T) (g *WeekGrid, strokes *int) {
	t.Helper()
	test.NewTempApp(t)
	g = NewWeekGrid([]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}, CellLook{1}, CellLook{0.5}, CellLook{})
	w := test.NewTempWindow(t, g)
	w.Resize(fyne.NewSize(600, 300))
	strokes = new(int)
	g.OnChanged = func() { *strokes++ }
	g.Brush(2)
	return g, strokes
}

// week writes the hours of some days.
func (g *WeekGrid) week(days ...int) string {
	var out []string
	for _, d := range days {
		var b strings.Builder
		for h := range weekHours {
			b.WriteByte("FLN"[g.Kind(d, h)])
		}
		out = append(out, b.String())
	}
	return strings.Join(out, " ")
}

func (g *WeekGrid) middle(day, hour int) fyne.Position { return g.place(day, hour).AddXY(3, 3) }

func TestAWeekIsPaintedByThePointer(t *testing.T) {
	g, strokes := painted(t)
	press := func(day, hour int) {
		g.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: g.middle(day, hour)}, Button: desktop.MouseButtonPrimary})
	}
	drag := func(at fyne.Position) { g.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at}}) }
	end := func() { g.MouseUp(nil); g.DragEnd() }

	press(0, 8)
	drag(g.middle(3, 20))
	drag(g.middle(1, 10)) // back again
	end()
	if got := g.week(0, 1, 2); *strokes != 1 || got != "FFFFFFFFNNNFFFFFFFFFFFFF FFFFFFFFNNNFFFFFFFFFFFFF FFFFFFFFFFFFFFFFFFFFFFFF" {
		t.Errorf("%d strokes: %s", *strokes, got)
	}
	g.Brush(1)
	press(6, 22)
	drag(fyne.NewPos(9999, 9999)) // out of the window
	end()
	if got := g.week(5, 6); *strokes != 2 || got != "FFFFFFFFFFFFFFFFFFFFFFFF FFFFFFFFFFFFFFFFFFFFFFLL" {
		t.Errorf("%d strokes: %s", *strokes, got)
	}
	press(6, 23) // what it is already
	end()
	g.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(1, 1)}, Button: desktop.MouseButtonPrimary})
	end()
	if *strokes != 2 {
		t.Errorf("%d strokes", *strokes)
	}
}

func TestAWeekIsPaintedByTheKeyboard(t *testing.T) {
	g, strokes := painted(t)
	var told string
	g.OnAt = func(day, hour, kind int) { told = g.Text() + " " + string("FLN"[kind]) }
	keys := func(all ...fyne.KeyName) {
		for _, k := range all {
			g.TypedKey(&fyne.KeyEvent{Name: k})
		}
	}
	g.FocusGained()
	keys(fyne.KeyDown, fyne.KeyRight, fyne.KeyRight, fyne.KeySpace)
	if told != "Tu 02 N" || *strokes != 1 {
		t.Errorf("%s, %d strokes", told, *strokes)
	}
	g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	keys(fyne.KeyRight, fyne.KeyDown)
	g.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	keys(fyne.KeyEnd, fyne.KeyRight, fyne.KeyReturn, fyne.KeyHome, fyne.KeyLeft, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp)
	if got := g.week(1, 2); got != "FFNNFFFFFFFFFFFFFFFFFFFF FFFNFFFFFFFFFFFFFFFFFFFN" || told != "Mo 00 F" {
		t.Errorf("%s: %s", told, got)
	}
	took := -1
	g.OnBrush = func(kind int) { took = kind }
	for _, r := range "x94" {
		g.TypedRune(r)
	}
	if took >= 0 {
		t.Errorf("took %d", took)
	}
	if g.TypedRune('3'); took != 2 {
		t.Errorf("took %d", took)
	}
}
