package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"elkjopcloud/ui/theme"
)

// Readable is how many letters a line of some sentences has room for at least.
const Readable = 30

// letters is how wide so many letters of normal text are, roughly.
func letters(n float32) float32 { return n / 2 * fynetheme.Size(theme.Body) }

// Beside puts controls at the right of words. Where they would leave the words less than they need, or than so many letters, they stand below, in as many rows as
// they need.
func Beside(least float32, words fyne.CanvasObject, controls ...fyne.CanvasObject) *fyne.Container {
	return container.New(&beside{least: least}, append([]fyne.CanvasObject{words}, controls...)...)
}

// beside remembers the width that it was laid out for: the height depends on it.
type beside struct{ least, width float32 }

// MinSize implements fyne.Layout.
func (b *beside) MinSize(all []fyne.CanvasObject) fyne.Size {
	words, controls := all[0].MinSize(), visible(all[1:])
	if len(controls) == 0 {
		return words
	}
	wide := words.Width
	for _, o := range controls {
		wide = max(wide, o.MinSize().Width)
	}
	_, high := inRows(controls, max(b.width, wide))
	if b.width > 0 && b.below(words, controls) {
		return fyne.NewSize(wide, words.Height+between+high)
	}
	return fyne.NewSize(wide, max(words.Height, high))
}

// below tells whether there is no room beside the words.
func (b *beside) below(words fyne.Size, controls []fyne.CanvasObject) bool {
	return max(words.Width, letters(b.least))+2*between+across(controls) > b.width
}

// Layout implements fyne.Layout.
func (b *beside) Layout(all []fyne.CanvasObject, size fyne.Size) {
	b.width = size.Width
	words, controls := all[0], visible(all[1:])
	switch {
	case len(controls) == 0:
		inMiddle(words, 0, size.Width, size.Height)
	case b.below(words.MinSize(), controls):
		words.Move(fyne.NewPos(0, 0))
		words.Resize(fyne.NewSize(size.Width, words.MinSize().Height))
		at, _ := inRows(controls, size.Width)
		for i, o := range controls {
			o.Move(at[i].AddXY(0, words.MinSize().Height+between))
			o.Resize(o.MinSize())
		}
	default:
		x := size.Width - across(controls)
		inMiddle(words, 0, x-2*between, size.Height)
		for _, o := range controls {
			width := o.MinSize().Width
			inMiddle(o, x, width, size.Height)
			x += width + between
		}
	}
}

// inMiddle lays an object out in the middle of a height.
func inMiddle(o fyne.CanvasObject, x, width, height float32) {
	own := o.MinSize().Height
	o.Move(fyne.NewPos(x, (height-own)/2))
	o.Resize(fyne.NewSize(width, own))
}

// visible leaves out what is hidden.
func visible(all []fyne.CanvasObject) (out []fyne.CanvasObject) {
	for _, o := range all {
		if o.Visible() {
			out = append(out, o)
		}
	}
	return out
}

// across is how wide things are in one row.
func across(all []fyne.CanvasObject) float32 {
	wide := float32(-between)
	for _, o := range all {
		wide += between + o.MinSize().Width
	}
	return wide
}

// inRows puts things into rows of a width, in the middle of each, and tells how high the rows are together.
func inRows(all []fyne.CanvasObject, width float32) (at []fyne.Position, height float32) {
	var x, y, high float32
	begin := 0
	end := func() { // of a row
		for i := begin; i < len(at); i++ {
			at[i].Y += (high - all[i].MinSize().Height) / 2
		}
		begin = len(at)
	}
	for _, o := range all {
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			end()
			x, y, high = 0, y+high+between, 0
		}
		at = append(at, fyne.NewPos(x, y))
		x, high = x+m.Width+between, max(high, m.Height)
	}
	end()
	return at, y + high
}

// Cards puts things of one width beside one another, as many in a row as have room for so many letters each, the rows as equally filled as can be.
func Cards(letters float32, all ...fyne.CanvasObject) *fyne.Container {
	return container.New(&cards{letters: letters}, all...)
}

// cards remembers the width that it was laid out for.
type cards struct{ letters, width float32 }

const cardGap = 10

// columns is how many stand in a row.
func (c *cards) columns(n int) int {
	most := min(max(int((c.width+cardGap)/(letters(c.letters)+cardGap)), 1), n)
	if c.width == 0 {
		most = n
	}
	lines := (n + most - 1) / most
	return (n + lines - 1) / lines
}

// heights are those of the rows.
func (c *cards) heights(all []fyne.CanvasObject) []float32 {
	columns := c.columns(len(all))
	out := make([]float32, (len(all)+columns-1)/columns)
	for i, o := range all {
		out[i/columns] = max(out[i/columns], o.MinSize().Height)
	}
	return out
}

// MinSize implements fyne.Layout.
func (c *cards) MinSize(all []fyne.CanvasObject) fyne.Size {
	if len(all) == 0 {
		return fyne.Size{}
	}
	high := float32(-cardGap)
	for _, h := range c.heights(all) {
		high += cardGap + h
	}
	wide := float32(0)
	for _, o := range all {
		wide = max(wide, o.MinSize().Width)
	}
	return fyne.NewSize(wide, high)
}

// Layout implements fyne.Layout.
func (c *cards) Layout(all []fyne.CanvasObject, size fyne.Size) {
	if len(all) == 0 {
		return
	}
	c.width = size.Width
	columns := c.columns(len(all))
	wide := (size.Width - cardGap*float32(columns-1)) / float32(columns)
	for _, o := range all { // the height of text depends on its width
		o.Resize(fyne.NewSize(wide, o.MinSize().Height))
	}
	y := float32(0)
	for row, high := range c.heights(all) {
		for i, o := range all[row*columns : min((row+1)*columns, len(all))] {
			o.Move(fyne.NewPos(float32(i)*(wide+cardGap), y))
			o.Resize(fyne.NewSize(wide, high))
		}
		y += high + cardGap
	}
}
