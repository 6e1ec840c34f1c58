package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"
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
	Second  string // another one beside it, of tall rows only
	Menu    bool   // a button at the right for more that can be done
	Chosen  bool
	Partly  bool // some of what is below it is chosen, and not all
	Depth   int  // in a tree: how many rows it lies below
	Fold    Fold
}

// Fold says of a row in a tree whether what is below it is shown.
type Fold int

// The folds.
const (
	NoTree Fold = iota
	Leaf        // there is nothing below it
	Folded
	Unfolded
)

// indent is how far a row of a tree stands in from the one that it lies below.
const indent = 22

// maxDepth is how deep rows stand in at most, so that there is room for their words.
const maxDepth = 8

// RowView shows a Row.
type RowView struct {
	widget.BaseWidget
	row     Row
	check   bool
	flush   bool
	tall    bool
	states  float32 // how wide the states of all rows are, so that what stands beside them is in line
	onCheck func()
	onPress func()
	onOther func()
	onFold  func()
	onMenu  func()
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

// line tells how wide the states of all rows are.
func (v *RowView) line(states float32) {
	if v.states != states {
		v.states = states
		v.Refresh()
	}
}

// Row returns what is shown.
func (v *RowView) Row() Row { return v.row }

// OnFold tells what the drawing that folds and unfolds a row of a tree does.
func (v *RowView) OnFold(do func()) { v.onFold = do }

// Fold presses that drawing.
func (v *RowView) Fold() {
	if v.onFold != nil {
		v.onFold()
	}
}

// OnSecond tells what the second button does.
func (v *RowView) OnSecond(do func()) { v.onOther = do }

// Second presses it.
func (v *RowView) Second() {
	if v.onOther != nil {
		v.onOther()
	}
}

// OnMenu tells what the button for more does.
func (v *RowView) OnMenu(do func()) { v.onMenu = do }

// Menu presses that button.
func (v *RowView) Menu() {
	if v.onMenu != nil {
		v.onMenu()
	}
}

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
	if v.tall {
		return v.tallRenderer()
	}
	box := newMark(v.Check)
	chip, icon := NewPanel("", "", 9), NewIcon("", theme.Text, 20)
	title, caption := NewCutLine("", Style{}), NewCutLine("", Style{Size: theme.Caption, Colour: theme.Muted})
	side := NewLine("", Style{Align: fyne.TextAlignTrailing})
	under := NewLine("", Style{Size: theme.Caption, Colour: theme.Muted, Align: fyne.TextAlignTrailing})
	pill, button := NewPill(State{}), NewButton(" ", "", Plain, v.Press)
	more := NewButton("", theme.More, Quiet, v.Menu)
	words := Middle(Column(1, title, caption))
	sides, pills, buttons, menus, boxes := Middle(Column(1, side, under)), container.New(&inLine{view: v}, pill), Middle(button), Middle(more), Middle(box)
	boxes.Hidden = !v.check
	deep := NewPanel("", "", 0)
	turn := newTurn(v.Fold)
	tree := Across(0, deep, Middle(turn))
	right := Across(12, sides, pills, buttons, menus)
	left := Across(10, tree, boxes, Middle(container.NewStack(chip, Inset(7, 7, 7, 7, icon))))
	margin := float32(10)
	if v.flush {
		margin = 0
	}
	give := &giving{row: &v.row, sides: sides, states: pills, words: func() float32 { return max(title.Full(), caption.Full()) }}
	root := Inset(7, 7, margin, margin, container.New(give, Inset(0, 0, 0, 6, left), words, Inset(0, 0, 10, 0, right)))
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
		pill.Hidden, buttons.Hidden = v.row.State.Word == "", v.row.Action == ""
		menus.Hidden = !v.row.Menu
		give.let()
		pill.Set(v.row.State)
		name(button, v.row.Action)
		box.set(v.row.Chosen, v.row.Partly)
		tree.Hidden = v.row.Fold == NoTree
		deep.min = fyne.NewSize(indent*float32(min(v.row.Depth, maxDepth)), 1)
		turn.set(v.row.Fold)
	})
}

// giving lays a row out: what is at its sides takes what it needs, the words the rest. Where a button would leave the words too little, they get the room
// of what stands beside the button, too. Where words would be cut because all states are in line, or have little room beside a button, they are not.
type giving struct {
	row    *Row
	sides  fyne.CanvasObject
	states *fyne.Container
	words  func() float32 // how wide they are
	tight  bool
}

