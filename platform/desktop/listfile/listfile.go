// Package listfile changes small text files that several programs and the user share, such as lists of bookmarks.
package listfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"elkjopcloud/platform/disk"
)

const (
	tries       = 5
	largestList = 8 << 20 // bytes: what is larger is no list that a person made
)

// ErrBusy means that another program changed the file each time while we did.
var ErrBusy = errors.New("another program keeps changing the list")

// Edit replaces a file, whole or not at all, by what change makes of it; a missing file is an empty one. When another program wrote it
// meanwhile, change begins anew. A link stays a link.
func Edit(ctx context.Context, path string, change func(old []byte) ([]byte, error)) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for range tries {
		if err := ctx.Err(); err != nil {
			return err
		}
		done, err := tryEdit(path, change)
		if done || err != nil {
			return err
		}
	}
	return ErrBusy
}

func tryEdit(path string, change func(old []byte) ([]byte, error)) (done bool, err error) {
	old, mode, err := read(path)
	if err != nil {
		return false, err
	}
	now, err := change(old)
	if err != nil || bytes.Equal(now, old) {
		return true, err
	}
	if again, _, err := read(path); err != nil || !bytes.Equal(again, old) {
		return false, err
	}
	return true, disk.WriteFileAtomic(path, now, mode)
}

func read(path string) ([]byte, fs.FileMode, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0o600, nil
	case err != nil:
		return nil, 0, err
	case !info.Mode().IsRegular() || info.Size() > largestList:
		return nil, 0, fmt.Errorf("%s is not a list", path)
	}
	content, err := os.ReadFile(path)
	return content, info.Mode().Perm(), err
}
