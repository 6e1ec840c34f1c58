package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"elkjopcloud/ui/theme"
)

func window(t *testing.T, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Light, 1))
	win := a.NewWindow("")
	win.SetContent(o)
	for range 2 { // the height of text depends on its width
		win.Resize(fyne.NewSize(w, h+1))
		win.Resize(fyne.NewSize(w, h))
	}
	return win
}

// lister is what Rows and Tiles have in common.
type lister interface {
	fyne.CanvasObject
	fyne.Focusable
	fyne.Shortcutable
	SetCount(n int)
	Count() int
}

// TestKeys: both kinds of lists are worked with by the same keys, and stay inside of what there is.
func TestKeys(t *testing.T) {
	for _, name := range []string{"rows", "tiles"} {
		t.Run(name, func(t *testing.T) {
			var did []string
			note := func(what string) func(int) { return func(i int) { did = append(did, fmt.Sprint(what, i)) } }
			var l lister
			if name == "rows" {
				r := NewRows(true, func(i int) Row { return Row{Title: fmt.Sprint(i)} })
				r.OnOpen, r.OnCheck, r.OnAll = note("open"), note("check"), func() { did = append(did, "all") }
				l = r
			} else {
				x := NewTiles(func(i int) Shot { return Shot{Title: fmt.Sprint(i)} })
				x.OnOpen, x.OnCheck, x.OnAll = note("open"), note("check"), func() { did = append(did, "all") }
				l = x
			}
			l.SetCount(100)
			win := window(t, l, 700, 500)
			win.Canvas().Focus(l)
			keys := func(all ...fyne.KeyName) {
				for _, k := range all {
					l.TypedKey(&fyne.KeyEvent{Name: k})
				}
			}
			keys(fyne.KeyEnd, fyne.KeySpace, fyne.KeyHome, fyne.KeyReturn, fyne.KeyPageUp, fyne.KeySpace)
			l.TypedShortcut(&fyne.ShortcutSelectAll{})
			l.TypedShortcut(&fyne.ShortcutCopy{})
			if want := []string{"check99", "open0", "check0", "all"}; !slices.Equal(did, want) {
				t.Errorf("%q", did)
			}
			did = nil
			keys(fyne.KeyPageDown, fyne.KeyReturn, fyne.KeyPageUp, fyne.KeyReturn)
			if len(did) != 2 || did[1] != "open0" || did[0] == "open0" {
				t.Errorf("a page on and back: %q", did)
			}
			did = nil
			keys(fyne.KeyEnd)
			l.SetCount(3) // what the keyboard was at is gone
			keys(fyne.KeyReturn)
			if !slices.Equal(did, []string{"open2"}) {
				t.Errorf("after the list became short: %q", did)
			}
			did = nil
			l.SetCount(0)
			keys(fyne.KeyReturn, fyne.KeySpace, fyne.KeyEnd, fyne.KeyHome, fyne.KeyPageDown)
			if len(did) > 0 || l.Count() != 0 {
				t.Errorf("in an empty list: %q", did)
			}
		})
	}
}

// TestOnlyWhatIsSeen: of very many rows only those that can be seen are asked for.
func TestOnlyWhatIsSeen(t *testing.T) {
	asked := map[int]bool{}
	rows := NewRows(false, func(i int) Row { asked[i] = true; return Row{Icon: theme.File, Title: fmt.Sprint(i), Caption: "c"} })
	rows.SetCount(100_000)
	window(t, rows, 700, 500)
	rows.to(50_000)
	if len(asked) > 60 || !asked[50_000] || !asked[0] {
		t.Errorf("%d of 100000 were asked for", len(asked))
	}
}

func TestTappedRow(t *testing.T) {
	var did []string
	rows := NewRows(true, func(i int) Row { return Row{Title: fmt.Sprint(i), Action: "Do"} })
	rows.OnOpen = func(i int) { did = append(did, fmt.Sprint("open", i)) }
	rows.OnAction = func(i int) { did = append(did, fmt.Sprint("act", i)) }
	rows.OnCheck = func(i int) { did = append(did, fmt.Sprint("check", i)) }
	rows.SetCount(3)
	win := window(t, rows, 600, 400)
	tap := func(x float32) { test.TapCanvas(win.Canvas(), fyne.NewPos(x, 84)) }
	tap(300)
	tap(300) // the same again
	tap(25)
	tap(560)
	if want := []string{"open1", "open1", "check1", "act1"}; !slices.Equal(did, want) {
		t.Errorf("%q", did)
	}
}

