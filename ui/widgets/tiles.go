package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tiles are things beside and under one another, any number of them, of which only what can be seen is made. They are worked with like Rows; the arrows
// go all four ways.
type Tiles struct {
	widget.GridWrap
	shot  func(i int) Shot
	count int
	at    int     // where the keyboard is
	wide  float32 // is the picture of each, so that together they fill a row

	OnOpen  func(i int) // one was tapped, or Enter
	OnCheck func(i int) // one's box was pressed, or Space
	OnAll   func()      // Ctrl+A
}

// NewTiles returns tiles; shot tells what each shows.
func NewTiles(shot func(i int) Shot) *Tiles {
	t := &Tiles{shot: shot, wide: shotWidth}
	t.Length = func() int { return t.count }
	t.CreateItem = func() fyne.CanvasObject { return newShotView(t.wide) }
	t.UpdateItem = t.update
	t.OnSelected = func(i int) {
		t.UnselectAll() // what is chosen is shown by the boxes
		t.at = i
		call(t.OnOpen, i)
	}
	t.OnHighlighted = func(i int) { t.at = i }
	t.ExtendBaseWidget(t)
	return t
}

// Resize implements fyne.CanvasObject.
func (t *Tiles) Resize(size fyne.Size) {
	gap, least := fynetheme.Padding(), NewShotView().MinSize().Width
	if columns := floor((size.Width + gap) / (least + gap)); columns > 0 {
		if wide := shotWidth + floor((size.Width+gap)/columns-gap-least); wide != t.wide {
			t.wide = wide
			t.Refresh()
		}
	}
	t.GridWrap.Resize(size)
}

func floor(x float32) float32 { return float32(math.Floor(float64(x))) }

// SetCount tells how many there are and shows them anew.
func (t *Tiles) SetCount(n int) {
	t.count = n
	t.at = min(t.at, max(n-1, 0))
	t.Refresh()
}

// Count returns how many there are.
func (t *Tiles) Count() int { return t.count }

func (t *Tiles) update(i int, o fyne.CanvasObject) {
	if v, ok := o.(*ShotView); ok && i < t.count {
		v.Set(t.shot(i), func() { call(t.OnCheck, i) })
	}
}

// TypedKey implements fyne.Focusable.
func (t *Tiles) TypedKey(e *fyne.KeyEvent) {
	step := max(page/t.ColumnCount(), 1) * t.ColumnCount()
	switch e.Name {
	case fyne.KeyHome:
		t.to(0)
	case fyne.KeyEnd:
		t.to(t.count - 1)
	case fyne.KeyPageUp:
		t.to(t.at - step)
	case fyne.KeyPageDown:
		t.to(t.at + step)
	case fyne.KeyReturn, fyne.KeyEnter:
		t.here(t.OnOpen)
	case fyne.KeySpace:
		t.here(t.OnCheck)
	default:
		t.GridWrap.TypedKey(e)
	}
}

func (t *Tiles) to(i int) {
	if t.count > 0 {
		t.Highlight(min(max(i, 0), t.count-1))
	}
}

func (t *Tiles) here(f func(int)) {
	if t.at < t.count {
		call(f, t.at)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (t *Tiles) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutSelectAll); ok && t.OnAll != nil {
		t.OnAll()
	}
}
