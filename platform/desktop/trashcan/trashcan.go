// Package trashcan moves files to the system's recycle bin, from which the user can take them back. Where there is no bin the file
// stays where it is: nothing is ever deleted instead.
//
// Read trashcan.go, then trash_linux.go (the FreeDesktop trash specification, with names.go), trash_windows.go, trash_darwin.go.
package trashcan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

var (
	// ErrNoBin means that the drive of the file has no recycle bin that we can use; the file was left alone.
	ErrNoBin = errors.New("this drive has no recycle bin")
	// ErrNotProven means that the system said it moved the file, and that it cannot be found in the bin.
	ErrNotProven = errors.New("the file is not found in the recycle bin")
)

// Move moves a file or a folder with everything in it to the recycle bin of its drive, and looks afterwards that it is there and no
// longer here. Links are moved themselves, not what they lead to. The caller has made sure that this is the file that the user means
// to remove, as it is now. After an error other than ErrNotProven, the file is where it was. A context that has ended stops the move
// before it begins, not in the middle.
func Move(ctx context.Context, path string) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("move %s to the recycle bin: %w", path, err)
	}
	before, err := os.Lstat(absolute)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = move(absolute, before)
	}
	if err == nil {
		err = gone(absolute, before)
	}
	if err != nil {
		return fmt.Errorf("move %s to the recycle bin: %w", path, err)
	}
	return nil
}

// gone makes sure that the file left; another one may already have its name.
func gone(path string, before fs.FileInfo) error {
	after, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotProven, err)
	}
	if os.SameFile(before, after) {
		return errors.New("the system left it where it is")
	}
	return nil
}
