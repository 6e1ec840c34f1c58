package disk

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// file is an opened regular file; its errors carry their kind.
type file struct {
	f      *os.File
	path   string
	opened Info // for reading and for writing what was there before
}

func (r *root) Open(path string) (Reader, error) {
	f, err := r.openFile("open", path, accessRead)
	if err != nil {
		return nil, err // a nil *file must not become a Reader that is not nil
	}
	return f, nil
}

func (r *root) OpenWrite(path string) (Writer, error) {
	f, err := r.openFile("open for writing", path, accessWrite)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (r *root) openFile(op, path string, access uint32) (opened *file, err error) {
	err = r.at(op, path, func(dir windows.Handle, name string) error {
		h, info, err := r.openRegular(dir, name, access)
		if err == nil {
			opened = &file{f: os.NewFile(uintptr(h), name), path: path, opened: info}
		}
		return err
	})
	return opened, err
}

// openRegular looks at the entry first, so that nothing is recalled from another cloud. Files that the system stores in a form of its own
// (compressed, deduplicated) are reparse points as well, and give their bytes only to a handle that was opened through it; that
// second handle must be of the very file that was looked at.
func (r *root) openRegular(dir windows.Handle, name string, access uint32) (windows.Handle, Info, error) {
	look, err := r.openEntry(dir, name, accessStat, 0)
	if err != nil {
		return 0, Info{}, err
	}
	defer windows.CloseHandle(look)
	info, err := statHandle(look, name)
	if err == nil && info.Type != File {
		err = ErrNotRegular
	}
	if err != nil {
		return 0, Info{}, err
	}
	h, err := r.native(dir, name, access, windows.FILE_OPEN, windows.FILE_NON_DIRECTORY_FILE)
	if err != nil {
		return 0, Info{}, err
	}
	if !sameFile(look, h) {
		windows.CloseHandle(h)
		return 0, Info{}, windows.ERROR_SHARING_VIOLATION // it was replaced in this instant
	}
	return h, info, nil
}

func sameFile(a, b windows.Handle) bool {
	var ia, ib windows.ByHandleFileInformation
	if windows.GetFileInformationByHandle(a, &ia) != nil || windows.GetFileInformationByHandle(b, &ib) != nil {
		return false
	}
	return ia.VolumeSerialNumber == ib.VolumeSerialNumber && ia.FileIndexHigh == ib.FileIndexHigh && ia.FileIndexLow == ib.FileIndexLow
}

func (r *root) Create(path string) (Writer, error) {
	var created *file
	err := r.at("create", path, func(dir windows.Handle, name string) error {
		if err := WindowsName(name); err != nil {
			return err
		}
		h, err := r.create(dir, name, accessWrite, windows.FILE_NON_DIRECTORY_FILE)
		if err == nil {
			created = &file{f: os.NewFile(uintptr(h), name), path: path}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return created, nil
}

func (r *root) SetMeta(path string, mtime int64, exec bool) error {
	return r.entry("set the time of", path, accessStat|windows.FILE_WRITE_ATTRIBUTES, func(h windows.Handle, _ string) error {
		if typ, err := typeOfHandle(h); err != nil || typ != File {
			return errors.Join(err, ErrNotRegular)
		}
		return setMtime(h, mtime)
	})
}

func setMtime(h windows.Handle, mtime int64) error {
	ft := windows.NsecToFiletime(mtime)
	return windows.SetFileTime(h, nil, nil, &ft)
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

func (f *file) WriteOut() {} // Windows has no call for it

func (f *file) Sync() error { return fail("sync", f.path, f.f.Sync()) }

func (f *file) Opened() Info { return f.opened }

func (f *file) Info() (Info, error) {
	_, name := split(f.path)
	info, err := statHandle(windows.Handle(f.f.Fd()), name)
	return info, fail("look at", f.path, err)
}

// SetMeta sets the time; Windows has no execute bit.
func (f *file) SetMeta(mtime int64, _ bool) error {
	return fail("set the time of", f.path, setMtime(windows.Handle(f.f.Fd()), mtime))
}

// kindOf tells what a system error means to the callers of this package, or nil when it speaks for itself.
func kindOf(err error) error {
	var errno windows.Errno
	if !errors.As(err, &errno) {
		return nil
	}
	switch errno {
	case windows.ERROR_NOT_READY, windows.ERROR_GEN_FAILURE, windows.ERROR_CRC, windows.ERROR_SEM_TIMEOUT, windows.ERROR_IO_DEVICE,
		windows.ERROR_BAD_NETPATH, windows.ERROR_NETNAME_DELETED, windows.ERROR_BAD_NET_NAME, windows.ERROR_UNEXP_NET_ERR,
		windows.ERROR_DEV_NOT_EXIST, windows.ERROR_REM_NOT_LIST, windows.ERROR_NETWORK_UNREACHABLE, windows.ERROR_HOST_UNREACHABLE,
		windows.ERROR_DEVICE_NOT_CONNECTED, windows.ERROR_NO_SUCH_DEVICE, windows.ERROR_DISK_CORRUPT, windows.ERROR_FILE_CORRUPT,
		windows.ERROR_UNRECOGNIZED_VOLUME, windows.ERROR_WRONG_DISK, windows.ERROR_NO_MEDIA_IN_DRIVE, windows.ERROR_INVALID_DRIVE,
		windows.ERROR_BAD_UNIT, windows.ERROR_DEVICE_REMOVED, windows.ERROR_SECTOR_NOT_FOUND:
		return ErrGone
	case windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED:
		return ErrFull
	case windows.ERROR_WRITE_PROTECT:
		return ErrReadOnly
	case windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION, windows.ERROR_USER_MAPPED_FILE, windows.ERROR_BUSY:
		return ErrBusy
	case windows.ERROR_INVALID_NAME, windows.ERROR_FILENAME_EXCED_RANGE:
		return ErrName
	case windows.ERROR_DIRECTORY:
		return fs.ErrNotExist // a file stands where a folder was asked for
	case windows.ERROR_STOPPED_ON_SYMLINK:
		return ErrNotInside
	}
	return nil
}
