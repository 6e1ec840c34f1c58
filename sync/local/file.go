package local

import (
	"context"
	"errors"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Stage brings a version's bytes to the staging folder, verified, with its time and execute bit set. It may run beside other
// Stages, and goes on where a former one was cut off.
func (r *Replica) Stage(ctx context.Context, v merge.Version) error {
	if r.isReady(v) {
		return nil
	}
	if err := mkdirAll(r.FS, stage); err != nil {
		return err
	}
	c := v.Content
	ranges := make([]transfer.Range, len(c.Extents))
	for i, e := range c.Extents {
		ranges[i] = transfer.Range{Key: r.Prefix + e.Key, Offset: e.Offset, Length: e.Length}
	}
	path := staged(v)
	if err := r.Transfer.Download(ctx, ranges, c.Size, c.Hash, r.FS, path); err != nil {
		return err
	}
	if err := r.FS.SetMeta(path, c.Mtime, c.Exec); err != nil {
		return err
	}
	r.setReady(v, true)
	return nil
}

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
	if err := r.Stage(ctx, v); err != nil {
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
	aside := tree.Join(swap, r.Random()+" "+cutName(name))
	if err := r.exchange(d, aside); err != nil {
		return Done{}, err
	}
	done, err := r.placed(d.Base, d.From, before)
	if err != nil {
		return done, err
	}
	was := d.Was
	done.After = func() error { return r.dropReplaced(aside, was) }
	return done, nil
}

// exchange swaps the staged file with the one in place and looks at what came out: if that is not what the plan saw, it goes back.
func (r *Replica) exchange(d plan.Down, aside string) error {
	if err := r.FS.Rename(staged(d.Version), aside); err != nil {
		return changedIfGone(err)
	}
	err := r.FS.Exchange(aside, d.From)
	if errors.Is(err, errors.ErrUnsupported) {
		return r.exchangeInSteps(d, aside)
	}
	if err != nil {
		return errors.Join(changedIfGone(err), r.FS.Rename(aside, staged(d.Version)))
	}
	if err := r.still(aside, d.Was, false, true); err != nil {
		if back := r.FS.Exchange(aside, d.From); back != nil {
			return errors.Join(err, back)
		}
		return errors.Join(err, r.FS.Rename(aside, staged(d.Version)))
	}
	return nil
}

// exchangeInSteps is for disks that cannot swap: for a moment the name is free. A note written before tells Recover where the old file
// belongs, should a crash come in between.
func (r *Replica) exchangeInSteps(d plan.Down, aside string) error {
	old, note := aside+oldMark, aside+noteMark
	if err := errors.Join(writeNew(r.FS, note, []byte(d.From)), r.FS.SyncDir(swap)); err != nil {
		return err
	}
	back := func(err error) error {
		return errors.Join(err, r.FS.Rename(old, d.From), r.FS.Rename(aside, staged(d.Version)), r.FS.Remove(note))
	}
	if err := r.FS.Rename(d.From, old); err != nil {
		return errors.Join(changedIfGone(err), r.FS.Rename(aside, staged(d.Version)), r.FS.Remove(note))
	}
	if err := r.still(old, d.Was, false, true); err != nil {
		return back(err)
	}
	if err := r.FS.Rename(aside, d.From); err != nil {
		return back(changedIfGone(err))
	}
	dir, _ := tree.Split(d.From)
	return errors.Join(r.FS.SyncDir(dir), r.FS.Rename(old, aside), r.FS.Remove(note))
}

const (
	oldMark  = ".old"
	noteMark = ".path"
)

// dropReplaced removes a replaced file once Base knows; one that a program still wrote to goes to the safety folder.
func (r *Replica) dropReplaced(aside string, was plan.Signature) error {
	if r.still(aside, was, false, true) == nil {
		return r.FS.Remove(aside)
	}
	return r.keep(aside)
}

func (r *Replica) keep(path string) error {
	dir := tree.Join(kept, r.Today())
	if err := mkdirAll(r.FS, dir); err != nil {
		return err
	}
	_, name := tree.Split(path)
	return r.FS.Rename(path, tree.Join(dir, name))
}
