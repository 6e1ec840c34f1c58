package archives

import (
	"context"
	"path"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// getChosen downloads what is chosen into a folder; nothing there is overwritten.
func (p *Page) getChosen() {
	picked := p.picked()
	if len(picked) == 0 {
		return
	}
	p.desk.Folder(func(to string) { p.get(picked, to) })
}

func (p *Page) get(picked []string, to string) {
	w := p.desk.Words
	var sum app.RestoreReport
	p.desk.Say(widgets.Busy, w.T("restoring", "folder", to))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, tell func(app.Progress)) error {
			for _, x := range picked {
				r, err := p.client.ArchiveGet(ctx, x, to, tell)
				sum.Files += r.Files
				sum.Renamed = append(sum.Renamed, r.Renamed...)
				sum.Problems = append(sum.Problems, r.Problems...)
				if err != nil {
					return err
				}
			}
			return nil
		},
		Tell: func(x app.Progress) {
			p.desk.Say(widgets.Busy, w.T("restoring.files", "done", x.Files, "total", x.FilesTotal))
		},
		Done: func(err error) { p.desk.Restored(sum, err) },
	})
}

func (p *Page) askRemove() {
	picked, w := p.picked(), p.desk.Words
	if len(picked) == 0 {
		return
	}
	var things []string
	for _, x := range picked[:min(len(picked), 6)] {
		things = append(things, path.Base(x))
	}
	p.desk.Ask(widgets.Question{
		Icon: theme.Trash, Tone: widgets.Bad, Title: w.N("archive.delete.title", len(picked)), Body: []string{w.T("archive.delete.body")}, Things: things, Safe: w.T("cancel"),
		Acts: []widgets.Choice{{Label: w.T("archive.delete.go"), Kind: widgets.Danger, Do: func() { p.removeAll(picked) }}},
	})
}

func (p *Page) removeAll(picked []string) {
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) error {
			for _, x := range picked {
				if err := p.client.ArchiveRemove(ctx, x); err != nil {
					return err
				}
			}
			return nil
		},
		Done: func(err error) {
			p.reload()
			if err != nil {
				p.desk.Explain(err)
				return
			}
			p.desk.Say(widgets.Good, p.desk.Words.N("archive.deleted", len(picked)))
		},
	})
}
