package app

import (
	"context"
	"path/filepath"

	"elkjopcloud/app/config"
	"elkjopcloud/backup"
	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
)

// SetSynced chooses the Synced folder; it is made when it is missing. What is in it and what the cloud holds are joined: equal files are
// one, different ones of one name are both kept. Run and Sidebar let the
// file manager show it in its sidebar.
func (c *Client) SetSynced(ctx context.Context, dir string) error { return c.setSynced(ctx, dir, nil) }

// SetSyncedWithout is SetSynced for whoever does not want all that the cloud holds: every folder in the cloud comes to this computer but those that are off, with
// all that is below each, of which nothing is ever brought. Nothing is chosen when one of them is not in the cloud any more.
func (c *Client) SetSyncedWithout(ctx context.Context, dir string, off []string) error {
	return c.setSynced(ctx, dir, func(u *volumeUse, root string) ([]merge.ID, error) {
		if err := u.refresh(ctx); err != nil {
			return nil, fail(err)
		}
		return u.without(root, off)
	})
}

// setSynced asks which folders are kept off before anything else is done; without anybody to ask they are those that were off before.
func (c *Client) setSynced(ctx context.Context, dir string, choose func(u *volumeUse, root string) ([]merge.ID, error)) error {
	l, err := c.open(ctx)
	if err != nil {
		return err
	}
	abs, err := filepath.Abs(dir)
	if err != nil || dir == "" {
		return wrongUse("Give the path of a folder.", "%q is not a folder.", dir).because("no-path", "")
	}
	was := c.settings()
	off := keptOff(was)
	if choose != nil {
		if off, err = choose(l.use(layout.Volume{Area: layout.Synced}), abs); err != nil {
			return err
		}
	}
	if s := was.Synced; s != nil && backup.Same(s.Root, abs) && c.markerThere(*s) {
		if choose == nil {
			return nil
		}
		return fail(c.setOff(func(config.Synced) ([]merge.ID, error) { return off, nil }))
	}
	if err := makeFolder(abs); err != nil {
		return Unwritten(err, dir)
	}
	s, err := c.claim(ctx, abs)
	if err != nil {
		return Unwritten(err, dir)
	}
	s.Off = written(off)
	return fail(c.replaceSynced(ctx, l, s))
}

// markerThere tells whether the chosen folder still carries its mark.
func (c *Client) markerThere(s config.Synced) bool {
	fs, err := disk.Open(s.Root)
	if err != nil {
		return false
	}
	got, err := local.Claimed(fs)
	return err == nil && got == s.Marker
}

// claim checks and marks the new folder.
func (c *Client) claim(ctx context.Context, dir string) (config.Synced, error) {
	s := config.Synced{Marker: newMarker()}
	was := c.settings().Synced
	if was != nil {
		s.KeptBoth = was.KeptBoth
	}
	var err error
	if was != nil && backup.Same(was.Root, dir) {
		s.Root = was.Root // the mark is gone: the folder begins anew
	} else if s.Root, err = c.newRoot(dir); err != nil {
		return s, err
	}
	if s.VolumeID, s.Place, err = lies(ctx, s.Root); err != nil {
		return s, err
	}
	fs, err := disk.Open(s.Root)
	if err != nil {
		return s, err
	}
	return s, local.Claim(fs, s.Marker)
}

func (c *Client) replaceSynced(ctx context.Context, l *link, s config.Synced) error {
	if err := c.change(func(cfg *config.Settings) error { cfg.Synced = nil; return nil }); err != nil {
		return err
	}
	if err := l.use(layout.Volume{Area: layout.Synced}).forget(ctx); err != nil {
		return err
	}
	return c.change(func(cfg *config.Settings) error { cfg.Synced = &s; return nil })
}
