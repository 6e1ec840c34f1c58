package welcome

import (
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// newWay is one way into the product: a large button with an explanation.
func newWay(icon theme.Icon, title, about string, tapped func()) *widgets.Press {
	chip := container.NewStack(widgets.NewPanel(theme.AccentSoft, "", 9), widgets.Inset(8, 8, 8, 8, widgets.NewIcon(icon, theme.Accent, 22)))
	words := widgets.Column(3, widgets.NewCutLine(title, widgets.Style{Bold: true}), widgets.NewParagraph(about, widgets.Style{Size: theme.Caption, Colour: theme.Muted}))
	inside := container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 8, widgets.Middle(chip)), widgets.NewIcon(theme.Forward, theme.Muted, 16), widgets.Middle(words))
	return widgets.NewPress(title, inside, tapped)
}
