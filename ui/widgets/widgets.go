// Package widgets has the window's own widgets: data in, callbacks out. They take their colours, sizes and drawings from ui/theme, know no
// words of their own, and start nothing.
//
// Reading order: line.go, paragraph.go and icon.go (what everything is made of), panel.go (surfaces and spacing), button.go, pill.go,
// row.go and rows.go (lists), sidelist.go, banner.go, empty.go, progress.go, bigstatus.go, ask.go (dialogs).
package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"elkjopcloud/ui/theme"
)

// Tone is what a state feels like; it chooses the colours.
type Tone int

// The tones.
const (
	Good Tone = iota // all is well
	Busy             // something is being done
	Idle             // nothing is done, and that is as it should be
	Warn             // somebody is needed
	Bad              // something is taken away
)

// Colour is that of the tone's words and icons.
func (t Tone) Colour() fyne.ThemeColorName {
	front, _ := t.colours()
	return front
}

func (t Tone) colours() (front, back fyne.ThemeColorName) {
	switch t {
	case Idle:
		return theme.Muted, theme.Quiet
	case Warn:
		return theme.Warning, theme.WarningSoft
	case Bad:
		return theme.Danger, theme.DangerSoft
	}
	return theme.Accent, theme.AccentSoft
}

// composed is the renderer of a widget that is one tree of objects; paint puts what the widget holds, and the theme's colours, into them.
type composed struct {
	root  fyne.CanvasObject
	paint func()
}

func (c *composed) Layout(size fyne.Size)        { c.root.Resize(size) }
func (c *composed) MinSize() fyne.Size           { return c.root.MinSize() }
func (c *composed) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{c.root} }
func (c *composed) Destroy()                     {}

func (c *composed) Refresh() {
	if c.paint != nil {
		c.paint()
	}
	c.root.Refresh()
	canvas.Refresh(c.root)
}

func newComposed(root fyne.CanvasObject, paint func()) *composed {
	c := &composed{root: root, paint: paint}
	if paint != nil {
		paint()
	}
	return c
}
