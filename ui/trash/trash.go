// Package trash is the page of what was deleted: looking for it, putting it back, deleting it for ever.
//
// Reading order: trash.go (the page), act.go (what can be done).
package trash

import (
	"context"
	"path"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Source is what the page asks of the client.
type Source interface {
	Trash(ctx context.Context, area, find string) ([]app.TrashItem, error)
	TrashRestore(ctx context.Context, ids []string, to string) (app.RestoreReport, error)
	TrashDelete(ctx context.Context, ids []string) (int, error)
}

// Page is the page.
type Page struct {
	desk    *page.Desk
	client  Source
	all     []app.TrashItem // everything, the newest first
	lower   []string        // their paths in small letters, for the search
	shown   []app.TrashItem // what fits the search
	chosen  widgets.Chosen
	loading bool
	again   bool // load once more when the loading is done
	failed  error
	moment  string // of the client when it was last loaded
	area    string

	search  *widget.Entry
	rows    *widgets.Rows
	tile    *fyne.Container
	below   *fyne.Container
	count   *widgets.Line
	acts    []*widgets.Button // what can be done with what is chosen, with long and with short words
	empty   *widgets.Button
	bar     *fyne.Container // what the list is worked with; not there while the Trash is empty
	content fyne.CanvasObject
}

// New returns the page.
func New(desk *page.Desk, client Source) *Page {
	p := &Page{desk: desk, client: client, chosen: widgets.Chosen{}}
	w := desk.Words
	p.search = widgets.NewSearch(w.T("trash.search"), func(string) { p.filter() })
	p.rows = widgets.NewRows(true, func(i int) widgets.Row { return p.row(p.shown[i]) })
	p.rows.OnCheck = func(i int) { p.check(i) }
	p.rows.OnOpen = func(i int) { p.check(i) }
	p.rows.OnAll = p.checkAll
	p.count = widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})
	p.empty = widgets.NewButton(w.T("trash.empty-it"), "", widgets.Quiet, p.askEmpty)
	p.tile, p.below = widgets.Tile(p.rows), container.NewStack()
	acts := widgets.Roomy(p.count, 150, p.buttons(w.T("trash.delete"), w.T("trash.elsewhere")), p.buttons(w.T("trash.delete.short"), w.T("trash.elsewhere.short")), true)
	header := page.Header(w.T("place.trash"), w.T("trash.about"), p.empty)
	p.bar = widgets.Column(0, p.areas(), widgets.Inset(10, 10, 2, 0, acts))
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

// areas chooses one area, beside the search: from buttons where there is room, else from a menu.
func (p *Page) areas() fyne.CanvasObject {
	w := p.desk.Words
	names := []string{w.T("trash.all"), w.T("place.backup"), w.T("place.synced"), w.T("place.archive")}
	menu := widget.NewSelect(names, nil)
	segments := widgets.NewSegments(func(i int) { menu.SetSelectedIndex(i); p.choose(i) }, names...)
	menu.SetSelectedIndex(0)
	menu.OnChanged = func(string) {
		if i := menu.SelectedIndex(); i != segments.At() {
			segments.Choose(i)
		}
	}
	return widgets.Roomy(p.search, 200, segments.Container, widgets.Framed(menu), false)
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
	var all []app.TrashItem
	var lower []string
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			all, err = p.client.Trash(ctx, "", "")
			lower = make([]string, len(all))
			for i, x := range all {
				lower[i] = strings.ToLower(x.Path)
			}
			return err
		},
		Done: func(err error) { p.loaded(all, lower, err) },
	})
}

func (p *Page) loaded(all []app.TrashItem, lower []string, err error) {
	p.loading, p.failed = false, err
	if err == nil {
		p.all, p.lower = all, lower
	}
	p.filter()
	if p.again {
		p.again = false
		p.load()
	}
}

// choose shows one area only.
func (p *Page) choose(i int) {
	p.area = []string{"", "backup", "synced", "archive"}[i]
	p.filter()
}

