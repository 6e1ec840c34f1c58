package widgets

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// The size of a week.
const (
	weekDays  = 7
	weekHours = 24
)

// WeekGrid is a week, hour by hour, in which each hour is one of a few kinds. The brush is put on hours by dragging over them, by Space and Enter, or by
// the arrows with Shift held down; the arrows, Home and End move. Letter keys 1, 2 … take a brush.
type WeekGrid struct {
	widget.BaseWidget
	days    []string // their names, from Monday
	looks   []CellLook
	cells   [weekDays][weekHours]int
	before  [weekDays][weekHours]int // at the beginning of a stroke
	brush   int
	at      cell // where keyboard or pointer are
	from    cell // where a stroke began
	painted bool // something was changed in it
	focused bool
	shift   bool

	OnChanged func()                    // hours were painted, once for each stroke
	OnAt      func(day, hour, kind int) // keyboard or pointer are at an hour
	OnBrush   func(kind int)            // a brush was taken by its key
}

// CellLook is how an hour of a kind looks: how much of its height is filled. Kinds differ in shape, not in colour alone.
type CellLook struct {
	Share float32 // from 0 to 1
}

type cell struct{ day, hour int }

// NewWeekGrid returns a week of which all hours are of kind 0; names are those of its days.
func NewWeekGrid(names []string, looks ...CellLook) *WeekGrid {
	g := &WeekGrid{days: names, looks: looks}
	g.ExtendBaseWidget(g)
	return g
}

// Set shows a week: kind tells what each hour is, of days from Monday.
func (g *WeekGrid) Set(kind func(day, hour int) int) {
	for d := range weekDays {
		for h := range weekHours {
			g.cells[d][h] = kind(d, h)
		}
	}
	g.Refresh()
}

// Kind is what an hour is.
func (g *WeekGrid) Kind(day, hour int) int { return g.cells[day][hour] }

// Brush takes what is put on hours.
func (g *WeekGrid) Brush(kind int) { g.brush = kind }

// Text says where the keyboard is.
func (g *WeekGrid) Text() string { return fmt.Sprintf("%s %02d", g.days[g.at.day], g.at.hour) }

// begin begins a stroke.
func (g *WeekGrid) begin(c cell) {
	g.before, g.from, g.painted = g.cells, c, false
	g.stroke(c)
}

// stroke paints everything between the beginning of the stroke and a cell, and gives back what it left.
func (g *WeekGrid) stroke(to cell) {
	next := g.before
	for d := min(g.from.day, to.day); d <= max(g.from.day, to.day); d++ {
		for h := min(g.from.hour, to.hour); h <= max(g.from.hour, to.hour); h++ {
			next[d][h] = g.brush
		}
	}
	g.painted = next != g.before
	g.cells = next
	g.move(to)
}

// end ends a stroke.
func (g *WeekGrid) end() {
	if g.painted {
		g.painted = false
		if g.OnChanged != nil {
			g.OnChanged()
		}
	}
}

// move goes to a cell.
func (g *WeekGrid) move(c cell) {
	g.at = cell{min(max(c.day, 0), weekDays-1), min(max(c.hour, 0), weekHours-1)}
	g.Refresh()
	if g.OnAt != nil {
		g.OnAt(g.at.day, g.at.hour, g.cells[g.at.day][g.at.hour])
	}
}

// MouseDown implements desktop.Mouseable.
func (g *WeekGrid) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil {
		c.Focus(g)
	}
	if at, ok := g.cellAt(e.Position); ok && e.Button == desktop.MouseButtonPrimary {
		g.begin(at)
	}
}

// MouseUp implements desktop.Mouseable.
func (g *WeekGrid) MouseUp(*desktop.MouseEvent) { g.end() }

// Dragged implements fyne.Draggable. Outside the hours the nearest one counts.
func (g *WeekGrid) Dragged(e *fyne.DragEvent) {
	at, _ := g.cellAt(e.Position)
	g.stroke(at)
}

// DragEnd implements fyne.Draggable.
func (g *WeekGrid) DragEnd() { g.end() }

// MouseIn implements desktop.Hoverable.
func (g *WeekGrid) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (g *WeekGrid) MouseMoved(e *desktop.MouseEvent) {
	if at, ok := g.cellAt(e.Position); ok && e.Button == 0 && at != g.at {
		g.move(at)
	}
}

// MouseOut implements desktop.Hoverable.
func (g *WeekGrid) MouseOut() {}

// TypedKey implements fyne.Focusable.
func (g *WeekGrid) TypedKey(e *fyne.KeyEvent) {
	to := g.at
	switch e.Name {
	case fyne.KeyLeft:
		to.hour--
	case fyne.KeyRight:
		to.hour++
	case fyne.KeyUp:
		to.day--
	case fyne.KeyDown:
		to.day++
	case fyne.KeyHome:
		to.hour = 0
	case fyne.KeyEnd:
		to.hour = weekHours - 1
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		g.begin(g.at)
		g.end()
		return
	default:
		return
	}
	to = cell{min(max(to.day, 0), weekDays-1), min(max(to.hour, 0), weekHours-1)}
	if !g.shift {
		g.move(to)
		return
	}
	g.begin(g.at)
	g.stroke(to)
	g.end()
}

// TypedRune implements fyne.Focusable.
func (g *WeekGrid) TypedRune(r rune) {
	if kind := int(r - '1'); kind >= 0 && kind < len(g.looks) && g.OnBrush != nil {
		g.OnBrush(kind)
	}
}

// KeyDown implements desktop.Keyable.
func (g *WeekGrid) KeyDown(e *fyne.KeyEvent) { g.hold(e, true) }

// KeyUp implements desktop.Keyable.
func (g *WeekGrid) KeyUp(e *fyne.KeyEvent) { g.hold(e, false) }

func (g *WeekGrid) hold(e *fyne.KeyEvent, down bool) {
	if e.Name == desktop.KeyShiftLeft || e.Name == desktop.KeyShiftRight {
		g.shift = down
	}
}

// FocusGained implements fyne.Focusable.
func (g *WeekGrid) FocusGained() { g.focused = true; g.move(g.at) }

// FocusLost implements fyne.Focusable.
func (g *WeekGrid) FocusLost() { g.focused, g.shift = false, false; g.Refresh() }
