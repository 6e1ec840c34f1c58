// Package local is one device's side of a pair: it observes a folder, and does to it what a plan says. Every act looks at the
// disk again at the last moment, replaces by a rename that cannot overwrite, and keeps what it replaced or removed until Base knows.
//
// Reading order: local.go (observing), own.go (our own folder inside the root), act.go (folders, moves, removals), file.go (files that come from the
// cloud), begin.go (what is remembered of an act), recover.go (what a crash left behind).
package local

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/disk/scan"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Options of a Replica. FS, Rules and Transfer are required; Prefix is the volume's key prefix.
type Options struct {
	FS       disk.FS
	Rules    *ignore.Rules
	Transfer *transfer.Transfer
	Prefix   string
	Exclude  func() []string                   // roots of other pairs inside this one, relative
	Random   func() string                     // a new unique name
	Today    func() string                     // the date, for the safety folder
	Beside   func(name string, try int) string // a name beside one that is taken; each try from 0 gives a rarer one
	Parallel int                               // folders read at once
}

// Replica is the local side of one pair.
type Replica struct {
	Options
	strict *ignore.Rules // tells unfinished files from what systems strew about

	mu      sync.Mutex
	entries *plan.Entries // in tree order: a folder before what is in it, and that before the folder's next neighbour
	skipped map[string]scan.Skip
	whole   bool
	ready   map[string]bool // what is staged and verified
	untidy  bool            // our own folder may hold what is of no use any more
}

// New returns a Replica that has observed nothing yet.
func New(o Options) *Replica {
	if o.Exclude == nil {
		o.Exclude = func() []string { return nil }
	}
	strict, err := ignore.New(ignore.Backup, nil)
	if err != nil {
		panic(err) // no patterns were given
	}
	return &Replica{Options: o, strict: strict, ready: map[string]bool{}, untidy: true}
}

// ErrChanged means that the disk is not as the plan saw it; nothing was done. Observe again.
var ErrChanged = errors.New("the file or folder has changed meanwhile")

// Observation is what the disk showed. It is valid until the next Observe.
type Observation struct {
	Entries *plan.Entries
	Skipped []scan.Skip
	Same    bool // nothing was looked at: it is the one before once more
}

// Observe looks at the disk: at all of it the first time and when dirty is nil, else at the dirty paths and below. An error means that
// nothing may be concluded.
func (r *Replica) Observe(ctx context.Context, dirty []string) (Observation, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if dirty == nil || !r.whole {
		return r.observeAll(ctx)
	}
	if len(dirty) == 0 {
		o := r.observation()
		o.Same = true
		return o, nil
	}
	if err := r.lookAll(ctx, dirty); err != nil {
		r.whole = false
		return Observation{}, err
	}
	return r.observation(), nil
}

// Forget makes the next Observe look at everything.
func (r *Replica) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.whole = false
}

// Seen tells whether the disk is known as far as nothing was marked: false before the first Observe, and after something of the user's came back
// from our own folder.
func (r *Replica) Seen() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.whole
}

func (r *Replica) scanOptions() scan.Options {
	return scan.Options{Rules: r.Rules, Exclude: r.Exclude(), Parallel: r.Parallel, Keep: parked}
}

// parked: what waits under a name of ours while two things change places belongs to the user.
func parked(path string) bool { return strings.HasPrefix(path, plan.ParkPrefix) }

func (r *Replica) observeAll(ctx context.Context) (Observation, error) {
	r.entries = nil // not twice in memory
	t := &taking{skipped: map[string]scan.Skip{}}
	all, rest, last := &plan.Entries{}, []plan.Entry(nil), ""
	skipped, err := scan.Walk(ctx, r.FS, r.scanOptions(), func(e scan.Entry) {
		x, ok := t.take(e)
		switch {
		case !ok:
		case last == "" || comparePlaces(last, x.Path) < 0:
			last = x.Path
			all.Add(&x)
		default:
			rest = append(rest, x) // a disk that does not sort as we do
		}
	})
	if err != nil {
		r.whole = false
		return Observation{}, err
	}
	for _, s := range skipped {
		t.skipped[s.Path] = s
	}
	r.entries, r.skipped = all, t.skipped
	if len(rest) > 0 {
		r.entries = sorted(all, rest)
	}
	r.whole = true
	return r.observation(), nil
}

// sorted returns entries and some more in tree order.
func sorted(all *plan.Entries, more []plan.Entry) *plan.Entries {
	for _, e := range all.All {
		more = append(more, e)
	}
	slices.SortFunc(more, byPlace)
	return plan.EntriesOf(more...)
}

// taking turns what was seen into entries.
type taking struct {
	skipped map[string]scan.Skip
	unfit   string
}

// take returns an entry, and notes what was not looked at. What no volume can hold under its name is a blind spot like any other: a
// name may be longer in composed Unicode than it is on the disk.
func (t *taking) take(e scan.Entry) (plan.Entry, bool) {
	if t.unfit != "" && tree.Under(e.Path, t.unfit) {
		return plan.Entry{}, false
	}
	if err := tree.CheckName(tree.NFC(e.Name)); err != nil && !parked(e.Path) {
		t.unfit = e.Path
		t.skipped[e.Path] = scan.Skip{Path: e.Path, Reason: scan.BadName, Err: err}
		return plan.Entry{}, false
	}
	return plan.Entry{Path: e.Path, Dir: e.Type == disk.Dir, Disk: signature(e.Info)}, true
}

// take returns what was seen in tree order, and notes what was not looked at.
func (r *Replica) take(res scan.Result) []plan.Entry {
	t := &taking{skipped: r.skipped}
	out := make([]plan.Entry, 0, len(res.Entries))
	for _, e := range res.Entries {
		if x, ok := t.take(e); ok {
			out = append(out, x)
		}
	}
	for _, s := range res.Skipped {
		r.skipped[s.Path] = s
	}
	slices.SortFunc(out, byPlace)
	return out
}
