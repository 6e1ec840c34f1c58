package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Shot is what one tile shows: a small picture, or an icon where there is none.
type Shot struct {
	Picture image.Image
	Icon    theme.Icon
	Tone    Tone // of the icon
	Title   string
	Caption string
	Chosen  bool
}

// The room of the picture, at least.
const (
	shotWidth  = 148
	shotHeight = 100
)

// ShotView shows a Shot, with a box for choosing it.
type ShotView struct {
	widget.BaseWidget
	shot    Shot
	wide    float32 // the picture
	onCheck func()
}

// NewShotView returns an empty tile.
func NewShotView() *ShotView { return newShotView(shotWidth) }

func newShotView(wide float32) *ShotView {
	v := &ShotView{wide: wide}
	v.ExtendBaseWidget(v)
	return v
}

// Set shows another one; onCheck is called for the box.
func (v *ShotView) Set(s Shot, onCheck func()) {
	v.onCheck = onCheck
	if v.shot != s {
		v.shot = s
		v.Refresh()
	}
}

// Shot returns what is shown.
func (v *ShotView) Shot() Shot { return v.shot }

// Check presses the box.
func (v *ShotView) Check() {
	if v.onCheck != nil {
		v.onCheck()
	}
}

// CreateRenderer implements fyne.Widget.
func (v *ShotView) CreateRenderer() fyne.WidgetRenderer {
	back, icon, box := NewPanel("", "", theme.Radius), NewIcon("", theme.Text, 34), newMark(v.Check)
	picture := canvas.NewImageFromImage(nil)
	picture.FillMode, picture.CornerRadius = canvas.ImageFillCover, theme.Radius
	title, caption := NewCutLine(" ", Style{}), NewCutLine(" ", Style{Size: theme.Caption, Colour: theme.Muted})
	corner := container.NewBorder(container.NewBorder(nil, nil, box, nil), nil, nil, nil)
	above := container.NewStack(Gap(v.wide, shotHeight), back, container.NewCenter(icon), picture, Inset(3, 0, 3, 0, corner))
	root := Inset(6, 6, 6, 6, Column(4, above, title, caption))
	return newComposed(root, func() {
		front, fill := v.shot.Tone.colours()
		back.Set(fill, "")
		icon.Set(v.shot.Icon, front)
		icon.Hidden, picture.Hidden = v.shot.Picture != nil, v.shot.Picture == nil
		picture.Image = v.shot.Picture
		title.Set(v.shot.Title)
		caption.Set(v.shot.Caption)
		box.set(v.shot.Chosen, false)
	})
}
