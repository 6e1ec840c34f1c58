//go:build linux || darwin

package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// root is one folder. It keeps no descriptor between calls, so that the user can unmount the drive whenever no call is running; each
// call opens the root by its path and goes on by descriptors, so that nothing swapped meanwhile can lead it elsewhere.
type root struct {
	path          string
	caseSensitive bool
	validName     func(string) error
}

// Open returns the folder at path, which must exist. Links on the way to the root itself are followed, as the user chose that path;
// none is followed inside. No descriptor stays open.
func Open(path string) (FS, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open folder %s: %w", path, err)
	}
	r := &root{path: abs}
	fd, err := r.openDir("", unix.O_RDONLY)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", fail("open", abs, err))
	}
	defer unix.Close(fd)
	r.validName = nameRules(fd)
	r.caseSensitive = caseSensitive(fd)
	return r, nil
}

func (r *root) CaseSensitive() bool { return r.caseSensitive }

func (r *root) ValidName(name string) error { return r.validName(name) }

// parent opens the folder that holds path, for a call on its last element.
func (r *root) parent(path string) (int, string, error) {
	if path == "" {
		return -1, "", ErrNotInside
	}
	if err := checkPath(path); err != nil {
		return -1, "", err
	}
	dir, name := split(path)
	fd, err := r.openDir(dir, openSearch)
	return fd, name, err
}

// at runs do on the folder that holds path and names the operation in its error.
func (r *root) at(op, path string, do func(dir int, name string) error) error {
	dir, name, err := r.parent(path)
	if err != nil {
		return fail(op, path, err)
	}
	defer unix.Close(dir)
	return fail(op, path, do(dir, name))
}

func (r *root) ReadDir(ctx context.Context, dir string) ([]Info, error) {
	if err := checkPath(dir); err != nil {
		return nil, fail("list", dir, err)
	}
	fd, err := r.openDir(dir, unix.O_RDONLY)
	if err != nil {
		return nil, fail("list", dir, err)
	}
	defer unix.Close(fd)
	infos, err := listDir(ctx, fd)
	return infos, fail("list", dir, err)
}

func (r *root) Stat(path string) (Info, error) {
	if path == "" {
		return r.statRoot()
	}
	var info Info
	err := r.at("look at", path, func(dir int, name string) (err error) {
		info, err = statAt(dir, name)
		return err
	})
	return info, err
}

func (r *root) statRoot() (Info, error) {
	fd, err := r.openDir("", openSearch)
	if err != nil {
		return Info{}, fail("look at", "", err)
	}
	defer unix.Close(fd)
	info, err := statFD(fd, "")
	info.Type = Dir // also where the root is a mount point
	return info, fail("look at", "", err)
}

func (r *root) Mkdir(path string) error {
	return r.at("make folder", path, func(dir int, name string) error {
		err := again(func() error { return unix.Mkdirat(dir, name, 0o777) })
		return refusedName("make folder", path, name, err)
	})
}

func (r *root) Remove(path string) error {
	return r.at("remove", path, func(dir int, name string) error {
		err := again(func() error { return unix.Unlinkat(dir, name, 0) })
		if err != unix.EISDIR && err != unix.EPERM {
			return err
		}
		if rmdir := again(func() error { return unix.Unlinkat(dir, name, unix.AT_REMOVEDIR) }); rmdir != unix.ENOTDIR {
			return rmdir
		}
		return err
	})
}

func (r *root) Rename(from, to string) error {
	return r.two("rename", from, to, func(fromDir int, fromName string, toDir int, toName string) error {
		err := renameNew(fromDir, fromName, toDir, toName)
		if errors.Is(err, fs.ErrExist) && sameEntry(fromDir, fromName, toDir, toName) {
			return recase(fromDir, fromName, toName)
		}
		return refusedName("rename "+from+" to", to, toName, err)
	})
}

func (r *root) Exchange(a, b string) error {
	return r.two("exchange", a, b, exchange)
}

// two runs do on the folders that hold two paths.
func (r *root) two(op, from, to string, do func(int, string, int, string) error) error {
	return r.at(op, from, func(fromDir int, fromName string) error {
		toDir, toName, err := r.parent(to)
		if err != nil {
			return fail(op, to, err)
		}
		defer unix.Close(toDir)
		return fail(op+" "+from+" to", to, do(fromDir, fromName, toDir, toName))
	})
}

func (r *root) SyncDir(dir string) error {
	if err := checkPath(dir); err != nil {
		return fail("sync", dir, err)
	}
	fd, err := r.openDir(dir, unix.O_RDONLY)
	if err != nil {
		return fail("sync", dir, err)
	}
	defer unix.Close(fd)
	return fail("sync", dir, syncDirFD(fd))
}

func (r *root) Free() (int64, error) {
	fd, err := r.openDir("", unix.O_RDONLY)
	if err != nil {
		return 0, fail("measure", "", err)
	}
	defer unix.Close(fd)
	var st unix.Statfs_t
	if err := again(func() error { return unix.Fstatfs(fd, &st) }); err != nil {
		return 0, fail("measure", "", err)
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// refusedName gives ErrName to what a disk says about a new name that it cannot hold; other errors stay what they are. EINVAL has many
// meanings: it is taken for one of names only where the name is one that disks made for Windows refuse.
func refusedName(op, path, name string, err error) error {
	if err == unix.ENAMETOOLONG || err == unix.EILSEQ || err == unix.EINVAL && WindowsName(name) != nil {
		return &pathError{op: op, path: path, kind: ErrName, err: err}
	}
	return err
}

// again repeats a call that a signal interrupted.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}
