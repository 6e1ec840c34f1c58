package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/disk/volume"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
)

// lies tells on which volume a folder lies, and where on it.
func lies(ctx context.Context, root string) (id, place string, err error) {
	v, err := volume.Look(ctx, root)
	if err != nil {
		return "", "", err
	}
	if rel, err := filepath.Rel(v.MountPoint, root); err == nil && filepath.IsLocal(rel) {
		place = filepath.ToSlash(rel)
	}
	return v.ID, place, nil
}

// findLongest bounds the search for drives: the system may wait for one that is failing.
const findLongest = 5 * time.Second

// findDrives looks for the folders that are not where they were, because their drive has another letter or is mounted at another place, and
// goes on there. It returns the pairs of those that it found.
func (c *Client) findDrives(ctx context.Context) (found []*pair) {
	ctx, cancel := context.WithTimeout(ctx, findLongest)
	defer cancel()
	for _, p := range c.all() {
		if !p.away() || p.onVolume == "" || !volume.Lasting(p.volumeID) {
			continue
		}
		root, ok := p.elsewhere(ctx)
		if !ok {
			continue
		}
		if err := c.change(func(s *config.Settings) error { return p.follow(s, root) }); err != nil {
			c.o.Log.Info("a folder was found elsewhere and cannot be used there", "pair", p.name, "root", root, "error", err)
			continue
		}
		c.o.Log.Info("a folder was found elsewhere", "pair", p.name, "root", root)
		for _, q := range c.all() {
			if q.root == root {
				found = append(found, q)
			}
		}
	}
	return found
}

// away tells that the folder was not there when it was looked for last.
func (p *pair) away() bool {
	p.mu.Lock()
	e, absent := p.eng, p.absent
	p.mu.Unlock()
	if e != nil {
		return e.Status().State == engine.NotConnected
	}
	return errors.Is(absent, engine.ErrNotConnected)
}

// elsewhere returns where the folder is now. Of Synced the mark must be there, too.
func (p *pair) elsewhere(ctx context.Context) (root string, ok bool) {
	if p.present(ctx) == nil {
		return "", false // it is back where it was
	}
	points, err := volume.Find(ctx, p.volumeID)
	if err != nil {
		return "", false
	}
	for _, point := range points {
		there := p.choice
		there.root = filepath.Join(point, filepath.FromSlash(p.onVolume))
		if i, err := os.Stat(there.root); err != nil || !i.IsDir() || there.root == p.root {
			continue
		}
		if (&pair{choice: there, c: p.c}).present(ctx) == nil {
			return there.root, true
		}
	}
	return "", false
}

var errTaken = errors.New("another folder of the program is there")

// follow changes the folder in the settings.
func (p *pair) follow(s *config.Settings, root string) error {
	if slices.ContainsFunc(choices(*s), func(x choice) bool { return x.root == root }) {
		return errTaken
	}
	if p.area == layout.Synced && s.Synced != nil && s.Synced.Marker == p.marker {
		s.Synced.Root = root
	}
	for i := range s.Backups {
		if b := &s.Backups[i]; b.VolumePrefix == p.prefix && b.Root == p.root {
			b.Root = root
		}
	}
	return nil
}
