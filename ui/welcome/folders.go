package welcome

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2/container"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// pick is a folder that may be backed up.
type pick struct {
	path   string
	name   string
	on     bool
	known  bool // it was measured
	extent app.Extent
}

// folders is the screen of what to back up.
func (p *Page) folders() {
	w := p.desk.Words
	if !p.picked {
		p.propose()
	}
	v := &choice{p: p, sum: widgets.NewCutLine("", widgets.Style{Colour: theme.Muted})}
	v.rows = widgets.NewRows(true, v.row)
	v.rows.OnCheck, v.rows.OnOpen = v.flip, v.flip
	add := widgets.NewButton(w.T("backup.add"), theme.Plus, widgets.Plain, func() { p.desk.Folder(v.add) })
	v.fill()
	foot := widgets.Inset(10, 0, 0, 0, container.NewBorder(nil, nil, nil, add, widgets.Middle(v.sum)))
	p.show(step{
		number: 3, title: w.T("folders.title"), about: w.T("folders.about"), body: beside(container.NewBorder(nil, foot, nil, nil, widgets.Tile(v.rows))),
		back: p.computer, next: p.synced, label: w.T("continue"),
	})
	for i := range p.picks {
		v.measure(i)
	}
}

// propose begins with the user's own folders; those that are large and seldom made by oneself are not ticked.
func (p *Page) propose() {
	p.picked = true
	for _, s := range p.client.Suggestions() {
		on := s.Kind == "desktop" || s.Kind == "documents" || s.Kind == "pictures"
		p.picks = append(p.picks, pick{path: s.Path, name: p.desk.Words.T("folder." + s.Kind), on: on})
	}
}

// choice is the list of the screen.
type choice struct {
	p    *Page
	rows *widgets.Rows
	sum  *widgets.Line
}

func (v *choice) row(i int) widgets.Row {
	x, w := v.p.picks[i], v.p.desk.Words
	row := widgets.Row{Icon: theme.Folder, Title: x.name, Caption: x.path, Chosen: x.on, Under: w.T("folders.measuring")}
	if x.known {
		row.Side, row.Under = w.Size(x.extent.Bytes), w.N("files", x.extent.Files)
	}
	return row
}

func (v *choice) flip(i int) {
	v.p.picks[i].on = !v.p.picks[i].on
	v.fill()
}

func (v *choice) add(dir string) {
	for i, x := range v.p.picks {
		if x.path == dir {
			v.p.picks[i].on = true
			v.fill()
			return
		}
	}
	v.p.picks = append(v.p.picks, pick{path: dir, name: filepath.Base(dir), on: true})
	v.fill()
	v.measure(len(v.p.picks) - 1)
}

// fill shows the list, and what is ticked in it all together.
func (v *choice) fill() {
	n, bytes, known := 0, int64(0), true
	for _, x := range v.p.picks {
		if x.on {
			n, bytes, known = n+1, bytes+x.extent.Bytes, known && x.known
		}
	}
	w := v.p.desk.Words
	line := w.N("folders", n)
	switch {
	case n == 0:
		line = w.T("folders.none")
	case known:
		line += ", " + w.Size(bytes)
	}
	v.sum.Set(line)
	v.rows.SetCount(len(v.p.picks))
}

// measure finds out how much there is in a folder.
func (v *choice) measure(i int) {
	x := v.p.picks[i]
	if x.known {
		return
	}
	var found app.Extent
	v.p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			found, err = v.p.client.Measure(ctx, x.path)
			return err
		},
		Done: func(err error) {
			if err == nil { // what cannot be read is said when it is backed up
				v.p.picks[i].extent, v.p.picks[i].known = found, true
				v.fill()
			}
		},
	})
}
