package widgets

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"elkjopcloud/ui/theme"
)

// Sizes of the week's picture. An hour is as wide as there is room for.
const (
	cellWidth  = 12 // at least
	cellHeight = 20
	cellGap    = 2
	daysGap    = 8 // between the names of the days and their hours
)

// weekPicture draws a WeekGrid.
type weekPicture struct {
	g      *WeekGrid
	names  []*canvas.Text
	clocks []*canvas.Text
	backs  [weekDays][weekHours]*canvas.Rectangle
	fills  [weekDays][weekHours]*canvas.Rectangle
	ring   *canvas.Rectangle // round the hour where the keyboard is
	all    []fyne.CanvasObject
}

// clockEvery is how many hours lie between two that are named.
const clockEvery = 6

// CreateRenderer implements fyne.Widget.
func (g *WeekGrid) CreateRenderer() fyne.WidgetRenderer {
	r := &weekPicture{g: g, ring: canvas.NewRectangle(color.Transparent)}
	for _, name := range g.days {
		r.names = append(r.names, canvas.NewText(name, nil))
	}
	for h := 0; h < weekHours; h += clockEvery {
		r.clocks = append(r.clocks, canvas.NewText(fmt.Sprintf("%02d", h), nil))
	}
	for _, t := range append(r.names, r.clocks...) {
		r.all = append(r.all, t)
	}
	for d := range weekDays {
		for h := range weekHours {
			r.backs[d][h], r.fills[d][h] = canvas.NewRectangle(nil), canvas.NewRectangle(nil)
			r.all = append(r.all, r.backs[d][h], r.fills[d][h])
		}
	}
	r.all = append(r.all, r.ring)
	r.paint()
	return r
}

func (r *weekPicture) caption() Style { return Style{Size: theme.Caption, Colour: theme.Muted} }

// head is the height of the line with the hours' names, and side the width of the days'.
func (g *WeekGrid) head() float32 {
	s := Style{Size: theme.Caption}
	return fyne.MeasureText("0", s.size(), s.style()).Height + 2
}

func (g *WeekGrid) side() (wide float32) {
	s := Style{Size: theme.Caption}
	for _, name := range g.days {
		wide = max(wide, fyne.MeasureText(name, s.size(), s.style()).Width)
	}
	return wide + daysGap
}

// wide is how wide an hour is now, with its gap.
func (g *WeekGrid) wide() float32 {
	return max((g.Size().Width-g.side())/weekHours, cellWidth+cellGap)
}

// cellAt is the hour at a place, or the nearest one, and whether it lies there.
func (g *WeekGrid) cellAt(p fyne.Position) (cell, bool) {
	x, y := (p.X-g.side())/g.wide(), (p.Y-g.head())/(cellHeight+cellGap)
	in := x >= 0 && y >= 0 && x < weekHours && y < weekDays
	return cell{min(max(int(y), 0), weekDays-1), min(max(int(x), 0), weekHours-1)}, in
}

// place is where an hour is drawn.
func (g *WeekGrid) place(day, hour int) fyne.Position {
	return fyne.NewPos(g.side()+float32(hour)*g.wide(), g.head()+float32(day)*(cellHeight+cellGap))
}

func (r *weekPicture) MinSize() fyne.Size {
	return fyne.NewSize(r.g.side()+weekHours*(cellWidth+cellGap), r.g.head()+weekDays*(cellHeight+cellGap))
}

func (r *weekPicture) Layout(fyne.Size) {
	size := fyne.NewSize(r.g.wide()-cellGap, cellHeight)
	for d := range weekDays {
		name := r.names[d]
		name.Move(fyne.NewPos(0, r.g.place(d, 0).Y+(cellHeight-name.MinSize().Height)/2))
		for h := range weekHours {
			at := r.g.place(d, h)
			r.backs[d][h].Move(at)
			r.backs[d][h].Resize(size)
			high := cellHeight * r.g.looks[r.g.cells[d][h]].Share
			r.fills[d][h].Move(at.AddXY(0, cellHeight-high))
			r.fills[d][h].Resize(fyne.NewSize(size.Width, high))
		}
	}
	for i, t := range r.clocks {
		t.Move(fyne.NewPos(r.g.place(0, i*clockEvery).X, 0))
	}
	r.ring.Move(r.g.place(r.g.at.day, r.g.at.hour).SubtractXY(2, 2))
	r.ring.Resize(size.AddWidthHeight(4, 4))
}

func (r *weekPicture) paint() {
	for _, t := range append(r.names, r.clocks...) {
		r.caption().dress(t)
	}
	for d := range weekDays {
		for h := range weekHours {
			r.backs[d][h].FillColor, r.backs[d][h].CornerRadius = fynetheme.Color(theme.Quiet), 3
			r.fills[d][h].Hidden = r.g.looks[r.g.cells[d][h]].Share == 0
			r.fills[d][h].FillColor, r.fills[d][h].CornerRadius = fynetheme.Color(theme.Accent), 3
		}
	}
	r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = fynetheme.Color(theme.Text), 2, 5
	r.ring.Hidden = !r.g.focused
}

func (r *weekPicture) Refresh() {
	r.paint()
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}

func (r *weekPicture) Objects() []fyne.CanvasObject { return r.all }
func (r *weekPicture) Destroy()                     {}

// NewCellSample returns one hour of a look, to explain it.
func NewCellSample(look CellLook) fyne.CanvasObject {
	high := cellHeight * look.Share
	fill := Inset(cellHeight-high, 0, 0, 0, NewPanel(theme.Accent, "", 3))
	fill.Hidden = high == 0
	return Middle(container.NewStack(Gap(cellWidth, cellHeight), NewPanel(theme.Quiet, "", 3), fill))
}
