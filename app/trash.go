package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"slices"
	"strings"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// tag names a volume in the ids that people paste: "s", "a", or "b" and eight digits of the backup's name.
func tag(v layout.Volume) string {
	switch v.Area {
	case layout.Synced:
		return "s"
	case layout.Archive:
		return "a"
	}
	h := sha256.Sum256([]byte(v.Prefix()))
	return "b" + hex.EncodeToString(h[:4])
}

// refreshed returns every volume, brought up to date.
func (c *Client) refreshed(ctx context.Context) ([]*volumeUse, error) {
	l, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	all, err := l.all(ctx)
	if err != nil {
		return nil, fail(err)
	}
	for _, u := range all {
		if err := u.refresh(ctx); err != nil {
			return nil, fail(err)
		}
	}
	return all, nil
}

// Trash returns what was deleted, the newest first. area is "", "backup", "synced" or "archive"; find is a part of the path.
func (c *Client) Trash(ctx context.Context, area, find string) ([]TrashItem, error) {
	if !slices.Contains([]string{"", "backup", "synced", "archive"}, area) {
		return nil, wrongUse("Use backup, synced or archive.", "%q is not an area.", area)
	}
	all, err := c.refreshed(ctx)
	if err != nil {
		return nil, err
	}
	out := []TrashItem{}
	for _, u := range all {
		if area != "" && areaWord(u.name.Area) != area {
			continue
		}
		for _, e := range u.vol.Trash(space.TrashFilter{Find: find}) {
			out = append(out, u.thrown(e))
		}
	}
	newestFirst(out)
	return out, nil
}

// thrown shows an entry of the trash.
func (u *volumeUse) thrown(e space.TrashEntry) TrashItem {
	return TrashItem{
		ID: u.trashID(e.ID), Area: areaWord(u.name.Area), Path: shownPath(u.name, e.Path), Dir: e.Dir, Size: e.Size,
		DeletedAt: e.DeletedAt, DeletedBy: e.DeletedBy, ExpiresAt: e.ExpiresAt,
	}
}

// trashID is how people and the window name an entry of the volume's trash.
func (u *volumeUse) trashID(id string) string { return tag(u.name) + "-" + id }

func newestFirst(all []TrashItem) {
	slices.SortStableFunc(all, func(a, b TrashItem) int { return b.DeletedAt.Compare(a.DeletedAt) })
}

// TrashFiles returns every file in the trash, also those of folders that were deleted, and the folders of which there is no file; the newest first.
func (c *Client) TrashFiles(ctx context.Context) ([]TrashItem, error) {
	all, err := c.refreshed(ctx)
	if err != nil {
		return nil, err
	}
	out := []TrashItem{}
	for _, u := range all {
		entries := u.vol.Trash(space.TrashFilter{})
		u.vol.View(func(s *merge.State) {
			for _, e := range entries {
				out = append(out, u.filesOf(s, e)...)
			}
		})
	}
	newestFirst(out)
	c.weigh()
	return out, nil
}

// filesOf are the files that were deleted with an entry; itself when it is a file, or has none.
func (u *volumeUse) filesOf(s *merge.State, e space.TrashEntry) []TrashItem {
	whole := u.thrown(e)
	if !e.Dir || e.Files == 0 {
		return []TrashItem{whole}
	}
	var out []TrashItem
	above := path.Dir(e.Path)
	for _, i := range selection.Deleted(s, e.Nodes...) {
		if !i.Dir {
			x := whole
			x.ID, x.Whole, x.Dir = u.trashID(i.Node.String()), whole.ID, false
			x.Path, x.Size = shownPath(u.name, path.Join(above, i.Path)), i.Version.Content.Size
			out = append(out, x)
		}
	}
	return out
}

// shownPath is a path in a volume as people read it; those of backups begin with device and folder.
func shownPath(v layout.Volume, path string) string {
	if v.Area == layout.Backup {
		return v.Device + "/" + v.Folder + "/" + path
	}
	return path
}

// chosen are entries of one volume's trash.
type chosen struct {
	u   *volumeUse
	ids []string
}

// pick finds the volumes of ids. Every id must be in the trash, or nothing is done.
func (c *Client) pick(ctx context.Context, ids []string) ([]chosen, error) {
	all, err := c.refreshed(ctx)
	if err != nil {
		return nil, err
	}
	var out []chosen
	known := map[string]bool{}
	for _, u := range all {
		x, prefix := chosen{u: u}, tag(u.name)+"-"
		for _, id := range ids {
			if rest, ok := strings.CutPrefix(id, prefix); ok && !known[id] {
				if _, err := u.vol.RestoreOps(rest); err != nil {
					return nil, notInTrash(id, err)
				}
				known[id] = true
				x.ids = append(x.ids, rest)
			}
		}
		if len(x.ids) > 0 {
			out = append(out, x)
		}
	}
	for _, id := range ids {
		if !known[id] {
			return nil, notInTrash(id, nil)
		}
	}
	return out, nil
}

func notInTrash(id string, err error) error {
	if err == nil || errors.Is(err, space.ErrNotInTrash) {
		return wrongUse("Look at: elkjop trash ls.", "%q is not in the trash.", id).because("not-in-trash", id)
	}
	return fail(err)
}

// TrashRestore puts things back where they were, also on the disk: at once those of backups whose folder is here, and those of Synced by its next
// cycle. Of other computers' backups and of the Archive they are in the cloud again, and on no disk. With to they are only written below that
// folder and stay in the trash.
func (c *Client) TrashRestore(ctx context.Context, ids []string, to string) (RestoreReport, error) {
	out := RestoreReport{Renamed: []string{}, Problems: []*Problem{}}
	picked, err := c.pick(ctx, ids)
	if err != nil {
		return out, err
	}
	for _, x := range picked {
		var r RestoreReport
		if to != "" {
			r, err = c.restoreTo(ctx, x.u, x.items(), to, nil)
		} else {
			r, err = c.putBack(ctx, x)
		}
		out.add(r)
		if err != nil {
			return out, fail(err)
		}
	}
	return out, nil
}

