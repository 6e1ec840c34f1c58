package uitest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Person is somebody in front of a window in which there is one page. What is pressed is pressed at its place in the window: what lies under
// something else, or is not there, cannot be.
type Person struct {
	t    *testing.T
	win  fyne.Window
	Desk *page.Desk

	Folder string   // which folder or file is chosen when the page asks; "" is none
	Said   []string // the short messages
	Shown  []string // what was opened in the file manager
	Went   []string // pages gone to
	Fixed  []string // problems whose button was pressed
	Wait   bool     // work goes on until Finish
	undone []func()
}

// NewPerson opens a window, in a language.
func NewPerson(t *testing.T, language string) *Person {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Light, 1))
	p := &Person{t: t, win: a.NewWindow("")}
	choose := func(chosen func(string)) {
		if p.Folder != "" {
			chosen(p.Folder)
		}
	}
	p.Desk = &page.Desk{
		Words: text.For(language), Canvas: p.win.Canvas, Now: Now, Start: p.start, Folder: choose, File: choose,
		Open: func(path string) { p.Shown = append(p.Shown, path) }, Go: func(place string) { p.Went = append(p.Went, place) },
		Say: func(_ widgets.Tone, words string) { p.Said = append(p.Said, words) }, Fix: func(g page.Group) { p.Fixed = append(p.Fixed, g.Code) }, Hidden: &page.Hidden{},
	}
	return p
}

// start does a job on the spot, or when somebody says so.
func (p *Person) start(j page.Job) func() {
	ctx, cancel := context.WithCancel(p.t.Context())
	p.t.Cleanup(cancel)
	tell := func(x app.Progress) {
		if j.Tell != nil {
			j.Tell(x)
		}
	}
	do := func() {
		if err := j.Do(ctx, tell); j.Done != nil {
			j.Done(err)
			p.settle() // what came may need room
		}
	}
	if p.Wait {
		p.undone = append(p.undone, do)
	} else {
		do()
	}
	return cancel
}

// Finish does what was left undone, also what comes of it, and from now on everything at once.
func (p *Person) Finish() {
	p.Wait = false
	for len(p.undone) > 0 {
		do := p.undone[0]
		p.undone = p.undone[1:]
		do()
	}
}

// See puts a page into the window.
func (p *Person) See(content fyne.CanvasObject, width, height float32) {
	p.win.SetContent(content)
	p.win.Resize(fyne.NewSize(width, height))
	p.settle()
}

// settle lays everything out anew, as a real window does by itself when something needs more room or less. The height of text depends on its width.
func (p *Person) settle() {
	size := p.win.Canvas().Size()
	for range 2 {
		p.win.Resize(size.AddWidthHeight(0, 1))
		p.win.Resize(size)
	}
}

// Snapshot is a moment of a client.
func Snapshot(c *Client) page.Snapshot {
	s := page.Snapshot{Now: Now(), Status: c.Status(), Storage: c.At, Device: "Kari's laptop", Recent: c.Events[:min(len(c.Events), 5)], Conflicts: len(c.Clashes)}
	return s
}

// T says a sentence in the person's language.
func (p *Person) T(key string, fill ...any) string { return p.Desk.Words.T(key, fill...) }

// walk goes through everything that can be seen, what lies on top last.
func (p *Person) walk(f func(fyne.CanvasObject)) {
	Walk(p.win.Content(), f)
	if o := p.win.Canvas().Overlays().Top(); o != nil {
		Walk(o, f)
	}
}

// Walk goes through an object and everything visible in it.
func Walk(o fyne.CanvasObject, f func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	f(o)
	switch x := o.(type) {
	case *fyne.Container:
		for _, k := range x.Objects {
			Walk(k, f)
		}
	case fyne.Widget:
		for _, k := range test.WidgetRenderer(x).Objects() {
			Walk(k, f)
		}
	}
}

