package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/theme"
)

// BigStatus says in large letters how everything is.
type BigStatus struct {
	*fyne.Container
	disc     *Panel
	icon     *Icon
	title    *Paragraph
	text     *Paragraph
	progress *Progress
	shelf    *fyne.Container // keeps the room of the progress line, so that nothing moves when it comes and goes
}

// NewBigStatus returns the status; actions stand at its right.
func NewBigStatus(actions ...fyne.CanvasObject) *BigStatus {
	b := &BigStatus{disc: NewPanel("", "", 28), icon: NewIcon("", theme.Text, 30), progress: NewProgress()}
	b.title, b.text = NewParagraph(" ", Style{Size: theme.Title, Bold: true, Even: true}), NewParagraph(" ", Style{Colour: theme.Muted})
	b.shelf = container.NewStack(Gap(1, 6), b.progress)
	disc := container.NewStack(b.disc, Inset(13, 13, 13, 13, b.icon))
	words := Middle(Column(4, b.title, b.text, b.shelf))
	b.Container = Card(container.NewBorder(nil, nil, Inset(0, 0, 0, 10, Middle(disc)), Inset(0, 0, 10, 0, Middle(Across(8, actions...))), words))
	return b
}

// Set shows a state. share is how much of the work is done; below 0 there is none.
func (b *BigStatus) Set(s State, text string, share float64) {
	front, fill := s.Tone.colours()
	b.disc.Set(fill, "")
	b.icon.Set(s.Icon, front)
	b.title.Set(s.Word)
	if text == "" {
		text = " "
	}
	b.text.Set(text)
	b.progress.Hidden = share < 0
	b.progress.Set(share)
}

// Words returns what the status says.
func (b *BigStatus) Words() (title, text string) { return b.title.Text(), b.text.Text() }
