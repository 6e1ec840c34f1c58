// Package trash is the page of what was deleted: looking for it, putting it back, deleting it for ever.
//
// Reading order: trash.go (the page), event.go (what was deleted in one go), filter.go (what is shown of it), list.go (the rows), act.go (what can be done).
package trash

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Source is what the page asks of the client.
type Source interface {
	TrashFiles(ctx context.Context) ([]app.TrashItem, error)
	TrashRestore(ctx context.Context, ids []string, to string) (app.RestoreReport, error)
	TrashDelete(ctx context.Context, ids []string) (int, error)
}

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	bin     *bin
	wish    wish
	spans   []span // what is wished for of each event
	items   []int  // all that is in them
	lines   []line // the rows of the list
	turned  map[string]bool
	chosen  widgets.Chosen
	loading bool
	again   bool // load once more when the loading is done
	failed  error
	moment  string // of the client when it was last loaded

	filter  *filter
	rows    *widgets.Rows
	tile    *fyne.Container
	below   *fyne.Container
	count   *widgets.Line
	pick    *widgets.Button
	acts    []*widgets.Button // what can be done with what is chosen, with long and with short words
	empty   *widgets.Button
	bar     *fyne.Container // what the list is worked with; not there while the Trash is empty
	content fyne.CanvasObject
}

// New returns the page.
func New(desk *page.Desk, client Source) *Page {
	p := &Page{desk: desk, client: client, bin: newBin(nil), chosen: widgets.Chosen{}, turned: map[string]bool{}}
	w := desk.Words
	p.rows = widgets.NewRows(true, func(i int) widgets.Row { return p.row(p.lines[i]) })
	p.rows.OnCheck, p.rows.OnOpen, p.rows.OnFold, p.rows.OnAll = p.check, p.open, p.fold, p.checkAll
	p.rows.OnAction = func(i int) { p.restore(p.meant(p.of(p.lines[i])), "") }
	p.count = widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	p.empty = widgets.NewButton(w.T("trash.empty-it"), "", widgets.Quiet, p.askEmpty)
	p.pick = widgets.NewButton(w.T("trash.pick"), theme.Check, widgets.Quiet, p.checkAll)
	p.tile, p.below = widgets.Tile(p.rows), container.NewStack()
	acts := widgets.Roomy(p.count, 150, p.buttons(w.T("trash.delete"), w.T("trash.elsewhere")), p.buttons(w.T("trash.delete.short"), w.T("trash.elsewhere.short")), true)
	header := page.Header(w.T("place.trash"), w.T("trash.about"), p.empty)
	p.filter = newFilter(desk, p.show)
	p.bar = widgets.Column(0, p.filter.content(p.pick), widgets.Inset(8, 10, 2, 0, acts))
	p.content = page.Body(widgets.Column(0, header, p.bar), p.below)
	p.fill()
	return p
}

// buttons are what can be done with what is chosen.
func (p *Page) buttons(remove, elsewhere string) fyne.CanvasObject {
	made := []*widgets.Button{
		widgets.NewButton(remove, theme.Trash, widgets.Plain, p.askDelete), widgets.NewButton(elsewhere, theme.Folder, widgets.Plain, p.putElsewhere),
		widgets.NewButton(p.desk.Words.T("trash.back"), theme.Restore, widgets.Primary, p.putBack),
	}
	p.acts = append(p.acts, made...)
	return widgets.Across(8, made[0], made[1], made[2])
}

// Content is what the window shows.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Opened loads what is in the trash now.
func (p *Page) Opened() { p.load() }

// Show loads anew when the client has done something since.
func (p *Page) Show(s page.Snapshot) {
	moment := ""
	if len(s.Recent) > 0 {
		moment = s.Recent[0].Time.String() + s.Recent[0].Path
	}
	if moment != p.moment && s.Status.State != app.StateWorking {
		p.moment = moment
		p.load()
	}
}