// Words is everything that can be read in the window, whole, also what is cut for want of room.
func (p *Person) Words() []string {
	var out []string
	p.walk(func(o fyne.CanvasObject) {
		switch x := o.(type) {
		case interface{ Text() string }:
			out = append(out, x.Text())
		case *widget.Entry:
			out = append(out, x.Text, x.PlaceHolder)
		case *widget.Check:
			out = append(out, x.Text)
		case *widget.Select:
			out = append(out, x.Selected)
		}
	})
	return out
}

// Sees tells whether something that can be read contains these words.
func (p *Person) Sees(words string) bool {
	return slices.ContainsFunc(p.Words(), func(w string) bool { return strings.Contains(w, words) })
}

// Reads fails unless everything can be read.
func (p *Person) Reads(all ...string) {
	p.t.Helper()
	for _, words := range all {
		if !p.Sees(words) {
			p.t.Errorf("%q cannot be read among %q", words, p.Words())
		}
	}
}

// Misses fails when one of these can be read.
func (p *Person) Misses(all ...string) {
	p.t.Helper()
	for _, words := range all {
		if p.Sees(words) {
			p.t.Errorf("%q can be read", words)
		}
	}
}

// find returns the last one of what is wanted, which is what lies on top.
func (p *Person) find(wanted func(fyne.CanvasObject) bool) (found fyne.CanvasObject) {
	p.walk(func(o fyne.CanvasObject) {
		if wanted(o) {
			found = o
		}
	})
	return found
}

// button finds what is pressed and bears these words.
func (p *Person) button(words string) fyne.CanvasObject {
	return p.find(func(o fyne.CanvasObject) bool {
		if _, ok := o.(fyne.Tappable); !ok {
			return false
		}
		switch x := o.(type) {
		case interface{ Text() string }:
			return x.Text() == words
		case *widget.Check:
			return x.Text == words
		}
		return false
	})
}

// Can tells whether there is a button of these words that is not disabled.
func (p *Person) Can(words string) bool {
	b := p.button(words)
	d, ok := b.(fyne.Disableable)
	return b != nil && (!ok || !d.Disabled())
}

// Press presses the button that bears these words.
func (p *Person) Press(words string) {
	p.t.Helper()
	b := p.button(words)
	if b == nil {
		p.t.Fatalf("there is nothing to press called %q among %q", words, p.Words())
	}
	p.tap(b)
}

// Tap presses something in its middle.
func (p *Person) tap(o fyne.CanvasObject) {
	p.t.Helper()
	size := p.win.Canvas().Size()
	middle := func() fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(o.Size().Width/2, o.Size().Height/2)
	}
	inside := func(at fyne.Position) bool { return at.X >= 0 && at.Y >= 0 && at.X < size.Width && at.Y < size.Height }
	if o.Size().IsZero() || !inside(middle()) {
		p.settle()
	}
	if middle := middle(); !inside(middle) {
		p.t.Fatalf("%T lies outside of the window, at %v", o, middle)
	}
	test.TapCanvas(p.win.Canvas(), middle())
}

// Row is the row of a list that shows this title.
func (p *Person) Row(title string) *widgets.RowView {
	p.t.Helper()
	v, _ := p.find(func(o fyne.CanvasObject) bool {
		v, ok := o.(*widgets.RowView)
		return ok && strings.Contains(v.Row().Title, title)
	}).(*widgets.RowView)
	if v == nil {
		p.t.Fatalf("there is no row %q among %q", title, p.Words())
	}
	return v
}

// Open presses a row.
func (p *Person) Open(title string) {
	p.t.Helper()
	v := p.Row(title)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v)
	test.TapCanvas(p.win.Canvas(), at.AddXY(v.Size().Width/2, v.Size().Height/2))
}

// Titles are the titles of the rows that can be seen.
func (p *Person) Titles() []string {
	var out []string
	p.walk(func(o fyne.CanvasObject) {
		if v, ok := o.(*widgets.RowView); ok {
			out = append(out, v.Row().Title)
		}
	})
	return out
}

