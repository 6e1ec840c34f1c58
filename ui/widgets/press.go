package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Press is a card that is pressed like a button, by pointer, Space or Enter.
type Press struct {
	widget.BaseWidget
	name             string
	content          fyne.CanvasObject
	tapped           func()
	hovered, focused bool
}

// NewPress returns a card; name is what it is called.
func NewPress(name string, content fyne.CanvasObject, tapped func()) *Press {
	p := &Press{name: name, content: content, tapped: tapped}
	p.ExtendBaseWidget(p)
	return p
}

// Text returns what the card is called.
func (p *Press) Text() string { return p.name }

// Tapped implements fyne.Tappable.
func (p *Press) Tapped(*fyne.PointEvent) { p.tapped() }

// TypedKey implements fyne.Focusable.
func (p *Press) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace {
		p.tapped()
	}
}

// TypedRune implements fyne.Focusable.
func (p *Press) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (p *Press) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *Press) FocusLost() { p.focused = false; p.Refresh() }

// MouseIn implements desktop.Hoverable.
func (p *Press) MouseIn(*desktop.MouseEvent) { p.hovered = true; p.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (p *Press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *Press) MouseOut() { p.hovered = false; p.Refresh() }

// CreateRenderer implements fyne.Widget.
func (p *Press) CreateRenderer() fyne.WidgetRenderer {
	over := NewPanel("", "", theme.CardRadius)
	root := container.NewStack(Card(p.content), over)
	return newComposed(root, func() {
		over.Set(when(p.hovered, theme.Hover), when(p.focused || p.hovered, theme.Accent))
	})
}
