// Package autostart lets the system start a program when its user signs in. The system's own list is the only record: what the user
// switches off there stays off until he asks us for it.
//
// Read autostart.go, then start_linux.go, start_windows.go, start_darwin.go with plist.go; hide*.go is for the program that is started.
package autostart

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// Program is what is started.
type Program struct {
	ID   string   // its name in the system's list: letters, digits, ".", "_" and "-"
	Name string   // for people
	Path string   // absolute
	Args []string // such as "run", "--hidden"
}

// State says how it stands with a program.
type State string

const (
	Off         State = "off"
	On          State = "on"
	SwitchedOff State = "switched-off" // it is in the list, and the user switched it off there
	Other       State = "other"        // another program, or an older place of this one, is started under this name
)

// patience is how long the system may take.
const patience = 10 * time.Second

// Look reads the system's list.
func Look(ctx context.Context, p Program) (State, error) {
	var state State
	err := do(ctx, "read what starts at sign-in", p, func(ctx context.Context) (err error) {
		state, err = look(ctx, p)
		return err
	})
	return state, err
}

// Enable lets the program be started from the next sign-in on, also when the user had switched it off: only he may ask for it.
func Enable(ctx context.Context, p Program) error {
	return do(ctx, "start at sign-in", p, func(ctx context.Context) error { return enable(ctx, p) })
}

// Disable takes the program out of the list.
func Disable(ctx context.Context, p Program) error {
	return do(ctx, "stop starting at sign-in", p, func(ctx context.Context) error { return disable(ctx, p) })
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

func do(ctx context.Context, what string, p Program, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := ctx.Err()
	if err == nil && (!plainID.MatchString(p.ID) || !filepath.IsAbs(p.Path)) {
		err = fmt.Errorf("%q at %q is no program", p.ID, p.Path)
	}
	if err == nil {
		err = call(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// command is the program and its arguments.
func (p Program) command() []string { return slices.Concat([]string{p.Path}, p.Args) }