// rowWords is how many letters of a row with a button are to have room.
const rowWords = 30

// let shows what stands at the right, or not.
func (g *giving) let() {
	g.sides.(*fyne.Container).Hidden = g.row.Side == "" && g.row.Under == "" || g.tight && g.row.Action != ""
	line := g.states.Layout.(*inLine)
	g.states.Hidden = g.row.State.Word == "" && (line.tight || line.view.states == 0)
}

// inLine gives a state the width of all states of a list.
type inLine struct {
	view  *RowView
	tight bool
}

// MinSize implements fyne.Layout.
func (l *inLine) MinSize(all []fyne.CanvasObject) fyne.Size {
	var own fyne.Size
	if all[0].Visible() {
		own = all[0].MinSize()
	}
	if !l.tight {
		own.Width = max(own.Width, l.view.states)
	}
	return own
}

// Layout implements fyne.Layout.
func (l *inLine) Layout(all []fyne.CanvasObject, size fyne.Size) {
	inMiddle(all[0], 0, all[0].MinSize().Width, size.Height)
}

// MinSize implements fyne.Layout.
func (g *giving) MinSize(all []fyne.CanvasObject) fyne.Size {
	left, words, right := all[0].MinSize(), all[1].MinSize(), all[2].MinSize()
	return fyne.NewSize(left.Width+words.Width+right.Width+2*fynetheme.Padding(), max(left.Height, words.Height, right.Height))
}

// Layout implements fyne.Layout.
func (g *giving) Layout(all []fyne.CanvasObject, size fyne.Size) {
	gap := fynetheme.Padding()
	left := all[0].MinSize().Width
	line := g.states.Layout.(*inLine)
	g.tight, line.tight = false, false
	room := func() float32 {
		g.let()
		return size.Width - left - all[2].MinSize().Width - 2*gap
	}
	now, wide := room(), g.words()
	line.tight = true
	enough := now >= letters(rowWords)
	if loose := room(); wide <= now && (enough || g.row.Action == "") || wide > loose && enough {
		line.tight = false // no word more would be seen
	}
	g.tight = room() < letters(rowWords)
	g.let()
	right := all[2].MinSize().Width
	place := func(o fyne.CanvasObject, x, width float32) {
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
	place(all[0], 0, left)
	place(all[1], left+gap, max(size.Width-left-right-2*gap, 0))
	place(all[2], size.Width-right, right)
}

// mark is the box at the left of a row.
type mark struct {
	widget.BaseWidget
	on     bool
	partly bool
	tapped func()
}

func newMark(tapped func()) *mark {
	m := &mark{tapped: tapped}
	m.ExtendBaseWidget(m)
	return m
}

func (m *mark) set(on, partly bool) {
	if m.on != on || m.partly != partly {
		m.on, m.partly = on, partly
		m.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (m *mark) Tapped(*fyne.PointEvent) { m.tapped() }

// CreateRenderer implements fyne.Widget.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	back, tick, dash := NewPanel("", theme.Muted, 5), NewIcon(theme.Check, theme.OnAccent, 14), NewPanel(theme.OnAccent, "", 1)
	root := Inset(3, 3, 3, 3, container.NewStack(back, Gap(18, 18), Inset(2, 2, 2, 2, tick), Inset(8, 8, 4, 4, dash)))
	return newComposed(root, func() {
		tick.Hidden, dash.Hidden = !m.on, !m.partly
		back.Set(theme.Surface, theme.Muted)
		if m.on || m.partly {
			back.Set(theme.Accent, "")
		}
	})
}

// turn is the drawing that folds and unfolds a row of a tree.
type turn struct {
	widget.BaseWidget
	fold   Fold
	tapped func()
}

func newTurn(tapped func()) *turn {
	t := &turn{tapped: tapped}
	t.ExtendBaseWidget(t)
	return t
}

func (t *turn) set(f Fold) {
	if t.fold != f {
		t.fold = f
		t.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (t *turn) Tapped(*fyne.PointEvent) { t.tapped() }

// CreateRenderer implements fyne.Widget.
func (t *turn) CreateRenderer() fyne.WidgetRenderer {
	icon := NewIcon("", theme.Muted, 16)
	return newComposed(container.NewStack(Gap(24, 24), Inset(4, 4, 4, 4, icon)), func() {
		icon.Hidden = t.fold != Folded && t.fold != Unfolded
		icon.Set(theme.Forward, theme.Muted)
		if t.fold == Unfolded {
			icon.Set(theme.Unfold, theme.Muted)
		}
	})
}
