package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"elkjopcloud/backup"
	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/tree"
)

// spot is one file in a volume.
type spot struct {
	u    *volumeUse
	p    *pair // nil when no folder here belongs to the volume
	path string
	node merge.Node
}

// spot finds the file that a person names: by its path on this computer, or AREA/….
func (c *Client) spot(ctx context.Context, path string) (spot, error) {
	l, err := c.open(ctx)
	if err != nil {
		return spot{}, err
	}
	v, rel, err := c.where(ctx, l, path)
	if err != nil {
		return spot{}, err
	}
	s := spot{u: l.use(v), p: c.pairOf(v), path: rel}
	if err := s.u.refresh(ctx); err != nil {
		return spot{}, fail(err)
	}
	n, ok := s.u.vol.FileAt(rel)
	if !ok {
		return spot{}, wrongUse("Give the path of a file. What was deleted is in: elkjop trash ls.", "The cloud has no file %q.", path)
	}
	s.node = n
	return s, nil
}

func (c *Client) where(ctx context.Context, l *link, path string) (layout.Volume, string, error) {
	if p, rel := c.onDisk(path); p != nil {
		return p.vol, tree.NFC(rel), nil
	}
	area, rest, _ := strings.Cut(strings.Trim(filepath.ToSlash(path), "/"), "/")
	switch strings.ToLower(area) {
	case "synced":
		return layout.Volume{Area: layout.Synced}, rest, nil
	case "archive":
		return layout.Volume{Area: layout.Archive}, rest, nil
	case "backup":
		return c.resolve(ctx, l, rest)
	}
	return layout.Volume{}, "", wrongUse("Give a path in a folder that is backed up or synced, or Synced/…, Archive/…, Backup/NAME/….", "%q is in no folder that is looked after.", path)
}

// onDisk finds the pair whose folder holds a path, the innermost one, and where in it, in the letters of the disk; nil when none does.
func (c *Client) onDisk(path string) (in *pair, rel string) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, ""
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	for _, p := range c.all() {
		if r, below := backup.Below(p.root, abs); below && (in == nil || len(p.root) > len(in.root)) {
			in, rel = p, r
		}
	}
	return in, rel
}

// Versions returns what a file holds and held, the newest first. path is a path on this computer, or AREA/….
func (c *Client) Versions(ctx context.Context, path string) ([]VersionItem, error) {
	s, err := c.spot(ctx, path)
	if err != nil {
		return nil, err
	}
	return s.u.versions(s.node.ID), nil
}

// RestoreVersion makes an earlier version the newest one, or, with to, writes it to that file, which must not exist. In a backup the
// version is written to the file's place on the disk; what stands there is sent to the cloud first, or put aside.
func (c *Client) RestoreVersion(ctx context.Context, path, id, to string) error {
	s, err := c.spot(ctx, path)
	if err != nil {
		return err
	}
	v, err := s.version(id)
	if err != nil {
		return err
	}
	switch {
	case to != "":
		return c.writeVersion(ctx, s, v, to)
	case s.u.name.Area != layout.Backup:
		if err := s.u.Tell(ctx, func(*merge.State) ([]merge.Op, error) {
			op, err := s.u.vol.RestoreVersionOp(s.node.ID, v.ID)
			return []merge.Op{op}, err
		}); err != nil {
			return fail(err)
		}
		c.bringDown(ctx, s.p)
		return nil
	case s.p == nil:
		return wrongUse("Say where to write it with --to FILE.", "This is another computer's backup.")
	}
	return fail(c.replaceVersion(ctx, s, v))
}

func (s spot) version(id string) (merge.Version, error) {
	for _, v := range s.u.vol.Versions(s.node.ID) {
		if v.ID.String() == id {
			return merge.Version{ID: v.ID, Node: s.node.ID, Content: v.Content}, nil
		}
	}
	return merge.Version{}, wrongUse("Look at: elkjop versions ls.", "There is no version %q of this file.", id).because("version-gone", "")
}

// writeVersion writes a version to a new file.
func (c *Client) writeVersion(ctx context.Context, s spot, v merge.Version, to string) error {
	abs, err := filepath.Abs(to)
	if err != nil {
		return problemOf(err, to)
	}
	if _, err := os.Lstat(abs); err == nil {
		return NewProblem(CodeExists, to, os.ErrExist)
	}
	items := []selection.Item{{Path: filepath.Base(abs), Node: s.node.ID, Version: v}}
	r, err := c.restoreTo(ctx, s.u, items, filepath.Dir(abs), nil)
	if err == nil && len(r.Problems) > 0 {
		err = r.Problems[0]
	}
	return err
}

// replaceVersion puts a version in the place of a backed-up file.
func (c *Client) replaceVersion(ctx context.Context, s spot, v merge.Version) error {
	p := s.p
	if err := p.cycle(ctx); err != nil { // so that what stands there now is a version too
		return err
	}
	err := p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		defer e.Mark()
		return e.Tell(ctx, func(st *merge.State) ([]merge.Op, error) {
			if err := p.present(ctx); err != nil {
				return nil, err
			}
			path := st.Path(st.Holder(s.node.ID, s.node.Current))
			return nil, c.swap(ctx, p, s.u, st, path, v)
		})
	})
	if err == nil {
		c.bringDown(ctx, p)
	}
	return err
}

// swap exchanges the file at a path for a version. What was there is removed only if the volume has its bytes; else it goes to the safety
// folder inside the root.
func (c *Client) swap(ctx context.Context, p *pair, u *volumeUse, st *merge.State, path string, v merge.Version) error {
	now, err := p.fs.Stat(path)
	if disk.IsNotExist(err) {
		_, err := c.materialise(ctx, u, []selection.Item{{Path: path, Node: v.Node, Version: v}}, p.fs, p.root, nil)
		return err
	}
	if err != nil {
		return err
	}
	if now.Type != disk.File {
		return fmt.Errorf("%s: %w", path, disk.ErrNotRegular)
	}
	if err := p.loc.Stage(ctx, v, nil); err != nil {
		return err
	}
	was := plan.Signature{Size: now.Size, Mtime: now.Mtime, Ctime: now.Ctime, Number: now.ID.Number, Birth: now.ID.Birth, Exec: now.Exec}
	done, err := p.loc.Do(ctx, plan.Down{Act: plan.Replace, From: path, Was: was, Version: v, Base: &plan.Base{}})
	if err != nil {
		return err
	}
	if err := p.loc.Sync(done.Dirs); err != nil {
		return err
	}
	known := map[tree.Hash]bool{}
	for x := range st.AllVersions {
		known[x.Content.Hash] = true
	}
	if err := p.loc.Recover(ctx, func(h tree.Hash) bool { return known[h] }, func(string) bool { return false }); err != nil {
		return err
	}
	return p.loc.Leave(ctx)
}
