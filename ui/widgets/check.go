package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Check is a box that is on or off, with what that means beside it. It is pressed by pointer, Space or Enter.
type Check struct {
	widget.BaseWidget
	text        string
	on, focused bool
	changed     func(on bool)
}

// NewCheck returns a box that is off; changed may be nil.
func NewCheck(text string, changed func(on bool)) *Check {
	c := &Check{text: text, changed: changed}
	c.ExtendBaseWidget(c)
	return c
}

// Text returns what stands beside the box.
func (c *Check) Text() string { return c.text }

// On tells whether it is on.
func (c *Check) On() bool { return c.on }

// Set switches it.
func (c *Check) Set(on bool) {
	if c.on == on {
		return
	}
	c.on = on
	c.Refresh()
	if c.changed != nil {
		c.changed(on)
	}
}

// Tapped implements fyne.Tappable.
func (c *Check) Tapped(*fyne.PointEvent) { c.Set(!c.on) }

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace || e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
		c.Tapped(nil)
	}
}

// TypedRune implements fyne.Focusable.
func (c *Check) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (c *Check) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost implements fyne.Focusable.
func (c *Check) FocusLost() { c.focused = false; c.Refresh() }

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	box, ring := newMark(func() { c.Tapped(nil) }), NewPanel("", "", theme.Radius)
	root := container.NewStack(ring, Inset(4, 4, 4, 6, container.NewBorder(nil, nil, Middle(box), nil, Middle(NewParagraph(c.text, Style{})))))
	return newComposed(root, func() {
		box.set(c.on, false)
		ring.Set("", when(c.focused, theme.Accent))
	})
}
