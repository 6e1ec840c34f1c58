package dirstore

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/text/unicode/norm"
)

// keyPath returns the path of a key's file.
func keyPath(key string) string {
	var pieces []string
	for segment := range strings.SplitSeq(key, "/") {
		pieces = append(pieces, names(segment)...)
	}
	return strings.Join(pieces, "/")
}

// locate finds an object's file: at its own path, or where somebody else put it. A nil info says that there is none.
func locate(root *os.Root, key string) (string, fs.FileInfo, error) {
	own := keyPath(key)
	info, err := lstat(root, own)
	if err != nil || (info != nil && info.Mode().IsRegular()) {
		return own, info, err
	}
	found, err := foreign(root, key)
	if err != nil || len(found) == 0 {
		return "", nil, err
	}
	info, err = lstat(root, found[0])
	return found[0], info, err
}

// foreign returns the files of a key that are not its own one; usually none.
func foreign(root *os.Root, key string) ([]string, error) {
	dir, base := path.Split(key)
	folders, err := descend(root, strings.TrimSuffix(dir, "/"))
	if err != nil {
		return nil, err
	}
	own, err := lstat(root, keyPath(key))
	if err != nil {
		return nil, err
	}
	var found []string
	for _, folder := range folders {
		paths, err := entries(root, folder, base)
		if err != nil {
			return nil, err
		}
		for _, name := range paths {
			info, err := lstat(root, name)
			if err != nil {
				return nil, err
			}
			if info != nil && info.Mode().IsRegular() && !(own != nil && (name == keyPath(key) || os.SameFile(own, info))) {
				found = append(found, name)
			}
		}
	}
	return found, nil
}

// descend returns the folders that hold the keys below dir: the store's own first, then those that somebody else made.
func descend(root *os.Root, dir string) ([]string, error) {
	folders := []string{"."}
	if dir == "" {
		return folders, nil
	}
	for segment := range strings.SplitSeq(dir, "/") {
		var next []string
		for _, folder := range folders {
			paths, err := entries(root, folder, segment)
			if err != nil {
				return nil, err
			}
			for _, name := range paths {
				info, err := lstat(root, name)
				if err != nil {
					return nil, err
				}
				same := func(other string) bool { return sameFile(root, other, info) }
				if info != nil && info.IsDir() && !slices.ContainsFunc(next, same) {
					next = append(next, name)
				}
			}
		}
		folders = next
	}
	return folders, nil
}

// entries returns the paths in folder that may stand for a segment: the store's own first, then, if they are there, that name
// in decomposed Unicode (when a Mac has copied the folder) and the segment as a plain name.
func entries(root *os.Root, folder, segment string) ([]string, error) {
	own := path.Join(names(segment)...)
	paths := []string{path.Join(folder, own)}
	if other := norm.NFD.String(own); other != own {
		info, err := lstat(root, path.Join(folder, other))
		if err != nil {
			return nil, err
		}
		if info != nil {
			paths = append(paths, path.Join(folder, other))
		}
	}
	if own == segment || reserved(segment) {
		return paths, nil
	}
	if _, ours := ownName(segment); ours { // a file of that name belongs to another key
		return paths, nil
	}
	if is, err := exactly(root, folder, segment); err != nil || !is {
		return paths, err
	}
	return append(paths, path.Join(folder, segment)), nil
}

// ownName returns the segment that a file name stands for, if the store gives such a name in one piece.
func ownName(name string) (segment string, ok bool) {
	segment, ok = decode(name)
	return segment, ok && len(name) <= maxName
}

// sameFile tells whether path leads to the same file as info: some disks take two spellings for one.
func sameFile(root *os.Root, path string, info fs.FileInfo) bool {
	other, err := lstat(root, path)
	return err == nil && other != nil && os.SameFile(other, info)
}

// exactly tells whether folder has an entry of exactly that name; disks that ignore case also find others.
func exactly(root *os.Root, folder, name string) (bool, error) {
	if !filepath.IsLocal(name) || strings.ContainsRune(name, filepath.Separator) { // no name of an entry on this system
		return false, nil
	}
	info, err := lstat(root, path.Join(folder, name))
	if err != nil || info == nil {
		return false, err
	}
	list, err := readDir(root, folder)
	for _, entry := range list {
		if entry.Name() == name {
			return true, nil
		}
	}
	return false, err
}

// lstat returns nil for what is not there; a name that this disk cannot hold is not there either.
func lstat(root *os.Root, name string) (fs.FileInfo, error) {
	info, err := root.Lstat(name)
	if notThere(err) {
		return nil, nil
	}
	return info, err
}

func notThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || badName(err)
}

// readDir reads a whole folder, in no order; a folder that is gone is empty.
func readDir(root *os.Root, folder string) ([]fs.DirEntry, error) {
	f, err := root.Open(folder)
	if notThere(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}
