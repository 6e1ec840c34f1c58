package opener

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/godbus/dbus/v5"

	"elkjopcloud/platform/desktop/fileuri"
	"elkjopcloud/platform/desktop/sessionbus"
)

// way is one way to have something done; errors.ErrUnsupported lets the next one try.
type way func(ctx context.Context, what string) error

// first tries ways until one works; when none does, all reasons are told.
func first(ctx context.Context, what string, ways ...way) error {
	var all []error
	for _, w := range ways {
		err := w(ctx, what)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

func reveal(ctx context.Context, path string) error {
	return first(ctx, path, showInFileManager, showByPortal, func(ctx context.Context, path string) error {
		return xdgOpen(ctx, filepath.Dir(path))
	})
}

func open(ctx context.Context, path string) error { return first(ctx, path, openByPortal, xdgOpen) }

func openLink(ctx context.Context, link string) error {
	return first(ctx, link, linkByPortal, xdgOpen)
}

// showInFileManager asks the file manager itself, which marks the file.
func showInFileManager(ctx context.Context, path string) error {
	return call(ctx, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1.ShowItems",
		[]string{fileuri.Of(path)}, "")
}

const (
	portal     = "org.freedesktop.portal.Desktop"
	portalPath = "/org/freedesktop/portal/desktop"
	openURI    = "org.freedesktop.portal.OpenURI."
)

func showByPortal(ctx context.Context, path string) error {
	return portalFile(ctx, "OpenDirectory", path)
}

// openByPortal opens a file with what the user has for it. The portal takes no folders that way.
func openByPortal(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return errors.Join(errors.ErrUnsupported, err)
	}
	return portalFile(ctx, "OpenFile", path)
}

// portalFile hands over the open file, so that the portal need not be able to find it.
func portalFile(ctx context.Context, method, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return call(ctx, portal, portalPath, openURI+method, "", dbus.UnixFD(f.Fd()), map[string]dbus.Variant{})
}

func linkByPortal(ctx context.Context, link string) error {
	return call(ctx, portal, portalPath, openURI+"OpenURI", "", link, map[string]dbus.Variant{})
}

// call asks a service of the session and waits for its answer.
func call(ctx context.Context, service string, path dbus.ObjectPath, method string, args ...any) error {
	conn, err := sessionbus.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.Object(service, path).CallWithContext(ctx, method, 0, args...).Err; err != nil {
		return fmt.Errorf("ask %s: %w", service, err)
	}
	return nil
}

// xdgOpen starts the program of that name. It gets one argument, which cannot be taken for an option: paths begin with a slash, links with
// their scheme.
func xdgOpen(ctx context.Context, what string) error {
	program, err := exec.LookPath("xdg-open")
	if err != nil {
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	cmd := exec.Command(program, what) // not ended with ctx: what it starts belongs to the user
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil // it became the program that it opened
	}
}
