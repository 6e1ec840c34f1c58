package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Panel is a surface of one colour, to lie behind something.
type Panel struct {
	widget.BaseWidget
	fill, line fyne.ThemeColorName // "" is none
	radius     float32
	shadow     bool
	min        fyne.Size
}

// NewPanel returns a surface; line is the colour of its border.
func NewPanel(fill, line fyne.ThemeColorName, radius float32) *Panel {
	p := &Panel{fill: fill, line: line, radius: radius}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the colours.
func (p *Panel) Set(fill, line fyne.ThemeColorName) {
	if p.fill != fill || p.line != line {
		p.fill, p.line = fill, line
		p.Refresh()
	}
}

// MinSize implements fyne.CanvasObject.
func (p *Panel) MinSize() fyne.Size { return p.min }

// CreateRenderer implements fyne.Widget.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	r := canvas.NewRectangle(nil)
	return newComposed(r, func() { p.paint(r) })
}

func (p *Panel) paint(r *canvas.Rectangle) {
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = color.Transparent, color.Transparent, 0, p.radius
	if p.fill != "" {
		r.FillColor = fynetheme.Color(p.fill)
	}
	if p.line != "" {
		r.StrokeColor, r.StrokeWidth = fynetheme.Color(p.line), 1
	}
	if p.shadow {
		r.Shadow = canvas.Shadow{Color: fynetheme.Color(theme.Shade), BlurRadius: 10, Offset: fyne.NewPos(0, 2)}
	}
}

// Gap is empty room.
func Gap(width, height float32) fyne.CanvasObject {
	p := NewPanel("", "", 0)
	p.min = fyne.NewSize(width, height)
	return p
}

// Rule is a thin line across.
func Rule() fyne.CanvasObject {
	p := NewPanel(theme.Line, "", 0)
	p.min = fyne.NewSize(1, 1)
	return p
}

// Card lays content on a surface with round corners and a soft shadow.
func Card(content fyne.CanvasObject) *fyne.Container {
	p := NewPanel(theme.Surface, theme.Line, theme.CardRadius)
	p.shadow = true
	return container.NewStack(p, Inset(14, 14, 16, 16, content))
}

// Tile is a card without a margin inside, for lists.
func Tile(content fyne.CanvasObject) *fyne.Container {
	p := NewPanel(theme.Surface, theme.Line, theme.CardRadius)
	p.shadow = true
	return container.NewStack(p, Inset(6, 6, 6, 6, content))
}

// Inset puts margins round an object.
func Inset(top, bottom, left, right float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}

// Column puts objects under one another, with a gap between them.
func Column(gap float32, all ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(gap), all...)
}

// Across puts objects beside one another, with a gap between them.
func Across(gap float32, all ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedHBoxLayout(gap), all...)
}

// Middle centres an object from top to bottom and keeps its width.
func Middle(o fyne.CanvasObject) *fyne.Container { return container.New(middle{}, o) }

type middle struct{}

func (middle) MinSize(all []fyne.CanvasObject) fyne.Size { return all[0].MinSize() }

func (middle) Layout(all []fyne.CanvasObject, size fyne.Size) {
	height := all[0].MinSize().Height
	all[0].Move(fyne.NewPos(0, (size.Height-height)/2))
	all[0].Resize(fyne.NewSize(size.Width, height))
}

// Narrow keeps what it holds from getting wider than a width, and centres it.
func Narrow(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&narrow{width}, o)
}

type narrow struct{ width float32 }

func (n *narrow) MinSize(all []fyne.CanvasObject) fyne.Size { return all[0].MinSize() }

func (n *narrow) Layout(all []fyne.CanvasObject, size fyne.Size) {
	width := min(n.width, size.Width)
	all[0].Move(fyne.NewPos((size.Width-width)/2, 0))
	all[0].Resize(fyne.NewSize(width, size.Height))
}

// Sides puts one thing at the left and others at the right; the left one takes the room that is left.
func Sides(left fyne.CanvasObject, right ...fyne.CanvasObject) *fyne.Container {
	return container.NewBorder(nil, nil, nil, Across(8, right...), left)
}