// items selects what would come back, each entry under its own name.
func (x chosen) items() (items []selection.Item) {
	nodes := map[string][]merge.ID{}
	for _, e := range x.u.vol.Trash(space.TrashFilter{}) {
		nodes[e.ID] = e.Nodes
	}
	x.u.vol.View(func(s *merge.State) {
		for _, id := range x.ids {
			if of, ok := nodes[id]; ok {
				items = append(items, selection.Deleted(s, of...)...)
			} else if node, err := tree.ParseStamp(id); err == nil {
				items = append(items, selection.Deleted(s, node)...)
			}
		}
	})
	return items
}

// putBack tells the volume, and brings the files of a folder that is on this computer to their places: the backup's engine adopts what
// it finds there, Synced's brings them by itself.
func (c *Client) putBack(ctx context.Context, x chosen) (RestoreReport, error) {
	items := x.items()
	err := x.u.Tell(ctx, func(*merge.State) ([]merge.Op, error) { return x.u.vol.RestoreOps(x.ids...) })
	if err != nil {
		return RestoreReport{}, err
	}
	p := c.pairOf(x.u.name)
	if p == nil || x.u.name.Area != layout.Backup {
		c.bringDown(ctx, p)
		r := count(items)
		if p == nil {
			r.CloudOnly = r.Files
		} else {
			r.CloudOnly = c.countOff(x.u, items)
		}
		return r, nil
	}
	return c.toPlace(ctx, p, x.u, items)
}

func count(items []selection.Item) (r RestoreReport) {
	for _, i := range items {
		if i.Dir {
			r.Folders++
			continue
		}
		r.Files++
		r.Bytes += i.Version.Content.Size
	}
	return r
}

// pairOf returns the pair of a volume; nil when no folder here belongs to it.
func (c *Client) pairOf(v layout.Volume) *pair {
	for _, p := range c.all() {
		if p.vol == v {
			return p
		}
	}
	return nil
}

// bringDown lets a pair do now what it was just told, unless Run does that anyway.
func (c *Client) bringDown(ctx context.Context, p *pair) {
	if p == nil || p.fresh() {
		return
	}
	if err := p.cycle(ctx); err != nil {
		c.o.Log.Info("cycle", "pair", p.name, "error", err)
	}
	c.saveStatus(ctx)
}

// toPlace writes nodes that live again to the places where the backup shows them.
func (c *Client) toPlace(ctx context.Context, p *pair, u *volumeUse, items []selection.Item) (RestoreReport, error) {
	r, err := c.writeInPlace(ctx, p, u, items, true, nil)
	if codeOf(err) == engine.CodeNoRoot {
		r = count(items)
		r.CloudOnly = r.Files
		r.Problems = append(r.Problems, problemOf(err, p.root))
		return r, nil
	}
	if err == nil {
		c.bringDown(ctx, p)
	}
	return r, err
}

// writeInPlace writes a selection to the places where the backup shows it; with newest in the version that each file has when it is its turn.
func (c *Client) writeInPlace(ctx context.Context, p *pair, u *volumeUse, items []selection.Item, newest bool, progress func(Progress)) (r RestoreReport, err error) {
	err = p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		// While the engine asks what to tell, it does nothing else: nobody plans from a folder that is half restored.
		tellErr := e.Tell(ctx, func(s *merge.State) ([]merge.Op, error) {
			if err := p.present(ctx); err != nil {
				return nil, err
			}
			r, err = c.materialise(ctx, u, inPlace(s, items, newest), p.fs, p.root, progress)
			return nil, err
		})
		e.Mark()
		return tellErr
	})
	return r, err
}

// inPlace gives items that live the paths where they are shown.
func inPlace(s *merge.State, items []selection.Item, newest bool) []selection.Item {
	var out []selection.Item
	for _, i := range items {
		if n, ok := s.Node(i.Node); ok && s.Live(n.ID) {
			i.Path = s.Path(n.ID)
			if newest && !n.Dir {
				i.Version, _ = s.Version(n.Current)
			}
			out = append(out, i)
		}
	}
	return out
}

// maxPurge is how many operations of a purge go into one batch.
const maxPurge = 20_000

// TrashDelete deletes things in the trash for ever and returns how many.
func (c *Client) TrashDelete(ctx context.Context, ids []string) (int, error) {
	picked, err := c.pick(ctx, ids)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, x := range picked {
		if err := x.purge(ctx); err != nil {
			return n, fail(err)
		}
		n += len(x.ids)
	}
	return n, nil
}

func (x chosen) purge(ctx context.Context) error {
	for more := true; more; {
		err := x.u.Tell(ctx, func(*merge.State) ([]merge.Op, error) {
			ops, err := x.u.vol.PurgeOps(x.ids...)
			more = len(ops) > maxPurge
			return ops[:min(len(ops), maxPurge)], err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// TrashEmpty deletes everything in the trash for ever and returns how many things.
func (c *Client) TrashEmpty(ctx context.Context) (int, error) {
	items, err := c.Trash(ctx, "", "")
	if err != nil || len(items) == 0 {
		return 0, err
	}
	ids := make([]string, len(items))
	for i, x := range items {
		ids[i] = x.ID
	}
	return c.TrashDelete(ctx, ids)
}
