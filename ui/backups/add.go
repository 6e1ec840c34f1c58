package backups

import (
	"context"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Add lets somebody choose a folder to back up; also used where folders are dropped on the window.
func (p *Page) add() {
	w := p.desk.Words
	found := p.client.Suggestions()
	if len(found) == 0 {
		p.desk.Folder(p.AddFolder)
		return
	}
	var dialog *widgets.Dialog
	var rows []fyne.CanvasObject
	for _, s := range found {
		v := widgets.NewFlushRow()
		v.Set(widgets.Row{Icon: theme.Folder, Title: w.T("folder." + s.Kind), Caption: s.Path, Action: w.T("backup.add.this")}, nil, func() {
			dialog.Close()
			p.AddFolder(s.Path)
		})
		rows = append(rows, v)
	}
	dialog = p.desk.Ask(widgets.Question{
		Icon: theme.Backup, Title: w.T("backup.add.title"), Body: []string{w.T("backup.add.body")}, Extra: widgets.Column(0, rows...), Safe: w.T("cancel"),
		Acts: []widgets.Choice{{Label: w.T("backup.add.other"), Kind: widgets.Primary, Do: func() { p.desk.Folder(p.AddFolder) }}},
	})
}

// AddFolder begins to back up a folder.
func (p *Page) AddFolder(dir string) {
	var added app.BackupInfo
	p.desk.Start(page.Job{
		Do: func(ctx context.Context, _ func(app.Progress)) (err error) {
			added, err = p.client.AddBackup(ctx, dir, "", nil)
			return err
		},
		Done: func(err error) {
			if err != nil {
				p.desk.Explain(err)
				return
			}
			p.desk.Say(widgets.Good, p.desk.Words.T("backup.added", "folder", added.Name))
		},
	})
}
