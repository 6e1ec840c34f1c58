package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"elkjopcloud/app/config"
	"elkjopcloud/backup"
	"elkjopcloud/platform/disk/volume"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/treedb"
)

// mostAsides is how many names are tried for a folder that is moved out of Synced.
const mostAsides = 100

// KeepAside keeps folders of Synced here without being synced: each is moved, with all that is in it, to an ordinary folder beside the Synced folder, and is then
// off as KeepFolders has it. Nothing is deleted, here or elsewhere, and nothing overwritten; what was changed in a folder and not told yet is only there from then
// on. It returns where the folders are now; those before one that failed are there, and that one is as it was. A folder of which not all has come cannot be kept.
func (c *Client) KeepAside(ctx context.Context, paths []string) (places []string, err error) {
	u, err := c.syncedVolume(ctx)
	if err != nil {
		return nil, err
	}
	p := c.pairOf(u.name)
	if p == nil {
		return nil, notSetUp()
	}
	if err := p.look(ctx); err != nil {
		return nil, fail(err)
	}
	if err := p.with(ctx, p.allHere); err != nil {
		return nil, fail(err)
	}
	for _, path := range paths {
		place, err := p.keepAside(ctx, u, path)
		if err != nil {
			return places, fail(err)
		}
		if place != "" {
			places = append(places, place)
		}
	}
	return places, nil
}

// mostLooks is how often a folder is looked at before it counts as one in which something is always being done.
const mostLooks = 5

// look makes the folder and the cloud equal where nobody has done that, or does it, since the program began, and where something was noticed since, or is looked
// at right now: an engine looks at every moment, and nobody is to come again because of that.
func (p *pair) look(ctx context.Context) error {
	var s engine.Status
	err := p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		s = e.Status()
		for n := 0; !s.LastDone.IsZero() && s.State == engine.Checking && n < mostLooks; n++ {
			if err := e.Cycle(ctx); err != nil {
				return err
			}
			s = e.Status()
		}
		return nil
	})
	if err != nil || !s.LastDone.IsZero() || p.fresh() {
		return err
	}
	return p.cycle(ctx)
}

// allHere fails unless the folder was the same as the cloud a moment ago.
func (p *pair) allHere(_ context.Context, e *engine.Engine) error {
	if s := e.Status(); s.State != engine.UpToDate || s.PendingFiles > 0 || s.LastDone.IsZero() {
		return NewProblem(CodeNotAllHere, p.root, nil)
	}
	return nil
}

// keepAside writes the choice down first: who is interrupted then finds the folder off, which loses nothing. The engine hears of it only when the folder has
// been moved, and does nothing meanwhile, so that it neither takes the folder away nor takes its absence for a deletion.
func (p *pair) keepAside(ctx context.Context, u *volumeUse, path string) (place string, err error) {
	was, now, err := p.c.writeOff(u, path)
	if err != nil {
		return "", err
	}
	if _, e := os.Lstat(p.abs(inSynced(p.root, path))); slices.Equal(was, now) && errors.Is(e, fs.ErrNotExist) {
		return "", nil // it was done before
	}
	err = p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		return e.Tell(ctx, func(*merge.State) ([]merge.Op, error) {
			if place, err = p.moveAside(ctx, inSynced(p.root, path)); err == nil {
				e.KeepOff(now)
			}
			return nil, err
		})
	})
	if err != nil && place == "" {
		return "", errors.Join(err, p.c.unwriteOff(was, now))
	}
	return place, err
}

// writeOff keeps in the settings that a folder is off, and tells nobody. It returns what was off before, and what is now.
func (c *Client) writeOff(u *volumeUse, path string) (was, now []merge.ID, err error) {
	err = c.change(func(s *config.Settings) error {
		if s.Synced == nil {
			return notSetUp()
		}
		was = idsOf(s.Synced.Off)
		if now, err = u.choose(was, s.Synced.Root, nil, []string{path}); err != nil {
			return err
		}
		s.Synced.Off = written(now)
		return nil
	})
	return was, now, err
}

// unwriteOff takes that back, unless somebody has chosen something else meanwhile.
func (c *Client) unwriteOff(was, now []merge.ID) error {
	return c.setOff(func(s config.Synced) ([]merge.ID, error) {
		if off := idsOf(s.Off); !slices.Equal(off, now) {
			return off, nil
		}
		return was, nil
	})
}

// others are the roots of all other pairs.
func (p *pair) others() (out []string) {
	for _, o := range p.c.all() {
		if o != p {
			out = append(out, o.root)
		}
	}
	return out
}

// wholeDrive tells whether nothing on the same drive lies beside a folder, as far as can be seen.
func wholeDrive(ctx context.Context, root string) bool {
	above := filepath.Dir(root)
	on, err1 := volume.Of(ctx, root)
	beside, err2 := volume.Of(ctx, above)
	return above == root || err1 == nil && err2 == nil && on != beside
}

// moveAside moves a folder beside the Synced folder, under its own name or the next that is free.
func (p *pair) moveAside(ctx context.Context, path string) (string, error) {
	if err := p.present(ctx); err != nil {
		return "", err
	}
	from := p.abs(path)
	if info, err := os.Lstat(from); err != nil || !info.IsDir() {
		return "", NewProblem(CodeNotThere, from, err)
	}
	for _, o := range append(p.others(), p.c.o.Home, p.c.settings().Storage.Dir) {
		if _, in := backup.Below(from, o); in && o != "" {
			return "", wrongUse("Move that folder first, or choose others.", "%s is in %s and is used by the program itself.", o, from).because("in-use", o)
		}
	}
	if wholeDrive(ctx, p.root) {
		return "", wrongUse("Copy the folder to another place yourself, then choose that it is not on this computer.", "There is no place beside %s: it is a whole drive.", p.root).because("whole-drive", p.root)
	}
	for n := range mostAsides {
		to := filepath.Join(filepath.Dir(p.root), filepath.Base(from))
		if n > 0 {
			to += fmt.Sprintf(" %d", n+1)
		}
		if _, err := os.Lstat(to); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", Unwritten(err, to)
		}
		if err := os.Rename(from, to); err != nil { // a folder never replaces anything but an empty folder
			return "", Unwritten(err, to)
		}
		p.c.event(treedb.Event{Kind: "kept-aside", Pair: p.name, Path: to, Device: p.c.settings().DeviceName})
		return to, nil
	}
	return "", NewProblem(CodeExists, from, nil)
}