// TestRoomy: where there is room the long one stands, else the short one, never both, and nothing is over the other.
func TestRoomy(t *testing.T) {
	window(t, Gap(1, 1), 10, 10) // our theme
	for _, right := range []bool{false, true} {
		rest, wide, narrow := NewCutLine("something", Style{}), Gap(300, 20), Gap(100, 30)
		r := Roomy(rest, 150, wide, narrow, right)
		if m := r.MinSize(); m.Width > 140 || m.Height != 30 {
			t.Errorf("asks for %v", m)
		}
		for _, tt := range []struct {
			width  float32
			isWide bool
		}{{500, true}, {458, true}, {450, false}, {200, false}, {500, true}} {
			r.Resize(fyne.NewSize(tt.width, 30))
			side := narrow
			if tt.isWide {
				side = wide
			}
			if wide.Visible() != tt.isWide || narrow.Visible() == tt.isWide {
				t.Errorf("%v: wide is seen: %v, narrow: %v", tt.width, wide.Visible(), narrow.Visible())
			}
			first, second := fyne.CanvasObject(rest), side
			if !right {
				first, second = second, first
			}
			if end := first.Position().X + first.Size().Width; end > second.Position().X || second.Position().X+second.Size().Width > tt.width+0.5 {
				t.Errorf("%v: %v to %v, then %v with %v", tt.width, first.Position(), end, second.Position(), second.Size())
			}
		}
	}
}

// TestLineThatIsCut: a number never loses its end.
func TestLineThatIsCut(t *testing.T) {
	l := NewCutLine("", Style{})
	l.SetBoth("3,000 items, 13 GB", "3,000")
	window(t, container.NewWithoutLayout(l), 600, 100)
	seen := func(width float32) string {
		l.Resize(fyne.NewSize(width, 20))
		return test.WidgetRenderer(l).Objects()[0].(*canvas.Text).Text
	}
	if got := seen(400); got != "3,000 items, 13 GB" {
		t.Errorf("with room: %q", got)
	}
	if got := seen(60); got != "3,000" {
		t.Errorf("without: %q", got)
	}
	l.SetBoth("long words without a number", "")
	if got := seen(60); got == "long words without a number" || got == "" {
		t.Errorf("cut: %q", got)
	}
}

func TestCheckBox(t *testing.T) {
	var told []bool
	c := NewCheck("words", func(on bool) { told = append(told, on) })
	win := window(t, c, 300, 60)
	test.TapCanvas(win.Canvas(), fyne.NewPos(150, 30)) // the words
	test.TapCanvas(win.Canvas(), fyne.NewPos(14, 30))  // the box
	win.Canvas().Focus(c)
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	c.Set(true) // is on already
	if !slices.Equal(told, []bool{true, false, true}) || !c.On() || c.Text() != "words" {
		t.Errorf("%v, on: %v", told, c.On())
	}
}

func TestSegments(t *testing.T) {
	var chosen []int
	s := NewSegments(func(i int) { chosen = append(chosen, i) }, "one", "two", "three")
	win := window(t, container.NewHBox(s.Container), 500, 60)
	if s.At() != 0 || len(chosen) > 0 {
		t.Errorf("at %d, told %v", s.At(), chosen)
	}
	win.Canvas().Focus(s.buttons[2])
	s.buttons[2].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	s.Word(1, "two (5)")
	if s.At() != 2 || !slices.Equal(chosen, []int{2}) || s.buttons[1].Text() != "two (5)" {
		t.Errorf("at %d, told %v", s.At(), chosen)
	}
}

