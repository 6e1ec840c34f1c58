package synced

import (
	"context"
	"path"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

func (p *Page) load() {
	if p.loading || p.pair.Root == "" {
		return
	}
	p.loading = true
	var found []app.Conflict
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			found, err = p.client.Conflicts(ctx)
			return err
		},
		Done: func(err error) {
			p.loading = false
			if err == nil { // why the storage cannot be reached is said on top of the page already
				p.list(found)
			}
		},
	})
}

func (p *Page) list(found []app.Conflict) {
	p.conflicts = found
	p.rows.SetCount(len(found))
	o, head := p.calm, p.desk.Words.T("synced.conflicts")
	if n := len(found); n > 0 {
		o, head = p.tile, p.desk.Words.T("synced.conflicts.count", "n", n)
	}
	p.head.Set(head)
	p.below.Objects = []fyne.CanvasObject{o}
	p.below.Refresh()
}

// side is one of the two files of a conflict as it is shown.
type side struct {
	keep string // what keeps it
	who  string
	mine bool
	when time.Time
	size int64
}

// sides are the file that has the name, if there is one, and the copy; this computer's comes first.
func (p *Page) sides(c app.Conflict) []side {
	all := []side{{app.KeepCopy, p.who(c.Device, c.Mine), c.Mine, c.Modified, c.Size}}
	if o := c.Other; o != nil {
		all = append([]side{{app.KeepOriginal, p.who(o.Device, o.Mine), o.Mine, o.Modified, o.Size}}, all...)
	}
	if len(all) == 2 && all[1].mine && !all[0].mine {
		all[0], all[1] = all[1], all[0]
	}
	return all
}

func (p *Page) who(device string, mine bool) string {
	if mine {
		return p.desk.Words.T("synced.here")
	}
	return device
}

func (p *Page) row(c app.Conflict) widgets.Row {
	w := p.desk.Words
	row := widgets.Row{Icon: theme.Two, Tone: widgets.Warn, Title: w.T("synced.conflict", "file", path.Base(c.Original)), Action: w.T("choose")}
	if c.Other == nil {
		row.Title, row.Caption = w.T("synced.alone", "file", path.Base(c.Original)), path.Base(c.Path)
		return row
	}
	for i, s := range p.sides(c) {
		if i > 0 {
			row.Caption += " · "
		}
		row.Caption += w.T("synced.side", "who", s.who, "when", page.When(w, s.when, p.desk.Now()), "size", w.Size(s.size))
	}
	if dir := path.Dir(c.Original); dir != "." {
		row.Caption += " · " + dir
	}
	return row
}