// Type writes into the field that shows these words while it is empty, or has them in it.
func (p *Person) Type(field, words string) {
	p.t.Helper()
	e, _ := p.find(func(o fyne.CanvasObject) bool {
		e, ok := o.(*widget.Entry)
		return ok && (e.PlaceHolder == field || e.Text == field)
	}).(*widget.Entry)
	if e == nil {
		p.t.Fatalf("there is no field %q", field)
	}
	p.win.Canvas().Focus(e)
	e.SetText("")
	test.Type(e, words)
}

// Keys presses keys, one after the other, where the keyboard is.
func (p *Person) Keys(keys ...fyne.KeyName) {
	p.t.Helper()
	for _, k := range keys {
		f := p.win.Canvas().Focused()
		if f == nil {
			p.t.Fatalf("nothing has the keyboard for %s", k)
		}
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

// Tab goes on with the keyboard until it is at something called so.
func (p *Person) Tab(words string) {
	p.t.Helper()
	for range 60 {
		p.win.Canvas().FocusNext()
		if Called(p.win.Canvas().Focused()) == words {
			return
		}
	}
	p.t.Fatalf("the keyboard does not come to %q", words)
}

// Shots are the tiles that can be seen.
func (p *Person) Shots() (out []*widgets.ShotView) {
	p.walk(func(o fyne.CanvasObject) {
		if v, ok := o.(*widgets.ShotView); ok {
			out = append(out, v)
		}
	})
	return out
}

// Undone is how many pieces of work wait for Finish.
func (p *Person) Undone() int { return len(p.undone) }

// Step does the first of what was left undone, and leaves what comes of it undone.
func (p *Person) Step() {
	p.t.Helper()
	if len(p.undone) == 0 {
		p.t.Fatal("nothing is left undone")
	}
	do := p.undone[0]
	p.undone = p.undone[1:]
	do()
}

// List puts the keyboard into the list.
func (p *Person) List() *widgets.Rows {
	p.t.Helper()
	r, _ := p.find(func(o fyne.CanvasObject) bool { _, ok := o.(*widgets.Rows); return ok }).(*widgets.Rows)
	if r == nil {
		p.t.Fatal("there is no list")
	}
	p.win.Canvas().Focus(r)
	return r
}

// Called is what stands on something that can have the keyboard; "list" for a list.
func Called(f fyne.Focusable) string {
	switch x := f.(type) {
	case interface{ Text() string }:
		return x.Text()
	case *widget.Check:
		return x.Text
	case *widget.Entry:
		return x.PlaceHolder
	case *widgets.Rows:
		return "list"
	}
	return ""
}

// Focus is what has the keyboard.
func (p *Person) Focus() string { return Called(p.win.Canvas().Focused()) }

// Asked tells whether a dialog is open.
func (p *Person) Asked() bool { return p.win.Canvas().Overlays().Top() != nil }

// Hears fails unless the last short message is this one.
func (p *Person) Hears(words string) {
	p.t.Helper()
	if len(p.Said) == 0 || p.Said[len(p.Said)-1] != words {
		p.t.Errorf("said %q, not %q", p.Said, words)
	}
}

// Same fails unless what the client was asked since then is exactly this.
func (p *Person) Same(c *Client, want ...string) {
	p.t.Helper()
	if got := c.Did(); !slices.Equal(got, want) {
		p.t.Errorf("the client was asked %q, not %q", got, want)
	}
}

// Choose opens a menu whose present choice is one thing, and takes another.
func (p *Person) Choose(from, to string) {
	p.t.Helper()
	s, _ := p.find(func(o fyne.CanvasObject) bool {
		s, ok := o.(*widget.Select)
		return ok && s.Selected == from && slices.Contains(s.Options, to)
	}).(*widget.Select)
	if s == nil {
		p.t.Fatalf("there is no menu that shows %q and has %q", from, to)
	}
	s.SetSelected(to)
}
