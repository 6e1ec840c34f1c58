package trash

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/ui/page"
	"elkjopcloud/ui/widgets"
)

// The times that can be chosen: of the deletion, but for soon, which is what leaves the Trash before long.
const (
	today = "today"
	week  = "week"
	older = "older"
	soon  = "soon"
)

func times() []string { return []string{"", today, week, older, soon} }

func areas() []string { return []string{"", "backup", "synced", "archive"} }

// wish is what is to be shown; the zero value is all.
type wish struct{ find, area, when, kind string }

// wants tells whether an item of the bin is wished for.
func (q wish) wants(b *bin, i int, now time.Time) bool {
	x := b.items[i]
	return (q.area == "" || x.Area == q.area) && (q.kind == "" || b.kinds[i] == q.kind) && q.at(x.DeletedAt, x.ExpiresAt, now) &&
		(q.find == "" || strings.Contains(b.lower[i], q.find))
}

func (q wish) at(deleted, expires, now time.Time) bool {
	days := func(t time.Time) int { return page.At(now).DaysSince(page.At(t)) }
	switch q.when {
	case today:
		return days(deleted) <= 0
	case week:
		return days(deleted) < 7
	case older:
		return days(deleted) >= 7
	case soon:
		return daysLeft(expires, now) < few
	}
	return true
}

// span is what is shown of an event: at least one item.
type span struct {
	of    *event
	items []int
}

// spans are what is wished for of each event.
func (q wish) spans(b *bin, now time.Time) (out []span) {
	room := make([]int, 0, len(b.items)) // of all spans, so that there is one piece of memory
	for n := range b.events {
		e, from := &b.events[n], len(room)
		if q == (wish{}) {
			out = append(out, span{e, e.items})
			continue
		}
		for _, i := range e.items {
			if q.wants(b, i, now) {
				room = append(room, i)
			}
		}
		if len(room) > from {
			out = append(out, span{e, room[from:len(room):len(room)]})
		}
	}
	return out
}

// filter is the fields and menus by which it is chosen what is shown.
type filter struct {
	search  *widget.Entry
	area    *widget.Select
	parts   *widgets.Segments // the same as area, where there is room
	when    *widget.Select
	kind    *widget.Select
	changed func()
}

func newFilter(desk *page.Desk, changed func()) *filter {
	w := desk.Words
	f := &filter{}
	f.search = widgets.NewSearch(w.T("trash.search"), func(string) { f.tell() })
	names := []string{w.T("trash.all"), w.T("place.backup"), w.T("place.synced"), w.T("place.archive")}
	f.area = widget.NewSelect(names, func(string) {
		if i := f.area.SelectedIndex(); i != f.parts.At() {
			f.parts.Choose(i)
		}
	})
	f.parts = widgets.NewSegments(func(i int) {
		f.area.SetSelectedIndex(i)
		f.tell()
	}, names...)
	var whens []string
	for _, t := range times() {
		if t == "" {
			t = "any"
		}
		whens = append(whens, w.T("trash.when."+t))
	}
	f.when = f.menu(whens)
	f.kind = f.menu(page.KindNames(w))
	f.clear()
	f.changed = changed
	return f
}

// menu is one that has room for each of its names.
func (f *filter) menu(names []string) *widget.Select {
	s := widget.NewSelect(names, func(string) { f.tell() })
	s.PlaceHolder = slices.MaxFunc(names, func(a, b string) int { return cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) })
	return s
}

// tell says that something else is wished for; not while the menus are made.
func (f *filter) tell() {
	if f.changed != nil {
		f.changed()
	}
}

// clear shows everything again.
func (f *filter) clear() {
	changed := f.changed
	f.changed = nil
	f.search.SetText("")
	f.parts.Choose(0)
	f.when.SetSelectedIndex(0)
	f.kind.SetSelectedIndex(0)
	f.changed = changed
	f.tell()
}

func (f *filter) wish() wish {
	return wish{
		find: strings.ToLower(strings.TrimSpace(f.search.Text)), area: areas()[f.parts.At()],
		when: times()[max(f.when.SelectedIndex(), 0)], kind: page.Kinds()[max(f.kind.SelectedIndex(), 0)],
	}
}

// content is the two rows in which they stand; more stands at the right of the second one.
func (f *filter) content(more fyne.CanvasObject) fyne.CanvasObject {
	first := widgets.Roomy(f.search, 200, f.parts.Container, widgets.Framed(f.area), false)
	second := widgets.Sides(widgets.Across(8, widgets.Framed(f.when), widgets.Framed(f.kind)), more)
	return widgets.Column(8, first, second)
}
