package backups

import (
	"context"
	"path"
	"path/filepath"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// most is how many things a question names.
const most = 5

// askChosen asks where to get back what is chosen; while nothing is chosen that is everything in the folder that is shown.
func (f *files) askChosen() {
	w, picked := f.p.desk.Words, f.chosen.Of(f.paths())
	switch {
	case len(picked) > 0:
	case f.find() != "":
		picked = f.paths()
	case f.at == "":
		f.p.askWhole(f.backup)
		return
	default:
		f.p.askWhere(app.Part{Backup: f.backup, Paths: []string{f.at}}, w.T("back.folder", "folder", path.Base(f.at)), nil)
		return
	}
	var names []string
	for _, x := range picked[:min(len(picked), most)] {
		names = append(names, path.Base(x))
	}
	if more := len(picked) - most; more > 0 {
		names = append(names, w.N("list.more", more))
	}
	f.p.askWhere(app.Part{Backup: f.backup, Paths: picked}, w.N("back.items", len(picked)), names)
}

// askWhole asks where to get back all of a backup.
func (p *Page) askWhole(backup string) {
	p.askWhere(app.Part{Backup: backup}, p.desk.Words.T("back.folder", "folder", path.Base(backup)), nil)
}

// askVersion asks where to get back a version of the file that is shown.
func (f *files) askVersion(i int) {
	w, v := f.p.desk.Words, f.versions[i]
	said := page.When(w, v.Modified, f.p.desk.Now()) + " · " + w.Size(v.Size)
	if v.Device != "" {
		said += " · " + v.Device
	}
	f.p.askWhere(app.Part{Backup: f.backup, Paths: []string{f.file}, Version: v.ID}, w.T("back.version", "file", path.Base(f.file)), []string{said})
}

// askWhere asks where to; another computer's files have no place here.
func (p *Page) askWhere(part app.Part, title string, things []string) {
	w := p.desk.Words
	elsewhere := func() { p.desk.Folder(func(to string) { p.getBack(part, to) }) }
	x, own := p.pair(part.Backup)
	if !own {
		elsewhere()
		return
	}
	q := widgets.Question{
		Icon: theme.Restore, Tone: widgets.Good, Title: title, Body: []string{w.T("back.body")}, Things: things, Safe: w.T("cancel"),
		Acts: []widgets.Choice{
			{Label: w.T("back.elsewhere"), Kind: widgets.Plain, Do: elsewhere},
			{Label: w.T("back.place"), Kind: widgets.Primary, Do: func() { p.getBack(part, "") }},
		},
	}
	if x.Detail == "not-connected" {
		q.Body = append(q.Body, w.T("back.away", "folder", x.Root))
		q.Acts = q.Acts[:1]
		q.Acts[0].Kind = widgets.Primary
	}
	p.desk.Ask(q)
}

// getBack writes a part of a backup into a folder, or to where it was.
func (p *Page) getBack(part app.Part, to string) {
	w := p.desk.Words
	place := filepath.Base(to)
	if to == "" {
		place = part.Backup
	}
	var r app.RestoreReport
	p.desk.Say(widgets.Busy, w.T("restoring", "folder", place))
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, tell func(app.Progress)) (err error) {
			r, err = p.client.GetBack(ctx, part, to, tell)
			return err
		},
		Tell: func(x app.Progress) {
			p.desk.Say(widgets.Busy, w.T("restoring.files", "done", x.Files, "total", x.FilesTotal))
		},
		Done: func(err error) { p.desk.Restored(r, err) },
	})
}
