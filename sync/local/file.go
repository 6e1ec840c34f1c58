package local

import (
	"context"
	"errors"
	"io/fs"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Stage brings a version's bytes to the staging folder, verified, with its time and execute bit set. What near holds of them is copied from there; it may
// be nil. It may run beside other Stages, and goes on where a former one was cut off.
func (r *Replica) Stage(ctx context.Context, v merge.Version, near *plan.Near) error {
	if r.isReady(v) {
		return nil
	}
	if err := mkdirAll(r.FS, stage); err != nil {
		return err
	}
	c, path := v.Content, staged(v)
	var from *transfer.Near
	if near != nil {
		from = &transfer.Near{FS: r.FS, Path: near.Path, Want: toDisk(near.Was), Ranges: r.ranges(near.Content)}
	}
	if err := r.Transfer.Update(ctx, r.ranges(c), c.Size, c.Hash, r.FS, path, from); err != nil {
		return err
	}
	if err := r.FS.SetMeta(path, c.Mtime, c.Exec); err != nil {
		return err
	}
	r.setReady(v, true)
	return nil
}

// Staged tells whether a version's bytes wait in the staging folder.
func (r *Replica) Staged(v merge.Version) bool { return r.isReady(v) }

func (r *Replica) isReady(v merge.Version) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.untidy = true
	return r.ready[staged(v)]
}

func (r *Replica) setReady(v merge.Version, yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if yes {
		r.ready[staged(v)] = true
	} else {
		delete(r.ready, staged(v))
	}
}

func staged(v merge.Version) string { return tree.Join(stage, v.ID.String()) }

func (r *Replica) fetch(ctx context.Context, d plan.Down) (Done, error) {
	before, err := r.stagedInfo(ctx, d.Version)
	if err != nil {
		return Done{}, err
	}
	if err := r.FS.Rename(staged(d.Version), d.To); err != nil {
		return Done{}, changedIfGone(err)
	}
	return r.placed(d.Base, d.To, before)
}

// stagedInfo returns what is staged, and stages it first when nobody has.
func (r *Replica) stagedInfo(ctx context.Context, v merge.Version) (disk.Info, error) {
	if err := r.Stage(ctx, v, nil); err != nil {
		return disk.Info{}, err
	}
	r.setReady(v, false) // the caller takes it
	return r.FS.Stat(staged(v))
}

// placed returns the row of a file that was staged as before and stands at path now. If somebody has written to it already, the row does not claim
// its bytes.
func (r *Replica) placed(b *plan.Base, path string, before disk.Info) (Done, error) {
	done, err := r.row(b, path, parents(path)...)
	if err != nil {
		return done, err
	}
	now := done.Base.Disk
	now.Ctime = before.Ctime
	if !now.Unchanged(signature(before)) {
		done.Base.Disk.Ctime = unsure
	}
	return done, nil
}

// replace puts a new version in the place of a file that is still the one that was scanned. The old one is kept until Base knows.
func (r *Replica) replace(ctx context.Context, d plan.Down) (Done, error) {
	before, err := r.stagedInfo(ctx, d.Version)
	if err != nil {
		return Done{}, err
	}
	if err := r.still(d.From, d.Was, false, false); err != nil {
		return Done{}, err
	}
	if err := mkdirAll(r.FS, swap); err != nil {
		return Done{}, err
	}
	_, name := tree.Split(d.From)
	x := swapping{Down: d, before: before, name: r.Random() + " " + cutName(name)}
	if err := r.exchange(x); err != nil {
		return Done{}, err
	}
	done, err := r.placed(d.Base, d.From, before)
	if err != nil {
		return done, err
	}
	done.After = func() error { return r.dropReplaced(x.aside(), d) }
	return done, nil
}

// swapping is a replacement under way. Each of its files in our folder has a name of its own, whatever the user's file is called.
type swapping struct {
	plan.Down
	before disk.Info // what is staged
	name   string
}

const (
	goneMark = "gone-" // on its way to the safety folder
	oldMark  = "old-"
	noteMark = "path-"
)

// aside is where the new file waits first, and then the old one.
func (x swapping) aside() string { return tree.Join(swap, x.name) }
func (x swapping) old() string   { return tree.Join(swap, oldMark+x.name) }
func (x swapping) note() string  { return tree.Join(swap, noteMark+x.name) }