// TestParagraph: words are broken where the room ends, long ones inside, and none is lost.
func TestParagraph(t *testing.T) {
	window(t, Gap(1, 1), 10, 10)
	for _, width := range []float32{60, 120, 400, 2000} {
		text := "Det som slettes, blir liggende i Papirkurv i tretti dager og/eller/altfor/langt/ord/uten/mellomrom\nny linje"
		got := broken(text, width, Style{})
		joined := ""
		for i, l := range got {
			if w := fyne.MeasureText(l, Style{}.size(), fyne.TextStyle{}).Width; w > width+0.5 && len([]rune(l)) > 1 {
				t.Errorf("%v: line %d is %v wide: %q", width, i, w, l)
			}
			joined += l
		}
		strip := func(s string) (out string) {
			for _, r := range s {
				if r != ' ' && r != '\n' {
					out += string(r)
				}
			}
			return out
		}
		if strip(joined) != strip(text) {
			t.Errorf("%v: %q", width, got)
		}
	}
}

// TestEmpty: where there is no room for the picture, the words and the button have it.
func TestEmpty(t *testing.T) {
	window(t, Gap(1, 1), 10, 10)
	again := NewButton("Again", "", Plain, nil)
	e := Empty(theme.PictureTrash, "Nothing", "What you delete comes here first.", again)
	picture := e.Objects[0]
	for _, tt := range []struct {
		height float32
		seen   bool
	}{{400, true}, {150, false}, {260, true}} {
		window(t, e, 500, tt.height)
		if picture.Visible() != tt.seen {
			t.Errorf("%v high: the picture is seen: %t", tt.height, picture.Visible())
		}
		if y := fyne.CurrentApp().Driver().AbsolutePositionForObject(again).Y; y < 0 || y+again.Size().Height > tt.height {
			t.Errorf("%v high: the button is at %v", tt.height, y)
		}
	}
}

// TestTilesFill: whatever its width, a row of tiles is filled but for less than a point each.
func TestTilesFill(t *testing.T) {
	x := NewTiles(func(i int) Shot { return Shot{Title: fmt.Sprint(i)} })
	win := window(t, x, 700, 300)
	x.SetCount(40)
	for _, width := range []float32{700, 520, 330, 900, 171, 701} {
		win.Resize(fyne.NewSize(width, 300))
		room := x.Size().Width
		least := max(int((room+6)/(shotWidth+12+6)), 1)
		if n := x.ColumnCount(); n != least {
			t.Errorf("%v wide: %d columns, not %d", room, n, least)
		}
		if one := x.CreateItem().MinSize().Width; float32(least)*(one+6)-6 < room-float32(least) && room > shotWidth+12 {
			t.Errorf("%v wide: each is %v", room, one)
		}
	}
}

// TestStatesInLine: what stands beside the states of a list is in line, also in rows without one, where there is room for that.
func TestStatesInLine(t *testing.T) {
	states := []string{"Up to date, 3 skipped", "Paused", ""}
	caption := ""
	r := NewRows(false, func(i int) Row {
		return Row{Icon: theme.Folder, Title: "Documents", Caption: caption, Side: "38 GB", State: State{states[i], theme.Check, Good}}
	})
	for _, tt := range []struct {
		width   float32
		caption string
		want    int
	}{{900, "", 1}, {420, "", 1}, {300, "", 3}, {500, "Last seen 3 Nov 14:03. Your copies are kept.", 3}} { // the last: what is said has room in two of the three rows
		width, want := tt.width, tt.want
		caption = tt.caption
		win := window(t, r, width, 300)
		r.SetCount(len(states))
		win.Resize(fyne.NewSize(width, 301))
		at := map[float32]bool{}
		for v := range r.views {
			var walk func(o fyne.CanvasObject)
			walk = func(o fyne.CanvasObject) {
				if l, ok := o.(*Line); ok && l.Text() == "38 GB" {
					at[fyne.CurrentApp().Driver().AbsolutePositionForObject(l).X] = true
				}
				switch x := o.(type) {
				case *fyne.Container:
					for _, k := range x.Objects {
						walk(k)
					}
				case fyne.Widget:
					for _, k := range test.WidgetRenderer(x).Objects() {
						walk(k)
					}
				}
			}
			walk(v)
		}
		if len(at) != want {
			t.Errorf("%v wide: the sizes are at %v", width, at)
		}
	}
}

