package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/theme"
)

// Banner says one thing on top of a page.
type Banner struct {
	*fyne.Container
	back   *Panel
	icon   *Icon
	title  *Paragraph
	text   *Paragraph
	button *Button
	tapped func()
}

// NewBanner returns a banner that is not shown yet.
func NewBanner() *Banner {
	b := &Banner{back: NewPanel("", "", theme.CardRadius), icon: NewIcon("", theme.Text, 20)}
	b.title, b.text = NewParagraph("", Style{Bold: true}), NewParagraph("", Style{})
	b.button = NewButton(" ", "", Plain, func() {
		if b.tapped != nil {
			b.tapped()
		}
	})
	words := Middle(Column(2, b.title, b.text))
	inside := container.NewBorder(nil, nil, Inset(0, 0, 0, 6, b.icon), Inset(0, 0, 8, 0, Middle(b.button)), words)
	b.Container = container.NewStack(b.back, Inset(11, 11, 14, 12, inside))
	b.Hide()
	return b
}

// Say shows a title, a text and a button; what is empty is left out.
func (b *Banner) Say(tone Tone, icon theme.Icon, title, text, button string, tapped func()) {
	front, fill := tone.colours()
	b.back.Set(fill, "")
	b.icon.Set(icon, front)
	b.title.Set(title)
	b.text.Set(text)
	b.title.Hidden, b.text.Hidden, b.button.Hidden = title == "", text == "", button == ""
	b.button.Set(button, "")
	b.tapped = tapped
	b.Show()
	b.Container.Refresh()
}

// Words returns what the banner says; empty while it is not shown.
func (b *Banner) Words() (title, text string) {
	if b.Hidden {
		return "", ""
	}
	return b.title.Text(), b.text.Text()
}

// Press presses the button.
func (b *Banner) Press() { b.button.Tapped(nil) }
