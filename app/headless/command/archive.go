package command

import (
	"io"

	"elkjopcloud/app"
)

type archiveAddCommand struct {
	Paths []string `arg:"" name:"path" sep:"none" help:"Files and folders."`
	Free  bool     `help:"Afterwards move them to the recycle bin, each only when its copy was read back and is the same."`
}

func (archiveAddCommand) Help() string {
	return `The Archive does not change when you change files on this computer. After sending, every file is read back and compared.

Examples:

    elkjop archive add "Summer 2019"
    elkjop archive add "Summer 2019" films --free`
}

// Run archives.
func (c archiveAddCommand) Run(s *session) error {
	paths := make([]string, len(c.Paths))
	for i, p := range c.Paths {
		abs, err := here(p)
		if err != nil {
			return err
		}
		paths[i] = abs
	}
	client, err := s.longClient()
	if err != nil {
		return err
	}
	m := s.meter()
	r, err := client.ArchiveAdd(s.ctx, paths, c.Free, m.show)
	m.end()
	if err != nil {
		return err
	}
	s.meet(r.Problems)
	s.print(r, func(w io.Writer) { showArchived(w, r, c.Free) })
	return nil
}

func showArchived(w io.Writer, r app.ArchiveReport, free bool) {
	for _, p := range r.Paths {
		linef(w, "In the Archive: %s", p)
	}
	linef(w, "%s, %s. Sent: %d. Read back and the same: %d.", files(r.Files), size(r.Bytes), r.Uploaded, r.Verified)
	switch {
	case free:
		linef(w, "Moved to the recycle bin: %s.", files(r.Freed))
	case r.Files > 0 && r.Verified == r.Files && len(r.Problems) == 0:
		line(w, "All of it is in the Archive and checked. With --free it is moved to the recycle bin of this computer.")
	}
	showProblems(w, r.Problems)
}

type archiveLsCommand struct {
	Path string `arg:"" optional:"" help:"Folder or file in the Archive."`
}

func (archiveLsCommand) Help() string {
	return `Examples:

    elkjop archive ls
    elkjop archive ls "Summer 2019"`
}

// Run lists.
func (c archiveLsCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.ArchiveList(s.ctx, c.Path)
	if err != nil {
		return err
	}
	s.items(all, "The Archive is empty.")
	return nil
}

type archiveFindCommand struct {
	Text string `arg:"" help:"Part of a name; capitals do not matter."`
}

func (archiveFindCommand) Help() string {
	return `Examples:

    elkjop archive find beach`
}

// Run finds.
func (c archiveFindCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.ArchiveFind(s.ctx, c.Text)
	if err != nil {
		return err
	}
	s.items(all, "Nothing in the Archive has that in its name.")
	return nil
}

func (s *session) items(all []app.Item, empty string) {
	s.print(all, func(w io.Writer) {
		t := columns(">SIZE", "CHANGED", "PATH")
		for _, x := range all {
			if x.Dir {
				t.add("", "", x.Path+"/")
				continue
			}
			t.add(size(x.Size), when(x.Modified), x.Path)
		}
		t.write(w, empty)
	})
}

type archiveGetCommand struct {
	Path string `arg:"" help:"File or folder in the Archive."`
	To   string `required:"" placeholder:"DIR" help:"Folder to write to; it is made when it is missing. Nothing there is overwritten."`
}

func (archiveGetCommand) Help() string {
	return `Examples:

    elkjop archive get "Summer 2019/beach.jpg" --to ~/Desktop`
}

// Run downloads.
func (c archiveGetCommand) Run(s *session) error {
	to, err := here(c.To)
	if err != nil {
		return err
	}
	client, err := s.longClient()
	if err != nil {
		return err
	}
	m := s.meter()
	r, err := client.ArchiveGet(s.ctx, c.Path, to, m.show)
	m.end()
	if err != nil {
		return err
	}
	s.restored(r)
	return nil
}

type archiveRmCommand struct {
	Path string `arg:"" help:"File or folder in the Archive."`
}

func (archiveRmCommand) Help() string {
	return `Examples:

    elkjop archive rm "Summer 2019/blurred.jpg"`
}

// Run moves to the trash.
func (c archiveRmCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.ArchiveRemove(s.ctx, c.Path); err != nil {
		return err
	}
	s.say(c.Path + " is in the Trash.")
	return nil
}
