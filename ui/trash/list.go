package trash

import (
	"path"
	"slices"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// few is how many days before something leaves the Trash it is marked.
const few = 5

// line is one row of the list: an event, or one item of it.
type line struct {
	span int
	item int // of the bin; below 0 it is the event
}

// several tells whether a part of an event has a row of its own above its items.
func (s span) several() bool { return len(s.items) > 1 }

// lay makes the rows: an event folded, or with its items below it; what was deleted by itself stands by itself.
func (p *Page) lay() {
	p.lines = p.lines[:0]
	for n, s := range p.spans {
		if s.several() {
			p.lines = append(p.lines, line{n, -1})
		}
		if !s.several() || p.unfolded(s) {
			for _, i := range s.items {
				p.lines = append(p.lines, line{n, i})
			}
		}
	}
	p.rows.SetCount(len(p.lines))
}

// unfolded tells whether the items of an event are shown. Whoever searches looks for files: then they are, unless somebody folds them.
func (p *Page) unfolded(s span) bool { return p.turned[s.of.key()] != (p.wish.find != "") }

// fold folds or unfolds the event that a row is, or lies in.
func (p *Page) fold(row int, open bool) {
	l := p.lines[row]
	s := p.spans[l.span]
	if !s.several() || open && l.item >= 0 || p.unfolded(s) == open {
		return
	}
	key := s.of.key()
	p.turned[key] = !p.turned[key]
	p.lay()
	if l.item >= 0 {
		p.rows.Highlight(slices.Index(p.lines, line{l.span, -1})) // the row that was left is not there any more
	}
}

// open is Enter, or a row that was tapped: an event unfolds or folds, an item is chosen.
func (p *Page) open(row int) {
	if l := p.lines[row]; l.item < 0 {
		p.fold(row, !p.unfolded(p.spans[l.span]))
		return
	}
	p.check(row)
}

// check chooses an item, or all of an event, or not any more.
func (p *Page) check(row int) {
	items := p.of(p.lines[row])
	all := p.chosenOf(items) == len(items)
	for _, i := range items {
		if id := p.bin.items[i].ID; all {
			delete(p.chosen, id)
		} else {
			p.chosen[id] = true
		}
	}
	p.rows.Refresh() // the row of the event, and those of its items
	p.counted()
}

// of are the items that a row stands for.
func (p *Page) of(l line) []int {
	if l.item >= 0 {
		return []int{l.item}
	}
	return p.spans[l.span].items
}

// chosenOf is how many of these are chosen.
func (p *Page) chosenOf(items []int) (n int) {
	if len(p.chosen) == 0 {
		return 0
	}
	for _, i := range items {
		if p.chosen[p.bin.items[i].ID] {
			n++
		}
	}
	return n
}

func (p *Page) row(l line) widgets.Row {
	s := p.spans[l.span]
	if l.item < 0 {
		return p.eventRow(s)
	}
	x := p.bin.items[l.item]
	row := p.itemRow(x)
	if s.several() {
		row.Depth, row.Caption = 1, folderOf(x)
	}
	return row
}

func folderOf(x app.TrashItem) string {
	if dir := path.Dir(x.Path); dir != "." {
		return dir
	}
	return ""
}

func (p *Page) itemRow(x app.TrashItem) widgets.Row {
	w, now := p.desk.Words, p.desk.Now()
	row := widgets.Row{
		Icon: page.KindIcon(x.Path), Tone: widgets.Idle, Title: path.Base(x.Path), Caption: joined(w.T("place."+x.Area), folderOf(x), page.When(w, x.DeletedAt, now), x.DeletedBy),
		Side: w.Size(x.Size), Chosen: p.chosen[x.ID], Fold: widgets.Leaf,
	}
	if x.Dir {
		row.Icon, row.Side = theme.Folder, ""
	}
	p.left(&row, x.ExpiresAt, now)
	return row
}

func (p *Page) eventRow(s span) widgets.Row {
	w, now := p.desk.Words, p.desk.Now()
	n, chosen, when := len(s.items), p.chosenOf(s.items), page.When(w, s.of.newest, now)
	row := widgets.Row{
		Icon: theme.Trash, Tone: widgets.Idle, Title: w.N("trash.event", n, "device", s.of.by), Caption: joined(when, w.T("place."+s.of.area), p.bin.folder(s.items)),
		Side: w.Size(p.bin.size(s.items)), Action: w.T("trash.back-all"), Chosen: chosen == n, Partly: chosen > 0 && chosen < n, Fold: widgets.Folded,
	}
	if s.of.by == "" {
		row.Title = w.N("trash.event.somewhere", n)
	}
	if p.unfolded(s) {
		row.Fold = widgets.Unfolded
	}
	p.left(&row, p.bin.leaves(s.items), now)
	return row
}

// left says how long something still lies in the Trash.
func (p *Page) left(row *widgets.Row, expires, now time.Time) {
	days := daysLeft(expires, now)
	row.Under, row.Warn = p.desk.Words.N("trash.left", days), days < few
}

// joined puts what is there of some words into one line.
func joined(words ...string) string {
	out := ""
	for _, w := range words {
		if w != "" && out != "" {
			out += " · "
		}
		out += w
	}
	return out
}

// daysLeft is how many midnights a thing still lies in the trash.
func daysLeft(expires, now time.Time) int { return max(page.At(expires).DaysSince(page.At(now)), 0) }
