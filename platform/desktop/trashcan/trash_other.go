//go:build !linux && !windows && !darwin

package trashcan

import (
	"errors"
	"io/fs"
)

func move(string, fs.FileInfo) error { return errors.Join(ErrNoBin, errors.ErrUnsupported) }
