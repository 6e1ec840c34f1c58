package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// State is one state as people see it: a word, an icon and a colour.
type State struct {
	Word string
	Icon theme.Icon
	Tone Tone
}

// Pill shows a state in little room.
type Pill struct {
	widget.BaseWidget
	state State
}

// NewPill returns a pill.
func NewPill(s State) *Pill {
	p := &Pill{state: s}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the state.
func (p *Pill) Set(s State) {
	if p.state != s {
		p.state = s
		p.Refresh()
	}
}

// State returns what is shown.
func (p *Pill) State() State { return p.state }

// CreateRenderer implements fyne.Widget.
func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	back, icon, word := NewPanel("", "", 11), NewIcon("", theme.Text, 14), NewLine("", Style{Size: theme.Caption, Bold: true})
	root := container.NewStack(back, Inset(3, 3, 8, 10, Across(5, icon, word)))
	return newComposed(root, func() {
		front, fill := p.state.Tone.colours()
		icon.Hidden = p.state.Icon == ""
		icon.Set(p.state.Icon, front)
		word.Set(p.state.Word)
		word.SetColour(front)
		back.Set(fill, "")
	})
}
