package plan

import (
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Tally counts what a plan takes away from files that Base knows. Moves take nothing away, nor does a file that comes back elsewhere with
// the same bytes.
type Tally struct {
	Files     int // that Base knows
	Deleted   int
	Rewritten int
	Emptied   bool // nothing would be left
}

// Limits of what is done without asking.
const (
	manyFiles   = 1000
	someFiles   = 50
	somePercent = 25
	emptyFiles  = 5 // a folder of fewer files may be emptied
)

// TooMuch tells whether a person must be asked: over a quarter and at least 50 of the files, or 1 000 files, or all of them.
func (t Tally) TooMuch() bool {
	n := t.Deleted + t.Rewritten
	return n >= manyFiles || n >= someFiles && n*100 > t.Files*somePercent || t.Emptied && t.Deleted > 0 && t.Files >= emptyFiles
}

// Add joins what was let through a short time ago. Whether the last files go at once is not a matter of what went before.
func (t Tally) Add(deleted, rewritten int) Tally {
	t.Deleted += deleted
	t.Rewritten += rewritten
	return t
}

// Holds returns the part of t that waits for an answer when counted, which is t with what was let through a short time ago, is too much: deletions, and
// rewritten files when they are too many by themselves or when nothing else could wait. The rest goes on.
func (t Tally) Holds(counted Tally) Tally {
	if t.Deleted > 0 && !(Tally{Files: t.Files, Rewritten: counted.Rewritten}).TooMuch() {
		t.Rewritten = 0
	}
	return t
}

// TallyUp counts what telling the others would take away from them.
func TallyUp(in Input, ups Ups) Tally {
	t := Tally{Files: in.files()}
	again := map[tree.Hash]bool{}
	for _, u := range ups.Do {
		if u.Kind == merge.Create && !u.Known.IsZero() {
			again[u.Known] = true
		}
	}
	gone := 0
	for _, u := range ups.Do {
		switch u.Kind {
		case merge.Put:
			if b := in.Base.Get(u.ID); b != nil && u.Known != b.Hash {
				t.Rewritten++
			}
		case merge.Delete:
			for _, h := range u.Gone {
				b := in.Base.Get(h)
				if b == nil || b.Dir {
					continue
				}
				gone++
				if !again[b.Hash] {
					t.Deleted++
				}
			}
		}
	}
	t.Emptied = gone > 0 && gone == t.Files
	return t
}

// TallyDown counts what the others' changes would take away from this disk, except for what a person has confirmed there. What goes because it is kept
// off takes nothing away.
func TallyDown(in Input, downs Downs) Tally {
	t := Tally{Files: in.files()}
	again := map[tree.Hash]bool{}
	for _, d := range downs.Do {
		if d.Act == Fetch {
			again[d.Version.Content.Hash] = true
		}
	}
	gone := 0
	for _, d := range downs.Do {
		switch d.Act {
		case Replace:
			if !d.Version.Confirmed {
				t.Rewritten++
			}
		case RemoveFile:
			if d.Off {
				continue
			}
			gone++
			if b := in.Base.Get(d.ID); b != nil && !again[b.Hash] && !confirmed(in.State, b) {
				t.Deleted++
			}
		}
	}
	t.Emptied = gone > 0 && gone == t.Files
	return t
}

func confirmed(s *merge.State, b *Base) bool {
	n, ok := s.Node(s.Holder(b.Nodes[0].ID, b.Version))
	return ok && n.Deleted && n.Confirmed
}
