package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/theme"
)

// Empty is what a page shows when there is nothing to show: a picture, what that means, and what can be done. Where there is little room the picture is not there.
func Empty(picture theme.Picture, title, text string, actions ...fyne.CanvasObject) *fyne.Container {
	return container.New(spare{}, NewPicture(picture, 130), Narrow(440, said(title, text, actions)))
}

// Poster is the same, always with its picture.
func Poster(picture theme.Picture, title, text string, actions ...fyne.CanvasObject) *fyne.Container {
	return Middle(Narrow(440, Column(posterGap, NewPicture(picture, 130), said(title, text, actions))))
}

const posterGap = 16

// said is what stands below the picture.
func said(title, text string, actions []fyne.CanvasObject) *fyne.Container {
	centre := fyne.TextAlignCenter
	words := Column(6, NewParagraph(title, Style{Size: theme.Section, Bold: true, Align: centre}), NewParagraph(text, Style{Colour: theme.Muted, Align: centre}))
	if len(actions) == 0 {
		return words
	}
	return Column(posterGap, words, container.NewCenter(Across(8, actions...)))
}

// spare puts a picture above words, in the middle, and leaves it out where there is no room for both.
type spare struct{}

// MinSize implements fyne.Layout.
func (spare) MinSize(all []fyne.CanvasObject) fyne.Size { return all[1].MinSize() }

// Layout implements fyne.Layout.
func (spare) Layout(all []fyne.CanvasObject, size fyne.Size) {
	picture, words := all[0], all[1]
	words.Resize(fyne.NewSize(size.Width, words.MinSize().Height)) // the height of text depends on its width
	high, above := words.MinSize().Height, picture.MinSize().Height+posterGap
	if picture.Show(); high+above > size.Height {
		picture.Hide()
		above = 0
	}
	y := (size.Height - high - above) / 2
	picture.Move(fyne.NewPos(0, y))
	picture.Resize(fyne.NewSize(size.Width, picture.MinSize().Height))
	words.Move(fyne.NewPos(0, y+above))
	words.Resize(fyne.NewSize(size.Width, high))
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
