package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Kind is what a button is for.
type Kind int

// The kinds of buttons.
const (
	Plain   Kind = iota // one of several things to do
	Primary             // the thing to do
	Quiet               // beside the point: only words
	Danger              // takes something away
)

// Button does something when it is pressed, by pointer, Space or Enter.
type Button struct {
	widget.DisableableWidget
	text             string
	icon             theme.Icon
	kind             Kind
	tapped           func()
	escape           func() // what the Escape key does while the button has the focus; may be nil
	hovered, focused bool
}

// NewButton returns a button; icon and text may be empty, not both.
func NewButton(text string, icon theme.Icon, kind Kind, tapped func()) *Button {
	b := &Button{text: text, icon: icon, kind: kind, tapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// OnEscape says what the Escape key does while the button has the focus.
func (b *Button) OnEscape(f func()) { b.escape = f }

// Set changes text and icon.
func (b *Button) Set(text string, icon theme.Icon) {
	if b.text != text || b.icon != icon {
		b.text, b.icon = text, icon
		b.Refresh()
	}
}

// Text returns what stands on the button.
func (b *Button) Text() string { return b.text }

// Allow enables or disables the button.
func (b *Button) Allow(yes bool) {
	if yes {
		b.Enable()
	} else {
		b.Disable()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.Disabled() && b.tapped != nil {
		b.tapped()
	}
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	case fyne.KeyEscape:
		if b.escape != nil {
			b.escape()
		}
	}
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (b *Button) FocusGained() { b.focused = true; b.Refresh() }

// FocusLost implements fyne.Focusable.
func (b *Button) FocusLost() { b.focused = false; b.Refresh() }

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) { b.hovered = true; b.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() { b.hovered = false; b.Refresh() }

// colours of text, surface and border.
func (b *Button) colours() (front, fill, line fyne.ThemeColorName) {
	if b.Disabled() {
		if b.kind == Quiet {
			return theme.Muted, "", ""
		}
		return theme.Muted, theme.Quiet, ""
	}
	switch b.kind {
	case Primary:
		return theme.OnAccent, theme.Accent, ""
	case Danger:
		return theme.OnDanger, theme.Danger, ""
	case Quiet:
		return theme.Accent, "", ""
	}
	return theme.Text, theme.Surface, theme.Line
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	ring, surface, over := NewPanel("", "", theme.Radius+3), NewPanel("", "", theme.Radius), NewPanel("", "", theme.Radius)
	icon, text := NewIcon("", theme.Text, 18), NewLine("", Style{Bold: b.kind == Primary || b.kind == Danger})
	inside := container.NewCenter(Across(7, icon, text))
	side := float32(14)
	if b.text == "" || b.kind == Quiet {
		side = 8
	}
	body := container.NewStack(surface, over, Inset(7, 7, side, side, inside))
	root := container.NewStack(Inset(-3, -3, -3, -3, ring), body)
	return newComposed(root, func() {
		front, fill, line := b.colours()
		icon.Hidden, text.Hidden = b.icon == "", b.text == ""
		icon.Set(b.icon, front)
		text.Set(b.text)
		text.SetColour(front)
		surface.Set(fill, line)
		over.Set(when(b.hovered && !b.Disabled(), theme.Hover), "")
		ring.Set("", when(b.focused, theme.Accent))
	})
}

func when(yes bool, c fyne.ThemeColorName) fyne.ThemeColorName {
	if yes {
		return c
	}
	return ""
}
