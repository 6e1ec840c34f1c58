package disk

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFileAtomic writes one of the program's own small files (settings, marks): after a crash or power cut at any moment the old
// bytes or the new ones are there, whole. path is a path of the system, in a folder that exists; an existing file is replaced. For users'
// files there is FS, which never replaces.
func WriteFileAtomic(path string, data []byte, perm fs.FileMode) error {
	if err := writeAtomic(path, data, perm); err != nil {
		return fmt.Errorf("write %s: %w", path, fail("replace", path, err))
	}
	return nil
}

func writeAtomic(path string, data []byte, perm fs.FileMode) error {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, ".elkjop-new-*")
	if err != nil {
		return err
	}
	if err := fill(temp, data, perm); err != nil {
		_ = os.Remove(temp.Name()) // what went wrong before matters more
		return err
	}
	if err := replace(temp.Name(), path); err != nil {
		_ = os.Remove(temp.Name())
		return err
	}
	return syncFolder(dir)
}

// fill writes, syncs and closes.
func fill(f *os.File, data []byte, perm fs.FileMode) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
