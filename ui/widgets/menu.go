package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// ShowMenu shows a menu below the right end of a row. The arrows and Enter choose from it, Escape closes it.
func ShowMenu(c fyne.Canvas, row fyne.CanvasObject, items ...*fyne.MenuItem) {
	m := widget.NewPopUpMenu(fyne.NewMenu("", items...), c)
	m.ShowAtRelativePosition(fyne.NewPos(row.Size().Width-m.MinSize().Width-10, row.Size().Height-6), row)
}
