package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Rows is a list of any length of which only what can be seen is made. It is worked with by pointer and by keyboard: the arrows, Home,
// End, Page Up and Page Down move, Enter opens, Space chooses, Ctrl+A chooses all, the menu key shows what more can be done with a row; in a tree the arrows to the right and left unfold and fold.
type Rows struct {
	widget.List
	row   func(i int) Row
	count int
	at    int      // where the keyboard is
	check bool     // rows can be chosen
	tall  *RowView // measures tall rows; nil: all rows are equally high
	seen  measured
	pill  *Pill            // measures states
	wide  float32          // are the states of all rows
	views map[*RowView]int // which row each shows; of rows that were scrolled away it may be any

	OnOpen   func(i int) // a row was tapped, or Enter
	OnCheck  func(i int) // a row's box was pressed, or Space
	OnAll    func()      // Ctrl+A
	OnAction func(i int) // a row's button was pressed
	OnSecond func(i int) // its second one
	OnFold   func(i int, open bool)
	OnMenu   func(i int, row fyne.CanvasObject) // a row's button for more, or the menu key; row shows it
}

// NewRows returns a list; row tells what a row shows. With check its rows have boxes for choosing.
func NewRows(check bool, row func(i int) Row) *Rows {
	r := &Rows{row: row, check: check, views: map[*RowView]int{}, pill: NewPill(State{})}
	r.Length = func() int { return r.count }
	r.CreateItem = func() fyne.CanvasObject {
		v := NewRowView(check)
		v.row = Row{Title: " ", Caption: " "} // all rows are as high as one with both, also with large text
		return v
	}
	r.UpdateItem = r.update
	r.OnSelected = func(i int) {
		r.UnselectAll() // what is chosen is shown by the boxes
		r.at = i
		call(r.OnOpen, i)
	}
	r.OnHighlighted = func(i int) { r.at = i }
	r.HideSeparators = true
	r.ExtendBaseWidget(r)
	return r
}

// SetCount tells how many rows there are and shows them anew.
func (r *Rows) SetCount(n int) {
	r.count = n
	r.at = min(r.at, max(n-1, 0))
	r.measure()
	r.states()
	r.Refresh()
}

// At returns where the keyboard is.
func (r *Rows) At() int { return r.at }

// Stay takes the keyboard to another row without showing other rows than before: what it was at has come there.
func (r *Rows) Stay(i int) {
	if i == r.at || i >= r.count {
		return
	}
	seen := r.GetScrollOffset()
	r.Highlight(i)
	r.ScrollToOffset(seen)
}

// few is up to how many rows have their states in line: all must be known for that.
const few = 100

// states finds out how wide the states of the rows are.
func (r *Rows) states() {
	r.wide = 0
	for i := range r.count {
		if r.tall != nil || r.count > few {
			return
		}
		if s := r.row(i).State; s.Word != "" {
			r.pill.Set(s)
			r.wide = max(r.wide, r.pill.MinSize().Width)
		}
	}
}

// Begin leaves the list without rows, at its top, for other rows than before.
func (r *Rows) Begin() {
	r.SetCount(0)
	if r.GetScrollOffset() > 0 { // else it may not have been shown yet
		r.ScrollToTop()
	}
}

// Count returns how many rows there are.
func (r *Rows) Count() int { return r.count }

func (r *Rows) update(i int, o fyne.CanvasObject) {
	if v, ok := o.(*RowView); ok && i < r.count {
		r.shows(v, i)
		v.line(r.wide)
		v.OnMenu(func() { r.menu(i) })
		v.OnFold(func() { r.fold(i, v.Row().Fold == Folded) })
		v.OnSecond(func() { call(r.OnSecond, i) })
		v.Set(r.row(i), func() { call(r.OnCheck, i) }, func() { call(r.OnAction, i) })
	}
}

// shows remembers that a row is shown by v, and by none of those that showed it before.
func (r *Rows) shows(v *RowView, i int) {
	for other, of := range r.views {
		if of == i && other != v {
			delete(r.views, other)
		}
	}
	r.views[v] = i
}

func call(f func(int), i int) {
	if f != nil {
		f(i)
	}
}

// page is how many rows Page Up and Page Down go.
const page = 10

// TypedKey implements fyne.Focusable.
func (r *Rows) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyHome:
		r.to(0)
	case fyne.KeyEnd:
		r.to(r.count - 1)
	case fyne.KeyPageUp:
		r.to(r.at - page)
	case fyne.KeyPageDown:
		r.to(r.at + page)
	case fyne.KeyReturn, fyne.KeyEnter:
		r.here(r.OnOpen)
	case fyne.KeyRight, fyne.KeyLeft:
		r.here(func(i int) { r.fold(i, e.Name == fyne.KeyRight) })
	case fyne.KeySpace:
		if r.check {
			r.here(r.OnCheck)
		} else {
			r.here(r.OnOpen)
		}
	case desktop.KeyMenu, fyne.KeyF10: // many keyboards have no menu key, and people press Shift with F10
		r.here(r.menu)
	default:
		r.List.TypedKey(e)
	}
}

func (r *Rows) fold(i int, open bool) {
	if r.OnFold != nil {
		r.OnFold(i, open)
	}
}

func (r *Rows) menu(i int) {
	if r.OnMenu == nil {
		return
	}
	r.ScrollTo(i)
	for v, of := range r.views {
		if of == i {
			r.OnMenu(i, v)
			return
		}
	}
}

func (r *Rows) to(i int) {
	if r.count > 0 {
		r.Highlight(min(max(i, 0), r.count-1))
	}
}

func (r *Rows) here(f func(int)) {
	if r.at < r.count {
		call(f, r.at)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (r *Rows) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutSelectAll); ok && r.OnAll != nil {
		r.OnAll()
	}
}
