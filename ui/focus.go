package ui

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/widgets"
)

// Focus is what has the keyboard, and where it is, so that a test can go through the window as somebody would: by Tab and by pointer. It never holds
// what somebody has typed.
type Focus struct {
	Label string  `json:"label"` // what stands on it; "field", "menu" or "list" for what one fills in or chooses from
	X     float32 `json:"x"`     // its middle, in the window's own measure
	Y     float32 `json:"y"`
	Wide  float32 `json:"wide"`
	High  float32 `json:"high"`
}

// glance is how often it is looked what has the keyboard.
const glance = 50 * time.Millisecond

// watchFocus tells what has the keyboard, again and again: how often it was told is how far the window has come, which on a busy machine says more than a clock.
// The next look is asked for when the last one was done.
func (u *UI) watchFocus() {
	var asked atomic.Bool
	for rest(u.ctx, glance) {
		if asked.CompareAndSwap(false, true) {
			u.bridge.later(func() {
				asked.Store(false)
				u.o.Focused(u.window.focus())
			})
		}
	}
}

// focus returns what has the keyboard; the zero value when nothing has.
func (w *window) focus() Focus {
	f := w.win.Canvas().Focused()
	o, ok := f.(fyne.CanvasObject)
	if !ok || f == nil {
		return Focus{}
	}
	at, size := w.u.o.App.Driver().AbsolutePositionForObject(o), o.Size()
	return Focus{Label: label(f), X: at.X + size.Width/2, Y: at.Y + size.Height/2, Wide: size.Width, High: size.Height}
}

func label(f fyne.Focusable) string {
	switch x := f.(type) {
	case interface{ Text() string }:
		return x.Text()
	case *widget.Entry:
		return "field"
	case *widget.Select:
		return "menu"
	case *widgets.Rows, *widgets.Tiles:
		return "list"
	}
	return "other"
}
