package wiring

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"elkjopcloud/app"
	"elkjopcloud/app/brand"
	"elkjopcloud/platform/desktop/autostart"
	"elkjopcloud/platform/desktop/sidebar"
	"elkjopcloud/platform/desktop/urlscheme"
)

// desktop lets a client use the sidebar of its user's file manager, and be opened by links. window tells that this program has the window.
func desktop(b brand.Brand, icon string, window bool) app.Desktop {
	s := sidebar.System()
	entry := func(folder string) sidebar.Entry {
		return sidebar.Entry{Name: b.Name, Path: folder, ID: b.Class, Icon: icon}
	}
	return app.Desktop{
		Links: links(b, window),
		Pin: func(ctx context.Context, folder string, was sidebar.Record) (sidebar.Record, error) {
			return s.Pin(ctx, entry(folder), was)
		},
		Unpin: func(ctx context.Context, folder string, was sidebar.Record) (sidebar.Record, error) {
			return s.Unpin(ctx, entry(folder), was)
		},
	}
}

// windowName is what the program with the window is called, beside the one without and where the system looks for programs.
const windowName = "elkjop-cloud"

// windowProgram is where the program with the window is: this one, or the one beside it, or the system's.
func windowProgram(this bool) (string, error) {
	own, err := os.Executable()
	if err != nil || this {
		return own, err
	}
	beside := filepath.Join(filepath.Dir(own), windowName+filepath.Ext(own))
	if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
		return beside, nil
	}
	found, err := exec.LookPath(windowName)
	if err != nil {
		return "", err
	}
	return filepath.Abs(found)
}

// links lets links open the program with the window; nil where there is none. this tells that this process is that program.
func links(b brand.Brand, this bool) app.Links {
	path, err := windowProgram(this)
	if err != nil {
		return nil
	}
	// The id differs from the program's own, whose entry in the menu an installer writes: ours would hide it.
	return opener{urlscheme.Handler{Scheme: urlscheme.Scheme, ID: b.ID + ".links", Name: b.Name, Path: path}}
}

// opener implements app.Links.
type opener struct{ handler urlscheme.Handler }

// State implements app.Links.
func (o opener) State(ctx context.Context) (string, error) {
	state, err := urlscheme.Look(ctx, o.handler)
	return string(state), err
}

// Set implements app.Links.
func (o opener) Set(ctx context.Context, on bool) error {
	if on {
		return urlscheme.Register(ctx, o.handler)
	}
	return urlscheme.Unregister(ctx, o.handler)
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
