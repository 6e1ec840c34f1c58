package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Done is an act that succeeded: the Base row with what the disk shows now (nil for a removal), the folders that Sync must make durable
// before Base may say so, and what is left to do once Base has it.
type Done struct {
	Base  *plan.Base
	Dirs  []string
	After func() error // removes what was kept until now; nil for nothing
}

// Sync makes the entries of folders durable. Until then a power cut may take back what was done there, by us or by a person, and Base may not
// claim it: it would look like a deletion. A folder that takes no writes has nothing to lose.
func (r *Replica) Sync(dirs []string) error {
	for _, d := range dirs {
		err := r.FS.SyncDir(d)
		if err != nil && !disk.IsNotExist(err) && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, disk.ErrReadOnly) && !errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("make %q durable: %w", d, err)
		}
	}
	return nil
}

func parents(paths ...string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i], _ = tree.Split(p)
	}
	return out
}

// Do carries out one act. ErrChanged means that the disk is not as the plan saw it and nothing was done.
func (r *Replica) Do(ctx context.Context, d plan.Down) (Done, error) {
	switch d.Act {
	case plan.MakeDir:
		return r.makeDir(d)
	case plan.MoveTo:
		return r.moveTo(d)
	case plan.Fetch:
		return r.fetch(ctx, d)
	case plan.Replace:
		return r.replace(ctx, d)
	case plan.SetMeta:
		return r.setMeta(d)
	case plan.RemoveFile:
		return r.removeFile(d)
	case plan.RemoveDir:
		return r.removeDir(ctx, d)
	}
	return Done{}, fmt.Errorf("act %d is not known", d.Act)
}

// row returns the Base row with the signature that the disk shows at path.
func (r *Replica) row(b *plan.Base, path string, dirs ...string) (Done, error) {
	if b == nil {
		return Done{Dirs: dirs}, nil
	}
	i, err := r.FS.Stat(path)
	if err != nil {
		return Done{}, changedIfGone(err)
	}
	c := *b
	c.Disk = signature(i)
	return Done{Base: &c, Dirs: dirs}, nil
}

func changedIfGone(err error) error {
	if disk.IsNotExist(err) || errors.Is(err, fs.ErrExist) || errors.Is(err, disk.ErrNotInside) || errors.Is(err, disk.ErrNotRegular) {
		return fmt.Errorf("%w: %w", ErrChanged, err)
	}
	return err
}

func (r *Replica) makeDir(d plan.Down) (Done, error) {
	if err := r.FS.Mkdir(d.To); err != nil {
		return Done{}, changedIfGone(err)
	}
	return r.row(d.Base, d.To, parents(d.To)...)
}

// still checks that the entry is the one that the plan saw. A rename changes the change time, so it is left out when moved is set.
func (r *Replica) still(path string, was plan.Signature, dir, moved bool) error {
	i, err := r.FS.Stat(path)
	if err != nil {
		return changedIfGone(err)
	}
	now := signature(i)
	if moved {
		now.Ctime = was.Ctime
	}
	if (i.Type == disk.Dir) != dir || i.Type > disk.Dir {
		return ErrChanged
	}
	if dir && (now.Number != was.Number || now.Birth != was.Birth) || !dir && !now.Unchanged(was) {
		return ErrChanged
	}
	return nil
}

func (r *Replica) moveTo(d plan.Down) (Done, error) {
	i, err := r.FS.Stat(d.From)
	if err != nil {
		return Done{}, changedIfGone(err)
	}
	dir := i.Type == disk.Dir
	if d.Was != (plan.Signature{}) {
		if err := r.still(d.From, d.Was, dir, false); err != nil {
			return Done{}, err
		}
	}
	if err := r.FS.Rename(d.From, d.To); err != nil {
		return Done{}, changedIfGone(err)
	}
	if err := r.still(d.To, signature(i), dir, true); err != nil {
		return Done{}, errors.Join(err, r.FS.Rename(d.To, d.From)) // somebody put another thing there at the last moment
	}
	done, err := r.row(d.Base, d.To, parents(d.From, d.To)...)
	if err == nil && done.Base != nil && !dir {
		done.Base.Disk = movedDisk(d, signature(i), done.Base.Disk)
	}
	return done, err
}

