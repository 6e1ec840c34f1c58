package command

import (
	"errors"
	"fmt"
	"io"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
)

type syncFoldersCommand struct {
	Switch string   `arg:"" optional:"" enum:"on,off,keep,list" default:"list" help:"off keeps folders in the cloud and on your other computers only, on brings them back, keep moves them out of Synced on this computer; list shows all."`
	Paths  []string `arg:"" optional:"" name:"path" help:"Folders, as the list names them, or by their paths on this computer."`
}

func (syncFoldersCommand) Help() string {
	return `A folder that is off goes from this computer, with all that is in it, as soon as the cloud has all of it. It stays in the cloud and on your other
computers. Files in it that are never synced stay here, and the folder with them. What goes lies in .elkjop/kept in your Synced folder for 30
days, for safety; its space is free after that.

With keep a folder stays on this computer, but not in Synced: it is moved beside your Synced folder, as an ordinary folder, and is off from then on. It
stays in the cloud and on your other computers.

Examples:

    elkjop sync folders
    elkjop sync folders off Photos/2019 Films
    elkjop sync folders on Films
    elkjop sync folders keep Films`
}

// Run shows or chooses.
func (c syncFoldersCommand) Run(s *session) error {
	if (c.Switch == "list") != (len(c.Paths) == 0) {
		return &app.Problem{Code: app.CodeWrongUse, Message: "Name the folders that are to be on or off, or kept.", Action: "Look at them: elkjop sync folders."}
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if c.Switch == "keep" {
		return c.keep(s, client)
	}
	all, err := c.choose(s, client)
	if problem := new(app.Problem); c.Switch == "list" && errors.As(err, &problem) && problem.Code == app.CodeNotSetUp {
		return listInCloud(s, client) // for whoever chooses before anything comes
	}
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) { showFolders(w, all) })
	return nil
}

// keep moves folders out of Synced.
func (c syncFoldersCommand) keep(s *session, client control.Client) error {
	places, err := client.KeepAside(s.ctx, c.Paths)
	if err == nil || len(places) > 0 {
		s.print(kept{append([]string{}, places...)}, func(w io.Writer) {
			for _, p := range places {
				line(w, "Kept here, no longer in Synced: "+p)
			}
		})
	}
	return err
}

// kept is where folders are that were moved out of Synced.
type kept struct {
	Places []string `json:"places"`
}

func listInCloud(s *session, client control.Client) error {
	all, err := client.FoldersInCloud(s.ctx)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("FOLDER", ">FILES", ">SIZE")
		for _, f := range all[1:] {
			t.add(f.Path, fmt.Sprint(f.Files), size(f.Bytes))
		}
		t.write(w, "There are no folders in Synced yet.")
		linef(w, "There is no Synced folder on this computer yet. It would get %s.", size(all[0].Bytes))
	})
	return nil
}

func (c syncFoldersCommand) choose(s *session, client control.Client) ([]app.Folder, error) {
	switch c.Switch {
	case "on":
		return client.KeepFolders(s.ctx, c.Paths, nil)
	case "off":
		return client.KeepFolders(s.ctx, nil, c.Paths)
	}
	return client.Folders(s.ctx)
}

var folderWords = map[string]string{app.FolderOn: "on this computer", app.FolderOff: "only in the cloud", app.FolderPartly: "partly on this computer"}

func showFolders(w io.Writer, all []app.Folder) {
	t := columns("FOLDER", ">FILES", ">SIZE", ">HERE", "")
	for _, f := range all[1:] {
		words := folderWords[f.State]
		if f.Remains {
			words += "; files that are not synced are still here"
		}
		t.add(f.Path, fmt.Sprint(f.Files), size(f.Bytes), size(f.HereBytes), words)
	}
	t.write(w, "There are no folders in Synced yet.")
	linef(w, "%s of %s is on this computer.", size(all[0].HereBytes), size(all[0].Bytes))
}
