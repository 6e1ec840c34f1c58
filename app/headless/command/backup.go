package command

import (
	"io"
	"time"

	"elkjopcloud/app"
)

type backupAddCommand struct {
	Dir  string   `arg:"" help:"Folder to back up."`
	Name string   `placeholder:"N" help:"Name of the backup; the folder's own when it is left out."`
	Skip []string `sep:"none" placeholder:"PATTERN" help:"Leave this out; written as in a .gitignore file. May be given several times."`
}

func (backupAddCommand) Help() string {
	return `Nothing is copied yet: that is what "elkjop once" and "elkjop run" do.

Examples:

    elkjop backup add ~/Documents
    elkjop backup add ~/src --name Code --skip node_modules/ --skip '*.o'`
}

// Run adds a backup.
func (c backupAddCommand) Run(s *session) error {
	dir, err := here(c.Dir)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	b, err := client.AddBackup(s.ctx, dir, c.Name, c.Skip)
	if err != nil {
		return err
	}
	s.print(b, func(w io.Writer) {
		linef(w, "%s is backed up from now on: %s", b.Name, b.Root)
		line(w, `Send it with "elkjop once", or keep "elkjop run" running.`)
	})
	return nil
}

type backupListCommand struct{}

func (backupListCommand) Help() string {
	return `Examples:

    elkjop backup list`
}

// Run lists the backups.
func (backupListCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Backups(s.ctx)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("NAME", "STATE", ">FILES", ">SIZE", "FOLDER")
		for _, b := range all {
			t.add(b.Name, stateWord(b.State, b.Detail), number(b.Files), size(b.Bytes), b.Root)
		}
		t.write(w, "Nothing is backed up yet. Pick the folders you would miss most.")
	})
	return nil
}

type backupRemoveCommand struct {
	Name    string `arg:"" help:"Name of the backup."`
	ToTrash bool   `help:"Move the copies to the Trash; without it they stay where they are."`
}

func (backupRemoveCommand) Help() string {
	return `Your files on this computer are not touched.

Examples:

    elkjop backup remove Documents
    elkjop backup remove Documents --to-trash`
}

// Run removes a backup.
func (c backupRemoveCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.RemoveBackup(s.ctx, c.Name, c.ToTrash); err != nil {
		return err
	}
	what := "The copies are kept."
	if c.ToTrash {
		what = "The copies are in the Trash."
	}
	s.say(c.Name + " is not backed up any more. " + what)
	return nil
}

type backupSkippedCommand struct {
	Name string `arg:"" help:"Name of the backup."`
}

func (backupSkippedCommand) Help() string {
	return `Examples:

    elkjop backup skipped Documents`
}

// Run lists what is skipped.
func (c backupSkippedCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.SkippedIn(s.ctx, c.Name)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("PATH", "WHY")
		for _, x := range all {
			t.add(x.Path, x.Reason)
		}
		t.write(w, "Nothing is skipped.")
	})
	return nil
}

type backupContinueCommand struct {
	Backup string `arg:"" name:"device/name" help:"The other computer's name and the backup's, as in \"Old laptop/Documents\"."`
	Dir    string `arg:"" help:"Folder on this computer."`
}

func (backupContinueCommand) Help() string {
	return `What the folder holds already is not sent again; what it holds otherwise becomes the newest version. What only the backup holds stays
in it and is not brought here: "elkjop backup restore" does that. Only one computer should make a backup: remove it on the other one. Where another
computer changed the backup meanwhile, this command with the folder that makes it lets this computer's files be the newest again.

Examples:

    elkjop backup continue "Old laptop/Documents" ~/Documents`
}

// Run continues a backup.
func (c backupContinueCommand) Run(s *session) error {
	dir, err := here(c.Dir)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	b, err := client.ContinueBackup(s.ctx, c.Backup, dir)
	if err != nil {
		return err
	}
	s.print(b, func(w io.Writer) { linef(w, "%s goes on here: %s", b.Name, b.Root) })
	return nil
}

type backupRestoreCommand struct {
	What string `arg:"" name:"[device/]name[/path]" help:"The backup, and what in it."`
	To   string `required:"" placeholder:"DIR" help:"Folder to write to; it is made when it is missing. Nothing there is overwritten."`
	At   string `placeholder:"TIME" help:"As it was at this time: 2026-03-01, \"2026-03-01 14:00\", or with a zone 2026-03-01T14:00:00+01:00."`
}

func (backupRestoreCommand) Help() string {
	return `A date alone is the beginning of that day.

Examples:

    elkjop backup restore Documents --to ~/Restored
    elkjop backup restore Documents/taxes/2025.pdf --to ~/Desktop
    elkjop backup restore "Old laptop/Documents" --to ~/Old --at "2026-03-01 14:00"`
}

// Run restores.
func (c backupRestoreCommand) Run(s *session) error {
	to, err := here(c.To)
	if err != nil {
		return err
	}
	at, err := moments(c.At, time.Local)
	if err != nil {
		return err
	}
	client, err := s.longClient()
	if err != nil {
		return err
	}
	m := s.meter()
	r, err := client.RestoreBackup(s.ctx, c.What, to, at, m.show)
	m.end()
	if err != nil {
		return err
	}
	s.restored(r)
	return nil
}

var layouts = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"}

// moments parses a time that was typed; "" is the zero time.
func moments(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &app.Problem{Code: app.CodeWrongUse, Message: clean(text) + " is no time.", Action: `Write it as 2026-03-01 or "2026-03-01 14:00".`}
}

// restored shows what was brought to the disk.
func (s *session) restored(r app.RestoreReport) {
	s.meet(r.Problems)
	s.print(r, func(w io.Writer) {
		line(w, restoredText(r))
		for _, path := range r.Renamed {
			linef(w, "Its name was taken: %s", path)
		}
		showProblems(w, r.Problems)
	})
}

func restoredText(r app.RestoreReport) string {
	text := "Brought back " + files(r.Files) + ", " + size(r.Bytes)
	if r.To != "" {
		text += ", to " + r.To
	}
	text += "."
	if r.Present > 0 {
		text += " " + count(r.Present, "file was", "files were") + " there already."
	}
	return text
}
