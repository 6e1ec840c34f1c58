package command

import (
	"io"

	"elkjopcloud/app"
)

type backupSkipCommand struct {
	Name    string   `arg:"" help:"Name of the backup."`
	Add     []string `sep:"none" placeholder:"PATTERN" help:"Leave this out from now on; written as in a .gitignore file. May be given several times."`
	Remove  []string `sep:"none" placeholder:"PATTERN" help:"Back this up again: one of the rules, as it is written. May be given several times."`
	ToTrash bool     `help:"Move the copies of everything that the rules leave out to the Trash; without it they stay where they are."`
}

func (backupSkipCommand) Help() string {
	return `Without flags it shows the rules. A change counts at once, also while "elkjop run" is active. When a rule goes, its files are
backed up again; what the cloud still has, in the Trash too, is not sent again.

Examples:

    elkjop backup skip Documents
    elkjop backup skip Code --add node_modules/ --add '*.o' --to-trash
    elkjop backup skip Code --remove '*.o'`
}

// Run changes the rules.
func (c backupSkipCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	r, err := client.SkipRules(s.ctx, c.Name, c.Add, c.Remove, c.ToTrash)
	if err != nil {
		return err
	}
	s.print(r, func(w io.Writer) { showSkips(w, r) })
	return nil
}

func showSkips(w io.Writer, r app.SkipReport) {
	if len(r.Skip) == 0 {
		linef(w, "%s has no skip rules.", r.Name)
	} else {
		linef(w, "%s leaves out:", r.Name)
	}
	for _, p := range r.Skip {
		linef(w, "  %s", p)
	}
	if r.Kept > 0 {
		linef(w, "Copies in the cloud that the rules leave out: %s. They are kept there; --to-trash moves them to the Trash.", files(r.Kept))
	}
	if r.Trashed > 0 {
		linef(w, "Moved to the Trash: %s.", files(r.Trashed))
	}
}
