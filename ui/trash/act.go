package trash

import (
	"context"
	"path"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// meant is what something is done with. It does not change when the Trash is loaded anew.
type meant struct {
	ids   []string // as the client is asked for it
	n     int      // how many items that are
	names []string // of the first of them
}

// most is how many names a dialog shows.
const most = 6

func (p *Page) meant(items []int) meant {
	m := meant{ids: p.bin.ids(items), n: len(items)}
	for _, i := range items[:min(len(items), most)] {
		m.names = append(m.names, path.Base(p.bin.items[i].Path))
	}
	return m
}

// putBack puts what is chosen where it was.
func (p *Page) putBack() { p.restore(p.meant(p.picked()), "") }

// putElsewhere writes what is chosen into another folder; it stays in the trash.
func (p *Page) putElsewhere() {
	m := p.meant(p.picked())
	p.desk.Folder(func(to string) { p.restore(m, to) })
}

func (p *Page) restore(m meant, to string) {
	if m.n == 0 {
		return
	}
	var r app.RestoreReport
	p.desk.Say(widgets.Busy, p.desk.Words.N("trash.putting-back", m.n))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			r, err = p.client.TrashRestore(ctx, m.ids, to)
			return err
		},
		Done: func(err error) {
			p.desk.Restored(r, err)
			p.load()
		},
	})
}

func (p *Page) askDelete() {
	m := p.meant(p.picked())
	if m.n == 0 {
		return
	}
	w := p.desk.Words
	p.desk.Ask(widgets.Question{
		Icon: theme.Trash, Tone: widgets.Bad, Title: w.N("trash.delete.title", m.n), Body: []string{w.T("trash.delete.body")}, Things: m.names, Safe: w.T("cancel"),
		Acts: []widgets.Choice{{Label: w.T("trash.delete"), Kind: widgets.Danger, Do: func() { p.delete(m) }}},
	})
}

// From these on, emptying the trash takes a word that is typed.
const (
	manyThings = 10_000
	manyBytes  = 50e9
)

func (p *Page) askEmpty() {
	w, all := p.desk.Words, p.bin.everything()
	m, size := p.meant(all), p.bin.size(all)
	q := widgets.Question{
		Icon: theme.Trash, Tone: widgets.Bad, Title: w.T("trash.empty.title"), Body: []string{w.N("trash.empty.body", m.n, "size", w.Size(size)), w.T("trash.delete.body")}, Safe: w.T("cancel"),
	}
	act := widgets.Choice{Label: w.T("trash.empty-it.now"), Kind: widgets.Danger, Do: func() { p.delete(m) }}
	q.Acts = []widgets.Choice{act}
	if m.n < manyThings && size < manyBytes {
		p.desk.Ask(q)
		return
	}
	var dialog *widgets.Dialog
	word := w.T("trash.empty.word")
	q.Extra = typed(w.T("trash.empty.type", "word", word), func(text string) { dialog.Acts[0].Allow(strings.EqualFold(strings.TrimSpace(text), word)) })
	dialog = p.desk.Ask(q)
	dialog.Acts[0].Disable()
}

// typed is a field whose text is told at every letter.
func typed(label string, changed func(string)) fyne.CanvasObject {
	e := widget.NewEntry()
	e.OnChanged = changed
	return widgets.Field(label, e, "")
}

// delete deletes exactly what the dialog showed: what came to the trash since stays there.
func (p *Page) delete(m meant) {
	p.desk.Say(widgets.Busy, p.desk.Words.N("trash.deleting", m.n))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			_, err := p.client.TrashDelete(ctx, m.ids)
			return err
		},
		Done: func(err error) {
			p.load()
			if err != nil {
				p.desk.Explain(err)
				return
			}
			p.desk.Say(widgets.Good, p.desk.Words.N("trash.deleted", m.n))
		},
	})
}
