package plan

// Open is an act that has begun. It is kept, durable, from before the disk is changed until its row is in Base, so that after a crash
// a file that was put in place, and perhaps edited since, is known for what it is.
type Open struct {
	Down
	Placed Signature // Fetch, Replace: the file that goes to its place, as it was when it was complete
}

// Row returns what Base gets when the act is done; nil when its row is to be dropped, or nothing is to be written. after is what the
// disk shows then under the act's new path. What was changed in the meantime is not taken for what was put there.
func (o Open) Row(after Signature) *Base {
	if o.Base == nil {
		return nil
	}
	row := *o.Base
	if !o.Fresh {
		return &row
	}
	row.Disk = after
	if o.Act == MakeDir || row.Dir {
		return &row
	}
	want, exec := o.Was, o.Base.Disk.Exec
	if o.Act == Fetch || o.Act == Replace {
		want = o.Placed
	}
	if o.Act != MoveTo {
		exec = o.Version.Content.Exec
	}
	if want.Size != after.Size || want.Mtime != after.Mtime || !sameNumber(want, after) {
		row.Disk = want
	}
	row.Disk.Exec = exec
	return &row
}

// Recover tells after a crash whether the act was done, and gives the row to write, or drop for the row to drop. waits says that the
// file of a Fetch or Replace still waits where it was made ready, at looks at the disk for what is of the act's kind. An act that cannot be told
// is as if it had not been: what it did is then seen like a change of the user's. A folder at the path of a MakeDir counts as the one that was
// made, whoever made it: what was fetched into it is to have its parent in Base.
func (o Open) Recover(waits bool, at func(path string) (Signature, bool)) (row *Base, drop bool) {
	switch o.Act {
	case RemoveFile, RemoveDir:
		s, there := at(o.From)
		return nil, !there || !sameNumber(s, o.Was)
	case Fetch, Replace:
		if !waits {
			return o.Row(o.Placed), false
		}
	case MakeDir:
		if s, there := at(o.To); there {
			return o.Row(s), false
		}
	case MoveTo:
		if s, there := at(o.To); there && sameNumber(s, o.Was) {
			return o.Row(s), false
		}
	}
	return nil, false
}

func sameNumber(a, b Signature) bool { return a.Number == b.Number && a.Birth == b.Birth }
