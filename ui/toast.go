package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// stay is how long a short message stays when nothing follows it.
const stay = 6 * time.Second

// toast is a short message at the foot of the window. It lies over the page and moves nothing.
type toast struct {
	bridge *bridge
	back   *widgets.Panel
	icon   *widgets.Icon
	text   *widgets.Line
	box    *fyne.Container
	layer  *fyne.Container
	number int // of the message; an old one's end does not take a new one away
}

func newToast(b *bridge) *toast {
	t := &toast{bridge: b, back: widgets.NewPanel(theme.Surface, theme.Line, 18), icon: widgets.NewIcon("", theme.Text, 18), text: widgets.NewLine("", widgets.Style{})}
	t.box = container.NewStack(t.back, widgets.Inset(9, 9, 16, 18, widgets.Across(9, t.icon, t.text)))
	t.box.Hide()
	t.layer = container.NewBorder(nil, widgets.Inset(0, 20, 0, 0, container.NewCenter(t.box)), nil, nil)
	return t
}

// say shows a message. One that says that something is being done stays until another one comes.
func (t *toast) say(tone widgets.Tone, words string) {
	t.number++
	icon, colour := theme.Check, theme.Accent
	switch tone {
	case widgets.Busy:
		icon = theme.Clock
	case widgets.Idle:
		icon, colour = theme.Info, theme.Muted
	case widgets.Warn, widgets.Bad:
		icon, colour = theme.Alert, theme.Warning
	}
	t.icon.Set(icon, colour)
	t.text.Set(words)
	t.box.Show()
	t.layer.Refresh()
	if tone == widgets.Busy {
		return
	}
	mine := t.number
	time.AfterFunc(stay, func() { t.bridge.later(func() { t.end(mine) }) })
}

func (t *toast) end(number int) {
	if t.number == number {
		t.box.Hide()
	}
}

// done takes a message away that said that something is being done.
func (t *toast) done() { t.end(t.number) }
