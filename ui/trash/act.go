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

func ids(all []app.TrashItem) []string {
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = x.ID
	}
	return out
}

// putBack puts what is chosen where it was.
func (p *Page) putBack() { p.restore(p.picked(), "") }

// putElsewhere writes what is chosen into another folder; it stays in the trash.
func (p *Page) putElsewhere() {
	picked := p.picked()
	p.desk.Folder(func(to string) { p.restore(picked, to) })
}

func (p *Page) restore(picked []app.TrashItem, to string) {
	if len(picked) == 0 {
		return
	}
	var r app.RestoreReport
	p.desk.Say(widgets.Busy, p.desk.Words.N("trash.putting-back", len(picked)))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			r, err = p.client.TrashRestore(ctx, ids(picked), to)
			return err
		},
		Done: func(err error) {
			p.desk.Restored(r, err)
			p.load()
		},
	})
}

// names are the first of what a dialog is about.
func names(all []app.TrashItem) []string {
	var out []string
	for _, x := range all[:min(len(all), 6)] {
		out = append(out, path.Base(x.Path))
	}
	return out
}

func (p *Page) askDelete() {
	picked := p.picked()
	if len(picked) == 0 {
		return
	}
	w := p.desk.Words
	p.desk.Ask(widgets.Question{
		Icon: theme.Trash, Tone: widgets.Bad, Title: w.N("trash.delete.title", len(picked)), Body: []string{w.T("trash.delete.body")}, Things: names(picked), Safe: w.T("cancel"),
		Acts: []widgets.Choice{{Label: w.T("trash.delete"), Kind: widgets.Danger, Do: func() { p.delete(picked) }}},
	})
}

// From these on, emptying the trash takes a word that is typed.
const (
	manyThings = 10_000
	manyBytes  = 50e9
)

func (p *Page) askEmpty() {
	w, all := p.desk.Words, p.all
	q := widgets.Question{
		Icon: theme.Trash, Tone: widgets.Bad, Title: w.T("trash.empty.title"), Body: []string{w.N("trash.empty.body", len(all), "size", w.Size(total(all))), w.T("trash.delete.body")}, Safe: w.T("cancel"),
	}
	act := widgets.Choice{Label: w.T("trash.empty-it.now"), Kind: widgets.Danger, Do: func() { p.delete(all) }}
	q.Acts = []widgets.Choice{act}
	if len(all) < manyThings && total(all) < manyBytes {
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
func (p *Page) delete(picked []app.TrashItem) {
	n := 0
	p.desk.Say(widgets.Busy, p.desk.Words.N("trash.deleting", len(picked)))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			n, err = p.client.TrashDelete(ctx, ids(picked))
			return err
		},
		Done: func(err error) {
			p.load()
			if err != nil {
				p.desk.Explain(err)
				return
			}
			p.desk.Say(widgets.Good, p.desk.Words.N("trash.deleted", n))
		},
	})
}
