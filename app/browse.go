package app

import (
	"context"
	"strings"
	"time"

	"elkjopcloud/backup"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/tree"
)

// kept finds a backup of this computer, NAME, or of another one, DEVICE/NAME, as it is in the cloud. A backup of this computer needs no folder on the disk.
func (c *Client) kept(ctx context.Context, name string) (*volumeUse, error) {
	l, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	v, err := c.volumeNamed(ctx, l, name)
	if err != nil {
		return nil, err
	}
	u := l.use(v)
	return u, fail(u.refresh(ctx))
}

func (c *Client) volumeNamed(ctx context.Context, l *link, name string) (layout.Volume, error) {
	if !strings.Contains(name, "/") {
		b, err := c.backup(name)
		if err != nil {
			return layout.Volume{}, err
		}
		v, _ := layout.ParseVolume(b.VolumePrefix)
		return v, nil
	}
	all, err := l.space.Volumes(ctx)
	if err != nil {
		return layout.Volume{}, fail(err)
	}
	var known []backup.Known
	for _, v := range all {
		if v.Area == layout.Backup {
			known = append(known, backup.Known{Volume: v})
		}
	}
	v, path, err := backup.Resolve(name, known)
	if err != nil || path != "" {
		return v, wrongUse("Look at: elkjop devices.", "There is no backup called %q.", name).because("backup-gone", name)
	}
	return v, nil
}

// notHeld says that a backup has nothing of a path.
func notHeld(path string) error {
	return wrongUse("Look at what was deleted with: elkjop trash ls.", "There is no %q in this backup.", path).because("not-in-backup", path)
}

// BackupList returns what lies directly in a folder of a backup as it is in the cloud ("" is the whole), folders first. name is [DEVICE/]NAME.
func (c *Client) BackupList(ctx context.Context, name, path string) (items []Item, err error) {
	u, err := c.kept(ctx, name)
	if err != nil {
		return nil, err
	}
	items, err = []Item{}, notHeld(path)
	u.vol.View(func(s *merge.State) {
		f := s.Root().Find(path)
		if f == nil {
			return
		}
		err = nil
		for _, sub := range f.Folders() {
			items = append(items, Item{Path: tree.Join(path, sub.Name()), Dir: true, Size: selection.Size(s, sub)})
		}
		for n := range f.EachFile {
			items = append(items, itemAt(s, n, path))
		}
	})
	return items, err
}

func itemAt(s *merge.State, n merge.Node, in string) Item {
	v, _ := s.Version(n.Current)
	return Item{Path: tree.Join(in, n.Name), Size: v.Content.Size, Modified: time.Unix(0, v.Content.Mtime).UTC()}
}

// BackupFind returns every file and folder of a backup whose name contains the text, whatever its case. The sizes of folders are not told.
func (c *Client) BackupFind(ctx context.Context, name, text string) ([]Item, error) {
	u, err := c.kept(ctx, name)
	if err != nil {
		return nil, err
	}
	f := finder{ctx: ctx, want: tree.Fold(text), out: []Item{}}
	u.vol.View(func(s *merge.State) { f.folder(s, s.Root(), "") })
	return f.out, fail(ctx.Err())
}

// finder looks for names, until its context ends.
type finder struct {
	ctx  context.Context
	want string // folded
	out  []Item
}

func (f *finder) fits(name string) bool { return strings.Contains(tree.Fold(name), f.want) }

func (f *finder) folder(s *merge.State, in *merge.Folder, path string) {
	if f.ctx.Err() != nil {
		return
	}
	for _, sub := range in.Folders() {
		below := tree.Join(path, sub.Name())
		if f.fits(sub.Name()) {
			f.out = append(f.out, Item{Path: below, Dir: true})
		}
		f.folder(s, sub, below)
	}
	for n := range in.EachFile {
		if f.fits(n.Name) {
			f.out = append(f.out, itemAt(s, n, path))
		}
	}
}

// BackupVersions returns what a file of a backup holds and held, the newest first.
func (c *Client) BackupVersions(ctx context.Context, name, path string) ([]VersionItem, error) {
	u, err := c.kept(ctx, name)
	if err != nil {
		return nil, err
	}
	n, ok := u.vol.FileAt(path)
	if !ok {
		return nil, notHeld(path)
	}
	return u.versions(n.ID), nil
}

// versions lists what a file holds and held.
func (u *volumeUse) versions(id merge.ID) []VersionItem {
	out := []VersionItem{}
	for _, v := range u.vol.Versions(id) {
		out = append(out, VersionItem{ID: v.ID.String(), Size: v.Size, Modified: v.Modified, Device: v.Device, Current: v.Current})
	}
	return out
}

// GetBack writes a part of a backup below the folder to, each file and folder under its own name; a whole backup's content goes directly into it. With "" it
// writes to where the backup has it from, on this computer. Nothing there is overwritten: where something else has the name, both are kept.
func (c *Client) GetBack(ctx context.Context, part Part, to string, progress func(Progress)) (RestoreReport, error) {
	u, err := c.kept(ctx, part.Backup)
	if err != nil {
		return RestoreReport{}, err
	}
	items, err := u.part(part)
	if err != nil {
		return RestoreReport{}, err
	}
	if to != "" {
		return c.restoreTo(ctx, u, items, to, progress)
	}
	p := c.pairOf(u.name)
	if p == nil {
		return RestoreReport{}, wrongUse("Say where with --to DIR.", "This is another computer's backup.").because("no-path", "")
	}
	r, err := c.writeInPlace(ctx, p, u, items, part.Version == "", progress)
	if codeOf(err) == engine.CodeNoRoot {
		err = NewProblem(engine.CodeNoRoot, p.root, err)
	}
	if err == nil {
		c.bringDown(ctx, p)
	}
	return r, fail(err)
}

// part selects a part of the volume.
func (u *volumeUse) part(part Part) (items []selection.Item, err error) {
	if part.Version != "" && len(part.Paths) == 1 {
		return u.earlier(part.Paths[0], part.Version)
	}
	paths := part.Paths
	if len(paths) == 0 {
		paths = []string{""}
	}
	u.vol.View(func(s *merge.State) {
		for _, path := range paths {
			some, ok := selection.At(s, path)
			if !ok {
				err = notHeld(path)
				return
			}
			items = append(items, some...)
		}
	})
	return items, err
}

// earlier selects one version of a file.
func (u *volumeUse) earlier(path, id string) ([]selection.Item, error) {
	n, ok := u.vol.FileAt(path)
	if !ok {
		return nil, notHeld(path)
	}
	v, err := spot{u: u, node: n}.version(id)
	if err != nil {
		return nil, err
	}
	_, name := tree.Split(path)
	return []selection.Item{{Path: name, Node: n.ID, Version: v}}, nil
}
