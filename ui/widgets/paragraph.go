package widgets

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is text that is broken into lines where the room ends.
type Paragraph struct {
	widget.BaseWidget
	text  string
	style Style
	guess float32 // the width that is assumed until the real one is known
}

// NewParagraph returns a paragraph.
func NewParagraph(text string, style Style) *Paragraph {
	p := &Paragraph{text: text, style: style, guess: 420}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the text.
func (p *Paragraph) Set(text string) {
	if p.text != text {
		p.text = text
		p.Refresh()
	}
}

// SetColour changes the colour.
func (p *Paragraph) SetColour(c fyne.ThemeColorName) {
	p.style.Colour = c
	p.Refresh()
}

// Text returns the text.
func (p *Paragraph) Text() string { return p.text }

// Resize implements fyne.CanvasObject. Another width may need another height.
func (p *Paragraph) Resize(size fyne.Size) {
	if size.Width > 0 {
		p.guess = size.Width
	}
	p.BaseWidget.Resize(size)
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer { return &paragraphRenderer{p: p} }

type paragraphRenderer struct {
	p     *Paragraph
	lines []*canvas.Text
	of    string
	at    float32
	size  float32
}

func (r *paragraphRenderer) height() float32 {
	return fyne.MeasureText("Åg", r.p.style.size(), r.p.style.style()).Height + 2
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	r.wrap(r.p.guess)
	return fyne.NewSize(min(80, r.p.guess), float32(max(len(r.lines), 1))*r.height())
}

// wrap breaks the text anew when it, its size or its width has changed.
func (r *paragraphRenderer) wrap(width float32) {
	if r.of == r.p.text && r.at == width && r.size == r.p.style.size() && r.lines != nil {
		return
	}
	r.of, r.at, r.size = r.p.text, width, r.p.style.size()
	r.lines = []*canvas.Text{}
	lines := broken(r.p.text, width, r.p.style)
	if r.p.style.Even || r.p.style.Align == fyne.TextAlignCenter {
		lines = even(r.p.text, width, r.p.style, lines)
	}
	for _, l := range lines {
		t := canvas.NewText(l, nil)
		r.p.style.dress(t)
		r.lines = append(r.lines, t)
	}
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	r.wrap(size.Width)
	for i, t := range r.lines {
		t.Move(fyne.NewPos(0, float32(i)*r.height()))
		t.Resize(fyne.NewSize(size.Width, r.height()))
	}
}

func (r *paragraphRenderer) Refresh() {
	r.lines = nil
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *paragraphRenderer) Objects() []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, len(r.lines))
	for i, t := range r.lines {
		out[i] = t
	}
	return out
}

func (r *paragraphRenderer) Destroy() {}

// even breaks a text so that its lines are about equally long: no word stands alone below the others. There are as many lines as there were.
func even(text string, width float32, s Style, lines []string) []string {
	low, high := width/2, width
	for _, word := range strings.Fields(text) {
		low = max(low, fyne.MeasureText(word, s.size(), s.style()).Width)
	}
	for len(lines) > 1 && high-low > 4 {
		middle := (low + high) / 2
		if now := broken(text, middle, s); len(now) > len(lines) {
			low = middle
		} else {
			high, lines = middle, now
		}
	}
	return lines
}

// words are what a text is broken between: a number stays with what it counts, where there is room for both.
func words(text string, fits func(string) bool) (all []string) {
	for _, word := range strings.Split(text, " ") {
		if n := len(all); n > 0 && number(all[n-1]) && fits(all[n-1]+" "+word) {
			all[n-1] += " " + word
		} else {
			all = append(all, word)
		}
	}
	return all
}

// number tells whether a word is one, as we write them: the space within is one that is not broken.
func number(word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	return unicode.IsDigit(last) && strings.Trim(word, "0123456789.,\u00a0\u202f") == ""
}

// broken returns a text's lines for a width. Words that are wider than the room are broken where it ends.
func broken(text string, width float32, s Style) []string {
	wide := func(t string) float32 { return fyne.MeasureText(t, s.size(), s.style()).Width }
	var out []string
	for _, part := range strings.Split(text, "\n") {
		line := ""
		for _, word := range words(part, func(t string) bool { return wide(t) <= width }) {
			switch {
			case line == "":
				line = word
			case wide(line+" "+word) <= width:
				line += " " + word
				continue
			default:
				out = append(out, line)
				line = word
			}
			for wide(line) > width && len([]rune(line)) > 1 {
				head := strings.TrimSuffix(fit(line, width+wide(ellipsis), s), ellipsis)
				if head == "" || head == line {
					break
				}
				out = append(out, head)
				line = line[len(head):]
			}
		}
		out = append(out, line)
	}
	return out
}
