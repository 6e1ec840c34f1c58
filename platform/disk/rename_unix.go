//go:build linux || darwin

package disk

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/unix"
)

// renameOld renames where the disk has no rename that refuses to overwrite. Files get their new name as a second link, which fails
// when the name is taken, and then lose the old one; where there are no hard links, and for folders, the name is checked first.
// That check can be outrun by a file made in the same instant on such a disk; a folder can then only replace an empty folder.
func renameOld(fromDir int, from string, toDir int, to string) error {
	info, err := statAt(fromDir, from)
	if err != nil {
		return err
	}
	if info.Type == File {
		err := again(func() error { return unix.Linkat(fromDir, from, toDir, to, 0) })
		if err == nil {
			return unlinkSame(fromDir, from, toDir, to)
		}
		if errors.Is(err, fs.ErrExist) || IsNotExist(err) {
			return err
		}
	}
	return renameChecked(fromDir, from, toDir, to)
}

// unlinkSame removes the old name after the new one was linked. Precondition, checked: both still name one file; if another program
// saved a new file under the old name meanwhile, that one stays.
func unlinkSame(fromDir int, from string, toDir int, to string) error {
	old, err := statAt(fromDir, from)
	if IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	linked, err := statAt(toDir, to)
	if err != nil {
		return err
	}
	if old.ID != linked.ID {
		return nil
	}
	return again(func() error { return unix.Unlinkat(fromDir, from, 0) })
}

func renameChecked(fromDir int, from string, toDir int, to string) error {
	_, err := statAt(toDir, to)
	if err == nil {
		return fs.ErrExist
	}
	if !IsNotExist(kindOrSelf(err)) {
		return err
	}
	return again(func() error { return unix.Renameat(fromDir, from, toDir, to) })
}

// sameEntry tells whether two names of one folder are one entry, as on a disk that does not tell case or Unicode forms apart. Two
// hard links are two entries: both names are listed.
func sameEntry(fromDir int, from string, toDir int, to string) bool {
	if from == to || !sameFolder(fromDir, toDir) {
		return false
	}
	a, errA := statAt(fromDir, from)
	b, errB := statAt(toDir, to)
	if errA != nil || errB != nil || a.ID != b.ID {
		return false
	}
	listed, err := isListed(fromDir, to)
	return err == nil && !listed
}

func sameFolder(a, b int) bool {
	var sa, sb unix.Stat_t
	if unix.Fstat(a, &sa) != nil || unix.Fstat(b, &sb) != nil {
		return false
	}
	return sa.Dev == sb.Dev && sa.Ino == sb.Ino
}

// isListed tells whether a folder lists exactly this name.
func isListed(dir int, name string) (bool, error) {
	fd, err := unix.Openat(dir, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false, err
	}
	defer unix.Close(fd)
	names, err := listNames(fd)
	if err != nil {
		return false, err
	}
	for _, n := range names {
		if n == name {
			return true, nil
		}
	}
	return false, nil
}

// recase changes the case of a name. Some disks take a plain rename between two names of one entry for done and do nothing; there the
// entry goes over a third name, one that the user would see and that would be synced like any other if the power went off between.
func recase(dir int, from, to string) error {
	if err := again(func() error { return unix.Renameat(dir, from, dir, to) }); err != nil {
		return err
	}
	if done, err := isListed(dir, to); err != nil || done {
		return err
	}
	between := to + " (renaming)"
	if err := renameNew(dir, from, dir, between); err != nil {
		return err
	}
	if err := renameNew(dir, between, dir, to); err != nil {
		return errors.Join(err, renameNew(dir, between, dir, from))
	}
	return nil
}

func kindOrSelf(err error) error {
	if kind := kindOf(err); kind != nil {
		return kind
	}
	return err
}
