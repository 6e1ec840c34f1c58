package disk

import (
	"errors"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"
)

// openSearch opens a folder to look names up in it.
const openSearch = unix.O_RDONLY

// openDir opens a folder of the root element by element, each from its parent and without following links or entering mounts.
func (r *root) openDir(dir string, flags int) (int, error) {
	flags |= unix.O_DIRECTORY | unix.O_CLOEXEC
	at, err := openAt(unix.AT_FDCWD, r.path, flags)
	if dir == "" || err != nil {
		return at, err
	}
	for rest, more := dir, true; more; {
		var element string
		element, rest, more = strings.Cut(rest, "/")
		next, err := step(at, element, flags)
		unix.Close(at)
		if err != nil {
			return -1, err
		}
		at = next
	}
	return at, nil
}

// openAtOnce is not done here: macOS has no call that walks a path and stays on one mount.
func (r *root) openAtOnce(string) (int, Info, bool) { return -1, Info{}, false }

func openAt(dir int, name string, flags int) (int, error) {
	fd := -1
	err := again(func() (err error) {
		fd, err = unix.Openat(dir, name, flags, 0)
		return err
	})
	return fd, err
}

func step(at int, element string, flags int) (int, error) {
	info, err := statAt(at, element)
	if err != nil {
		return -1, err
	}
	if info.Type == Symlink || info.Type == Mount {
		return -1, ErrNotInside
	}
	fd, err := openAt(at, element, flags|unix.O_NOFOLLOW)
	if err == unix.ELOOP {
		return -1, ErrNotInside
	}
	return fd, err
}

// renameNew renames without ever overwriting.
func renameNew(fromDir int, from string, toDir int, to string) error {
	err := again(func() error { return unix.RenameatxNp(fromDir, from, toDir, to, unix.RENAME_EXCL) })
	switch err {
	case unix.EINVAL, unix.ENOSYS, unix.ENOTSUP:
		err = renameOld(fromDir, from, toDir, to)
	}
	if err == unix.EXDEV {
		return errors.ErrUnsupported
	}
	return err
}

func exchange(aDir int, a string, bDir int, b string) error {
	err := again(func() error { return unix.RenameatxNp(aDir, a, bDir, b, unix.RENAME_SWAP) })
	switch err {
	case unix.EINVAL, unix.ENOSYS, unix.ENOTSUP, unix.EXDEV:
		return errors.ErrUnsupported
	}
	return err
}

func writeOut(int) {} // macOS has no call for it

// syncFD asks the drive itself to write, as fsync alone stops at its cache on macOS.
func syncFD(fd int) error {
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_FULLFSYNC, 0); err == nil {
		return nil
	}
	return unix.Fsync(fd)
}

// kindOf tells what a system error means to the callers of this package, or nil when it speaks for itself.
func kindOf(err error) error {
	var errno unix.Errno
	if !errors.As(err, &errno) {
		return nil
	}
	switch errno {
	case unix.EIO, unix.ENODEV, unix.ENXIO, unix.ESTALE, unix.ENOTCONN, unix.ESHUTDOWN, unix.EHOSTDOWN, unix.EHOSTUNREACH,
		unix.ENETDOWN, unix.ENETUNREACH, unix.ETIMEDOUT, unix.ECONNABORTED, unix.ECONNRESET, unix.ECONNREFUSED,
		unix.EDEVERR, unix.EPWROFF:
		return ErrGone
	case unix.ENOSPC, unix.EDQUOT:
		return ErrFull
	case unix.EROFS:
		return ErrReadOnly
	case unix.ETXTBSY, unix.EBUSY, unix.EAGAIN:
		return ErrBusy
	case unix.ENOTDIR:
		return fs.ErrNotExist // a file stands where a folder was asked for
	}
	return nil
}