// unsure is the change time of a row that does not vouch for the bytes on the disk: they are hashed at the next look.
const unsure = -1

// movedDisk: a row that did not vouch for the bytes stays as it is; one that did goes on to, unless somebody wrote meanwhile. The move itself
// changes the change time.
func movedDisk(d plan.Down, before, after plan.Signature) plan.Signature {
	if !d.Fresh {
		return d.Base.Disk
	}
	same := after
	same.Ctime = before.Ctime
	if !same.Unchanged(before) {
		after.Ctime = unsure
	}
	return after
}

func (r *Replica) setMeta(d plan.Down) (Done, error) {
	if err := r.still(d.From, d.Was, false, false); err != nil {
		return Done{}, err
	}
	if err := r.FS.SetMeta(d.From, d.Was.Mtime, d.Version.Content.Exec); err != nil {
		return Done{}, changedIfGone(err)
	}
	done, err := r.row(d.Base, d.From)
	if err == nil && done.Base != nil {
		done.Base.Disk.Ctime = unsure // whoever wrote at the last moment has the old time on his file now
	}
	return done, err
}

// removeFile moves the file to the safety folder, where it stays; the cloud has it in its trash as well.
func (r *Replica) removeFile(d plan.Down) (Done, error) {
	if err := r.still(d.From, d.Was, false, false); err != nil {
		return Done{}, err
	}
	if d.Twin != "" {
		if err := r.still(d.Twin, d.TwinWas, false, false); err != nil {
			return Done{}, err
		}
	}
	return r.setAside(d.From, d.Was)
}

// SetAside moves a file of the user's, still as it was observed, to the safety folder.
func (r *Replica) SetAside(path string, was plan.Signature) error {
	d, err := r.setAside(path, was)
	if err != nil {
		return err
	}
	return r.Sync(d.Dirs)
}

// setAside takes a file first to where Recover looks: until it is seen that it is the right one, it may be the user's work.
func (r *Replica) setAside(path string, was plan.Signature) (Done, error) {
	dir := tree.Join(kept, r.Today())
	if err := errors.Join(mkdirAll(r.FS, dir), mkdirAll(r.FS, swap)); err != nil {
		return Done{}, err
	}
	_, name := tree.Split(path)
	name = r.Random() + " " + cutName(name)
	held, to := tree.Join(swap, goneMark+name), tree.Join(dir, name)
	if err := r.FS.Rename(path, held); err != nil {
		return Done{}, changedIfGone(err)
	}
	err := r.still(held, was, false, true)
	if err == nil {
		err = r.FS.Rename(held, to)
	}
	if err != nil {
		return Done{}, errors.Join(err, r.giveBack(held, path))
	}
	return Done{Dirs: parents(held, to, path)}, nil
}

// cutName leaves room for what is put before a name.
func cutName(name string) string {
	const room = tree.MaxName - 40
	for len(name) > room {
		name = name[1:]
		for len(name) > 0 && name[0]&0xC0 == 0x80 {
			name = name[1:]
		}
	}
	return name
}

// removeDir removes an empty folder. What file managers strew about does not keep it.
func (r *Replica) removeDir(ctx context.Context, d plan.Down) (Done, error) {
	if d.Was != (plan.Signature{}) {
		if err := r.still(d.From, d.Was, true, false); err != nil {
			return Done{}, err
		}
	}
	in, err := r.FS.ReadDir(ctx, d.From)
	if err != nil {
		return Done{}, changedIfGone(err)
	}
	for _, e := range in {
		path := tree.Join(d.From, e.Name)
		if e.Type != disk.File || r.Rules.Match(path, false) != ignore.Junk || !r.strewn(path) {
			return Done{}, ErrChanged
		}
	}
	for _, e := range in {
		if err := r.keep(tree.Join(d.From, e.Name)); err != nil {
			return Done{}, changedIfGone(err)
		}
	}
	if err := r.FS.Remove(d.From); err != nil {
		return Done{}, changedIfGone(err)
	}
	return Done{Dirs: parents(d.From)}, nil
}
