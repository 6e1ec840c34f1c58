package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/theme"
)

// Style is how text looks. The zero value is normal text.
type Style struct {
	Size   fyne.ThemeSizeName  // "" is theme.Body
	Colour fyne.ThemeColorName // "" is theme.Text
	Bold   bool
	Align  fyne.TextAlign
	Even   bool // the lines of a paragraph are about equally long, as they are when it is centred
}

func (s Style) size() float32 {
	if s.Size == "" {
		return fynetheme.Size(theme.Body)
	}
	return fynetheme.Size(s.Size)
}

func (s Style) style() fyne.TextStyle { return fyne.TextStyle{Bold: s.Bold} }

// dress gives a text the style.
func (s Style) dress(t *canvas.Text) {
	name := s.Colour
	if name == "" {
		name = theme.Text
	}
	t.Color, t.TextSize, t.TextStyle, t.Alignment = fynetheme.Color(name), s.size(), s.style(), s.Align
}

// Line is one line of text.
type Line struct {
	widget.BaseWidget
	text  string
	short string // stands there instead where there is no room for the text; may be empty
	style Style
	cut   bool // where there is no room it ends with an ellipsis; otherwise it takes the room that it needs
}

// NewLine returns a line that always has the room it needs.
func NewLine(text string, style Style) *Line { return newLine(text, style, false) }

// NewCutLine returns a line that is cut where there is no room for it.
func NewCutLine(text string, style Style) *Line { return newLine(text, style, true) }

func newLine(text string, style Style, cut bool) *Line {
	l := &Line{text: text, style: style, cut: cut}
	l.ExtendBaseWidget(l)
	return l
}

// Set changes the text.
func (l *Line) Set(text string) {
	if l.text != text {
		l.text = text
		l.Refresh()
	}
}

// SetBoth changes the text, and what a line that is cut shows where there is no room for it: a number must not lose its end.
func (l *Line) SetBoth(text, short string) {
	l.short = short
	l.Set(text)
}

// SetColour changes the colour.
func (l *Line) SetColour(c fyne.ThemeColorName) {
	if l.style.Colour != c {
		l.style.Colour = c
		l.Refresh()
	}
}

// Full is how wide the whole text is.
func (l *Line) Full() float32 { return fyne.MeasureText(l.text, l.style.size(), l.style.style()).Width }

// Whole tells whether there is room for the text, or for the short one.
func (l *Line) Whole() bool {
	wide := func(text string) float32 { return fyne.MeasureText(text, l.style.size(), l.style.style()).Width }
	return wide(l.text) <= l.Size().Width+0.5 || l.short != "" && wide(l.short) <= l.Size().Width+0.5
}

// Text returns the whole text.
func (l *Line) Text() string { return l.text }

// CreateRenderer implements fyne.Widget.
func (l *Line) CreateRenderer() fyne.WidgetRenderer {
	r := &lineRenderer{line: l, text: canvas.NewText("", nil)}
	l.style.dress(r.text)
	return r
}

type lineRenderer struct {
	line *Line
	text *canvas.Text
	of   string  // what was fitted
	at   float32 // into which width
}

func (r *lineRenderer) MinSize() fyne.Size {
	full := fyne.MeasureText(r.line.text, r.line.style.size(), r.line.style.style())
	if r.line.cut {
		full.Width = min(full.Width, 24)
	}
	return full
}

func (r *lineRenderer) Layout(size fyne.Size) {
	if r.of != r.line.text || r.at != size.Width {
		r.of, r.at = r.line.text, size.Width
		r.text.Text = r.line.text
		if r.line.cut {
			r.text.Text = fit(r.line.text, size.Width, r.line.style)
			if r.line.short != "" && r.text.Text != r.line.text {
				r.text.Text = fit(r.line.short, size.Width, r.line.style)
			}
		}
	}
	height := r.text.MinSize().Height
	r.text.Move(fyne.NewPos(0, (size.Height-height)/2))
	r.text.Resize(fyne.NewSize(size.Width, height))
}

func (r *lineRenderer) Refresh() {
	r.line.style.dress(r.text)
	r.at = -1
	r.Layout(r.line.Size())
	r.text.Refresh()
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *lineRenderer) Destroy()                     {}

const ellipsis = "…"

// fit returns the longest beginning of a text that has room, with an ellipsis when it is not the whole.
func fit(text string, width float32, s Style) string {
	wide := func(t string) float32 { return fyne.MeasureText(t, s.size(), s.style()).Width }
	if wide(text) <= width+0.5 {
		return text
	}
	letters := []rune(text)
	low, high := 0, len(letters)
	for low < high {
		middle := (low + high + 1) / 2
		if wide(string(letters[:middle])+ellipsis) <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return string(letters[:low]) + ellipsis
}
