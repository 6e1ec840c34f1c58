package trashcan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// bin is one recycle bin of the FreeDesktop trash specification, version 1.0: a folder with "files", which holds what was moved there,
// and "info", which tells of each where it was and when it went.
type bin struct {
	dir string
	top string // the mount point that paths in "info" are relative to; "" for the bin in the user's home, where they are absolute
}

// move tries the bins that the specification names for a file: the one in the home folder for files of the same drive, else those at
// the top of the file's drive. Files are never copied from drive to drive.
func move(path string, before fs.FileInfo) error {
	device, err := deviceOf(filepath.Dir(path))
	if err != nil {
		return err
	}
	candidates, err := bins(path, device)
	if err != nil {
		return err
	}
	reasons := []error{ErrNoBin}
	for _, b := range candidates {
		err := b.make()
		if err == nil {
			err = b.take(path, before)
		}
		if err == nil || !unusable(err) {
			return err
		}
		reasons = append(reasons, err)
	}
	return errors.Join(reasons...)
}

// unusable tells that a bin cannot take the file, which another one might.
func unusable(err error) bool {
	return errors.Is(err, syscall.EXDEV) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) ||
		errors.Is(err, syscall.ENOTDIR) || errors.Is(err, errLink)
}

// errLink: on a drive that others write to, a bin that is a link could lead anywhere.
var errLink = errors.New("the recycle bin is a link")

func bins(path string, device uint64) ([]bin, error) {
	var found []bin
	if home, err := homeBin(); err == nil {
		if d, err := deviceOf(existing(home)); err == nil && d == device {
			found = append(found, bin{dir: home})
		}
	}
	top, err := mountPoint(filepath.Dir(path), device)
	if err != nil {
		return nil, err
	}
	user := strconv.Itoa(os.Getuid())
	if shared := filepath.Join(top, ".Trash"); sticky(shared) {
		found = append(found, bin{dir: filepath.Join(shared, user), top: top})
	}
	return append(found, bin{dir: filepath.Join(top, ".Trash-"+user), top: top}), nil
}

func homeBin() (string, error) {
	data := os.Getenv("XDG_DATA_HOME")
	if filepath.IsAbs(data) {
		return filepath.Join(data, "Trash"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share", "Trash"), err
}

// sticky tells whether a bin that all users share may be used: a real folder in which nobody can remove another one's entries.
func sticky(dir string) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir() && info.Mode()&fs.ModeSticky != 0
}

// existing returns path, or the nearest folder above it that exists.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || filepath.Dir(path) == path {
			return path
		}
		path = filepath.Dir(path)
	}
}

// mountPoint climbs while the device stays the same.
func mountPoint(dir string, device uint64) (string, error) {
	for {
		above := filepath.Dir(dir)
		d, err := deviceOf(above)
		if err != nil {
			return "", err
		}
		if above == dir || d != device {
			return dir, nil
		}
		dir = above
	}
}

func deviceOf(path string) (uint64, error) {
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil {
		return 0, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	return uint64(stat.Dev), nil
}

// make creates the bin for this user alone. The one in the home folder may be a link: the user made it.
func (b bin) make() error {
	for _, dir := range []string{b.dir, filepath.Join(b.dir, "files"), filepath.Join(b.dir, "info")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if info, err := os.Lstat(dir); b.top != "" && (err != nil || !info.IsDir()) {
			return errors.Join(errLink, err)
		}
	}
	return nil
}

// take reserves a name by its info file, moves the file there, and looks that it arrived.
func (b bin) take(path string, before fs.FileInfo) error {
	for n := 0; ; n++ {
		name := candidate(filepath.Base(path), n)
		info := filepath.Join(b.dir, "info", name+".trashinfo")
		err := b.describe(info, path, time.Now())
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		to := filepath.Join(b.dir, "files", name)
		err = renameNew(path, to)
		if err == nil {
			return arrived(to, before)
		}
		if left := os.Remove(info); left != nil {
			return errors.Join(err, left)
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// describe writes the info file, durably, before the file moves: without it nobody could put the file back.
func (b bin) describe(info, path string, now time.Time) error {
	shown := path
	if b.top != "" {
		relative, err := filepath.Rel(b.top, path)
		if err != nil {
			return err
		}
		shown = relative
	}
	f, err := os.OpenFile(info, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(trashInfo(shown, now))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(info))
	}
	return nil
}

// renameNew renames to a name that must be free, also where the file system cannot check that by itself.
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	if !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOSYS) {
		return linkError(from, to, err)
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return linkError(from, to, fs.ErrExist)
	}
	return os.Rename(from, to)
}

func linkError(from, to string, err error) error {
	if err == nil {
		return nil
	}
	return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
}

func arrived(to string, before fs.FileInfo) error {
	after, err := os.Lstat(to)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotProven, err)
	}
	if !os.SameFile(before, after) {
		return fmt.Errorf("%w: %s is another file", ErrNotProven, to)
	}
	return nil
}
