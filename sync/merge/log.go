package merge

import (
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
	late    []BatchID
	heads   map[BatchID]bool
	clock   int64
	state   *State
}

// NewLog returns a log that goes on from a checkpoint; nil is an empty volume.
func NewLog(start *Checkpoint) *Log {
	if start == nil {
		start = &Checkpoint{}
	}
	l := &Log{start: start, counted: map[BatchID]*Batch{}, waiting: map[BatchID]*Batch{}, heads: map[BatchID]bool{}, clock: start.Last.Time}
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
func (l *Log) Heads() []BatchID {
	out := make([]BatchID, 0, len(l.heads))
	for h := range l.heads {
		out = append(out, h)
	}
	slices.SortFunc(out, compareIDs)
	return out
}

func compareIDs(a, b BatchID) int {
	if a.Device != b.Device {
		return Stamp{Device: a.Device}.Compare(Stamp{Device: b.Device})
	}
	if a.Run != b.Run {
		return Stamp{Run: a.Run}.Compare(Stamp{Run: b.Run})
	}
	return int(a.Seq) - int(b.Seq)
}

// Has tells whether the batch counts, or waits here to count.
func (l *Log) Has(id BatchID) bool { return l.Counts(id) || l.waiting[id] != nil }

// Counts tells whether the batch is part of State.
func (l *Log) Counts(id BatchID) bool {
	return l.counted[id] != nil || l.start.covers(id)
}

// Batches returns the batches that count and are not in the checkpoint, in stamp order.
func (l *Log) Batches() []*Batch { return l.order }

// Missing returns the batches that waiting ones need and that are not here, in no order.
func (l *Log) Missing() []BatchID {
	want := map[BatchID]bool{}
	for _, b := range l.waiting {
		for _, p := range b.Parents {
			if !l.Has(p) {
				want[p] = true
			}
		}
	}
	var out []BatchID
	for id := range want {
		out = append(out, id)
	}
	return out
}

// Late returns the batches that are older than the checkpoint's end and not in it. They do not count here: the log must be built again
// from an earlier checkpoint.
func (l *Log) Late() []BatchID { return l.late }

// Add takes batches in any order, duplicates too, and tells whether State changed.
func (l *Log) Add(bs ...*Batch) bool {
	for _, b := range bs {
		if l.Has(b.BatchID) {
			continue
		}
		if len(l.start.Seen) > 0 && b.Stamp(0).Batch(l.start.Last) <= 0 {
			l.late = append(l.late, b.BatchID)
			continue
		}
		l.waiting[b.BatchID] = b
		l.clock = max(l.clock, b.Time)
	}
	ready := l.ready()
	if len(ready) > 0 {
		l.insert(ready)
	}
	return len(ready) > 0
}

// ready moves the waiting batches whose parents all count to counted.
func (l *Log) ready() []*Batch {
	var out []*Batch
	for again := true; again; {
		again = false
		for id, b := range l.waiting {
			if !l.hasParents(b) {
				continue
			}
			delete(l.waiting, id)
			l.counted[id] = b
			out = append(out, b)
			again = true
		}
	}
	for _, b := range out {
		l.heads[b.BatchID] = true
	}
	for _, b := range out {
		for _, p := range b.Parents {
			delete(l.heads, p)
		}
	}
	return out
}

func (l *Log) hasParents(b *Batch) bool {
	for _, p := range b.Parents {
		if !l.Counts(p) {
			return false
		}
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

func compareBatches(a, b *Batch) int { return a.Stamp(0).Batch(b.Stamp(0)) }
