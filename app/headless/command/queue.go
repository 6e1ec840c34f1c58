package command

import (
	"io"

	"elkjopcloud/app"
)

type queueShowCommand struct{}

func (queueShowCommand) Help() string {
	return `It asks the program that works: "elkjop run", the window, or another long command.

Examples:

    elkjop queue
    elkjop queue --json`
}

// Run shows what moves and what waits.
func (queueShowCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Queue(s.ctx)
	if err != nil {
		return err
	}
	st, err := client.State(s.ctx)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		showQueue(w, all, st)
		if s.local != nil { // nobody else has the home
			line(w, `Nothing is at work now. Begin with "elkjop run".`)
		}
	})
	s.meetSetUp(st)
	return nil
}

func showQueue(w io.Writer, all []app.Transfer, st app.Status) {
	t := columns("WHAT", "FOLDER", ">SIZE", "PATH")
	for _, x := range all {
		t.add(turnWord(x), x.Pair, size(x.Bytes), x.Path)
	}
	t.write(w, "Nothing moves, and nothing waits.")
	rest := -len(all)
	for _, p := range st.Pairs {
		rest += p.PendingFiles
	}
	if len(all) > 0 && rest > 0 {
		linef(w, "And %s more.", files(rest))
	}
}

// turnWord says whether a file moves, for people.
func turnWord(t app.Transfer) string {
	switch {
	case t.Moving && t.Up:
		return "Uploading"
	case t.Moving:
		return "Downloading"
	case t.First:
		return "Next"
	case t.Up:
		return "Waits to be uploaded"
	}
	return "Waits to be downloaded"
}

type queueFirstCommand struct {
	Path string `arg:"" help:"A file that waits to be uploaded."`
}

func (queueFirstCommand) Help() string {
	return `It goes next, before all others that wait, as long as the program that works is not ended.

Examples:

    elkjop queue first ~/Documents/Thesis.odt`
}

// Run lets a file go first.
func (c queueFirstCommand) Run(s *session) error {
	path, err := here(c.Path)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.First(s.ctx, path); err != nil {
		return err
	}
	s.say(clean(path) + " goes next.")
	return nil
}
