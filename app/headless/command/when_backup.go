package command

import (
	"io"
	"strings"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
)

type backupWhenCommand struct {
	Name string `arg:"" help:"Name of the backup."`
	What string `arg:"" optional:"" enum:",change,hour,day,now,pause,resume" default:"" help:"change: whenever something changes; hour, day: so often; now: before its time; pause, resume: not until it is resumed."`
}

func (backupWhenCommand) Help() string {
	return `It holds for "elkjop run" and the window, at once and from then on. "elkjop once" makes every backup that is not paused.

Examples:

    elkjop backup when Documents
    elkjop backup when "Old drive" day
    elkjop backup when "Old drive" now
    elkjop backup when Code pause`
}

// Run shows or chooses.
func (c backupWhenCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := c.choose(s, client); err != nil {
		return err
	}
	all, err := client.Backups(s.ctx)
	if err != nil {
		return err
	}
	for _, b := range all {
		if strings.EqualFold(b.Name, c.Name) {
			s.print(b, func(w io.Writer) { linef(w, "%s", whenMade(b)) })
			return nil
		}
	}
	return &app.Problem{Code: app.CodeWrongUse, Message: "There is no backup called " + clean(c.Name) + " on this computer.", Action: "Look at: elkjop backup list."}
}

func (c backupWhenCommand) choose(s *session, client control.Client) error {
	switch c.What {
	case "":
		return nil
	case "pause", "resume":
		return client.PauseBackup(s.ctx, c.Name, c.What == "pause")
	case "now":
		return client.BackUpNow(s.ctx, c.Name)
	case "change":
		return client.SetEvery(s.ctx, c.Name, "")
	}
	return client.SetEvery(s.ctx, c.Name, c.What)
}

// whenMade says when a backup is made.
func whenMade(b app.BackupInfo) string {
	switch {
	case b.Paused:
		return b.Name + " is paused. Go on with: elkjop backup when " + quoted(b.Name) + " resume"
	case b.Every == app.EveryHour:
		return b.Name + " is made once an hour."
	case b.Every == app.EveryDay:
		return b.Name + " is made once a day."
	}
	return b.Name + " is made whenever something changes."
}
