package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Place is one entry of the list at the left.
type Place struct {
	ID   string
	Icon theme.Icon
	Word string
}

// SideList is the list of places at the left of the window. Up and Down go from one to the next, Enter goes there.
type SideList struct {
	*fyne.Container
	items []*sideItem
}

// NewSideList returns the list; went is called with the id of the place that somebody goes to.
func NewSideList(places []Place, went func(id string)) *SideList {
	s := &SideList{}
	var objects []fyne.CanvasObject
	for i, p := range places {
		item := &sideItem{place: p, went: went, step: func(by int) { s.focus(i + by) }}
		item.ExtendBaseWidget(item)
		s.items = append(s.items, item)
		objects = append(objects, item)
	}
	s.Container = Column(2, objects...)
	return s
}

// Select shows where we are.
func (s *SideList) Select(id string) {
	for _, i := range s.items {
		i.change(func() { i.here = i.place.ID == id })
	}
}

// Badge puts a number at a place; 0 takes it away.
func (s *SideList) Badge(id string, n int) {
	for _, i := range s.items {
		if i.place.ID == id {
			i.change(func() { i.badge = n })
		}
	}
}

func (s *SideList) focus(i int) {
	if i < 0 || i >= len(s.items) {
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(s.items[i]); c != nil {
		c.Focus(s.items[i])
	}
}

// sideItem is one entry.
type sideItem struct {
	widget.BaseWidget
	place                  Place
	badge                  int
	here, hovered, focused bool
	went                   func(id string)
	step                   func(by int)
}

// change refreshes only when f changed something.
func (i *sideItem) change(f func()) {
	here, badge := i.here, i.badge
	f()
	if here != i.here || badge != i.badge {
		i.Refresh()
	}
}

// Text returns the place's word.
func (i *sideItem) Text() string { return i.place.Word }

// Tapped implements fyne.Tappable.
func (i *sideItem) Tapped(*fyne.PointEvent) { i.went(i.place.ID) }

// TypedKey implements fyne.Focusable.
func (i *sideItem) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		i.step(-1)
	case fyne.KeyDown:
		i.step(1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		i.went(i.place.ID)
	}
}

// TypedRune implements fyne.Focusable.
func (i *sideItem) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (i *sideItem) FocusGained() { i.focused = true; i.Refresh() }

// FocusLost implements fyne.Focusable.
func (i *sideItem) FocusLost() { i.focused = false; i.Refresh() }

// MouseIn implements desktop.Hoverable.
func (i *sideItem) MouseIn(*desktop.MouseEvent) { i.hovered = true; i.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (i *sideItem) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (i *sideItem) MouseOut() { i.hovered = false; i.Refresh() }

// CreateRenderer implements fyne.Widget.
func (i *sideItem) CreateRenderer() fyne.WidgetRenderer {
	back, icon := NewPanel("", "", theme.Radius), NewIcon(i.place.Icon, theme.Muted, 20)
	plain, bold := NewCutLine(i.place.Word, Style{}), NewCutLine(i.place.Word, Style{Bold: true, Colour: theme.Accent})
	count := NewLine("", Style{Size: theme.Caption, Bold: true, Colour: theme.Warning})
	badge := container.NewStack(NewPanel(theme.WarningSoft, "", 9), Inset(1, 1, 7, 7, count))
	right := Middle(badge)
	root := container.NewStack(back, Inset(8, 8, 12, 10, container.NewBorder(nil, nil, Inset(0, 0, 0, 4, icon), right, container.NewStack(plain, bold))))
	return newComposed(root, func() {
		fill := when(i.hovered, theme.Hover)
		if i.here {
			fill = theme.AccentSoft
		}
		back.Set(fill, when(i.focused, theme.Accent))
		icon.Set(i.place.Icon, theme.Muted)
		if i.here {
			icon.Set(i.place.Icon, theme.Accent)
		}
		plain.Hidden, bold.Hidden = i.here, !i.here
		right.Hidden = i.badge == 0
		count.Set(strconv.Itoa(i.badge))
	})
}
