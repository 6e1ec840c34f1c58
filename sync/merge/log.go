package merge

import (
	"cmp"
	"maps"
	"slices"

	"elkjopcloud/sync/tree"
)

// Run names one run of one device's program.
type Run struct {
	Device tree.Device `json:"d"`
	Run    uint32      `json:"r"`
}

// Log holds the batches of one volume: those that count, folded into State, and those that wait for batches that their writers had
// seen. It is not safe for concurrent use.
type Log struct {
	start   *Checkpoint // what came before; never nil
	order   []*Batch    // those that count, in stamp order
	counted map[BatchID]*Batch
	waiting map[BatchID]*Batch
	blocked map[BatchID][]*Batch // batch → those that wait for it, each in one list
	late    map[BatchID]bool
	refused map[BatchID]bool
	heads   map[BatchID]bool
	clock   int64
	state   *State
}

// NewLog returns a log that goes on from a checkpoint; nil is an empty volume.
func NewLog(start *Checkpoint) *Log {
	if start == nil {
		start = &Checkpoint{}
	}
	l := &Log{start: start, counted: map[BatchID]*Batch{}, waiting: map[BatchID]*Batch{}, blocked: map[BatchID][]*Batch{}, clock: start.Last.Time}
	l.late, l.refused, l.heads = map[BatchID]bool{}, map[BatchID]bool{}, map[BatchID]bool{}
	for _, h := range start.Heads {
		l.heads[h] = true
	}
	l.state = start.State()
	return l
}

// State returns the merge of all batches that count. It changes with Add.
func (l *Log) State() *State { return l.state }

// Clock returns the newest Time seen; a new batch must be later.
func (l *Log) Clock() int64 { return l.clock }

// Heads returns what a new batch names as its Parents, in a fixed order.
func (l *Log) Heads() []BatchID { return sortedIDs(l.heads) }

func sortedIDs(set map[BatchID]bool) []BatchID { return slices.SortedFunc(maps.Keys(set), compareIDs) }

func compareIDs(a, b BatchID) int {
	return cmp.Or(cmp.Compare(a.Device, b.Device), cmp.Compare(a.Run, b.Run), cmp.Compare(a.Seq, b.Seq))
}

// Has tells whether the batch is here: it counts, waits to count, is late or refused.
func (l *Log) Has(id BatchID) bool {
	return l.Counts(id) || l.waiting[id] != nil || l.late[id] || l.refused[id]
}

// Counts tells whether the batch is part of State.
func (l *Log) Counts(id BatchID) bool {
	return l.counted[id] != nil || l.start.Covers(id)
}

// Batches returns the batches that count and are not in the checkpoint, in stamp order.
func (l *Log) Batches() []*Batch { return l.order }

// Missing returns the batches that waiting ones need and that are not here, in a fixed order.
func (l *Log) Missing() []BatchID {
	want := map[BatchID]bool{}
	for _, b := range l.waiting {
		for _, p := range b.Parents {
			if !l.Has(p) {
				want[p] = true
			}
		}
	}
	return sortedIDs(want)
}

// Late returns the batches that would count, but are older than the checkpoint's end and not in it. They do not count here, nor
// what was written after them: the log must be built again from an earlier checkpoint.
func (l *Log) Late() []BatchID { return sortedIDs(l.late) }

// Refused returns the batches that are not later than what they claim to have seen. They never count.
func (l *Log) Refused() []BatchID { return sortedIDs(l.refused) }

// Add takes batches that passed Check in any order, duplicates too, and tells whether State changed.
func (l *Log) Add(bs ...*Batch) bool {
	var ready []*Batch
	for _, b := range bs {
		if !l.Has(b.BatchID) {
			l.clock = max(l.clock, b.Time)
			ready = append(ready, l.admit(b)...)
		}
	}
	if len(ready) > 0 {
		l.insert(ready)
	}
	return len(ready) > 0
}

// admit counts a batch and those that waited for it, as far as they have all their parents, and returns them.
func (l *Log) admit(b *Batch) []*Batch {
	var out []*Batch
	for work := []*Batch{b}; len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		id := b.BatchID
		if p, missing := l.missingParent(b); missing {
			l.waiting[id] = b
			l.blocked[p] = append(l.blocked[p], b)
			continue
		}
		delete(l.waiting, id)
		if l.puts(b) {
			out = append(out, b)
			work = append(work, l.blocked[id]...)
			delete(l.blocked, id)
		}
	}
	return out
}

func (l *Log) missingParent(b *Batch) (BatchID, bool) {
	for _, p := range b.Parents {
		if !l.Counts(p) {
			return p, true
		}
	}
	return BatchID{}, false
}

// puts counts a batch whose parents count, unless it is late or refused.
func (l *Log) puts(b *Batch) bool {
	if len(l.start.Seen) > 0 && b.Stamp(0).Batch(l.start.Last) <= 0 {
		l.late[b.BatchID] = true
		return false
	}
	for _, p := range b.Parents {
		if seen := l.counted[p]; seen != nil && compareBatches(seen, b) >= 0 {
			l.refused[b.BatchID] = true
			return false
		}
	}
	l.counted[b.BatchID] = b
	l.heads[b.BatchID] = true
	for _, p := range b.Parents {
		delete(l.heads, p)
	}
	return true
}

// insert folds new batches in: at the end where they are the newest, else by folding everything again.
func (l *Log) insert(ready []*Batch) {
	slices.SortFunc(ready, compareBatches)
	n := len(l.order)
	l.order = append(l.order, ready...)
	if n == 0 || compareBatches(l.order[n-1], ready[0]) < 0 {
		for _, b := range ready {
			l.state.Apply(b)
		}
		return
	}
	slices.SortFunc(l.order, compareBatches)
	l.state = l.start.State()
	for _, b := range l.order {
		l.state.Apply(b)
	}
}

// compareBatches is the order of the fold. Stamps of honest batches differ; the number decides where they do not.
func compareBatches(a, b *Batch) int {
	return cmp.Or(a.Stamp(0).Batch(b.Stamp(0)), cmp.Compare(a.Seq, b.Seq))
}
