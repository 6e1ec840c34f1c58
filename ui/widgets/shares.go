package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Share is one part of a whole.
type Share struct {
	Icon   theme.Icon
	Colour fyne.ThemeColorName
	Word   string
	Text   string // how much it is
	Part   float64
}

// Shares show how a whole is divided: a bar, and below it what its parts are, each with an icon in the bar's colour. What is nothing is left out.
type Shares struct {
	*fyne.Container
	bar    *sharesBar
	legend *fyne.Container
	shown  []Share
}

// legendLetters is how many letters each part has room for.
const legendLetters = 19

// NewShares returns an empty bar.
func NewShares() *Shares {
	s := &Shares{bar: &sharesBar{}, legend: Cards(legendLetters)}
	s.bar.ExtendBaseWidget(s.bar)
	s.Container = Column(10, s.bar, s.legend)
	return s
}

// Set shows the parts, in their order.
func (s *Shares) Set(all ...Share) {
	var parts []Share
	for _, x := range all {
		if x.Part > 0 {
			parts = append(parts, x)
		}
	}
	if slices.Equal(parts, s.shown) {
		return
	}
	s.shown, s.bar.parts, s.legend.Objects = parts, parts, nil
	for _, x := range parts {
		words := Column(0, NewCutLine(x.Word, Style{Size: theme.Caption, Colour: theme.Muted}), NewCutLine(x.Text, Style{Bold: true}))
		s.legend.Add(container.NewBorder(nil, nil, Inset(0, 0, 0, 4, Middle(NewIcon(x.Icon, x.Colour, 20))), nil, words))
	}
	s.bar.Refresh()
	s.Container.Refresh()
}

// sharesBar is the bar.
type sharesBar struct {
	widget.BaseWidget
	parts []Share
}

// CreateRenderer implements fyne.Widget.
func (b *sharesBar) CreateRenderer() fyne.WidgetRenderer { return &sharesPicture{bar: b} }

// The sizes of the bar.
const (
	shareHeight = 12
	shareGap    = 2
	shareLeast  = 6 // so that what is there is seen
)

type sharesPicture struct {
	bar    *sharesBar
	panels []fyne.CanvasObject
}

func (r *sharesPicture) MinSize() fyne.Size { return fyne.NewSize(80, shareHeight) }

func (r *sharesPicture) Layout(size fyne.Size) {
	x := float32(0)
	for i, width := range widths(r.bar.parts, size.Width) {
		r.panels[i].Move(fyne.NewPos(x, 0))
		r.panels[i].Resize(fyne.NewSize(width, size.Height))
		x += width + shareGap
	}
}

// widths divide a width: each part has what it needs to be seen, and of the rest what is its share.
func widths(parts []Share, width float32) []float32 {
	out, whole := make([]float32, len(parts)), 0.0
	for _, p := range parts {
		whole += p.Part
	}
	rest := max(width-float32(len(parts)-1)*shareGap-float32(len(parts))*shareLeast, 0)
	for i, p := range parts {
		out[i] = shareLeast + rest*float32(p.Part/whole)
	}
	return out
}

func (r *sharesPicture) Refresh() {
	r.panels = nil
	for _, p := range r.bar.parts {
		r.panels = append(r.panels, NewPanel(p.Colour, "", 4))
	}
	r.Layout(r.bar.Size())
}

func (r *sharesPicture) Objects() []fyne.CanvasObject {
	if len(r.panels) != len(r.bar.parts) {
		r.Refresh()
	}
	return r.panels
}

func (r *sharesPicture) Destroy() {}
