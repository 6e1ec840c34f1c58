package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Roomy is a row of something that takes the room that is left, and of wide, which stands at its right or left. Where wide would leave less than least,
// narrow stands there instead; both are to do the same.
func Roomy(rest fyne.CanvasObject, least float32, wide, narrow fyne.CanvasObject, right bool) *fyne.Container {
	narrow.Hide()
	return container.New(&roomy{least, right}, rest, wide, narrow)
}

type roomy struct {
	least float32
	right bool
}

// between is what is left free between the two parts.
const between = 8

// MinSize is as narrow as it can be, and always as high, so that nothing below moves when wide and narrow change places.
func (*roomy) MinSize(all []fyne.CanvasObject) fyne.Size {
	rest, wide, narrow := all[0].MinSize(), all[1].MinSize(), all[2].MinSize()
	return fyne.NewSize(rest.Width+between+min(wide.Width, narrow.Width), max(rest.Height, wide.Height, narrow.Height))
}

// Layout implements fyne.Layout.
func (r *roomy) Layout(all []fyne.CanvasObject, size fyne.Size) {
	rest, side, other := all[0], all[1], all[2]
	if side.MinSize().Width+between+max(r.least, rest.MinSize().Width) > size.Width {
		side, other = other, side
	}
	other.Hide()
	side.Show()
	width := side.MinSize().Width
	left := size.Width - width - between
	side.Resize(fyne.NewSize(width, size.Height))
	rest.Resize(fyne.NewSize(left, size.Height))
	if r.right {
		rest.Move(fyne.NewPos(0, 0))
		side.Move(fyne.NewPos(left+between, 0))
	} else {
		side.Move(fyne.NewPos(0, 0))
		rest.Move(fyne.NewPos(width+between, 0))
	}
}
