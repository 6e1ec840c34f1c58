// Package backup is what is special about backed-up folders: where they are and whether their drive is there, how a person names one, and
// how what was backed up comes to a disk again. The work of backing up is that of sync/engine, upwards only.
//
// Reading order: backup.go (roots and their drives), name.go (what a person calls a backup), restore.go.
package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"elkjopcloud/platform/disk/volume"
)

// Errors of roots.
var (
	ErrMissing     = errors.New("the folder is not there")
	ErrOtherVolume = errors.New("another drive is in its place")
	ErrNoFolder    = errors.New("it is no folder")
)

// Present tells whether root is there and lies on the drive that it was on; nil when it is. volumeID "" accepts any drive.
func Present(ctx context.Context, root, volumeID string) error {
	state, err := volume.Check(ctx, root, volumeID)
	switch {
	case err != nil:
		return fmt.Errorf("look at the drive of %s: %w", root, err)
	case state == volume.Missing:
		return ErrMissing
	case state == volume.OtherVolume:
		return ErrOtherVolume
	}
	return nil
}

// Root makes a path absolute and follows the links on the way, so that one folder has one name. The folder must exist.
func Root(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", err
	}
	i, err := os.Stat(real)
	if err == nil && !i.IsDir() {
		err = fmt.Errorf("%s: %w", dir, ErrNoFolder)
	}
	return real, err
}

// Inside returns which of some folders lie inside root, relative to it and '/'-separated.
func Inside(root string, others []string) []string {
	var out []string
	for _, o := range others {
		if rel, ok := Below(root, o); ok && rel != "" {
			out = append(out, rel)
		}
	}
	return out
}

// Below returns the path of a folder relative to root, '/'-separated, "" for root itself; false when it does not lie there.
func Below(root, path string) (string, bool) {
	rel, err := filepath.Rel(root, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	if rel == "." {
		return "", true
	}
	return filepath.ToSlash(rel), true
}

// Same tells whether two paths are one folder, whatever its names.
func Same(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
