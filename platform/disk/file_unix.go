//go:build linux || darwin

package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// file is a regular file that was opened for writing; its errors carry their kind.
type file struct {
	f    *os.File
	path string
}

func (r *root) OpenWrite(path string) (Writer, error) {
	f, err := r.openFile("open for writing", path, unix.O_RDWR)
	if err != nil {
		return nil, err // a nil *file must not become a Writer that is not nil
	}
	return f, nil
}

func (r *root) openFile(op, path string, flags int) (*file, error) {
	fd, info, err := r.openLooking(op, path, flags)
	if err != nil {
		return nil, err
	}
	return &file{f: os.NewFile(uintptr(fd), info.Name), path: path}, nil
}

// openLooking opens a regular file from the folder that holds it, and gives what it was seen to be once it was open.
func (r *root) openLooking(op, path string, flags int) (fd int, info Info, err error) {
	err = r.at(op, path, func(dir int, name string) (err error) {
		fd, info, err = openRegular(dir, name, flags)
		return err
	})
	return fd, info, err
}

// openRegular looks before it opens, as opening a pipe or device can already have an effect, and once more after, as the name may
// have been given to something else in between.
func openRegular(dir int, name string, flags int) (int, Info, error) {
	if err := isRegular(statAt(dir, name)); err != nil {
		return -1, Info{}, err
	}
	fd, err := openAt(dir, name, flags|openQuietly)
	if err == unix.ELOOP || err == unix.ENXIO {
		return -1, Info{}, ErrNotRegular
	}
	if err != nil {
		return -1, Info{}, err
	}
	info, err := statFD(fd, name)
	if err := isRegular(info, err); err != nil {
		unix.Close(fd)
		return -1, Info{}, err
	}
	return fd, info, nil
}

// openQuietly follows no link, waits for no other end of a pipe and takes no terminal.
const openQuietly = unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC

func isRegular(info Info, err error) error {
	if err == nil && info.Type != File {
		return ErrNotRegular
	}
	return err
}

func (r *root) Create(path string) (Writer, error) {
	var created *file
	err := r.at("create", path, func(dir int, name string) error {
		err := again(func() error {
			flags := unix.O_RDWR | unix.O_CREAT | unix.O_EXCL | unix.O_NOFOLLOW | unix.O_CLOEXEC
			fd, err := unix.Openat(dir, name, flags, 0o666)
			if err == nil {
				created = &file{f: os.NewFile(uintptr(fd), name), path: path}
			}
			return err
		})
		return refusedName("create", path, name, err)
	})
	if err != nil {
		return nil, err
	}
	return created, nil
}

func (r *root) SetMeta(path string, mtime int64, exec bool) error {
	f, err := r.openFile("set the time of", path, unix.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.SetMeta(mtime, exec)
}

func (f *file) Write(p []byte) (int, error) {
	n, err := f.f.Write(p)
	return n, fail("write", f.path, err)
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.f.WriteAt(p, off)
	return n, fail("write", f.path, err)
}

func (f *file) Close() error { return fail("close", f.path, f.f.Close()) }

func (f *file) WriteOut() { writeOut(int(f.f.Fd())) }

// Sync makes the bytes durable; on macOS this also empties the drive's own cache.
func (f *file) Sync() error { return fail("sync", f.path, f.f.Sync()) }

// SetMeta sets the time first, which only the owner may: where the mode is then refused, the disk keeps no execute bits, and Info tells
// what it shows instead.
func (f *file) SetMeta(mtime int64, exec bool) error {
	fd := int(f.f.Fd())
	if err := setMtime(fd, mtime); err != nil {
		return fail("set the time of", f.path, err)
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fail("look at", f.path, err)
	}
	mode := execMode(uint32(st.Mode)&0o7777, exec)
	if mode == uint32(st.Mode)&0o7777 {
		return nil
	}
	err := again(func() error { return unix.Fchmod(fd, mode) })
	if err == unix.EPERM || err == unix.ENOTSUP {
		return nil
	}
	return fail("set the mode of", f.path, err)
}

// execMode gives execute permission to those who may read, or takes it from all; nothing changes when the owner already has what is
// asked for, so that finer permissions which the user chose stay.
func execMode(mode uint32, exec bool) uint32 {
	switch {
	case exec == (mode&0o100 != 0):
		return mode
	case exec:
		return mode | (mode&0o444)>>2 | 0o100
	}
	return mode &^ 0o111
}
