package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Field puts a label above something to fill in, and an explanation below; help may be empty.
func Field(label string, input fyne.CanvasObject, help string) *fyne.Container {
	all := []fyne.CanvasObject{NewLine(label, Style{Size: theme.Caption, Bold: true, Colour: theme.Muted}), input}
	if help != "" {
		all = append(all, NewParagraph(help, Style{Size: theme.Caption, Colour: theme.Muted}))
	}
	return Column(4, all...)
}

// NewEntry returns a field for one line of text.
func NewEntry(value, placeholder string) *widget.Entry {
	e := widget.NewEntry()
	e.SetPlaceHolder(placeholder)
	e.SetText(value)
	return e
}

// NewSearch returns a field that tells every change of what is looked for.
func NewSearch(placeholder string, changed func(text string)) *widget.Entry {
	e := NewEntry("", placeholder)
	e.OnChanged = changed
	e.Icon = theme.Search.In(theme.MutedNow())
	return e
}

// Segments choose one of a few views of a page.
type Segments struct {
	*fyne.Container
	buttons []*segment
	chosen  func(i int)
}

// NewSegments returns segments, the first of which is chosen; chosen is called when another one is.
func NewSegments(chosen func(i int), words ...string) *Segments {
	s := &Segments{chosen: chosen}
	var all []fyne.CanvasObject
	for i, w := range words {
		b := &segment{on: i == 0}
		b.text, b.kind, b.tapped = w, Quiet, func() { s.Choose(i) }
		b.ExtendBaseWidget(b)
		s.buttons = append(s.buttons, b)
		all = append(all, b)
	}
	s.Container = container.NewStack(NewPanel(theme.Quiet, "", theme.Radius+2), Inset(3, 3, 3, 3, Across(2, all...)))
	return s
}

// NewIconSegments returns segments that show icons; words are what they are called.
func NewIconSegments(chosen func(i int), icons []theme.Icon, words ...string) *Segments {
	s := NewSegments(chosen, words...)
	for i, b := range s.buttons {
		b.icon = icons[i]
		b.Refresh()
	}
	return s
}

// Choose chooses a segment.
func (s *Segments) Choose(i int) {
	for j, b := range s.buttons {
		if b.on != (i == j) {
			b.on = i == j
			b.Refresh()
		}
	}
	s.chosen(i)
}

// At is the segment that is chosen.
func (s *Segments) At() int {
	return slices.IndexFunc(s.buttons, func(b *segment) bool { return b.on })
}

// Word changes what stands on a segment.
func (s *Segments) Word(i int, word string) {
	if s.buttons[i].Text() != word {
		s.buttons[i].Set(word, "")
		s.Refresh() // it may need another width
	}
}

// segment is a button that may be the one that is chosen.
type segment struct {
	Button
	on bool
}

// CreateRenderer implements fyne.Widget.
func (b *segment) CreateRenderer() fyne.WidgetRenderer {
	back, word, icon := NewPanel("", "", theme.Radius), NewLine("", Style{}), NewIcon("", theme.Text, 18)
	root := container.NewStack(back, Inset(5, 5, 12, 12, container.NewCenter(container.NewStack(word, icon))))
	return newComposed(root, func() {
		fill, front := when(b.hovered, theme.Hover), theme.Muted
		if b.on {
			fill, front = theme.Surface, theme.Text
		}
		word.Hidden, icon.Hidden = b.icon != "", b.icon == ""
		icon.Set(b.icon, front)
		word.Set(b.text)
		if b.icon != "" {
			word.Set("")
		}
		word.SetColour(front)
		back.Set(fill, when(b.focused, theme.Accent))
	})
}

// Framed draws a border round a control of Fyne's that has none.
func Framed(o fyne.CanvasObject) *fyne.Container {
	return container.NewStack(o, NewPanel("", theme.Line, theme.Radius))
}
