package dirstore

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// sweep clears what requests that were cut short have left: temporary files that nobody writes to any more and, when there
// were any, metadata without an object. Ages are taken by the folder's own clock. It does what it can; the rest waits for
// the next time.
func sweep(root *os.Root, stale time.Duration) {
	probe, err := writeTemp(root, nil)
	if err != nil {
		return
	}
	defer root.Remove(probe)
	now, err := root.Lstat(probe)
	if err != nil {
		return
	}
	old := func(info fs.FileInfo) bool { return now.ModTime().Sub(info.ModTime()) > stale }
	if sweepTemps(root, old) {
		sweepMeta(root, metaDir, old)
	}
}

// sweepTemps removes old temporary files and tells whether there were any.
func sweepTemps(root *os.Root, old func(fs.FileInfo) bool) bool {
	list, err := readDir(root, tmpDir)
	if err != nil {
		return false
	}
	found := false
	for _, entry := range list {
		name := path.Join(tmpDir, entry.Name())
		info, err := lstat(root, name)
		if err == nil && info != nil && old(info) {
			found = true
			_ = root.RemoveAll(name)
		}
	}
	return found
}

// sweepMeta removes old metadata files whose object is not there. The object of a metadata file lies at the same path.
func sweepMeta(root *os.Root, dir string, old func(fs.FileInfo) bool) {
	list, err := readDir(root, dir)
	if err != nil {
		return
	}
	for _, entry := range list {
		name := path.Join(dir, entry.Name())
		if entry.IsDir() {
			sweepMeta(root, name, old)
			prune(root, name, metaDir)
			continue
		}
		info, err := lstat(root, name)
		if err != nil || info == nil || !old(info) {
			continue
		}
		if object, err := lstat(root, strings.TrimPrefix(name, metaDir+"/")); err == nil && object == nil {
			_ = root.Remove(name)
		}
	}
}
