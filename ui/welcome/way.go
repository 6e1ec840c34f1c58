package welcome

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// way is one way into the product: a large button with an explanation.
type way struct {
	widget.BaseWidget
	icon             theme.Icon
	title, about     string
	tapped           func()
	hovered, focused bool
}

func newWay(icon theme.Icon, title, about string, tapped func()) *way {
	w := &way{icon: icon, title: title, about: about, tapped: tapped}
	w.ExtendBaseWidget(w)
	return w
}

// Text returns what the way is called.
func (w *way) Text() string { return w.title }

// Tapped implements fyne.Tappable.
func (w *way) Tapped(*fyne.PointEvent) { w.tapped() }

// TypedKey implements fyne.Focusable.
func (w *way) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace {
		w.tapped()
	}
}

// TypedRune implements fyne.Focusable.
func (w *way) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (w *way) FocusGained() { w.focused = true; w.Refresh() }

// FocusLost implements fyne.Focusable.
func (w *way) FocusLost() { w.focused = false; w.Refresh() }

// MouseIn implements desktop.Hoverable.
func (w *way) MouseIn(*desktop.MouseEvent) { w.hovered = true; w.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (w *way) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (w *way) MouseOut() { w.hovered = false; w.Refresh() }

// CreateRenderer implements fyne.Widget.
func (w *way) CreateRenderer() fyne.WidgetRenderer {
	over := widgets.NewPanel("", "", theme.CardRadius)
	chip := container.NewStack(widgets.NewPanel(theme.AccentSoft, "", 9), widgets.Inset(8, 8, 8, 8, widgets.NewIcon(w.icon, theme.Accent, 22)))
	words := widgets.Column(3, widgets.NewCutLine(w.title, widgets.Style{Bold: true}), widgets.NewParagraph(w.about, widgets.Style{Size: theme.Caption, Colour: theme.Muted}))
	inside := container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 8, widgets.Middle(chip)), widgets.NewIcon(theme.Forward, theme.Muted, 16), widgets.Middle(words))
	root := container.NewStack(widgets.Card(inside), over)
	return &wayRenderer{WidgetRenderer: widget.NewSimpleRenderer(root), paint: func() {
		fill, line := fyne.ThemeColorName(""), fyne.ThemeColorName("")
		if w.hovered {
			fill = theme.Hover
		}
		if w.focused || w.hovered {
			line = theme.Accent
		}
		over.Set(fill, line)
	}}
}

type wayRenderer struct {
	fyne.WidgetRenderer
	paint func()
}

func (r *wayRenderer) Refresh() {
	r.paint()
	r.WidgetRenderer.Refresh()
}