// exchange swaps the staged file with the one in place and looks at what came out: if that is not what the plan saw, it goes back.
func (r *Replica) exchange(x swapping) error {
	if err := r.FS.Rename(staged(x.Version), x.aside()); err != nil {
		return changedIfGone(err)
	}
	err := r.FS.Exchange(x.aside(), x.From)
	if errors.Is(err, errors.ErrUnsupported) {
		return r.exchangeInSteps(x)
	}
	if err != nil {
		return errors.Join(changedIfGone(err), r.restage(x))
	}
	if err := r.still(x.aside(), x.Was, false, true); err != nil {
		if back := r.FS.Exchange(x.aside(), x.From); back != nil {
			return errors.Join(err, back)
		}
		return errors.Join(err, r.restage(x))
	}
	return nil
}

// restage puts the staged file back where it was. If somebody saved in that moment, it is the user's file that lies there now: it goes back to its
// place, or beside what stands there.
func (r *Replica) restage(x swapping) error {
	if err := r.still(x.aside(), signature(x.before), false, true); errors.Is(err, ErrChanged) {
		return r.giveBack(x.aside(), x.From)
	} else if err != nil {
		return err
	}
	return r.FS.Rename(x.aside(), staged(x.Version))
}

// exchangeInSteps is for disks that cannot swap: for a moment the name is free. A note written before tells Recover where the old file
// belongs, should a crash come in between.
func (r *Replica) exchangeInSteps(x swapping) error {
	if err := errors.Join(writeNew(r.FS, x.note(), []byte(x.From)), r.Sync([]string{swap})); err != nil {
		return errors.Join(err, r.restage(x))
	}
	if err := r.FS.Rename(x.From, x.old()); err != nil {
		return errors.Join(changedIfGone(err), r.restage(x), r.FS.Remove(x.note()))
	}
	err := r.still(x.old(), x.Was, false, true)
	if err == nil {
		err = changedIfGone(r.FS.Rename(x.aside(), x.From))
	}
	if err != nil {
		return errors.Join(err, r.FS.Rename(x.old(), x.From), r.restage(x), r.FS.Remove(x.note()))
	}
	err = errors.Join(r.Sync(parents(x.From)), r.FS.Rename(x.old(), x.aside()), r.FS.Remove(x.note()))
	// A note that comes back after a power cut would give the old file its name again, once the new one has gone elsewhere.
	return errors.Join(err, r.Sync([]string{swap}))
}

// dropReplaced removes a replaced file once Base knows; one that a program still wrote to is the user's again, and stands beside the new one.
func (r *Replica) dropReplaced(aside string, d plan.Down) error {
	if r.still(aside, d.Was, false, true) == nil {
		return r.FS.Remove(aside)
	}
	return r.giveBack(aside, d.From)
}

// giveBack moves a file of the user's out of our own folder to where it stood, or beside what stands there now; to the root when its folder is gone.
func (r *Replica) giveBack(path, to string) error {
	r.mu.Lock()
	r.whole, r.untidy = false, true // it is to be seen; and what cannot be given back now is there for Recover
	r.mu.Unlock()
	dir, name := tree.Split(to)
	err := r.giveBackTo(path, dir, name)
	if dir != "" && disk.IsNotExist(err) {
		dir = ""
		err = r.giveBackTo(path, dir, name)
	}
	if err != nil {
		return err
	}
	return r.Sync([]string{dir})
}

func (r *Replica) giveBackTo(path, dir, name string) error {
	err := r.FS.Rename(path, tree.Join(dir, name))
	for try := 0; errors.Is(err, fs.ErrExist) && try < 20; try++ {
		err = r.FS.Rename(path, tree.Join(dir, r.Beside(name, try)))
	}
	return err
}

// keep moves a file of our own folder, or one that was parked, to the safety folder.
func (r *Replica) keep(path string) error {
	dir := tree.Join(kept, r.Today())
	if err := mkdirAll(r.FS, dir); err != nil {
		return err
	}
	_, name := tree.Split(path)
	err := r.FS.Rename(path, tree.Join(dir, name))
	if errors.Is(err, fs.ErrExist) {
		err = r.FS.Rename(path, tree.Join(dir, r.Random()+" "+cutName(name)))
	}
	return err
}
