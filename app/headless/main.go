// Program elkjop is the client as a command line. It builds without cgo.
package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"

	"elkjopcloud/app"
	"elkjopcloud/app/headless/command"
	"elkjopcloud/app/wiring"
	"elkjopcloud/platform/desktop/interrupt"
	"elkjopcloud/platform/desktop/ospaths"
)

// folder is where the state of a computer is when nobody names a home, below the system's place for data.
const folder = "elkjop"

func main() {
	if os.Getenv("GOGC") == "" {
		app.SaveMemory()
	}
	os.Exit(run(os.Args[1:]))
}

// run returns the exit code.
func run(args []string) int {
	ctx, stop := interrupt.Context(context.Background())
	defer stop()
	paths, _ := ospaths.For(folder) // without a home folder of the user, --home is asked for
	w := command.World{
		Open: opener(paths.Data), Home: paths.Data, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Hide: wiring.Hide,
	}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		w.Person = os.Stdin
	}
	if start, err := wiring.AtSignIn("run", "--hidden"); err == nil {
		w.SignIn = start
	}
	return command.Main(ctx, args, w)
}

// opener opens clients. The desktop is for the one whose home is the computer's own.
func opener(own string) func(context.Context, string, *slog.Logger) (command.Client, error) {
	return func(ctx context.Context, home string, log *slog.Logger) (command.Client, error) {
		c, err := wiring.Open(ctx, home, wiring.Options{Log: log, Desktop: home == own})
		if err != nil {
			return nil, err
		}
		return c, nil
	}
}
