//go:build linux || darwin

package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// file is an opened regular file; its errors carry their kind.
type file struct {
	f    *os.File
	path string
}

func (r *root) Open(path string) (Reader, error) {
	f, err := r.openFile("open", path, unix.O_RDONLY)
	if err != nil {
		return nil, err // a nil *file must not become a Reader that is not nil
	}
	return f, nil
}

func (r *root) OpenWrite(path string) (Writer, error) {
	f, err := r.openFile("open for writing", path, unix.O_RDWR)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (r *root) openFile(op, path string, flags int) (*file, error) {
	var opened *file
	err := r.at(op, path, func(dir int, name string) error {
		fd, err := openRegular(dir, name, flags)
		if err == nil {
			opened = &file{f: os.NewFile(uintptr(fd), name), path: path}
		}
		return err
	})
	return opened, err
}

// openRegular looks before it opens, as opening a pipe or device can already have an effect, and once more after, as the name may
// have been given to something else in between.
func openRegular(dir int, name string, flags int) (int, error) {
	if err := isRegular(statAt(dir, name)); err != nil {
		return -1, err
	}
	fd := -1
	err := again(func() (err error) {
		fd, err = unix.Openat(dir, name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
		return err
	})
	if err == unix.ELOOP || err == unix.ENXIO {
		return -1, ErrNotRegular
	}
	if err != nil {
		return -1, err
	}
	if err := isRegular(statFD(fd, name)); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

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

func (f *file) Read(p []byte) (int, error) {
	n, err := f.f.Read(p)
	return n, fail("read", f.path, err)
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.f.ReadAt(p, off)
	return n, fail("read", f.path, err)
}

func (f *file) Seek(offset int64, whence int) (int64, error) {
	n, err := f.f.Seek(offset, whence)
	return n, fail("seek in", f.path, err)
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

func (f *file) Info() (Info, error) {
	_, name := split(f.path)
	info, err := statFD(int(f.f.Fd()), name)
	return info, fail("look at", f.path, err)
}

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
