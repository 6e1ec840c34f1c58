package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"elkjopcloud/ui/theme"
)

// NewTallRow returns an empty row whose words are never cut: they are broken into as many lines as they need, and where there is little room its buttons stand
// below them. flush leaves out the margins at its sides. It shows icon, title, caption and buttons.
func NewTallRow(flush bool) *RowView {
	v := &RowView{tall: true, flush: flush}
	v.ExtendBaseWidget(v)
	return v
}

// NewTallRows returns a list of such rows, for few of them.
func NewTallRows(row func(i int) Row) *Rows {
	r := NewRows(false, row)
	r.tall = NewTallRow(false)
	r.CreateItem = func() fyne.CanvasObject { return NewTallRow(false) }
	return r
}

// tallRenderer draws a tall row.
func (v *RowView) tallRenderer() fyne.WidgetRenderer {
	chip, icon := NewPanel("", "", 9), NewIcon("", theme.Text, 20)
	title, caption := NewParagraph("", Style{}), NewParagraph("", Style{Size: theme.Caption, Colour: theme.Muted})
	second, button := NewButton(" ", "", Quiet, v.Second), NewButton(" ", "", Plain, v.Press)
	margin := float32(10)
	if v.flush {
		margin = 0
	}
	left := Column(0, container.NewStack(chip, Inset(7, 7, 7, 7, icon)))
	words := Beside(rowWords, Column(1, title, caption), second, button)
	root := Inset(7, 7, margin, margin, container.NewBorder(nil, nil, Inset(0, 0, 0, 6, left), nil, words))
	return newComposed(root, func() {
		front, fill := v.row.Tone.colours()
		icon.Set(v.row.Icon, front)
		chip.Set(fill, "")
		title.Set(v.row.Title)
		caption.Set(v.row.Caption)
		caption.Hidden, second.Hidden, button.Hidden = v.row.Caption == "", v.row.Second == "", v.row.Action == ""
		name(second, v.row.Second)
		name(button, v.row.Action)
	})
}

// name gives a button its words. One that is not there keeps those that it has, and with them its margins.
func name(b *Button, words string) {
	if words != "" {
		b.Set(words, "")
	}
}

// high is how high a tall row is for a width.
func (v *RowView) high(row Row, width float32) float32 {
	v.Set(row, nil, nil)
	for range 2 { // what stands beside or below what depends on the width, and the height on that
		v.Resize(fyne.NewSize(width, v.MinSize().Height+1))
		v.Resize(fyne.NewSize(width, v.MinSize().Height))
	}
	return v.MinSize().Height
}

// measured is what the heights of tall rows were found for.
type measured struct {
	rows  []Row
	width float32
	size  float32 // of the text
}

// measure gives each tall row the height that it needs.
func (r *Rows) measure() {
	width, size := r.Size().Width, fynetheme.Size(theme.Body)
	if r.tall == nil || width <= 0 {
		return
	}
	rows, same := make([]Row, r.count), r.seen.width == width && r.seen.size == size && len(r.seen.rows) == r.count
	for i := range rows {
		rows[i] = r.row(i)
		same = same && r.seen.rows[i] == rows[i]
	}
	if same {
		return
	}
	r.seen = measured{rows, width, size}
	for i, x := range rows {
		r.SetItemHeight(i, r.tall.high(x, width))
	}
	r.List.Refresh()
}

// Resize implements fyne.CanvasObject. Another width may need other heights.
func (r *Rows) Resize(size fyne.Size) {
	r.List.Resize(size)
	r.measure()
}
