// Package chooser lets somebody choose a folder or a file in the system's own dialog: Explorer's on Windows, Finder's on macOS, and on Linux that
// of zenity, matedialog or qarma.
package chooser

import (
	"context"
	"errors"
	"fmt"
	"os/exec"

	"github.com/ncruces/zenity"
)

// Chooser asks with dialogs of one title. The zero value has none.
type Chooser struct{ Title string }

// Folder returns the folder that was chosen, "" when nobody chose. errors.ErrUnsupported means that this computer has no such dialog.
func (c Chooser) Folder(ctx context.Context) (string, error) {
	return c.choose(ctx, zenity.Directory())
}

// File returns the file that was chosen, as Folder does.
func (c Chooser) File(ctx context.Context) (string, error) { return c.choose(ctx) }

func (c Chooser) choose(ctx context.Context, o ...zenity.Option) (string, error) {
	if !zenity.IsAvailable() {
		return "", errors.ErrUnsupported
	}
	o = append(o, zenity.Context(ctx), zenity.Modal())
	if c.Title != "" {
		o = append(o, zenity.Title(c.Title))
	}
	path, err := zenity.SelectFile(o...)
	switch {
	case errors.Is(err, zenity.ErrCanceled):
		return "", nil
	case errors.Is(err, zenity.ErrUnsupported), errors.Is(err, exec.ErrNotFound):
		return "", errors.ErrUnsupported
	case err != nil:
		return "", fmt.Errorf("ask for a folder or file: %w", err)
	}
	return path, nil
}
