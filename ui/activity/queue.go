package activity

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// What moves and what waits stands below the folders. It is asked for only while somebody looks at it.

// again is when the queue is asked for again; at once when something begins or ends.
const again = time.Second

// ask asks for the queue, if it is looked at.
func (p *Page) ask() {
	if p.asking || p.view != viewNow {
		return
	}
	p.asking, p.asked, p.doing = true, p.now.Now, doing(p.now.Status)
	var queue []app.Transfer
	p.desk.Start(page.Job{
		Look: true,
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			queue, err = p.client.Queue(ctx)
			return err
		},
		Done: func(err error) {
			p.asking = false
			if err == nil {
				p.keep(func() { p.queue = queue })
			}
		},
	})
}

// doing tells one state of the folders from another: which of them work, and which have something left to do.
func doing(s app.Status) string {
	out := s.State
	for _, x := range s.Pairs {
		out += fmt.Sprint(" ", x.State, x.PendingFiles > 0)
	}
	return out
}

// keep changes what the list shows, and leaves the keyboard at the file where it is.
func (p *Page) keep(change func()) {
	list, path := p.lists[viewNow], ""
	if t, ok := p.transfer(list.At()); ok {
		path = t.Path
	}
	change()
	p.fill()
	if i := slices.IndexFunc(p.queue, func(t app.Transfer) bool { return t.Path == path }); i >= 0 && p.view == viewNow {
		list.Stay(len(p.now.Status.Pairs) + i)
	}
}

// transfer is what a row of the list shows, unless it is a folder.
func (p *Page) transfer(i int) (app.Transfer, bool) {
	if i -= len(p.now.Status.Pairs); i < 0 || i >= len(p.queue) {
		return app.Transfer{}, false
	}
	return p.queue[i], true
}

func (p *Page) nowRow(i int) widgets.Row {
	if t, ok := p.transfer(i); ok {
		return p.transferRow(t)
	}
	return p.pairRow(p.now.Status.Pairs[i])
}

func (p *Page) transferRow(t app.Transfer) widgets.Row {
	w := p.desk.Words
	row := widgets.Row{Title: filepath.Base(t.Path), Caption: p.folder(t), Side: w.Size(t.Bytes), State: widgets.State{Word: w.T("pair.waiting"), Icon: theme.Clock, Tone: widgets.Idle}}
	row.Icon, row.Tone = page.Look(t.Path, false)
	switch {
	case t.Moving && p.stands(t.Pair):
	case t.Moving && t.Up:
		row.State = widgets.State{Word: w.T("queue.uploading"), Icon: theme.Up, Tone: widgets.Busy}
	case t.Moving:
		row.State = widgets.State{Word: w.T("queue.downloading"), Icon: theme.Down, Tone: widgets.Busy}
	case t.First:
		row.State.Word = w.T("queue.next")
	case t.Up:
		row.Action = w.T("queue.first")
	}
	return row
}

// folder is where a file lies, from the folder that somebody has chosen.
func (p *Page) folder(t app.Transfer) string {
	dir := filepath.Dir(t.Path)
	for _, x := range p.now.Status.Pairs {
		if x.Name != t.Pair {
			continue
		}
		if rel, err := filepath.Rel(x.Root, dir); err == nil {
			name := x.Name
			if x.Area == "synced" {
				name = p.desk.Words.T("place.synced")
			}
			return filepath.Join(name, rel)
		}
	}
	return dir
}

// stands tells whether nothing moves in a folder, whatever was on its way.
func (p *Page) stands(pair string) bool {
	s := p.now.Status
	return s.Paused || slices.ContainsFunc(s.Pairs, func(x app.PairStatus) bool {
		return x.Name == pair && (x.State == app.StatePaused || x.State == app.StateOffline)
	})
}

// openNow goes to a folder's page, or shows where a file lies.
func (p *Page) openNow(i int) {
	if t, ok := p.transfer(i); ok {
		p.reveal(t)
		return
	}
	p.desk.Go(p.now.Status.Pairs[i].Area)
}

// reveal shows where a file lies. What is still to come is not there yet.
func (p *Page) reveal(t app.Transfer) {
	if t.Up {
		p.desk.Open(t.Path)
		return
	}
	p.desk.Open(filepath.Dir(t.Path))
}

// sendFirst lets a file go before all others that wait.
func (p *Page) sendFirst(t app.Transfer) {
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return p.client.First(ctx, t.Path) },
		Done: func(err error) {
			p.desk.Explain(err)
			if err == nil {
				p.desk.Say(widgets.Good, p.desk.Words.T("queue.first.done", "name", filepath.Base(t.Path)))
			}
			p.asked = time.Time{} // it may be asked for just now, with an answer from before
			p.ask()
		},
	})
}

// menu shows what can be done with a file, for the keyboard.
func (p *Page) menu(i int, row fyne.CanvasObject) {
	t, ok := p.transfer(i)
	if !ok {
		return
	}
	w := p.desk.Words
	items := []*fyne.MenuItem{fyne.NewMenuItem(w.T("folder.open"), func() { p.reveal(t) })}
	if p.transferRow(t).Action != "" {
		items = slices.Insert(items, 0, fyne.NewMenuItem(w.T("queue.first"), func() { p.sendFirst(t) }))
	}
	widgets.ShowMenu(p.desk.Canvas(), row, items...)
}
