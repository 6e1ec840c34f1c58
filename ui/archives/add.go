package archives

import (
	"context"
	"path/filepath"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Add puts files and folders into the Archive. Only when all of it was read back and compared is it offered to free the room here.
func (p *Page) Add(paths []string) { p.send(paths, false) }

func (p *Page) send(paths []string, free bool) {
	w := p.desk.Words
	var r app.ArchiveReport
	var cancel func()
	say := func(text string) {
		p.banner.Say(widgets.Busy, theme.Archive, w.T("archive.adding", "name", named(paths)), text, w.T("cancel"), func() { cancel() })
	}
	say(w.T("archive.preparing"))
	cancel = p.desk.Start(page.Job{
		Do: func(ctx context.Context, tell func(app.Progress)) (err error) {
			r, err = p.client.ArchiveAdd(ctx, paths, free, tell)
			return err
		},
		Tell: func(x app.Progress) { say(step(p.desk, x)) },
		Done: func(err error) {
			p.banner.Hide()
			p.reload()
			p.added(paths, free, r, err)
		},
	})
}

// named says what is added in few words.
func named(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return filepath.Base(paths[0])
}

// step says how far it is.
func step(desk *page.Desk, x app.Progress) string {
	w := desk.Words
	switch x.Phase {
	case "verify":
		return w.T("archive.verifying", "done", x.Files, "total", x.FilesTotal)
	case "upload":
		return w.T("archive.uploading", "done", x.Files, "total", x.FilesTotal, "size", w.SizeOf(x.Bytes, x.BytesTotal))
	}
	return w.T("archive.preparing")
}

func (p *Page) added(paths []string, free bool, r app.ArchiveReport, err error) {
	w := p.desk.Words
	switch {
	case err != nil:
		p.desk.Explain(err)
	case len(r.Problems) > 0:
		p.troubled(r)
	case free:
		p.desk.Say(widgets.Good, w.N("archive.freed", r.Freed, "size", w.Size(r.Bytes)))
	case r.Files == 0:
		p.desk.Say(widgets.Idle, w.T("archive.nothing"))
	default:
		p.askFree(paths, r)
	}
}

// askFree offers to remove from this computer what is proven to be in the Archive.
func (p *Page) askFree(paths []string, r app.ArchiveReport) {
	w := p.desk.Words
	p.desk.Ask(widgets.Question{
		Icon: theme.Shield, Title: w.T("archive.free.title", "name", named(paths)),
		Body: []string{w.N("archive.free.body", r.Verified, "size", w.Size(r.Bytes)), w.T("archive.free.undo")}, Safe: w.T("archive.free.keep"),
		Acts: []widgets.Choice{{Label: w.T("archive.free.go"), Kind: widgets.Danger, Do: func() { p.send(paths, true) }}},
	})
}

// troubled says what could not be put in or removed; everything else was.
func (p *Page) troubled(r app.ArchiveReport) {
	w := p.desk.Words
	groups := page.Groups(r.Problems)
	paths := groups[0].Paths()
	p.desk.Ask(widgets.Question{
		Icon: theme.Alert, Tone: widgets.Warn, Title: w.N("archive.problems", len(r.Problems), "done", r.Verified),
		Body: []string{groups[0].Title(w), groups[0].Help(w)}, Things: paths[:min(len(paths), 10)], Safe: w.T("close"),
	})
}
