package command

import (
	"io"

	"elkjopcloud/app"
)

type whenCommand struct {
	Metered string `enum:",work,pause" default:"" placeholder:"work|pause" help:"On networks that cost by what is moved."`
	Battery string `enum:",work,pause" default:"" placeholder:"work|pause" help:"On battery."`
}

func (whenCommand) Help() string {
	return `"elkjop run" pauses on a metered network and on battery unless it was told to work there. "elkjop resume" lets it go on until the
condition is over.

Examples:

    elkjop when
    elkjop when --battery work`
}

// Run shows what is chosen, after changing what was given.
func (c whenCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	w, err := client.WhenToWork(s.ctx)
	if err != nil {
		return err
	}
	if c.Metered != "" || c.Battery != "" {
		w = app.WhenToWork{Metered: choose(c.Metered, w.Metered), Battery: choose(c.Battery, w.Battery)}
		if err := client.SetWhenToWork(s.ctx, w); err != nil {
			return err
		}
	}
	s.print(w, func(out io.Writer) {
		line(out, "On a metered network: "+workOrPause(w.Metered))
		line(out, "On battery: "+workOrPause(w.Battery))
	})
	return nil
}

// choose reads what was typed; "" leaves it as it is.
func choose(typed string, now bool) bool {
	if typed == "" {
		return now
	}
	return typed == "work"
}

func workOrPause(works bool) string {
	if works {
		return "work"
	}
	return "pause"
}
