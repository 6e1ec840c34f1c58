package urlscheme

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"elkjopcloud/platform/desktop/desktopentry"
	"elkjopcloud/platform/desktop/listfile"
	"elkjopcloud/platform/desktop/ospaths"
	"elkjopcloud/platform/disk"
)

func (h Handler) desktopFile() string { return h.ID + ".desktop" }
func (h Handler) kind() string        { return "x-scheme-handler/" + h.Scheme }

func (h Handler) entry() (string, error) {
	paths, err := ospaths.For("applications")
	return filepath.Join(paths.Data, h.desktopFile()), err
}

// line is the Exec field. Not everybody who opens links reads quotes in it, so there are none: a path that needs them cannot be a handler.
func (h Handler) line() (string, error) {
	for _, word := range h.command() {
		if !desktopentry.Plain(word) {
			return "", fmt.Errorf("links cannot open a program at %q, choose a path without spaces: %w", word, errors.ErrUnsupported)
		}
	}
	return strings.Join(append(h.command(), "%u"), " "), nil
}

func look(ctx context.Context, h Handler) (State, error) {
	chosen, err := xdgMime(ctx, "query", "default", h.kind())
	if err != nil {
		return Nobody, err
	}
	switch chosen = strings.TrimSpace(chosen); chosen {
	case "":
		return Nobody, nil
	case h.desktopFile():
		return h.lookAtEntry()
	}
	return Other, nil
}

func (h Handler) lookAtEntry() (State, error) {
	file, err := h.entry()
	if err != nil {
		return Nobody, err
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Nobody, nil
	}
	if err != nil {
		return Nobody, err
	}
	is := desktopentry.Value(content, "Exec")
	if want, err := h.line(); err != nil || is != want {
		program, _, _ := strings.Cut(is, " ") // nothing in our entry is quoted
		return holder(program), nil
	}
	return Ours, nil
}

func register(ctx context.Context, h Handler) error {
	if err := h.writeEntry(); err != nil {
		return err
	}
	_, err := xdgMime(ctx, "default", h.desktopFile(), h.kind())
	return err
}

func (h Handler) writeEntry() error {
	line, err := h.line()
	if err != nil {
		return err
	}
	content, err := desktopentry.File(
		desktopentry.Field{Key: "Type", Value: "Application"},
		desktopentry.Field{Key: "Name", Value: h.Name},
		desktopentry.Field{Key: "Exec", Value: line},
		desktopentry.Field{Key: "Terminal", Value: "false"},
		desktopentry.Field{Key: "NoDisplay", Value: "true"},
		desktopentry.Field{Key: "MimeType", Value: h.kind() + ";"},
	)
	if err != nil {
		return err
	}
	file, err := h.entry()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return disk.WriteFileAtomic(file, content, 0o600)
}

// unregister also takes the program out of the user's list, for which xdg-mime has no word.
func unregister(ctx context.Context, h Handler) error {
	file, err := h.entry()
	if err != nil {
		return err
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	paths, err := ospaths.For("mimeapps.list")
	if err != nil {
		return err
	}
	if _, err := os.Stat(paths.Config); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return listfile.Edit(ctx, paths.Config, func(old []byte) ([]byte, error) {
		return withoutHandler(old, h.kind(), h.desktopFile()), nil
	})
}

func xdgMime(ctx context.Context, args ...string) (string, error) {
	program, err := exec.LookPath("xdg-mime")
	if err != nil {
		return "", fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	out, err := exec.CommandContext(ctx, program, args...).Output()
	if err != nil {
		return "", fmt.Errorf("xdg-mime %s: %w", args[0], err)
	}
	return string(out), nil
}
