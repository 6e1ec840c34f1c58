package archives

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/widgets"
)

// filter shows only files of one kind, or of one year.
type filter struct {
	words   *text.Words
	kind    string
	year    int   // 0 is any
	years   []int // of which there is something, the newest first
	stale   bool  // they have to be learned anew
	changed func()

	kinds   *widget.Select
	when    *widget.Select
	content fyne.CanvasObject
}

func newFilter(w *text.Words, changed func()) *filter {
	f := &filter{words: w, stale: true, changed: changed}
	f.kinds = widget.NewSelect(page.KindNames(w), func(string) { f.choose(page.Kinds()[f.kinds.SelectedIndex()], f.year) })
	f.when = widget.NewSelect(nil, func(string) { f.choose(f.kind, f.yearAt(f.when.SelectedIndex())) })
	f.show()
	f.content = widgets.Across(8, widgets.Framed(f.kinds), widgets.Framed(f.when))
	return f
}

// show lets the menus say what is chosen.
func (f *filter) show() {
	f.when.Options = []string{f.words.T("archive.year.all")}
	for _, y := range f.years {
		f.when.Options = append(f.when.Options, strconv.Itoa(y))
	}
	f.kinds.SetSelectedIndex(slices.Index(page.Kinds(), f.kind))
	f.when.SetSelectedIndex(slices.Index(f.years, f.year) + 1)
}

func (f *filter) yearAt(i int) int {
	if i < 1 {
		return 0
	}
	return f.years[i-1]
}

// choose is called by the menus, also when show has set them: only what is new is a change.
func (f *filter) choose(kind string, year int) {
	if f.kind != kind || f.year != year {
		f.kind, f.year = kind, year
		f.changed()
	}
}

// know learns of which years there is something. A year of which there is nothing any more stays while it is chosen.
func (f *filter) know(years []int) {
	f.stale = false
	if f.year != 0 && !slices.Contains(years, f.year) {
		years = append(years, f.year)
	}
	slices.Sort(years)
	slices.Reverse(years)
	if !slices.Equal(f.years, years) {
		f.years = years
		f.show()
	}
}

// on tells whether anything is left out.
func (f *filter) on() bool { return f.kind != "" || f.year != 0 }

// clear shows everything again; whoever calls it loads anew.
func (f *filter) clear() {
	f.kind, f.year = "", 0
	f.show()
}

// query is what is to be shown. It does not change while it is asked.
type query struct {
	find, at, kind string
	year           int
	years          bool // also of which years there is something
}

// answer is what there is. Years are nil when nobody asked for them.
type answer struct {
	items []app.Item
	years []int
}

func (p *Page) query() query {
	return query{find: strings.TrimSpace(p.search.Text), at: p.at, kind: p.filter.kind, year: p.filter.year, years: p.filter.stale}
}

// ask asks the client. A search goes through the whole Archive, a filter alone through the folder that is shown and all below it.
func (q query) ask(ctx context.Context, c Source) (a answer, err error) {
	var all []app.Item
	filtered := q.kind != "" || q.year != 0
	if q.years || filtered && q.find == "" {
		if all, err = c.ArchiveFind(ctx, ""); err != nil {
			return a, err
		}
	}
	if q.years {
		a.years = yearsOf(all)
	}
	switch {
	case q.find != "":
		a.items, err = c.ArchiveFind(ctx, q.find)
	case filtered:
		a.items = below(all, q.at)
	default:
		a.items, err = c.ArchiveList(ctx, q.at)
	}
	if filtered {
		a.items = slices.DeleteFunc(slices.Clone(a.items), func(x app.Item) bool { return !q.wants(x) })
	}
	return a, err
}

func (q query) wants(x app.Item) bool {
	return !x.Dir && (q.kind == "" || page.KindOf(x.Path) == q.kind) && (q.year == 0 || yearOf(x.Modified) == q.year)
}

func below(all []app.Item, at string) []app.Item {
	if at == "" {
		return all
	}
	var out []app.Item
	for _, x := range all {
		if strings.HasPrefix(x.Path, at+"/") {
			out = append(out, x)
		}
	}
	return out
}

func yearOf(t time.Time) int { return t.Local().Year() }

// yearsOf are the years in which files were changed.
func yearsOf(all []app.Item) []int {
	out := []int{}
	for _, x := range all {
		if y := yearOf(x.Modified); !x.Dir && !x.Modified.IsZero() && !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	return out
}
