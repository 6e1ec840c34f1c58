//go:build linux || darwin

package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

func replace(from, to string) error { return os.Rename(from, to) }

// syncFolder makes a folder's entries durable, where the file system has a call for that.
func syncFolder(dir string) error {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return syncDirFD(fd)
}

func syncDirFD(fd int) error {
	err := again(func() error { return syncFD(fd) })
	if err == unix.EINVAL || err == unix.ENOTSUP {
		return nil // this file system has no such call for folders and writes entries in order by itself
	}
	return err
}
