package ui

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/widgets"
)

// newDesk returns what pages work with.
func (w *window) newDesk(words *text.Words) *page.Desk {
	return &page.Desk{
		Words: words, Canvas: w.win.Canvas, Now: func() time.Time { return w.u.bridge.now() }, Start: w.u.start, Open: w.open, Go: w.goTo, Fix: w.fix, Hidden: &w.hidden,
		Folder: func(chosen func(string)) { w.choose(w.u.o.ChooseFolder, w.folderDialog, chosen) },
		File:   func(chosen func(string)) { w.choose(w.u.o.ChooseFile, w.fileDialog, chosen) },
		Say:    func(tone widgets.Tone, words string) { w.toast.say(tone, words) },
	}
}

// start runs a job beside the window. What it tells and how it ends comes back into the window, unless the program ends before.
func (u *UI) start(j page.Job) (cancel func()) {
	ctx, cancel := context.WithCancel(u.ctx)
	u.beside(func() {
		defer cancel()
		err := j.Do(ctx, u.teller(j.Tell))
		if u.ctx.Err() == nil && j.Done != nil {
			u.bridge.later(func() { j.Done(err) })
		}
		if !j.Look {
			u.bridge.doubt.Store(true)
			u.bridge.poke()
		}
	})
	return cancel
}

// teller passes progress on to the window, as often as pictures are taken.
func (u *UI) teller(tell func(app.Progress)) func(app.Progress) {
	if tell == nil {
		return func(app.Progress) {}
	}
	var last atomic.Int64
	return func(p app.Progress) {
		now, before := time.Now().UnixNano(), last.Load()
		if now-before < int64(paint) || !last.CompareAndSwap(before, now) || u.ctx.Err() != nil {
			return
		}
		u.bridge.later(func() { tell(p) })
	}
}

// open shows a file's folder, or a folder, in the system's file manager.
func (w *window) open(path string) {
	if path == "" {
		return
	}
	w.u.start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error { return w.u.o.Reveal(ctx, path) },
		Done: func(err error) {
			if err != nil {
				w.toast.say(widgets.Warn, w.desk.Words.T("open.failed", "path", path))
			}
		},
	})
}

// choose lets somebody choose in the system's own way where there is one, else in Fyne's.
func (w *window) choose(native func(context.Context) (string, error), own func(func(string)), chosen func(string)) {
	if native == nil {
		own(chosen)
		return
	}
	var path string
	w.u.start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			path, err = native(ctx)
			return err
		},
		Done: func(err error) {
			switch {
			case errors.Is(err, errors.ErrUnsupported):
				own(chosen)
			case err != nil:
				w.desk.Explain(err)
			case path != "":
				chosen(path)
			}
		},
	})
}

// dialogSize is that of Fyne's own choosers, inside the smallest window that is of use.
func dialogSize() fyne.Size { return fyne.NewSize(760, 500) }

func (w *window) folderDialog(chosen func(string)) {
	d := dialog.NewFolderOpen(func(dir fyne.ListableURI, err error) {
		if err == nil && dir != nil {
			chosen(filepath.FromSlash(dir.Path()))
		}
	}, w.win)
	d.Resize(dialogSize())
	d.Show()
}

func (w *window) fileDialog(chosen func(string)) {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err == nil && f != nil {
			_ = f.Close()
			chosen(filepath.FromSlash(f.URI().Path()))
		}
	}, w.win)
	d.Resize(dialogSize())
	d.Show()
}

// fix does what helps against a problem.
func (w *window) fix(g page.Group) {
	switch g.Remedy() {
	case page.Answer:
		w.answer()
	case page.ToTrash:
		w.goTo(placeTrash)
	case page.ToStorage:
		w.goTo(placeSettings)
	case page.ShowFile:
		if paths := g.Paths(); len(paths) > 0 {
			w.open(paths[0])
		}
	default:
		w.toast.say(widgets.Busy, w.desk.Words.T("fix.trying"))
		w.u.start(page.Job{
			Do:   func(ctx context.Context, _ func(app.Progress)) error { return w.u.o.Client.Once(ctx, nil) },
			Done: func(err error) { w.toast.done(); w.desk.Explain(err) },
		})
	}
}

// answer asks the first open question.
func (w *window) answer() {
	for _, p := range w.last.Status.Pairs {
		if p.Question != nil {
			w.desk.AskGuard(w.u.o.Client, p)
			return
		}
	}
}