// TestRowsGrow: rows are high enough for their two lines in every size of text.
func TestRowsGrow(t *testing.T) {
	for _, scale := range []float32{1, 1.35} {
		test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light, scale))
		v := NewRowView(false)
		v.Set(Row{Icon: theme.File, Title: "Title", Caption: "Caption"}, nil, nil)
		if got, want := NewRows(false, nil).CreateItem().MinSize().Height, v.MinSize().Height; got < want {
			t.Errorf("at %v a row is %v high, %v is needed", scale, got, want)
		}
	}
}

// TestNumbers: a number and what it counts are not broken apart where there is room for both in one line.
func TestNumbers(t *testing.T) {
	window(t, Gap(1, 1), 10, 10)
	wide := func(l string) float32 { return fyne.MeasureText(l, Style{}.size(), fyne.TextStyle{}).Width }
	text := "2311 tiedostoa, 5 tiedostoa muutettiin"
	if got := broken(text, wide("2311 tiedostoa, 5")+1, Style{}); got[0] != "2311 tiedostoa," || got[1] != "5 tiedostoa" {
		t.Errorf("%q", got)
	}
	if got := broken("53\u00a0452 tiedostoa", wide("tiedostoa")+1, Style{}); len(got) != 2 {
		t.Errorf("without room: %q", got)
	}
}

// TestEven: lines that are centred are about equally long, and not more than they were.
func TestEven(t *testing.T) {
	window(t, Gap(1, 1), 10, 10)
	wide := func(l string) float32 { return fyne.MeasureText(l, Style{}.size(), fyne.TextStyle{}).Width }
	for _, text := range []string{"What you put in it is the same everywhere, and there when you have no internet.", "Short.", "altforlangtordutenmellomrom og/eller/altfor/langt/ord/uten/mellomrom/her"} {
		for _, width := range []float32{120, 420, 440} {
			was := broken(text, width, Style{})
			got := even(text, width, Style{}, was)
			if len(got) != len(was) || strings.Join(got, "") != strings.Join(was, "") && strings.Join(got, " ") != strings.Join(was, " ") {
				t.Errorf("%v: %q, not %q", width, got, was)
			}
			for _, l := range got {
				if wide(l) > width+0.5 {
					t.Errorf("%v: %q is %v wide", width, l, wide(l))
				}
			}
			if n := len(got); n == 2 && wide(got[1]) < wide(got[0])/2 {
				t.Errorf("%v: the last line is short: %q", width, got)
			}
		}
	}
}

func TestDialogKeys(t *testing.T) {
	for key, want := range map[fyne.KeyName]string{fyne.KeyEscape: "safe", fyne.KeyReturn: "act"} {
		win := window(t, Gap(1, 1), 700, 500)
		did := ""
		d := Ask(win.Canvas(), Question{Title: "?", Safe: "No", OnSafe: func() { did += "safe" }, Acts: []Choice{{Label: "Yes", Kind: Danger, Do: func() { did += "act" }}}})
		if win.Canvas().Focused() != d.Safe {
			t.Error("the keyboard is not at the safe answer")
		}
		win.Canvas().Focus(d.Acts[0])
		d.Acts[0].TypedKey(&fyne.KeyEvent{Name: key})
		if did != want || win.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: %q", key, did)
		}
	}
}

// TestTree: the arrows and the drawing at the left fold and unfold; lists that are no trees do nothing then.
func TestTree(t *testing.T) {
	test.NewTempApp(t)
	var did []string
	r := NewRows(true, func(i int) Row { return Row{Title: "x", Fold: []Fold{Folded, Unfolded, Leaf}[i]} })
	r.SetCount(3)
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyLeft} {
		r.TypedKey(&fyne.KeyEvent{Name: k})
	}
	r.OnFold = func(i int, open bool) { did = append(did, fmt.Sprint(i, open)) }
	r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	r.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	for i := range 2 {
		v := NewRowView(true)
		r.update(i, v)
		v.Fold()
	}
	NewRowView(true).Fold() // of nobody
	if want := "[0 true 0 false 0 true 1 false]"; fmt.Sprint(did) != want {
		t.Errorf("%v, want %s", did, want)
	}
}

