package autostart

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"elkjopcloud/platform/desktop/desktopentry"
	"elkjopcloud/platform/desktop/ospaths"
	"elkjopcloud/platform/disk"
)

// entry is the file of a program (freedesktop.org, Desktop Application Autostart Specification).
func entry(p Program) (string, error) {
	paths, err := ospaths.For("autostart")
	return filepath.Join(paths.Config, p.ID+".desktop"), err
}

// look knows the two ways by which desktops switch a program off without removing its file.
func look(_ context.Context, p Program) (State, error) {
	file, err := entry(p)
	if err != nil {
		return Off, err
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Off, nil
	}
	if err != nil {
		return Off, err
	}
	switch {
	case strings.EqualFold(desktopentry.Value(content, "Hidden"), "true"),
		strings.EqualFold(desktopentry.Value(content, "X-GNOME-Autostart-enabled"), "false"):
		return SwitchedOff, nil
	case desktopentry.Value(content, "Exec") != desktopentry.Exec(p.Path, p.Args...):
		return Other, nil
	}
	return On, nil
}

func enable(_ context.Context, p Program) error {
	file, err := entry(p)
	if err != nil {
		return err
	}
	content, err := desktopentry.File(
		desktopentry.Field{Key: "Type", Value: "Application"},
		desktopentry.Field{Key: "Name", Value: p.Name},
		desktopentry.Field{Key: "Exec", Value: desktopentry.Exec(p.Path, p.Args...)},
		desktopentry.Field{Key: "Terminal", Value: "false"},
		desktopentry.Field{Key: "X-GNOME-Autostart-enabled", Value: "true"},
	)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return disk.WriteFileAtomic(file, content, 0o600)
}

func disable(_ context.Context, p Program) error {
	file, err := entry(p)
	if err != nil {
		return err
	}
	if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
