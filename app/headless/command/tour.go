package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
)

type tourCommand struct {
	Keep bool `help:"Leave the folders that it made."`
}

func (tourCommand) Help() string {
	return `It plays two computers and a cloud in folders that it makes, does what you would do, and looks at every byte itself. Nothing of yours is
touched. The folders are made in a temporary place, or below --home, which must be empty then, and are removed at the end.

Examples:

    elkjop tour
    elkjop --home /tmp/look tour --keep`
}

// Run shows the product.
func (c tourCommand) Run(s *session) error {
	base, err := s.stage()
	if err != nil {
		return err
	}
	g := &guide{s: s, base: base, w: s.Stdout}
	if s.typed.JSON {
		g.w = io.Discard
	}
	err = g.tour()
	if e := g.close(); err == nil {
		err = e
	}
	if c.Keep {
		linef(g.w, "The folders are kept: %s", base)
	} else if e := os.RemoveAll(base); err == nil {
		err = e
	}
	if !s.typed.JSON {
		return err
	}
	if err != nil {
		s.encode(tourResult{Steps: g.done, Problem: asProblem(err)})
		return shown{err}
	}
	s.encode(tourResult{OK: true, Steps: g.done})
	return nil
}

// stage returns an empty folder of our own: a temporary one, or a named one that was empty or is not there yet, so that nothing of
// anybody's is removed at the end.
func (s *session) stage() (string, error) {
	if s.typed.Home == "" {
		dir, err := os.MkdirTemp("", "elkjop-tour-*")
		if err != nil {
			return "", err
		}
		return filepath.EvalSymlinks(dir)
	}
	home, err := s.home()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(home, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of the tour: %w", err)
	}
	held, err := os.ReadDir(home)
	if err != nil {
		return "", fmt.Errorf("look at the folder of the tour: %w", err)
	}
	if len(held) > 0 {
		return "", &app.Problem{Code: app.CodeWrongUse, Path: home, Message: "The tour needs an empty folder.", Action: "Leave --home and ELKJOP_HOME out, or name a new folder."}
	}
	return filepath.EvalSymlinks(home)
}

// guide plays the tour.
type guide struct {
	s     *session
	base  string
	w     io.Writer
	begun time.Time

	anna, bo player
	done     []tourStep
}

// player is one computer of the tour.
type player struct {
	name   string
	client Client
	synced string // its Synced folder
}

type tourStep struct {
	Name    string  `json:"name"`
	OK      bool    `json:"ok"`
	Seconds float64 `json:"seconds"`
}

type tourResult struct {
	OK      bool         `json:"ok"`
	Steps   []tourStep   `json:"steps"`
	Problem *app.Problem `json:"problem,omitempty"`
}

// tour runs the steps until one is not as it was said.
func (g *guide) tour() error {
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"Two computers and one cloud", g.connect},
		{"Backup: a folder is copied to the cloud", g.backUp},
		{"Backup: a file is changed, and another one deleted", g.changeBackup},
		{"Backup: everything as it was before", g.restoreBackup},
		{"Synced: the same folder on both computers", g.sync},
		{"Synced: a file is changed on the other computer", g.edit},
		{"Synced: a file is deleted, and put back from the Trash", g.trash},
		{"Synced: one file is changed in two places", g.conflict},
		{"Archive: files that live only in the cloud", g.archive},
		{"Check: every copy in the cloud is read and compared", g.check},
	}
	g.begun = g.s.Now()
	for i, step := range steps {
		linef(g.w, "%d. %s", i+1, step.name)
		start := g.s.Now()
		err := step.do(g.s.ctx)
		g.done = append(g.done, tourStep{step.name, err == nil, g.s.Now().Sub(start).Seconds()})
		if err != nil {
			return g.failed(step.name, err)
		}
	}
	linef(g.w, "That was all of it: %d steps in %.1f s, and every byte was compared.", len(steps), g.s.Now().Sub(g.begun).Seconds())
	return nil
}

// failed makes sure that a tour that is not as it was said ends with a failure, whatever the problem was.
func (g *guide) failed(step string, err error) error {
	if g.s.ctx.Err() != nil {
		return g.s.ctx.Err()
	}
	p := asProblem(err)
	return &app.Problem{Code: "tour", Path: p.Path, Message: fmt.Sprintf("The tour found that something is not as it should be, in %q: %s", step, p.Message), Action: p.Action, Err: err}
}

func (g *guide) close() error {
	var first error
	for _, p := range []player{g.anna, g.bo} {
		if p.client == nil {
			continue
		}
		if err := p.client.Close(); first == nil {
			first = err
		}
	}
	return first
}

func (g *guide) tell(format string, args ...any) { linef(g.w, "   "+format, args...) }

// in returns a path of the tour.
func (g *guide) in(parts ...string) string {
	return filepath.Join(append([]string{g.base}, parts...)...)
}

// cycle lets computers do all there is to do, one after another, and wants each to say that everything is safe.
func cycle(ctx context.Context, players ...player) error {
	for _, p := range players {
		if err := p.client.Once(ctx, nil); err != nil {
			return err
		}
		st, err := control.Local{App: p.client}.State(ctx)
		if err != nil {
			return err
		}
		if st.State != app.StateSafe {
			return notAsSaid("%s says: %s", p.name, headline(st))
		}
	}
	return nil
}

// notAsSaid is what the tour ends with when the product does not do what the tour says.
func notAsSaid(format string, args ...any) error {
	return &app.Problem{Code: "tour", Message: fmt.Sprintf(format, args...)}
}

// quiet is the log of the tour's computers: shown only with --verbose.
func (g *guide) quiet() *slog.Logger {
	if g.s.typed.Verbose {
		return slog.New(slog.NewTextHandler(g.s.Stderr, nil))
	}
	return slog.New(slog.DiscardHandler)
}
