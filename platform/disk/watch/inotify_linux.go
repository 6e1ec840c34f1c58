package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// inotify watches every folder of the tree by itself; that is all the system offers. The rules that keep changes from getting lost:
// a folder is watched before its entries are read, so that what comes later gives an event and what came earlier is read; a folder that
// goes away takes the watches of everything below it along, because a watch stays with the folder and would go on reporting its old
// path; and a folder that is dirty stands for everything in it, so that nothing that came before its watch needs an event.
type inotify struct {
	target
	watcher *fsnotify.Watcher
	folders *folders
	failed  chan error // one slot; closed when the watcher is
}

func openSource(ctx context.Context, t target) (source, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, explain(err)
	}
	n := &inotify{target: t, watcher: watcher, failed: make(chan error, 1)}
	go n.collectErrors()
	if err := n.addRoot(ctx); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

func (n *inotify) close() {
	_ = n.watcher.Close()
	for range n.failed { // until collectErrors has ended
	}
}

// collectErrors keeps the first failure for run. The library sends errors while it holds the lock that Add and Remove need, so whoever
// calls these must not be the one who receives. EINVAL only means that the system had dropped a watch by itself.
func (n *inotify) collectErrors() {
	defer close(n.failed)
	for err := range n.watcher.Errors {
		if errors.Is(err, syscall.EINVAL) {
			continue
		}
		select {
		case n.failed <- err:
		default:
		}
	}
}

func (n *inotify) run(ctx context.Context) error {
	for {
		select {
		case event, open := <-n.watcher.Events:
			if !open {
				return errOverflow
			}
			if err := n.take(ctx, event); err != nil && ctx.Err() == nil {
				return err
			}
		case err, open := <-n.failed:
			if !open {
				return errOverflow
			}
			return explain(err)
		case <-ctx.Done():
			return nil
		}
	}
}

// take handles one event.
func (n *inotify) take(ctx context.Context, event fsnotify.Event) error {
	at, ok := n.relative(event.Name)
	if !ok {
		return nil
	}
	gone := event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename)
	if at == "" && gone {
		return errRootGone
	}
	known := n.folders.find(at)
	if gone && known != nil {
		n.drop(known)
	}
	if event.Has(fsnotify.Create) {
		return n.appeared(ctx, at)
	}
	if !n.ignored(at, known != nil) {
		n.dirty.add(at)
	}
	return nil
}

// appeared watches what is new if it is a folder, and reports it after that: a look at it from now on finds what came before.
func (n *inotify) appeared(ctx context.Context, at string) error {
	info, err := os.Lstat(n.absolute(at))
	isDir := err == nil && info.IsDir()
	if n.ignored(at, isDir) {
		return nil
	}
	defer n.dirty.add(at)
	if isDir {
		return n.addTree(ctx, at)
	}
	return nil
}

func (n *inotify) addRoot(ctx context.Context) error {
	info, err := os.Lstat(n.root)
	if err != nil {
		return errors.Join(errRootGone, err)
	}
	n.folders = newFolders(identity(info))
	return n.addTree(ctx, "")
}

// addTree watches a folder and everything below it.
func (n *inotify) addTree(ctx context.Context, top string) error {
	for waiting := []string{top}; len(waiting) > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		at := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		watched, err := n.add(at)
		if err != nil {
			return err
		}
		if watched {
			waiting = append(waiting, n.subfolders(at)...)
		}
	}
	return nil
}

// add watches one folder. A folder that went away or may not be read is passed over: the first gives an event of its own, the second
// is the scan's to report.
func (n *inotify) add(at string) (bool, error) {
	info, err := os.Lstat(n.absolute(at))
	if err != nil || !info.IsDir() {
		return false, nil
	}
	id := identity(info)
	if at != "" {
		n.forget(at, id)
	}
	switch err := n.watcher.Add(n.absolute(at)); {
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ELOOP):
		return false, nil
	case err != nil:
		return false, explain(err)
	}
	return at == "" || n.folders.add(at, id), nil
}

// forget drops what the table has at a path that now holds another folder, or for a folder that now is at another path; the latter was
// moved, and the notice of that is still on its way.
func (n *inotify) forget(at string, id folderID) {
	if known := n.folders.find(at); known != nil {
		n.drop(known)
	}
	if moved := n.folders.byID[id]; moved != nil && moved != n.folders.root {
		n.dirty.add(moved.path())
		n.drop(moved)
	}
}

// drop removes the watches of a folder and of everything below it.
func (n *inotify) drop(gone *folder) {
	for _, path := range n.folders.remove(gone) {
		_ = n.watcher.Remove(n.absolute(path)) // fails only when the system dropped the watch before
	}
}

func (n *inotify) subfolders(at string) []string {
	entries, err := os.ReadDir(n.absolute(at))
	if err != nil {
		n.dirty.add(at) // the scan will say what is wrong
	}
	var found []string
	for _, entry := range entries {
		path := entry.Name()
		if at != "" {
			path = at + "/" + path
		}
		if entry.IsDir() && !n.ignored(path, true) {
			found = append(found, path)
		}
	}
	return found
}

func identity(info os.FileInfo) folderID {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return folderID{}
	}
	return folderID{device: uint64(stat.Dev), inode: stat.Ino}
}

// explain names the limits that a user can raise.
func explain(err error) error {
	switch {
	case errors.Is(err, fsnotify.ErrEventOverflow):
		return fmt.Errorf("%w: %w", errOverflow, err)
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("the system allows no more watched folders (fs.inotify.max_user_watches): %w", err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return fmt.Errorf("the system allows no more watchers (fs.inotify.max_user_instances): %w", err)
	}
	return err
}
