package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Either shows wide where there is room for it, else narrow. Both are to do the same.
func Either(wide, narrow fyne.CanvasObject) *fyne.Container {
	narrow.Hide()
	return container.New(either{}, wide, narrow)
}

type either struct{}

// MinSize is as narrow as the narrow one and as high as the higher one, so that nothing below moves when they change places.
func (either) MinSize(all []fyne.CanvasObject) fyne.Size {
	wide, narrow := all[0].MinSize(), all[1].MinSize()
	return fyne.NewSize(min(wide.Width, narrow.Width), max(wide.Height, narrow.Height))
}

func (either) Layout(all []fyne.CanvasObject, size fyne.Size) {
	fits := all[0].MinSize().Width <= size.Width
	for i, o := range all {
		if fits == (i == 0) {
			o.Move(fyne.NewPos(0, 0))
			o.Resize(size)
			o.Show()
		} else {
			o.Hide()
		}
	}
}
