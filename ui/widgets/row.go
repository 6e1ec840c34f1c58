package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Row is what one row of a list shows. What is empty is not there.
type Row struct {
	Icon    theme.Icon
	Tone    Tone // of the icon
	Title   string
	Caption string
	Side    string // at the right, such as a size
	Under   string // below Side
	Warn    bool   // Under is worth a look
	State   State
	Action  string // a button at the right
	Chosen  bool
}

// RowView shows a Row.
type RowView struct {
	widget.BaseWidget
	row     Row
	check   bool
	flush   bool
	onCheck func()
	onPress func()
}

// NewRowView returns an empty row. With check there is a box at its left for choosing it.
func NewRowView(check bool) *RowView {
	v := &RowView{check: check}
	v.ExtendBaseWidget(v)
	return v
}

// NewFlushRow returns an empty row without margins at its sides, for a card that has them.
func NewFlushRow() *RowView {
	v := &RowView{flush: true}
	v.ExtendBaseWidget(v)
	return v
}

// Set shows another row; onCheck and onPress are called for the box and for the button.
func (v *RowView) Set(r Row, onCheck, onPress func()) {
	v.onCheck, v.onPress = onCheck, onPress
	if v.row != r {
		v.row = r
		v.Refresh()
	}
}

// Row returns what is shown.
func (v *RowView) Row() Row { return v.row }

// Press presses the row's button.
func (v *RowView) Press() {
	if v.onPress != nil {
		v.onPress()
	}
}

// Check presses the row's box.
func (v *RowView) Check() {
	if v.onCheck != nil {
		v.onCheck()
	}
}

// CreateRenderer implements fyne.Widget.
func (v *RowView) CreateRenderer() fyne.WidgetRenderer {
	box := newMark(v.Check)
	chip, icon := NewPanel("", "", 9), NewIcon("", theme.Text, 20)
	title, caption := NewCutLine("", Style{}), NewCutLine("", Style{Size: theme.Caption, Colour: theme.Muted})
	side := NewLine("", Style{Align: fyne.TextAlignTrailing})
	under := NewLine("", Style{Size: theme.Caption, Colour: theme.Muted, Align: fyne.TextAlignTrailing})
	pill, button := NewPill(State{}), NewButton(" ", "", Plain, v.Press)
	words := Middle(Column(1, title, caption))
	sides, pills, buttons, boxes := Middle(Column(1, side, under)), Middle(pill), Middle(button), Middle(box)
	boxes.Hidden = !v.check
	right := Across(12, sides, pills, buttons)
	left := Across(10, boxes, Middle(container.NewStack(chip, Inset(7, 7, 7, 7, icon))))
	margin := float32(10)
	if v.flush {
		margin = 0
	}
	root := Inset(7, 7, margin, margin, container.NewBorder(nil, nil, Inset(0, 0, 0, 6, left), Inset(0, 0, 10, 0, right), words))
	return newComposed(root, func() {
		front, fill := v.row.Tone.colours()
		icon.Set(v.row.Icon, front)
		chip.Set(fill, "")
		title.Set(v.row.Title)
		caption.Set(v.row.Caption)
		side.Set(v.row.Side)
		under.Set(v.row.Under)
		under.SetColour(theme.Muted)
		if v.row.Warn {
			under.SetColour(theme.Warning)
		}
		caption.Hidden, side.Hidden, under.Hidden = v.row.Caption == "", v.row.Side == "", v.row.Under == ""
		sides.Hidden, pills.Hidden, buttons.Hidden = v.row.Side == "" && v.row.Under == "", v.row.State.Word == "", v.row.Action == ""
		pill.Set(v.row.State)
		button.Set(v.row.Action, "")
		box.set(v.row.Chosen)
	})
}

// mark is the box at the left of a row.
type mark struct {
	widget.BaseWidget
	on     bool
	tapped func()
}

func newMark(tapped func()) *mark {
	m := &mark{tapped: tapped}
	m.ExtendBaseWidget(m)
	return m
}

func (m *mark) set(on bool) {
	if m.on != on {
		m.on = on
		m.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (m *mark) Tapped(*fyne.PointEvent) { m.tapped() }

// CreateRenderer implements fyne.Widget.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	back, tick := NewPanel("", theme.Muted, 5), NewIcon(theme.Check, theme.OnAccent, 14)
	root := Inset(3, 3, 3, 3, container.NewStack(back, Gap(18, 18), Inset(2, 2, 2, 2, tick)))
	return newComposed(root, func() {
		tick.Hidden = !m.on
		back.Set(theme.Surface, theme.Muted)
		if m.on {
			back.Set(theme.Accent, "")
		}
	})
}
