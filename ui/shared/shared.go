// Package shared is the page of folders that people use together. Sharing is not there yet: the page says so, and what it is going to be. There
// is nothing to press on it until something happens.
package shared

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Page is the page.
type Page struct{ content fyne.CanvasObject }

// New returns the page.
func New(desk *page.Desk) *Page {
	w := desk.Words
	var points []fyne.CanvasObject
	for _, x := range []struct {
		icon theme.Icon
		key  string
	}{{theme.Shared, "shared.who"}, {theme.Synced, "shared.same"}, {theme.Shield, "shared.deleting"}, {theme.Leave, "shared.leaving"}} {
		points = append(points, point(x.icon, w.T(x.key), w.T(x.key+".more")))
	}
	quiet := widgets.Inset(8, 0, 0, 0, widgets.Poster(theme.PictureShared, w.T("shared.empty"), w.T("shared.empty.more")))
	head := widgets.NewLine(w.T("shared.will"), widgets.Style{Size: theme.Section, Bold: true})
	return &Page{content: page.Scrolling(page.Header(w.T("place.shared"), w.T("shared.about")), quiet, widgets.Card(widgets.Column(12, append([]fyne.CanvasObject{head}, points...)...)))}
}

// point is one thing that sharing is going to do.
func point(icon theme.Icon, title, text string) fyne.CanvasObject {
	chip := container.NewStack(widgets.NewPanel(theme.AccentSoft, "", 9), widgets.Inset(7, 7, 7, 7, widgets.NewIcon(icon, theme.Accent, 20)))
	words := widgets.Column(2, widgets.NewParagraph(title, widgets.Style{Bold: true}), widgets.NewParagraph(text, widgets.Style{Colour: theme.Muted}))
	return container.NewBorder(nil, nil, widgets.Inset(0, 0, 0, 8, widgets.Middle(chip)), nil, words)
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Show shows a moment; nothing here depends on it.
func (p *Page) Show(page.Snapshot) {}
