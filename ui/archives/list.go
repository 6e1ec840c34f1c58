package archives

import (
	"context"
	"path"
	"strings"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

func (p *Page) load() {
	if p.loading {
		p.again = true
		return
	}
	p.loading = true
	q := p.query()
	var a answer
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			a, err = q.ask(ctx, p.client)
			return err
		},
		Done: func(err error) { p.loaded(a, err) },
	})
}

// reload also learns anew of which years there is something.
func (p *Page) reload() {
	p.filter.stale = true
	p.load()
}

func (p *Page) loaded(a answer, err error) {
	p.loading = false
	if p.again {
		p.again = false
		p.load()
		return
	}
	p.items, p.failed, p.known = a.items, err, true
	if err == nil && a.years != nil {
		p.filter.know(a.years)
	}
	p.chosen.Only(p.paths())
	p.fill()
}

func (p *Page) fill() {
	w := p.desk.Words
	rows, tiles := len(p.items), 0 // what cannot be seen is empty: it would fetch pictures
	if p.o.Grid {
		rows, tiles = tiles, rows
	}
	p.rows.SetCount(rows)
	p.tiles.SetCount(tiles)
	if top := p.at == ""; p.up.Hidden != top {
		p.up.Hidden = top
		p.where.Refresh()
	}
	trail := w.T("place.archive")
	if p.at != "" {
		trail += " › " + strings.ReplaceAll(p.at, "/", " › ")
	}
	p.trail.Set(trail)
	if none := p.known && p.failed == nil && len(p.items) == 0 && p.at == "" && p.search.Text == "" && !p.filter.on(); p.bar.Hidden != none {
		p.bar.Hidden = none
		p.content.Refresh()
	}
	switch {
	case !p.known:
		p.under(widgets.Tile(widgets.Skeleton(5)))
	case p.failed != nil:
		p.under(widgets.Empty(theme.PictureQuiet, page.Line(w, p.failed), w.T("try-later"), widgets.NewButton(w.T("fix.again"), theme.Refresh, widgets.Plain, p.load)))
	case len(p.items) == 0 && (p.search.Text != "" || p.filter.on()):
		p.under(widgets.Empty(theme.PictureSearch, w.T("nothing-found"), w.T("nothing-found.more")))
	case len(p.items) == 0:
		p.under(widgets.Empty(theme.PictureArchive, w.T("archive.empty"), w.T("archive.empty.more")))
	case p.o.Grid:
		p.under(p.grid)
	default:
		p.under(p.list)
	}
	p.counted()
}

func (p *Page) counted() {
	n, w := len(p.chosen), p.desk.Words
	p.count.Set("")
	if len(p.items) > 0 {
		p.count.Set(w.N("archive.count", len(p.items)))
	}
	if n > 0 {
		p.count.Set(w.N("archive.chosen", n))
	}
	p.download.Allow(n > 0)
	p.remove.Allow(n > 0)
}

func (p *Page) under(o fyne.CanvasObject) {
	if len(p.below.Objects) != 1 || p.below.Objects[0] != o {
		p.below.Objects = []fyne.CanvasObject{o}
		p.below.Refresh()
	}
}

func (p *Page) row(x app.Item) widgets.Row {
	icon, tone := page.Look(x.Path, x.Dir)
	row := widgets.Row{Icon: icon, Tone: tone, Title: path.Base(x.Path), Caption: p.caption(x), Chosen: p.chosen[x.Path]}
	if x.Size > 0 || !x.Dir {
		row.Side = p.desk.Words.Size(x.Size)
	}
	return row
}

func (p *Page) shot(x app.Item) widgets.Shot {
	icon, tone := page.Look(x.Path, x.Dir)
	s := widgets.Shot{Icon: icon, Tone: tone, Title: path.Base(x.Path), Caption: p.caption(x), Chosen: p.chosen[x.Path], Picture: p.small.of(x)}
	if s.Caption == "" && x.Size > 0 {
		s.Caption = p.desk.Words.Size(x.Size)
	}
	return s
}

// caption is when a file was changed, or, of what was found anywhere, where it is.
func (p *Page) caption(x app.Item) string {
	when := ""
	if !x.Modified.IsZero() {
		when = page.When(p.desk.Words, x.Modified, p.desk.Now())
	}
	if dir := path.Dir(x.Path); dir != "." && p.searching() {
		if when != "" {
			when += " · "
		}
		return when + dir
	}
	return when
}

// searching tells whether what is shown comes from anywhere, not from one folder.
func (p *Page) searching() bool { return p.search.Text != "" || p.filter.on() }

// open goes into a folder, or chooses a file.
func (p *Page) open(i int) {
	x := p.items[i]
	if !x.Dir {
		p.check(i)
		return
	}
	p.goTo(x.Path)
}

func (p *Page) goTo(at string) {
	p.at, p.known, p.items = at, false, nil
	clear(p.chosen)
	p.filter.clear()
	if p.search.Text != "" {
		p.search.SetText("") // loads
	} else {
		p.load()
	}
	p.fill()
}

func (p *Page) goUp() {
	dir := path.Dir(p.at)
	if dir == "." {
		dir = ""
	}
	p.goTo(dir)
}

func (p *Page) check(i int) {
	p.chosen.Toggle(p.items[i].Path)
	p.refresh(i)
	p.counted()
}

// refresh shows one thing anew, where it can be seen.
func (p *Page) refresh(i int) {
	if p.o.Grid {
		p.tiles.RefreshItem(i)
	} else {
		p.rows.RefreshItem(i)
	}
}

func (p *Page) checkAll() {
	p.chosen.ToggleAll(p.paths())
	p.rows.Refresh()
	p.tiles.Refresh()
	p.counted()
}

// picked are the paths that are chosen, in the order of the list.
func (p *Page) picked() []string { return p.chosen.Of(p.paths()) }

func (p *Page) paths() []string {
	out := make([]string, len(p.items))
	for i, x := range p.items {
		out[i] = x.Path
	}
	return out
}
