// Package archive is the place in the cloud for what need not lie on a computer: files and folders are added, proven to be there byte
// for byte, and only then taken from the disk, by way of the system's recycle bin. The Archive does not change when the disk does.
//
// Reading order: archive.go (what it is made of, looking and removing), add.go (the order of things), gather.go (what is on the disk),
// send.go (bytes), batch.go (operations), prove.go (verifying, and only then freeing space).
package archive

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// ErrNotThere means that the Archive has nothing of that path.
var ErrNotThere = errors.New("the Archive has nothing of this name")

// Teller publishes operations, durable before they are sent. at is the stamp (Index 0) that the batch will have.
type Teller interface {
	TellAt(ctx context.Context, ops func(at merge.Stamp, s *merge.State) ([]merge.Op, error)) error
}

// Trashcan moves a file of the disk, by its absolute path, to the system's recycle bin.
type Trashcan interface {
	Trash(ctx context.Context, path string) error
}

// Options of an Archive. Everything but Parallel and Batch is required.
type Options struct {
	Volume   *space.Volume
	Teller   Teller
	Transfer *transfer.Transfer
	Store    engine.Store // remembers what was sent and not yet told
	Disk     func(root string) (disk.FS, error)
	Trash    Trashcan
	NewID    func() layout.ULID
	Device   tree.Device
	Now      func() time.Time
	Parallel int // files sent or verified at once (8)
	Batch    int // files told together (2 000)
}

// Archive is one volume of that kind.
type Archive struct{ Options }

// New returns the Archive of a volume.
func New(o Options) *Archive {
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	if o.Batch <= 0 {
		o.Batch = 2000
	}
	return &Archive{o}
}

func (a *Archive) prefix() string { return a.Volume.Name().Prefix() + "/" }

// ErrTooLarge means that a file is larger than what was to be read of it.
var ErrTooLarge = errors.New("the file is too large to be read into memory")

// Item is one file or folder.
type Item struct {
	Path     string
	Dir      bool
	Size     int64 // of a folder, with all that is in it
	Modified time.Time
}

// List returns what lies directly in a folder ("" is the whole), folders first, or the one file of that path.
func (a *Archive) List(path string) (items []Item, err error) {
	path = clean(path)
	a.Volume.View(func(s *merge.State) {
		f := s.Root().Find(path)
		if f == nil {
			items, err = one(s, path)
			return
		}
		for _, sub := range f.Folders() {
			items = append(items, Item{Path: sub.Path(), Dir: true, Size: selection.Size(s, sub)})
		}
		for _, n := range f.Files() {
			items = append(items, item(s, n, f.Path()))
		}
	})
	return items, err
}

func clean(path string) string { return strings.Trim(tree.NFC(path), "/") }

func one(s *merge.State, path string) ([]Item, error) {
	dir, name := tree.Split(path)
	if f := s.Root().Find(dir); f != nil {
		if n, ok := f.File(name); ok {
			return []Item{item(s, n, f.Path())}, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", path, ErrNotThere)
}

func item(s *merge.State, n merge.Node, in string) Item {
	v, _ := s.Version(n.Current)
	return Item{Path: tree.Join(in, n.Name), Size: v.Content.Size, Modified: time.Unix(0, v.Content.Mtime).UTC()}
}

// Find returns every file and folder whose path contains the text, in any case.
func (a *Archive) Find(text string) (items []Item) {
	want := tree.Fold(text)
	a.Volume.View(func(s *merge.State) {
		all, _ := selection.At(s, "")
		for _, i := range all {
			if strings.Contains(tree.Fold(i.Path), want) {
				c := i.Version.Content
				it := Item{Path: i.Path, Dir: i.Dir, Size: c.Size}
				if !i.Dir {
					it.Modified = time.Unix(0, c.Mtime).UTC()
				}
				items = append(items, it)
			}
		}
	})
	return items
}

// Pick selects a file or folder, to be written to a disk.
func (a *Archive) Pick(path string) (items []selection.Item, err error) {
	a.Volume.View(func(s *merge.State) {
		var ok bool
		if items, ok = selection.At(s, clean(path)); !ok {
			err = fmt.Errorf("%s: %w", path, ErrNotThere)
		}
	})
	return items, err
}

// Read returns the bytes of a file, proven to be those that were put in; ErrTooLarge when there are more than most.
func (a *Archive) Read(ctx context.Context, path string, most int64) ([]byte, error) {
	var c tree.Content
	var ok bool
	a.Volume.View(func(s *merge.State) { c, ok = contentAt(s, clean(path)) })
	switch {
	case !ok:
		return nil, fmt.Errorf("%s: %w", path, ErrNotThere)
	case c.Size > most:
		return nil, fmt.Errorf("%s: %w", path, ErrTooLarge)
	}
	return a.Transfer.Read(ctx, a.ranges(c), c.Size, c.Hash)
}

func (a *Archive) ranges(c tree.Content) []transfer.Range {
	out := make([]transfer.Range, len(c.Extents))
	for i, e := range c.Extents {
		out[i] = transfer.Range{Key: a.prefix() + e.Key, Offset: e.Offset, Length: e.Length}
	}
	return out
}

// Remove moves a file or folder to the trash.
func (a *Archive) Remove(ctx context.Context, path string) error {
	path = clean(path)
	if path == "" {
		return fmt.Errorf("the whole Archive: %w", ErrNotThere)
	}
	return a.Teller.TellAt(ctx, func(_ merge.Stamp, s *merge.State) ([]merge.Op, error) {
		ops := selection.DeleteOps(s, path)
		if len(ops) == 0 {
			return nil, fmt.Errorf("%s: %w", path, ErrNotThere)
		}
		return ops, nil
	})
}
