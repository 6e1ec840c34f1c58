package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/theme"
)

// Empty is what a page shows when there is nothing to show: a picture, what that means, and what can be done.
func Empty(picture theme.Picture, title, text string, actions ...fyne.CanvasObject) *fyne.Container {
	centre := fyne.TextAlignCenter
	words := Column(6, NewParagraph(title, Style{Size: theme.Section, Bold: true, Align: centre}), NewParagraph(text, Style{Colour: theme.Muted, Align: centre}))
	all := []fyne.CanvasObject{NewPicture(picture, 130), words}
	if len(actions) > 0 {
		all = append(all, container.NewCenter(Across(8, actions...)))
	}
	return Middle(Narrow(440, Column(16, all...)))
}

// Skeleton stands where rows are about to be.
func Skeleton(rows int) fyne.CanvasObject {
	var all []fyne.CanvasObject
	for range rows {
		bar := NewPanel(theme.Quiet, "", 6)
		bar.min = fyne.NewSize(120, 12)
		short := NewPanel(theme.Quiet, "", 5)
		short.min = fyne.NewSize(60, 9)
		chip := NewPanel(theme.Quiet, "", 9)
		chip.min = fyne.NewSquareSize(34)
		words := Middle(Column(7, container.NewBorder(nil, nil, nil, Gap(320, 1), bar), container.NewBorder(nil, nil, nil, Gap(460, 1), short)))
		all = append(all, Inset(9, 9, 10, 10, container.NewBorder(nil, nil, Inset(0, 0, 0, 8, chip), nil, words)))
	}
	return Column(0, all...)
}
