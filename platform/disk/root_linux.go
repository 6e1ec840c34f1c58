package disk

import (
	"errors"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"
)

// openSearch opens a folder only to look names up in it, which needs no right to list it.
const openSearch = unix.O_PATH

// inside is what keeps a lookup in the root: no links, no mount points, no way up.
const inside = unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV

// openDir opens a folder of the root by descriptors, following nothing.
func (r *root) openDir(dir string, flags int) (int, error) {
	flags |= unix.O_DIRECTORY | unix.O_CLOEXEC
	if dir == "" {
		return openAt(unix.AT_FDCWD, r.path, flags)
	}
	top, err := openAt(unix.AT_FDCWD, r.path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC)
	if err != nil {
		return -1, err
	}
	defer unix.Close(top)
	fd, err := openInside(top, dir, flags)
	if err == unix.ENOSYS || err == unix.EPERM { // an old kernel, or a sandbox that does not know the call
		fd, err = walk(top, dir, flags)
	}
	if err == unix.ELOOP || err == unix.EXDEV {
		return -1, ErrNotInside
	}
	return fd, err
}

// openAtOnce opens a regular file for reading and lets the kernel do the whole walk from the root. That saves opening its folder, and a look
// at what was seen to be a file before. Whatever does not end in a regular file, an error too, is left to the way that looks first and knows
// what to say of it.
func (r *root) openAtOnce(path string) (int, Info, bool) {
	if path == "" || checkPath(path) != nil {
		return -1, Info{}, false
	}
	top, err := r.openDir("", openSearch)
	if err != nil {
		return -1, Info{}, false
	}
	defer unix.Close(top)
	fd, how := -1, unix.OpenHow{Flags: unix.O_RDONLY | unix.O_LARGEFILE | openQuietly, Resolve: inside}
	err = again(func() (err error) {
		fd, err = unix.Openat2(top, path, &how)
		return err
	})
	if err != nil {
		return -1, Info{}, false
	}
	_, name := split(path)
	info, err := statFD(fd, name)
	if isRegular(info, err) != nil {
		unix.Close(fd)
		return -1, Info{}, false
	}
	return fd, info, true
}

func openAt(dir int, name string, flags int) (int, error) {
	fd := -1
	err := again(func() (err error) {
		fd, err = unix.Openat(dir, name, flags, 0)
		return err
	})
	return fd, err
}

// openInside lets the kernel do the whole walk; it says EAGAIN when something was renamed meanwhile.
func openInside(top int, dir string, flags int) (int, error) {
	how := unix.OpenHow{Flags: uint64(flags), Resolve: inside}
	for try := 0; ; try++ {
		fd, err := unix.Openat2(top, dir, &how)
		if err == unix.EINTR || err == unix.EAGAIN && try < 100 {
			continue
		}
		return fd, err
	}
}

// walk goes down element by element, each opened from its parent without following links.
func walk(top int, dir string, flags int) (int, error) {
	at := top
	for rest, more := dir, true; more; {
		var element string
		element, rest, more = strings.Cut(rest, "/")
		next, err := step(at, element, more, flags)
		if at != top {
			unix.Close(at)
		}
		if err != nil {
			return -1, err
		}
		at = next
	}
	return at, nil
}

func step(at int, element string, more bool, flags int) (int, error) {
	info, err := statAt(at, element)
	if err != nil {
		return -1, err
	}
	if info.Type == Symlink || info.Type == Mount {
		return -1, unix.ELOOP
	}
	if more {
		flags = unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC
	}
	return openAt(at, element, flags|unix.O_NOFOLLOW)
}

// renameNew renames without ever overwriting.
func renameNew(fromDir int, from string, toDir int, to string) error {
	err := again(func() error { return unix.Renameat2(fromDir, from, toDir, to, unix.RENAME_NOREPLACE) })
	switch err {
	case unix.EINVAL, unix.ENOSYS, unix.ENOTSUP, unix.ENOTTY:
		err = renameOld(fromDir, from, toDir, to)
	}
	if err == unix.EXDEV {
		return errors.ErrUnsupported // two subvolumes or layers of one disk: the caller has to copy
	}
	return err
}

func exchange(aDir int, a string, bDir int, b string) error {
	err := again(func() error { return unix.Renameat2(aDir, a, bDir, b, unix.RENAME_EXCHANGE) })
	switch err {
	case unix.EINVAL, unix.ENOSYS, unix.ENOTSUP, unix.ENOTTY, unix.EXDEV:
		return errors.ErrUnsupported
	}
	return err
}

// writeOut may fail where the file system cannot do it; Sync says what has become of the bytes.
func writeOut(fd int) { _ = unix.SyncFileRange(fd, 0, 0, unix.SYNC_FILE_RANGE_WRITE) }

func syncFD(fd int) error { return unix.Fsync(fd) }

// kindOf tells what a system error means to the callers of this package, or nil when it speaks for itself.
func kindOf(err error) error {
	var errno unix.Errno
	if !errors.As(err, &errno) {
		return nil
	}
	switch errno {
	case unix.EIO, unix.ENODEV, unix.ENXIO, unix.ESTALE, unix.ENOTCONN, unix.EREMOTEIO, unix.ENOMEDIUM, unix.ESHUTDOWN,
		unix.EHOSTDOWN, unix.EHOSTUNREACH, unix.ENETDOWN, unix.ENETUNREACH, unix.ETIMEDOUT, unix.ECONNABORTED,
		unix.ECONNRESET, unix.ECONNREFUSED, unix.EUCLEAN:
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
