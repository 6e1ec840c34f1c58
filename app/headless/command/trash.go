package command

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"elkjopcloud/app/control"
)

type trashLsCommand struct {
	Area string `enum:"backup,synced,archive," default:"" placeholder:"backup|synced|archive" help:"Only what was deleted there."`
	Find string `placeholder:"TEXT" help:"Only what has this in its path."`
}

func (trashLsCommand) Help() string {
	return `Examples:

    elkjop trash ls
    elkjop trash ls --area synced --find report`
}

// Run lists the trash.
func (c trashLsCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Trash(s.ctx, c.Area, c.Find)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("ID", "AREA", ">SIZE", "DELETED", "BY", "KEPT UNTIL", "PATH")
		for _, x := range all {
			until := ""
			if !x.ExpiresAt.IsZero() {
				until = x.ExpiresAt.Local().Format("2006-01-02")
			}
			t.add(x.ID, area(x.Area), size(x.Size), when(x.DeletedAt), x.DeletedBy, until, x.Path)
		}
		t.write(w, "The Trash is empty.")
	})
	return nil
}

type trashRestoreCommand struct {
	IDs []string `arg:"" name:"id" sep:"none" help:"What \"elkjop trash ls\" shows."`
	To  string   `placeholder:"DIR" help:"Only write it to this folder, and leave it in the Trash."`
}

func (trashRestoreCommand) Help() string {
	return `Without --to things go back to where they were: into the Synced folder, into a backed-up folder of this computer, into the Archive.
Those of another computer's backup are in that backup again, and on no disk. If something is there now, both are kept.

Examples:

    elkjop trash restore s-1a210f85da1-6baab3cd4cc076a8-253702b0-1
    elkjop trash restore s-1a210f85da1-6baab3cd4cc076a8-253702b0-1 --to ~/Desktop`
}

// Run restores.
func (c trashRestoreCommand) Run(s *session) error {
	to, err := optional(c.To)
	if err != nil {
		return err
	}
	client, err := s.longClient()
	if err != nil {
		return err
	}
	r, err := client.TrashRestore(s.ctx, c.IDs, to)
	if err != nil {
		return err
	}
	if to != "" {
		s.restored(r)
		return nil
	}
	s.meet(r.Problems)
	s.print(r, func(w io.Writer) {
		linef(w, "Put back %s.", files(r.Files))
		if r.CloudOnly > 0 {
			linef(w, "In the cloud alone, not on this computer: %s. Get them with \"elkjop backup restore\" or \"elkjop archive get\".", files(r.CloudOnly))
		}
		for _, path := range r.Renamed {
			linef(w, "Its name was taken: %s", path)
		}
		showProblems(w, r.Problems)
	})
	return nil
}

// optional is here for a path that may be left out.
func optional(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	return here(path)
}

// deleted is the result of deleting for ever.
type deleted struct {
	Deleted int `json:"deleted"`
}

type trashDeleteCommand struct {
	IDs []string `arg:"" name:"id" sep:"none" help:"What \"elkjop trash ls\" shows."`
}

func (trashDeleteCommand) Help() string {
	return `This cannot be undone.

Examples:

    elkjop trash delete s-1a210f85da1-6baab3cd4cc076a8-253702b0-1`
}

// Run deletes.
func (c trashDeleteCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := s.agree(fmt.Sprintf("Delete %s from the Trash for ever, for all your computers?", count(len(c.IDs), "thing", "things"))); err != nil {
		return err
	}
	n, err := client.TrashDelete(s.ctx, c.IDs)
	if err != nil {
		return err
	}
	s.print(deleted{n}, func(w io.Writer) { linef(w, "Deleted for ever: %d.", n) })
	return nil
}

type trashEmptyCommand struct{}

func (trashEmptyCommand) Help() string {
	return `Everything in the Trash is deleted for ever, for all your computers. This cannot be undone.

Examples:

    elkjop trash empty`
}

