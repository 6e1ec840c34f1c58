package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/platform/desktop/instance"
	"elkjopcloud/platform/desktop/urlscheme"
	"elkjopcloud/ui"
)

// start is what the program was started for.
type start struct {
	hidden bool
	link   string // "" or one that urlscheme.Parse accepts
}

var errUse = errors.New("usage: elkjop-cloud [--hidden] [LINK]")

// begun reads the command line, without the program's name. There is one link at most: a system that puts a link between quotes into a command line
// lets a hostile one bring arguments of its own. The error matches errUse, or urlscheme.ErrLink, and repeats nothing of the link.
func begun(args []string) (start, error) {
	var s start
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&s.hidden, "hidden", false, "begin without the window, as when the system starts the program")
	if flags.Parse(args) != nil {
		return start{}, errUse
	}
	switch flags.NArg() {
	case 0:
		return s, nil
	case 1:
		l, err := urlscheme.Parse(flags.Arg(0))
		if err != nil {
			return start{}, err
		}
		s.link = l.String()
		return s, nil
	}
	return start{}, urlscheme.ErrLink
}

// unread is what people hear of a link that is none of ours.
func unread(err error) error { return app.NewProblem(app.CodeLink, "", err) }

// calls are what this start, and later ones, want of the window.
type calls chan ui.Call

// add passes one on. Where too many wait already, whoever asks has shown what it wanted.
func (c calls) add(link string) {
	select {
	case c <- ui.Call{Invited: link != ""}:
	default:
	}
}

const (
	startTime = 3 * time.Second // within which a program that is just starting can be asked
	askAgain  = 100 * time.Millisecond
)

// handOver asks the program that runs already to show its window, and what the link is.
func handOver(ctx context.Context, home string, s start, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		err := instance.HandOver(ctx, home, instance.Request{Link: s.link})
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			log.Warn("the running program was not asked", "error", err)
			return err
		}
	}
}
