package engine

import (
	"slices"

	"elkjopcloud/sync/plan"
)

// Transfer is a file whose bytes are on their way, or wait for their turn.
type Transfer struct {
	Path   string
	Up     bool
	Bytes  int64
	Moving bool // with the others of its batch
}

// mostQueued is how many files of each direction Queue names.
const mostQueued = 2000

// queue is what is to move in one direction, in its order.
type queue struct {
	list []Transfer      // replaced as a whole, never changed
	done map[string]bool // of list
}

// Queue returns what moves and then what waits, each in the order in which it goes, and not more than some thousands.
func (e *Engine) Queue() []Transfer {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []Transfer
	for _, q := range []*queue{&e.ups, &e.downs} {
		for _, t := range q.list {
			if q.done[t.Path] {
				continue
			}
			for _, h := range e.hauls {
				t.Moving = t.Moving || h.up == t.Up && h.path == t.Path
			}
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Transfer) int {
		switch {
		case a.Moving == b.Moving:
			return 0
		case a.Moving:
			return -1
		}
		return 1
	})
	return out
}

// First lets a file that waits to be sent go before all others: with the next batch, which begins within seconds, or at once if it is huge. It holds until
// it is sent, or this process ends.
func (e *Engine) First(path string) {
	e.mu.Lock()
	if e.first == nil {
		e.first = map[string]bool{}
	}
	e.first[path] = true
	e.mu.Unlock()
	e.Mark(path)
}

// wantedFirst returns what was asked for first.
func (e *Engine) wantedFirst() map[string]bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := map[string]bool{}
	for p := range e.first {
		out[p] = true
	}
	return out
}

// queued notes what is to move in one direction.
func (e *Engine) queued(q *queue, list []Transfer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	q.list, q.done = list, map[string]bool{}
}

// moved notes that a file has been moved.
func (e *Engine) moved(q *queue, path string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if q.done != nil {
		q.done[path] = true
	}
	if q == &e.ups {
		delete(e.first, path)
	}
}

// queuedUp notes what is to be sent: first what goes with the batch at hand.
func (e *Engine) queuedUp(ups []plan.Up, now []load, later ...[]load) {
	var list []Transfer
	for i, loads := range append([][]load{now}, later...) {
		room := mostQueued - len(list)
		if i == 0 {
			room /= 2 // so that some of what waits is seen
		}
		for _, x := range loads[:min(len(loads), room)] {
			list = append(list, Transfer{ups[x.at].Path, true, x.size, i == 0})
		}
	}
	e.queued(&e.ups, list)
}

// queuedDown notes what is to be fetched.
func (e *Engine) queuedDown(acts []plan.Down) {
	var list []Transfer
	for _, a := range acts {
		if (a.Act == plan.Fetch || a.Act == plan.Replace) && len(list) < mostQueued {
			list = append(list, Transfer{Path: target(a), Bytes: a.Version.Content.Size})
		}
	}
	e.queued(&e.downs, list)
}
