package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/windows"
)

// root is one folder. Each call opens it by its path and goes on by handles, element by element and never through a link, so that nothing
// swapped meanwhile can lead it elsewhere. No handle stays open between calls, so that the drive can be ejected. Handles share reading,
// writing and deleting, so that no call keeps the user's programs from their files.
type root struct {
	path          string // long form (\\?\), free of the 260 character limit
	caseSensitive bool
}

// Open returns the folder at path, which must exist. Links on the way to the root itself are followed, as the user chose that path;
// none is followed inside. No handle stays open.
func Open(path string) (FS, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open folder %s: %w", path, err)
	}
	r := &root{path: longPath(abs)}
	h, err := r.openDir("", accessList)
	if err != nil {
		return nil, fmt.Errorf("open folder: %w", fail("open", abs, err))
	}
	defer windows.CloseHandle(h)
	r.caseSensitive = caseSensitive(h)
	return r, nil
}

// longPath puts an absolute path into the form that Windows takes as it is.
func longPath(abs string) string {
	switch {
	case strings.HasPrefix(abs, `\\?\`) || strings.HasPrefix(abs, `\\.\`):
		return abs
	case strings.HasPrefix(abs, `\\`):
		return `\\?\UNC\` + abs[2:]
	}
	return `\\?\` + abs
}

func (r *root) CaseSensitive() bool { return r.caseSensitive }

func (r *root) ValidName(name string) error { return WindowsName(name) }

// openDir opens a folder of the root.
func (r *root) openDir(dir string, access uint32) (windows.Handle, error) {
	top := access
	if dir != "" {
		top = accessSearch
	}
	at, err := openTop(r.path, top)
	if dir == "" || err != nil {
		return at, err
	}
	for rest, more := dir, true; more; {
		var element string
		element, rest, more = strings.Cut(rest, "/")
		wanted := uint32(accessSearch)
		if !more {
			wanted = access
		}
		next, err := r.step(at, element, wanted)
		windows.CloseHandle(at)
		if err != nil {
			return 0, err
		}
		at = next
	}
	return at, nil
}

// step opens one folder in another and refuses links.
func (r *root) step(at windows.Handle, element string, access uint32) (windows.Handle, error) {
	h, err := r.openEntry(at, element, access, 0)
	if err != nil {
		return 0, err
	}
	typ, err := typeOfHandle(h)
	switch {
	case err != nil:
	case typ == Symlink:
		err = ErrNotInside
	case typ != Dir:
		err = windows.ERROR_DIRECTORY
	}
	if err != nil {
		windows.CloseHandle(h)
		return 0, err
	}
	return h, nil
}

// at runs do on the folder that holds path and names the operation in its error.
func (r *root) at(op, path string, do func(dir windows.Handle, name string) error) error {
	if path == "" {
		return fail(op, path, ErrNotInside)
	}
	if err := checkPath(path); err != nil {
		return fail(op, path, err)
	}
	dir, name := split(path)
	h, err := r.openDir(dir, accessSearch)
	if err != nil {
		return fail(op, path, err)
	}
	defer windows.CloseHandle(h)
	return fail(op, path, do(h, name))
}

// entry runs do on one opened entry.
func (r *root) entry(op, path string, access uint32, do func(h windows.Handle, name string) error) error {
	return r.at(op, path, func(dir windows.Handle, name string) error {
		h, err := r.openEntry(dir, name, access, 0)
		if err != nil {
			return err
		}
		defer windows.CloseHandle(h)
		return do(h, name)
	})
}

func (r *root) ReadDir(ctx context.Context, dir string) ([]Info, error) {
	if err := checkPath(dir); err != nil {
		return nil, fail("list", dir, err)
	}
	h, err := r.openDir(dir, accessList)
	if err != nil {
		return nil, fail("list", dir, err)
	}
	defer windows.CloseHandle(h)
	infos, err := listDir(ctx, h)
	if err != nil {
		return nil, fail("list", dir, err)
	}
	slices.SortFunc(infos, func(a, b Info) int { return strings.Compare(a.Name, b.Name) })
	return infos, nil
}

func (r *root) Stat(path string) (info Info, err error) {
	if path == "" {
		return r.statRoot()
	}
	err = r.entry("look at", path, accessStat, func(h windows.Handle, name string) (err error) {
		info, err = statHandle(h, name)
		return err
	})
	return info, err
}

func (r *root) statRoot() (Info, error) {
	h, err := r.openDir("", accessSearch)
	if err != nil {
		return Info{}, fail("look at", "", err)
	}
	defer windows.CloseHandle(h)
	info, err := statHandle(h, "")
	info.Type = Dir // also where the root is a mounted volume
	return info, fail("look at", "", err)
}

func (r *root) Mkdir(path string) error {
	return r.at("make folder", path, func(dir windows.Handle, name string) error {
		if err := WindowsName(name); err != nil {
			return err
		}
		h, err := r.create(dir, name, accessSearch, windows.FILE_DIRECTORY_FILE)
		if err == nil {
			windows.CloseHandle(h)
		}
		return err
	})
}

func (r *root) Remove(path string) error {
	return r.entry("remove", path, windows.DELETE|accessStat, func(h windows.Handle, _ string) error { return markDeleted(h) })
}

func (r *root) Rename(from, to string) error {
	return r.entry("rename", from, windows.DELETE|accessStat, func(h windows.Handle, _ string) error {
		return r.at("rename "+from+" to", to, func(dir windows.Handle, name string) error {
			if err := WindowsName(name); err != nil {
				return err
			}
			if from == to {
				return fs.ErrExist
			}
			if err := r.renameTo(h, dir, name); err != nil || !strings.EqualFold(from, to) {
				return err
			}
			return r.recase(h, dir, to)
		})
	})
}

// recase looks whether a change of case was done. Some servers and disks take it for done and do nothing; there the entry goes over a
// third name, one that the user would see and that would be synced like any other if the power went off between.
func (r *root) recase(h, dir windows.Handle, to string) error {
	folder, name := split(to)
	infos, err := r.ReadDir(context.Background(), folder)
	if err != nil {
		return err
	}
	for _, info := range infos {
		if info.Name == name {
			return nil
		}
	}
	if err := r.renameTo(h, dir, name+" (renaming)"); err != nil {
		return err
	}
	return r.renameTo(h, dir, name)
}

// renameTo gives an opened entry a new name. The system refuses a name that is taken, and allows the entry's own in other case.
func (r *root) renameTo(h, dir windows.Handle, name string) error {
	err := setName(h, dir, name)
	if err == windows.ERROR_ACCESS_DENIED {
		if typ, typErr := typeOfHandle(h); typErr == nil && typ == Dir {
			return ErrBusy // a folder cannot be renamed while a program has a file in it open
		}
	}
	return err
}

// Exchange is not offered: Windows has no such step.
func (r *root) Exchange(a, b string) error {
	return fail("exchange "+a+" and", b, errors.ErrUnsupported)
}

// SyncDir flushes the folder where the system allows it; NTFS journals names in order by itself.
func (r *root) SyncDir(dir string) error {
	if err := checkPath(dir); err != nil {
		return fail("sync", dir, err)
	}
	h, err := r.openDir(dir, accessSearch)
	if err != nil {
		return fail("sync", dir, err)
	}
	windows.CloseHandle(h)
	if h, err = r.openDir(dir, accessSearch|windows.FILE_WRITE_DATA); err != nil {
		return nil // no right to flush a folder
	}
	defer windows.CloseHandle(h)
	if err := windows.FlushFileBuffers(h); kindOf(err) == ErrGone {
		return fail("sync", dir, err)
	}
	return nil
}

func (r *root) Free() (int64, error) {
	path, err := windows.UTF16PtrFromString(r.path)
	if err != nil {
		return 0, fail("measure", "", err)
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(path, &free, nil, nil)
	return int64(min(free, 1<<62)), fail("measure", "", err)
}
