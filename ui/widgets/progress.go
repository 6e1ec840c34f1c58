package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Progress is a thin line that fills from the left.
type Progress struct {
	widget.BaseWidget
	share float64
}

// NewProgress returns an empty line.
func NewProgress() *Progress {
	p := &Progress{}
	p.ExtendBaseWidget(p)
	return p
}

// Set tells how much is done, from 0 to 1.
func (p *Progress) Set(share float64) {
	share = min(max(share, 0), 1)
	if p.share != share {
		p.share = share
		p.Refresh()
	}
}

// Share returns how much is done.
func (p *Progress) Share() float64 { return p.share }

// CreateRenderer implements fyne.Widget.
func (p *Progress) CreateRenderer() fyne.WidgetRenderer {
	return &progressRenderer{p: p, back: NewPanel(theme.Quiet, "", 3), front: NewPanel(theme.Accent, "", 3)}
}

type progressRenderer struct {
	p           *Progress
	back, front *Panel
}

func (r *progressRenderer) MinSize() fyne.Size { return fyne.NewSize(40, 6) }

func (r *progressRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	width := float32(r.p.share) * size.Width
	if r.p.share > 0 {
		width = max(width, size.Height)
	}
	r.front.Resize(fyne.NewSize(width, size.Height))
	r.front.Hidden = r.p.share == 0
}

func (r *progressRenderer) Refresh() {
	r.Layout(r.p.Size())
	r.back.Refresh()
	r.front.Refresh()
}

func (r *progressRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.front}
}

func (r *progressRenderer) Destroy() {}
