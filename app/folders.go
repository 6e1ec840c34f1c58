package app

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"elkjopcloud/app/config"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/tree"
)

// Folders lists all folders of Synced, each followed by what is below it, and what of them is kept on this computer. The first is Synced itself, "".
func (c *Client) Folders(ctx context.Context) ([]Folder, error) {
	u, err := c.syncedVolume(ctx)
	if err != nil {
		return nil, err
	}
	return c.folders(u), nil
}

// KeepFolders lets this computer do without the folders off, and have the folders on, with what is below each; it takes those on first. What is in a folder that goes is
// told to the others before it does; it stays in the cloud and on the other computers. It returns what Folders does.
func (c *Client) KeepFolders(ctx context.Context, on, off []string) ([]Folder, error) {
	u, err := c.syncedVolume(ctx)
	if err != nil {
		return nil, err
	}
	err = c.setOff(func(s config.Synced) ([]merge.ID, error) { return u.choose(idsOf(s.Off), s.Root, on, off) })
	if err != nil {
		return nil, fail(err)
	}
	return c.folders(u), nil
}

// FoldersInCloud lists the folders of Synced as Folders does, also for whoever has no Synced folder yet: then all of them are on. It fails when the cloud cannot
// say what there is.
func (c *Client) FoldersInCloud(ctx context.Context) ([]Folder, error) {
	l, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	u := l.use(layout.Volume{Area: layout.Synced})
	if err := u.refresh(ctx); err != nil {
		return nil, fail(err)
	}
	return c.folders(u), nil
}

// setOff keeps in the settings which folders are off, and tells the engine.
func (c *Client) setOff(choose func(config.Synced) ([]merge.ID, error)) error {
	err := c.change(func(s *config.Settings) error {
		if s.Synced == nil {
			return notSetUp()
		}
		ids, err := choose(*s.Synced)
		if err != nil {
			return err
		}
		s.Synced.Off = written(ids)
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range c.all() {
		if p.area == layout.Synced {
			p.keepOff()
		}
	}
	return nil
}

// syncedVolume returns the volume of Synced, read as far as can be read now: what is known is enough to choose.
func (c *Client) syncedVolume(ctx context.Context) (*volumeUse, error) {
	if c.settings().Synced == nil {
		return nil, notSetUp()
	}
	l, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	u := l.use(layout.Volume{Area: layout.Synced})
	c.note("read the folders of Synced", u.refresh(ctx))
	return u, nil
}

func (u *volumeUse) choose(ids []merge.ID, root string, on, off []string) (_ []merge.ID, err error) {
	u.vol.View(func(s *merge.State) {
		for i, path := range slices.Concat(on, off) {
			var ok bool
			if ids, ok = selection.Choose(s, ids, inSynced(root, path), i < len(on)); !ok {
				err = NewProblem(CodeNoFolder, path, nil)
				return
			}
		}
	})
	return ids, err
}

// without returns what is kept off when of all that the cloud holds only some folders are.
func (u *volumeUse) without(root string, off []string) (ids []merge.ID, err error) {
	u.vol.View(func(s *merge.State) {
		for _, path := range off {
			var ok bool
			if ids, ok = selection.Choose(s, ids, inSynced(root, path), false); !ok {
				err = NewProblem(CodeNoFolder, path, nil)
				return
			}
		}
	})
	return ids, err
}

func (c *Client) folders(u *volumeUse) []Folder {
	var found []selection.Folder
	off := keptOff(c.settings())
	u.vol.View(func(s *merge.State) { found = selection.Folders(s, off) })
	remain := c.remain()
	out := make([]Folder, len(found))
	for i, f := range found {
		out[i] = Folder{Path: f.Path, State: FolderOn, Files: f.Files, Bytes: f.Bytes, HereFiles: f.HereFiles, HereBytes: f.HereBytes, Remains: !f.Here && slices.Contains(remain, f.Path)}
		if !f.Here {
			out[i].State = FolderOff
		}
	}
	partly(out)
	return out
}

// partly marks the folders that are on this computer without something below them.
func partly(all []Folder) {
	for i := range all {
		for j := i + 1; j < len(all) && all[i].State == FolderOn && tree.Under(all[j].Path, all[i].Path); j++ {
			if all[j].State == FolderOff {
				all[i].State = FolderPartly
			}
		}
	}
}

// remain returns the folders of Synced that are off and still stand here.
func (c *Client) remain() []string {
	var out []string
	for _, p := range c.all() {
		if e := p.current(); e != nil && p.area == layout.Synced {
			for _, path := range e.Status().Remain {
				out = append(out, tree.NFC(path))
			}
		}
	}
	return out
}

// keptOff are the folders that settings keep off this computer. One that cannot be read comes down.
func keptOff(s config.Settings) []merge.ID {
	if s.Synced == nil {
		return nil
	}
	return idsOf(s.Synced.Off)
}

func idsOf(off []string) (out []merge.ID) {
	for _, x := range off {
		if id, err := tree.ParseStamp(x); err == nil {
			out = append(out, id)
		}
	}
	return out
}

func written(ids []merge.ID) (out []string) {
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}

// off tells of the nodes of Synced whether they are kept off this computer.
func (c *Client) off(s *merge.State) func(merge.ID) bool {
	ids := keptOff(c.settings())
	return plan.Off(s, func(id merge.ID) bool { return slices.Contains(ids, id) })
}

// countOff counts the files among some that are kept off this computer.
func (c *Client) countOff(u *volumeUse, items []selection.Item) (n int) {
	u.vol.View(func(s *merge.State) {
		off := c.off(s)
		for _, i := range items {
			if !i.Dir && off(i.Node) {
				n++
			}
		}
	})
	return n
}

// keepOff tells the engine what is kept off. One that is being made is waited for: it may have read the settings before.
func (p *pair) keepOff() {
	p.making.Lock()
	e := p.current()
	p.making.Unlock()
	if e != nil {
		p.chooseFor(e)
	}
}

func (p *pair) chooseFor(e *engine.Engine) {
	if off := keptOff(p.c.settings()); p.area == layout.Synced {
		e.KeepOff(off)
	}
}

// inSynced is the path in Synced of a folder that is given so, or by its path on this computer.
func inSynced(root, path string) string {
	if filepath.IsAbs(path) {
		if rel, err := filepath.Rel(root, path); err == nil {
			path = rel
		}
	}
	return strings.Trim(filepath.ToSlash(path), "/")
}
