package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Icon shows one icon in a colour of the theme.
type Icon struct {
	widget.BaseWidget
	name   theme.Icon
	colour fyne.ThemeColorName
	size   float32
}

// NewIcon returns an icon of a size.
func NewIcon(name theme.Icon, colour fyne.ThemeColorName, size float32) *Icon {
	i := &Icon{name: name, colour: colour, size: size}
	i.ExtendBaseWidget(i)
	return i
}

// Set changes icon and colour.
func (i *Icon) Set(name theme.Icon, colour fyne.ThemeColorName) {
	if i.name != name || i.colour != colour {
		i.name, i.colour = name, colour
		i.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	image := canvas.NewImageFromResource(nil)
	image.FillMode = canvas.ImageFillContain
	return newComposed(image, func() {
		image.SetMinSize(fyne.NewSquareSize(i.size))
		if i.name == "" {
			image.Resource = nil
			return
		}
		image.Resource = i.name.In(fynetheme.Color(i.colour))
	})
}

// Picture shows a drawn picture.
type Picture struct {
	widget.BaseWidget
	name   theme.Picture
	height float32
}

// NewPicture returns a picture of a height.
func NewPicture(name theme.Picture, height float32) *Picture {
	p := &Picture{name: name, height: height}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	image := canvas.NewImageFromResource(nil)
	image.FillMode = canvas.ImageFillContain
	image.SetMinSize(fyne.NewSize(p.height*4/3, p.height))
	return newComposed(image, func() { image.Resource = p.name.With(fynetheme.Color) })
}
