package engine

import (
	"cmp"
	"slices"

	"elkjopcloud/sync/plan"
)

// Transfer is a file whose bytes are on their way, or wait for their turn.
type Transfer struct {
	Path   string
	Up     bool
	Bytes  int64
	Moving bool // with the others of its batch
	First  bool // a person wants it before all others that wait
}

// mostQueued is how many files of each direction Queue names.
const mostQueued = 2000

// queue is what is to move in one direction, in its order.
type queue struct {
	list []Transfer      // replaced as a whole, never changed
	rest []string        // paths of what is to move, too, and has no room in list
	now  map[string]bool // of list: what moves
	done map[string]bool // of list and rest
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
			t.Moving = q.now[t.Path] && e.status.State == Working // a batch that was stopped is still the one at hand
			for _, h := range e.hauls {
				t.Moving = t.Moving || h.up == t.Up && h.path == t.Path && !h.ended && !e.paused
			}
			t.First = t.Up && e.first[t.Path] && !t.Moving
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Transfer) int { return cmp.Compare(a.Turn(), b.Turn()) })
	return out
}

// Turn is when it goes: what moves, what is wanted first, the rest.
func (t Transfer) Turn() int {
	switch {
	case t.Moving:
		return 0
	case t.First:
		return 1
	}
	return 2
}

// Sends tells whether a file is on its way to the volume, or waits for that, also where Queue has no room to name it.
func (e *Engine) Sends(path string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	q := &e.ups
	return !q.done[path] && (slices.Contains(q.rest, path) || slices.ContainsFunc(q.list, func(t Transfer) bool { return t.Path == path }))
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
func (e *Engine) queued(q *queue, is queue) {
	e.mu.Lock()
	defer e.mu.Unlock()
	is.done = map[string]bool{}
	*q = is
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
	q := queue{now: map[string]bool{}}
	for i, loads := range append([][]load{now}, later...) {
		room := mostQueued - len(q.list)
		if i == 0 {
			room /= 2 // so that some of what waits is seen
		}
		for j, x := range loads {
			path := ups[x.at].Path
			if j >= room {
				q.rest = append(q.rest, path)
				continue
			}
			q.list = append(q.list, Transfer{Path: path, Up: true, Bytes: x.size})
			q.now[path] = i == 0
		}
	}
	e.queued(&e.ups, q)
}

// queuedDown notes what is to be fetched.
func (e *Engine) queuedDown(acts []plan.Down) {
	var q queue
	for _, a := range acts {
		if fetches(a) && len(q.list) < mostQueued {
			q.list = append(q.list, Transfer{Path: target(a), Bytes: a.Version.Content.Size})
		}
	}
	e.queued(&e.downs, q)
}

// fetching notes which of them are on their way.
func (e *Engine) fetching(acts []plan.Down) {
	now := map[string]bool{}
	for _, a := range acts {
		if fetches(a) {
			now[target(a)] = true
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.downs.now = now
}

func fetches(a plan.Down) bool { return a.Act == plan.Fetch || a.Act == plan.Replace }