// Run empties the trash.
func (trashEmptyCommand) Run(s *session) error {
	client, err := s.longClient()
	if err != nil {
		return err
	}
	n, err := s.emptyTrash(client)
	if err != nil {
		return err
	}
	s.print(deleted{n}, func(w io.Writer) { linef(w, "The Trash is empty. Deleted for ever: %d.", n) })
	return nil
}

// emptyTrash asks a person first, and then deletes exactly what they were asked about: what others delete meanwhile stays.
func (s *session) emptyTrash(client control.Client) (int, error) {
	if s.Person == nil {
		return client.TrashEmpty(s.ctx)
	}
	all, err := client.Trash(s.ctx, "", "")
	if err != nil || len(all) == 0 {
		return 0, err
	}
	bytes, ids := int64(0), []string{}
	for _, x := range all {
		bytes, ids = bytes+x.Size, append(ids, x.ID)
	}
	if err := s.agree(fmt.Sprintf("Delete %s, %s, for ever, for all your computers?", files(len(all)), size(bytes))); err != nil {
		return 0, err
	}
	return client.TrashDelete(s.ctx, ids)
}

type versionsLsCommand struct {
	Path string `arg:"" help:"Path on this computer, or in the cloud: Synced/…, Backup/DEVICE/NAME/…, Archive/…."`
}

func (versionsLsCommand) Help() string {
	return `A path that begins with Synced/, Backup/ or Archive/ is one in the cloud, unless there is such a file here. Write ./Synced/… for a
folder of that name on this computer.

Examples:

    elkjop versions ls ~/Elkjop/report.odt
    elkjop versions ls Synced/report.odt`
}

// Run lists the versions.
func (c versionsLsCommand) Run(s *session) error {
	path, err := localOrArea(c.Path)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Versions(s.ctx, path)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("ID", ">SIZE", "CHANGED", "ON", "")
		for _, v := range all {
			now := ""
			if v.Current {
				now = "the newest"
			}
			t.add(v.ID, size(v.Size), when(v.Modified), v.Device, now)
		}
		t.write(w, "There are no versions of this file.")
	})
	return nil
}

type versionsRestoreCommand struct {
	Path    string `arg:"" help:"Path on this computer, or in the cloud: Synced/…, Backup/DEVICE/NAME/…, Archive/…."`
	Version string `required:"" placeholder:"ID" help:"What \"elkjop versions ls\" shows."`
	To      string `placeholder:"FILE" help:"Write it to this file, which must not exist, and change nothing else."`
}

func (versionsRestoreCommand) Help() string {
	return `Without --to the version becomes the newest one; the one before stays among the versions.

Examples:

    elkjop versions restore ~/Elkjop/report.odt --version 1a210f85da1-6baab3cd4cc076a8-253702b0-1
    elkjop versions restore Synced/report.odt --version 1a210f85da1-6baab3cd4cc076a8-253702b0-1 --to ~/Desktop/report-old.odt`
}

// Run restores a version.
func (c versionsRestoreCommand) Run(s *session) error {
	path, err := localOrArea(c.Path)
	if err != nil {
		return err
	}
	to, err := optional(c.To)
	if err != nil {
		return err
	}
	client, err := s.longClient()
	if err != nil {
		return err
	}
	if err := client.RestoreVersion(s.ctx, path, c.Version, to); err != nil {
		return err
	}
	if to != "" {
		s.say("Written to " + to)
		return nil
	}
	s.say("The earlier version is the newest one again.")
	return nil
}

// localOrArea makes a path on this computer absolute and leaves one in the cloud as it is.
func localOrArea(path string) (string, error) {
	first, _, below := strings.Cut(filepath.ToSlash(path), "/")
	if below && (first == "Synced" || first == "Backup" || first == "Archive") {
		if _, err := os.Lstat(path); err != nil {
			return path, nil
		}
	}
	return here(path)
}