// TestBeside: what is beside words stands below them where there is no room, in rows, nothing over anything, and nothing outside.
func TestBeside(t *testing.T) {
	window(t, Gap(1, 1), 10, 10) // our theme
	words, one, two := NewCutLine("something", Style{}), Gap(150, 30), Gap(120, 20)
	b := Beside(Readable, words, one, two)
	for _, tt := range []struct {
		width, height float32
	}{{600, 30}, {500, 30}, {400, 30 + between + words.MinSize().Height}, {200, 30 + 20 + 2*between + words.MinSize().Height}, {600, 30}} {
		for range 2 { // the first time it learns how wide it is
			b.Resize(fyne.NewSize(tt.width, b.MinSize().Height))
		}
		if m := b.MinSize(); m.Height != tt.height || m.Width != 150 {
			t.Errorf("%v: asks for %v", tt.width, m)
		}
		separate(t, b, words, one, two)
	}
	one.Hide()
	two.Hide()
	b.Resize(fyne.NewSize(500, 30))
	if words.Size().Width != 500 || b.MinSize() != words.MinSize() {
		t.Errorf("alone it is %v wide, of %v", words.Size(), b.MinSize())
	}
}

// TestCards: they fill their rows equally, and are as wide as there is room.
func TestCards(t *testing.T) {
	window(t, Gap(1, 1), 10, 10)
	var all []fyne.CanvasObject
	for i := range 4 {
		all = append(all, Gap(50, float32(20+i)))
	}
	c := Cards(20, all...)
	for _, tt := range []struct {
		width   float32
		columns int
	}{{700, 4}, {500, 2}, {300, 2}, {150, 1}} {
		for range 2 {
			c.Resize(fyne.NewSize(tt.width, c.MinSize().Height))
		}
		first := 0
		for _, o := range all {
			if o.Position().Y == 0 {
				first++
			}
		}
		if first != tt.columns {
			t.Errorf("%v: %d in the first row", tt.width, first)
		}
		separate(t, c, all...)
	}
	if m := Cards(20).MinSize(); !m.IsZero() {
		t.Errorf("none ask for %v", m)
	}
}

// separate fails when things lie over one another, or outside of what holds them.
func separate(t *testing.T, in fyne.CanvasObject, all ...fyne.CanvasObject) {
	t.Helper()
	for i, o := range all {
		a, end := o.Position(), o.Position().Add(o.Size())
		if a.X < -0.5 || a.Y < -0.5 || end.X > in.Size().Width+0.5 || end.Y > in.Size().Height+0.5 {
			t.Errorf("%v: %d is at %v to %v", in.Size(), i, a, end)
		}
		for j, other := range all[:i] {
			b, stop := other.Position(), other.Position().Add(other.Size())
			if a.X < stop.X-0.5 && b.X < end.X-0.5 && a.Y < stop.Y-0.5 && b.Y < end.Y-0.5 {
				t.Errorf("%v: %d is over %d", in.Size(), i, j)
			}
		}
	}
}

// TestMenuOfRows: the button of a row and the menu key ask for the row's menu, wherever the list has been scrolled to.
func TestMenuOfRows(t *testing.T) {
	var asked []int
	r := NewRows(false, func(i int) Row { return Row{Title: fmt.Sprint(i), Menu: true} })
	r.SetCount(1000)
	window(t, r, 600, 400)
	r.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu}) // and nobody listens
	r.OnMenu = func(i int, row fyne.CanvasObject) {
		asked = append(asked, i)
		if got := row.(*RowView).Row().Title; got != fmt.Sprint(i) {
			t.Errorf("the row of %d shows %s", i, got)
		}
	}
	for _, key := range []fyne.KeyName{desktop.KeyMenu, fyne.KeyEnd, desktop.KeyMenu, fyne.KeyPageUp, fyne.KeyF10} {
		r.TypedKey(&fyne.KeyEvent{Name: key})
	}
	for v, i := range r.views {
		if i == 995 {
			v.Menu()
		}
	}
	if want := []int{0, 999, 989, 995}; !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
	if len(r.views) > 60 {
		t.Errorf("%d rows were made", len(r.views))
	}
	NewRowView(false).Menu() // without anything to do
}
