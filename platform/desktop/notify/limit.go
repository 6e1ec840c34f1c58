package notify

import (
	"slices"
	"strings"
	"time"
)

// most is how many messages of a kind are kept while they wait; of more only the newest.
const most = 100

// limit decides when something is told. It is a value of what was offered and shown; time is handed in.
type limit struct {
	gather, quiet time.Duration
	kinds         map[string]*kind
}

// kind is what waits of one kind, and when it may be told.
type kind struct {
	waiting []Message
	since   time.Time // when the oldest that waits came
	shown   time.Time // zero: never
}

func newLimit(gather, quiet time.Duration) limit {
	return limit{gather: gather, quiet: quiet, kinds: map[string]*kind{}}
}

// offer adds a message. One that waits already in the same words is told once.
func (l *limit) offer(m Message, now time.Time) {
	k := l.kinds[m.Kind]
	if k == nil {
		k = &kind{}
		l.kinds[m.Kind] = k
	}
	if len(k.waiting) == 0 {
		k.since = now
	}
	if slices.Contains(k.waiting, m) {
		return
	}
	k.waiting = append(k.waiting, m)
	if len(k.waiting) > most {
		k.waiting = slices.Delete(k.waiting, 0, 1)
	}
}

func (l *limit) forget(name string) {
	if k := l.kinds[name]; k != nil {
		k.waiting = nil
	}
}

// due is when a kind that waits may be told.
func (l *limit) due(k *kind) time.Time {
	at := k.since.Add(l.gather)
	if calm := k.shown.Add(l.quiet); !k.shown.IsZero() && calm.After(at) {
		return calm
	}
	return at
}

// take returns what is to be told now, one group for each kind, in the order of their names. They count as told.
func (l *limit) take(now time.Time) (groups [][]Message) {
	for _, k := range l.kinds {
		if len(k.waiting) > 0 && !l.due(k).After(now) {
			groups = append(groups, k.waiting)
			k.waiting, k.shown = nil, now
		}
	}
	slices.SortFunc(groups, func(a, b []Message) int { return strings.Compare(a[0].Kind, b[0].Kind) })
	return groups
}

// next returns when something is to be told next.
func (l *limit) next() (at time.Time, waits bool) {
	for _, k := range l.kinds {
		if len(k.waiting) == 0 {
			continue
		}
		if due := l.due(k); !waits || due.Before(at) {
			at, waits = due, true
		}
	}
	return at, waits
}
