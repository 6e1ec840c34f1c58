package command

import (
	"io"
	"path/filepath"
	"slices"

	"elkjopcloud/app"
)

type syncSetCommand struct {
	Dir     string   `arg:"" help:"The Synced folder; it is made when it is missing."`
	Without []string `sep:"none" placeholder:"FOLDER" help:"A folder in the cloud that is not to come to this computer; may be repeated. elkjop sync folders lists them."`
}

func (syncSetCommand) Help() string {
	return `Examples:

    elkjop sync set ~/Elkjop
    elkjop sync set ~/Elkjop --without Films --without Photos/2019`
}

// Run sets the Synced folder.
func (c syncSetCommand) Run(s *session) error {
	dir, err := here(c.Dir)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if len(c.Without) > 0 {
		err = client.SetSyncedWithout(s.ctx, dir, c.Without)
	} else {
		err = client.SetSynced(s.ctx, dir)
	}
	if err != nil {
		return err
	}
	info, err := client.Sidebar(s.ctx)
	if err != nil {
		return err
	}
	s.print(chosen{done{true}, info}, func(w io.Writer) {
		line(w, "Your Synced folder is "+dir)
		if info.State == app.SidebarShown {
			line(w, sidebarWords[info.State])
		}
		showWarning(w, info.Problem)
	})
	return nil
}

// chosen is the result of choosing the Synced folder. That a file manager does not show it is no failure.
type chosen struct {
	done
	Sidebar app.SidebarInfo `json:"sidebar"`
}

type syncStatusCommand struct{}

func (syncStatusCommand) Help() string {
	return `Examples:

    elkjop sync status`
}

// Run shows the Synced folder's state: a pair as in "elkjop status".
func (syncStatusCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	st, err := client.State(s.ctx)
	if err != nil {
		return err
	}
	for _, p := range st.Pairs {
		if p.Area == "synced" {
			s.print(p, func(w io.Writer) { showPairs(w, []app.PairStatus{p}) })
			return nil
		}
	}
	for _, p := range st.Problems {
		if p.Code == app.CodeNotSetUp {
			return p
		}
	}
	return &app.Problem{Code: app.CodeNotSetUp, Message: "There is no Synced folder on this computer yet.", Action: "Choose one: elkjop sync set DIR"}
}

type syncConflictsCommand struct{}

func (syncConflictsCommand) Help() string {
	return `A file that was changed in two places is kept twice. Look at both, then choose with: elkjop sync settle.

Examples:

    elkjop sync conflicts`
}

// Run lists the conflicts.
func (syncConflictsCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Conflicts(s.ctx)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("COPY", "OF", ">SIZE", "CHANGED", "BY")
		for _, x := range all {
			t.add(x.Path, x.Original, size(x.Size), when(x.Modified), x.Device)
		}
		t.write(w, "No file was changed in two places.")
	})
	return nil
}

type syncSettleCommand struct {
	Copy string `arg:"" help:"The copy, as \"elkjop sync conflicts\" lists it."`
	Keep string `arg:"" enum:"both,original,copy" help:"both, original (the file that has the name) or copy (it gets the name)."`
}

func (syncSettleCommand) Help() string {
	return `The one that is not kept goes to this computer's recycle bin, and stays in the Trash for a while. Nothing is done when one of the two was changed.

Examples:

    elkjop sync settle "Budget (conflicted copy, Old PC, 2026-11-12 14.03).xlsx" original`
}

// Run settles one conflict.
func (c syncSettleCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Conflicts(s.ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x app.Conflict) bool { return x.Path == filepath.ToSlash(c.Copy) })
	if i < 0 {
		return &app.Problem{Code: app.CodeWrongUse, Path: c.Copy, Message: "No such copy is listed.", Action: "Look at: elkjop sync conflicts."}
	}
	if err := client.SettleConflict(s.ctx, all[i], c.Keep); err != nil {
		return err
	}
	s.print(done{true}, func(w io.Writer) {
		if c.Keep == app.KeepBoth {
			line(w, "Both files stay.")
			return
		}
		line(w, "The other one is in the recycle bin. "+all[i].Original+" is the one that you kept.")
	})
	return nil
}