// filter shows what fits the search and the area. What is chosen and cannot be seen any more is not chosen any more.
func (p *Page) filter() {
	p.shown = p.fitting(strings.ToLower(strings.TrimSpace(p.search.Text)))
	if len(p.chosen) > 0 {
		p.chosen.Only(ids(p.shown))
	}
	p.fill()
}

func (p *Page) fitting(find string) []app.TrashItem {
	if find == "" && p.area == "" {
		return p.all
	}
	var out []app.TrashItem
	for i, x := range p.all {
		if (p.area == "" || x.Area == p.area) && strings.Contains(p.lower[i], find) {
			out = append(out, x)
		}
	}
	return out
}

// fill shows the list, or what stands for it.
func (p *Page) fill() {
	w := p.desk.Words
	p.rows.SetCount(len(p.shown))
	if none := !p.loading && p.failed == nil && len(p.all) == 0; p.bar.Hidden != none {
		p.bar.Hidden = none
		p.content.Refresh()
	}
	switch {
	case p.loading && p.all == nil:
		p.under(widgets.Tile(widgets.Skeleton(5)))
	case p.failed != nil:
		p.under(widgets.Empty(theme.PictureQuiet, page.Line(w, p.failed), w.T("try-later"), widgets.NewButton(w.T("fix.again"), theme.Refresh, widgets.Plain, p.load)))
	case len(p.all) == 0:
		p.under(widgets.Empty(theme.PictureTrash, w.T("trash.nothing"), w.T("trash.nothing.more")))
	case len(p.shown) == 0:
		p.under(widgets.Empty(theme.PictureSearch, w.T("nothing-found"), w.T("nothing-found.more")))
	default:
		p.under(p.tile)
	}
	p.counted()
}

func (p *Page) counted() {
	w, n := p.desk.Words, len(p.chosen)
	line, short := w.N("trash.count", len(p.shown), "size", w.Size(total(p.shown))), w.Number(len(p.shown))
	if n > 0 {
		line, short = w.N("trash.chosen", n, "size", w.Size(total(p.picked()))), w.Number(n)
	}
	if len(p.shown) == 0 {
		line, short = "", ""
	}
	p.count.SetBoth(line, short)
	for _, b := range p.acts {
		b.Allow(n > 0)
	}
	p.empty.Allow(len(p.all) > 0)
}

func (p *Page) under(o fyne.CanvasObject) {
	if len(p.below.Objects) != 1 || p.below.Objects[0] != o {
		p.below.Objects = []fyne.CanvasObject{o}
		p.below.Refresh()
	}
}

func (p *Page) row(x app.TrashItem) widgets.Row {
	w, now := p.desk.Words, p.desk.Now()
	caption := w.T("trash.row", "place", w.T("place."+x.Area), "folder", path.Dir(x.Path), "when", page.When(w, x.DeletedAt, now))
	if x.DeletedBy != "" {
		caption += " · " + x.DeletedBy
	}
	left := daysLeft(x.ExpiresAt, now)
	return widgets.Row{
		Icon: theme.File, Tone: widgets.Idle, Title: path.Base(x.Path), Caption: caption, Side: w.Size(x.Size), Under: w.N("trash.left", left), Warn: left < 5,
		Chosen: p.chosen[x.ID],
	}
}

// daysLeft is how many midnights a thing still lies in the trash.
func daysLeft(expires, now time.Time) int { return max(page.At(expires).DaysSince(page.At(now)), 0) }

func (p *Page) check(i int) {
	p.chosen.Toggle(p.shown[i].ID)
	p.rows.RefreshItem(i)
	p.counted()
}

// checkAll chooses all that fits the search, or nothing when all of it is chosen.
func (p *Page) checkAll() {
	p.chosen.ToggleAll(ids(p.shown))
	p.rows.Refresh()
	p.counted()
}

// picked returns what is chosen, in the order of the list.
func (p *Page) picked() []app.TrashItem {
	var out []app.TrashItem
	for _, x := range p.shown {
		if p.chosen[x.ID] {
			out = append(out, x)
		}
	}
	return out
}

func total(all []app.TrashItem) int64 {
	var n int64
	for _, x := range all {
		n += x.Size
	}
	return n
}
