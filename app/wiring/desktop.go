package wiring

import (
	"context"
	"fmt"
	"os"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/platform/desktop/autostart"
	"elkjopcloud/platform/desktop/sidebar"
)

// desktop lets a client use the sidebar of its user's file manager.
func desktop(b brand.Brand, icon string) app.Desktop {
	s := sidebar.System()
	entry := func(folder string) sidebar.Entry {
		return sidebar.Entry{Name: b.Name, Path: folder, ID: b.Class, Icon: icon}
	}
	return app.Desktop{
		Pin: func(ctx context.Context, folder string, was sidebar.Record) (sidebar.Record, error) {
			return s.Pin(ctx, entry(folder), was)
		},
		Unpin: func(ctx context.Context, folder string, was sidebar.Record) (sidebar.Record, error) {
			return s.Unpin(ctx, entry(folder), was)
		},
	}
}

// SignIn lets the system start this program when its user signs in.
type SignIn struct{ program autostart.Program }

// AtSignIn returns it for this program, to be started with these arguments.
func AtSignIn(args ...string) (SignIn, error) {
	path, err := os.Executable()
	if err != nil {
		return SignIn{}, fmt.Errorf("find out where this program is: %w", err)
	}
	b := brand.Default()
	return SignIn{autostart.Program{ID: b.ID, Name: b.Name, Path: path, Args: args}}, nil
}

// State is "on", "off", "switched-off" (by the user, in the system's own list) or "other" (another program has our place in it).
func (s SignIn) State(ctx context.Context) (string, error) {
	state, err := autostart.Look(ctx, s.program)
	return string(state), err
}

// Set switches it on or off. On is the user's wish: it also takes back what he switched off in the system's own list.
func (s SignIn) Set(ctx context.Context, on bool) error {
	if on {
		return autostart.Enable(ctx, s.program)
	}
	return autostart.Disable(ctx, s.program)
}

// Hide lets a program that was started at sign-in run without a window that the system opened for it.
func Hide() { autostart.Hide() }
