package command

import (
	"context"
	"errors"
	"slices"

	"elkjopcloud/app"
	"elkjopcloud/sync/engine"
)

// Exit codes.
const (
	exitWell        = 0
	exitFailed      = 1
	exitWrongUse    = 2
	exitPartly      = 3 // done, but some files were skipped or have problems
	exitKeyRefused  = 4
	exitLater       = 5 // the network, or a busy storage
	exitFull        = 6 // the storage or this computer's disk
	exitGuard       = 7
	exitNotSetUp    = 10
	exitOther       = 11 // another instance is running and cannot be asked
	exitInterrupted = 130
)

// exits are the codes of problems that have an exit code of their own.
var exits = map[string]int{
	app.CodeWrongUse:        exitWrongUse,
	app.CodeNotThere:        exitWrongUse,
	app.CodeNoFolder:        exitWrongUse,
	engine.CodeKeyRefused:   exitKeyRefused,
	engine.CodeDenied:       exitKeyRefused,
	engine.CodeOffline:      exitLater,
	engine.CodeServerBusy:   exitLater,
	engine.CodeNotAStore:    exitLater, // a network that wants a sign-in first
	engine.CodeDiskFull:     exitFull,
	engine.CodeCloudFull:    exitFull,
	engine.CodeGuard:        exitGuard,
	app.CodeGuard:           exitGuard,
	app.CodeNotSetUp:        exitNotSetUp,
	app.CodeAnotherInstance: exitOther,
	app.CodeCanceled:        exitInterrupted,
}

// weights orders the exit codes of a command that met several problems, the one that decides first.
var weights = []int{exitInterrupted, exitNotSetUp, exitKeyRefused, exitFull, exitLater, exitGuard, exitPartly, exitWell}

// exitCode tells how a command ends: err is why it failed, met are problems of single files or folders that it met while it went on.
func exitCode(err error, met []*app.Problem) int {
	if err != nil {
		return codeOfFailure(err)
	}
	best := len(weights) - 1
	for _, p := range met {
		best = min(best, slices.Index(weights, codeOfMet(p)))
	}
	return weights[best]
}

func codeOfFailure(err error) int {
	var p *app.Problem
	if errors.As(err, &p) {
		if code, ok := exits[p.Code]; ok {
			return code
		}
	}
	if errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	return exitFailed
}

func codeOfMet(p *app.Problem) int {
	switch {
	case p.Mended():
		return exitWell
	case slices.Contains(weights, exits[p.Code]) && exits[p.Code] != 0:
		return exits[p.Code]
	}
	return exitPartly
}
