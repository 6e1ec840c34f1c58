// Package command is the command line: what can be typed, what is shown, and with which exit code it ends. It knows the client only
// through package control, so that it does not matter to a command whether the client lives in this process or in one that runs already.
//
// Reading order: command.go (Main), grammar.go (everything that can be typed), session.go (what a command works with), exit.go (codes),
// show.go, table.go and meter.go (what people see), then one file for each group of commands, and tour.go.
package command

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"elkjopcloud/app"
	"elkjopcloud/app/control"
)

// Client is the client of this process; *app.Client is one.
type Client interface {
	control.App
	Run(ctx context.Context) error
	Changed() <-chan struct{}
	Close() error
}

// World is what the command line needs from outside. All fields are required but SignIn, Hide and Patience.
type World struct {
	// Open returns the client of a home directory, or an *app.Problem of app.CodeAnotherInstance when another process has it open.
	Open   func(ctx context.Context, home string, log *slog.Logger) (Client, error)
	Home   string // where the home is when nobody says so
	Stdin  io.Reader
	Person io.Reader // who can answer a question; nil where nobody is there
	Stdout io.Writer
	Stderr io.Writer
	Now    func() time.Time
	SignIn starter // starts this program by itself; nil where nothing can
	Hide   func()  // closes the window that the system opened for this program
	// Patience is how long to wait for another command that holds the home for a moment; 0 is 5 seconds.
	Patience time.Duration
}

// Main runs one command line, without the program's name, and returns the exit code. It stops cleanly when ctx ends.
func Main(ctx context.Context, args []string, w World) int {
	if w.Patience == 0 {
		w.Patience = 5 * time.Second
	}
	var typed grammar
	s := &session{World: w, ctx: ctx, typed: &typed}
	parsed, code, done := parse(args, &typed, s)
	if done {
		return code
	}
	return s.end(s.run(parsed))
}

// run runs the command. When who holds the home goes away before it hears what is asked, nothing was done, and whoever holds it then is asked.
func (s *session) run(parsed *kong.Context) error {
	for tries := 1; ; tries++ {
		err := parsed.Run(s)
		if !errors.Is(err, control.ErrUnheard) || tries >= mostTries || s.ctx.Err() != nil {
			return err
		}
	}
}

const mostTries = 5

// leave is how kong ends after it has shown its help.
type leave int

// parse returns done with an exit code when there is nothing to run.
func parse(args []string, typed *grammar, s *session) (parsed *kong.Context, code int, done bool) {
	defer func() {
		if left, ok := recover().(leave); ok {
			parsed, code, done = nil, int(left), true
		}
	}()
	parser, err := kong.New(typed,
		kong.Name("elkjop"), kong.Description(about), kong.Writers(s.Stdout, s.Stderr), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.Exit(func(code int) { panic(leave(code)) }),
	)
	if err != nil {
		return nil, s.end(err), true
	}
	parsed, err = parser.Parse(args)
	var wrong *kong.ParseError
	if errors.As(err, &wrong) {
		typed.JSON = typed.JSON || asksForJSON(args)
		return nil, s.end(&app.Problem{Code: app.CodeWrongUse, Message: sentence(err.Error()), Action: "Look at: " + usage(wrong.Context) + " --help", Err: err}), true
	}
	if err != nil {
		return nil, s.end(err), true
	}
	return parsed, 0, false
}

// asksForJSON looks at a command line that could not be parsed.
func asksForJSON(args []string) bool {
	for _, a := range args {
		if a == "--" {
			return false
		}
		if a == "--json" {
			return true
		}
	}
	return false
}

// usage is the command as far as it was understood.
func usage(c *kong.Context) string {
	if c == nil {
		return "elkjop"
	}
	words := []string{"elkjop"}
	for _, p := range c.Path {
		if p.Command != nil {
			words = append(words, p.Command.Name)
		}
	}
	return strings.Join(words, " ")
}