func (p *Page) load() {
	if p.loading {
		p.again = true
		return
	}
	p.loading = true
	var b *bin
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			all, err := p.client.TrashFiles(ctx)
			b = newBin(all)
			return err
		},
		Done: func(err error) { p.loaded(b, err) },
	})
}

func (p *Page) loaded(b *bin, err error) {
	p.loading, p.failed = false, err
	if err == nil {
		p.bin = b
	}
	p.show()
	if p.again {
		p.again = false
		p.load()
	}
}

// show shows what is wished for. What is chosen and cannot be seen any more is not chosen any more.
func (p *Page) show() {
	before := p.wish
	if p.wish = p.filter.wish(); (before.find == "") != (p.wish.find == "") {
		clear(p.turned)
	}
	p.spans = p.wish.spans(p.bin, p.desk.Now())
	p.items = p.items[:0]
	for _, s := range p.spans {
		p.items = append(p.items, s.items...)
	}
	if len(p.chosen) > 0 {
		p.chosen.Only(p.keys(p.items))
	}
	p.lay()
	p.fill()
}

// keys are the ids by which items are chosen.
func (p *Page) keys(items []int) []string {
	out := make([]string, len(items))
	for n, i := range items {
		out[n] = p.bin.items[i].ID
	}
	return out
}

// fill shows the list, or what stands for it.
func (p *Page) fill() {
	w := p.desk.Words
	if none := !p.loading && p.failed == nil && len(p.bin.items) == 0; p.bar.Hidden != none {
		p.bar.Hidden = none
		p.content.Refresh()
	}
	switch {
	case p.loading && len(p.bin.items) == 0:
		p.under(widgets.Tile(widgets.Skeleton(5)))
	case p.failed != nil:
		p.under(widgets.Empty(theme.PictureQuiet, page.Line(w, p.failed), w.T("try-later"), widgets.NewButton(w.T("fix.again"), theme.Refresh, widgets.Plain, p.load)))
	case len(p.bin.items) == 0:
		p.under(widgets.Empty(theme.PictureTrash, w.T("trash.nothing"), w.T("trash.nothing.more")))
	case len(p.items) == 0:
		p.under(widgets.Empty(theme.PictureSearch, w.T("nothing-found"), w.T("trash.nothing-found.more"), widgets.NewButton(w.T("trash.show-all"), "", widgets.Plain, p.filter.clear)))
	default:
		p.under(p.tile)
	}
	p.counted()
}

func (p *Page) counted() {
	w, n := p.desk.Words, len(p.chosen)
	line, short := w.N("trash.count", len(p.items), "size", w.Size(p.bin.size(p.items))), w.Number(len(p.items))
	if n > 0 {
		line, short = w.N("trash.chosen", n, "size", w.Size(p.bin.size(p.picked()))), w.Number(n)
	}
	if len(p.items) == 0 {
		line, short = "", ""
	}
	p.count.SetBoth(line, short)
	for _, b := range p.acts {
		b.Allow(n > 0)
	}
	word, icon := w.T("trash.pick"), theme.Check
	if n > 0 && n == len(p.items) {
		word, icon = w.T("trash.pick.none"), theme.Close
	}
	if p.pick.Text() != word {
		p.pick.Set(word, icon)
		p.bar.Refresh() // it has another width
	}
	p.pick.Allow(len(p.items) > 0)
	p.empty.Allow(len(p.bin.items) > 0)
}

func (p *Page) under(o fyne.CanvasObject) {
	if len(p.below.Objects) != 1 || p.below.Objects[0] != o {
		p.below.Objects = []fyne.CanvasObject{o}
		p.below.Refresh()
	}
}

// checkAll chooses all that is shown, also what lies in events that are folded, or nothing when all of it is chosen.
func (p *Page) checkAll() {
	p.chosen.ToggleAll(p.keys(p.items))
	p.rows.Refresh()
	p.counted()
}

// picked returns what is chosen, in the order of the list.
func (p *Page) picked() (out []int) {
	for _, i := range p.items {
		if p.chosen[p.bin.items[i].ID] {
			out = append(out, i)
		}
	}
	return out
}
