package dirstore

import (
	"cmp"
	"context"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"golang.org/x/text/unicode/norm"
)

// List implements objstore.Bucket. Each page reads the folders that it comes through, and no others.
func (s *Store) List(ctx context.Context, prefix, startAfter string, limit int) ([]objstore.Object, bool, error) {
	root, err := s.enter(ctx, objstore.OpList, prefix)
	if err != nil {
		return nil, false, err
	}
	defer root.Close()
	if limit <= 0 {
		limit = objstore.DefaultPage
	}
	l := lister{ctx: ctx, root: root, prefix: prefix, after: startAfter, limit: limit + 1}
	if err := l.run(); err != nil {
		if ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		return nil, false, fail(objstore.OpList, prefix, err)
	}
	if err := s.present(root, objstore.OpList, prefix); err != nil {
		return nil, false, err
	}
	if len(l.found) > limit {
		return l.found[:limit], true, nil
	}
	return l.found, false, nil
}

// lister walks folders in the order of their keys.
type lister struct {
	ctx           context.Context
	root          *os.Root
	prefix, after string
	limit         int
	found         []objstore.Object
}

// run begins at the folder that the prefix names, so that nothing beside it is read.
func (l *lister) run() error {
	dir, _ := path.Split(l.prefix)
	if dir != "" && objstore.CheckKey(objstore.OpList, dir+"x") != nil {
		return nil // no key begins like this
	}
	folders, err := descend(l.root, strings.TrimSuffix(dir, "/"))
	if err != nil {
		return err
	}
	return l.walk(folders, dir)
}

// item is one name at one level of keys: an object, or a folder of objects.
type item struct {
	segment string
	isDir   bool
	own     bool     // made by the store; false for what somebody else put there
	paths   []string // a file's path, or those of all folders that stand for the segment
}

// order is the byte order of the keys that the item stands for.
func (i item) order() string {
	if i.isDir {
		return i.segment + "/"
	}
	return i.segment
}

// walk lists the folders that stand for the keys beginning with at.
func (l *lister) walk(folders []string, at string) error {
	items, err := l.items(folders, at)
	for _, i := range items {
		if err = l.ctx.Err(); err != nil || len(l.found) == l.limit {
			return err
		}
		key := at + i.order()
		if i.isDir && l.within(key) {
			err = l.walk(i.paths, key)
		} else if !i.isDir && key > l.after && strings.HasPrefix(key, l.prefix) {
			err = l.add(key, i.paths[0])
		}
		if err != nil {
			return err
		}
	}
	return err
}

// within tells whether keys that begin with dir can be in the answer.
func (l *lister) within(dir string) bool {
	return (strings.HasPrefix(dir, l.prefix) || strings.HasPrefix(l.prefix, dir)) && (dir > l.after || strings.HasPrefix(l.after, dir))
}

// add puts an object into the answer, unless it has just been deleted.
func (l *lister) add(key, name string) error {
	info, err := lstat(l.root, name)
	if err == nil && info != nil && info.Mode().IsRegular() {
		l.found = append(l.found, describe(key, info, nil))
	}
	return err
}

// items reads the folders, which stand for the keys beginning with at, and returns what they hold in the order of keys. What is before the page may be
// missing.
func (l *lister) items(folders []string, at string) ([]item, error) {
	byOrder := map[string]item{}
	for _, folder := range folders {
		if err := l.read(folder, byOrder, at, ""); err != nil {
			return nil, err
		}
	}
	return slices.SortedFunc(maps.Values(byOrder), func(a, b item) int { return cmp.Compare(a.order(), b.order()) }), nil
}

// read adds the entries of one folder. begun is the beginning of a segment whose name was cut: then folder holds its
// continuations, and nothing else of the store.
func (l *lister) read(folder string, into map[string]item, at, begun string) error {
	list, err := readDir(l.root, folder)
	if err != nil {
		return err
	}
	for _, entry := range list {
		if begun == "" && !entry.IsDir() && at+entry.Name() <= l.after && simple(entry.Name()) {
			continue // large folders take many pages
		}
		full := path.Join(folder, entry.Name())
		if !entry.IsDir() && !entry.Type().IsRegular() || reserved(entry.Name()) {
			continue
		}
		name, continues := strings.CutPrefix(entry.Name(), joinSign)
		if continues != (begun != "") {
			continue
		}
		if piece, more := strings.CutSuffix(name, joinSign); more && entry.IsDir() {
			if segment, ok := decode(piece); ok {
				if err := l.read(full, into, at, begun+segment); err != nil {
					return err
				}
			}
			continue
		}
		add(into, newItem(name, begun, entry.IsDir(), full))
	}
	return nil
}

// newItem finds what segment a name stands for; an item without one is no part of any key.
func newItem(name, begun string, isDir bool, full string) item {
	if begun == "" && len(name) <= maxName && simple(name) {
		return item{name, isDir, true, []string{full}} // most are their own names
	}
	piece, own := decode(name)
	segment := begun + piece
	own = own && strings.HasSuffix("/"+norm.NFC.String(full), "/"+path.Join(names(segment)...))
	if !own {
		segment = name
	}
	if begun != "" && !own || objstore.CheckKey(objstore.OpList, segment) != nil {
		return item{}
	}
	return item{segment, isDir, own, []string{full}}
}

// add merges an item with one of the same key: of two files the store's own counts, of two folders both.
func add(into map[string]item, next item) {
	if next.segment == "" {
		return
	}
	before, found := into[next.order()]
	switch {
	case !found:
	case next.isDir && next.own && !before.own:
		next.paths = append(next.paths, before.paths...)
	case next.isDir:
		next.paths = append(before.paths, next.paths...)
		next.own = before.own
	case before.own || !next.own:
		return
	}
	into[next.order()] = next
}
