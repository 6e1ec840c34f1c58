package local

import (
	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/plan"
)

// Begin describes an act as it must be remembered before Do; ok is false when nothing needs to be, or when it cannot be done. What a Fetch or Replace
// puts in place must be staged.
func (r *Replica) Begin(d plan.Down) (o plan.Open, ok bool, err error) {
	o = plan.Open{Down: d}
	switch {
	case d.Act == plan.RemoveFile || d.Act == plan.RemoveDir:
		return o, true, nil
	case d.Base == nil:
		return o, false, nil
	case d.Act == plan.MakeDir:
		return o, true, nil
	case d.Act == plan.MoveTo:
		return o, d.Was.Number != 0, nil
	case d.Act != plan.Fetch && d.Act != plan.Replace:
		return o, false, nil
	}
	i, err := r.FS.Stat(staged(d.Version))
	if disk.IsNotExist(err) {
		return o, false, nil
	}
	o.Placed = signature(i)
	return o, err == nil && o.Placed.Number != 0, err
}

// FoldersOf returns the folders that Sync must make durable before Base may say that the act was done.
func (r *Replica) FoldersOf(o plan.Open) []string {
	if o.Act == plan.MoveTo {
		return parents(o.From, o.To)
	}
	return parents(target(o.Down))
}

func target(d plan.Down) string {
	if d.To != "" {
		return d.To
	}
	return d.From
}

// Finish tells whether an act that was begun had been done when the program died: the row for Base then, or drop when Base is to forget its row. It must
// come before Recover, which clears up. The row does not vouch for the bytes: they are hashed at the next look. What a removal has taken is
// forgotten even where it cannot be told from what its user took: a file that is missed comes again, and is never told as deleted.
func (r *Replica) Finish(o plan.Open) (row *plan.Base, drop bool, err error) {
	i, err := r.FS.Stat(target(o.Down))
	if disk.IsGone(err) {
		return nil, false, err
	}
	s, there := signature(i), err == nil && (i.Type == disk.Dir) == o.Dir
	// Only the very file proves that it came to its place, written to or not: when the power goes, a disk may forget where a file went and not
	// whence, and what stands there may be what was there before.
	waits := !there || !isOne(s, o.Placed)
	row, drop = o.Recover(waits, func(string) (plan.Signature, bool) { return s, there })
	if row != nil && !row.Dir && o.Fresh {
		row.Disk.Ctime = unsure
	}
	return row, drop, nil
}

// isOne tells whether two signatures are of one file, as far as the disk can tell.
func isOne(a, b plan.Signature) bool {
	return a.Number != 0 && a.Number == b.Number && a.Birth == b.Birth
}
