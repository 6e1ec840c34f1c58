// Package urlscheme lets links of our own (elkjopcloud://…) open a program, and reads such links. A link comes from anywhere: it is read
// strictly, and what it asks for is done only after the user agreed to it in a dialog.
//
// Read link.go (what a link may be), urlscheme.go (registering), then scheme_linux.go with mimeapps.go, scheme_windows.go, scheme_other.go.
package urlscheme

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"time"
)

// Handler is the program that gets the links of one scheme, each as its last argument. It must refuse to be started with more than that.
type Handler struct {
	Scheme string // lower case letters
	ID     string // the handler's name in the system's lists: letters, digits, ".", "_" and "-"
	Name   string // for people
	Path   string // of the program, absolute
	Args   []string
}

// State says who gets the links.
type State string

const (
	Nobody State = "nobody" // also a program that is not there any more
	Ours   State = "ours"
	Other  State = "other" // another program, or another place of this one
)

// patience is how long the system may take.
const patience = 30 * time.Second

// Look tells who gets the links.
func Look(ctx context.Context, h Handler) (State, error) {
	state := Nobody
	err := do(ctx, "look who opens", h, func(ctx context.Context) (err error) {
		state, err = look(ctx, h)
		return err
	})
	return state, err
}

// Register lets this user's links open the program. On macOS only the application's bundle can say so: errors.ErrUnsupported.
func Register(ctx context.Context, h Handler) error {
	return do(ctx, "register", h, func(ctx context.Context) error { return register(ctx, h) })
}

// Unregister takes back what Register did. Links that another program opens stay with it.
func Unregister(ctx context.Context, h Handler) error {
	return do(ctx, "unregister", h, func(ctx context.Context) error { return unregister(ctx, h) })
}

var (
	plainScheme = regexp.MustCompile(`^[a-z]{3,32}$`)
	plainID     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

func do(ctx context.Context, what string, h Handler, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := ctx.Err()
	if err == nil && (!plainScheme.MatchString(h.Scheme) || !plainID.MatchString(h.ID) || !filepath.IsAbs(h.Path)) {
		err = fmt.Errorf("%q at %q is no handler", h.ID, h.Path)
	}
	if err == nil {
		err = call(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s %s links: %w", what, h.Scheme, err)
	}
	return nil
}
