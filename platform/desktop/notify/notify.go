// Package notify tells people something when no window is in front of them: seldom, and never the same kind of thing twice in an hour.
// What comes together is told together.
//
// Read notify.go (what callers see), limit.go (when something is told: pure), then show_linux.go, show_windows.go, show_darwin.go.
package notify

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Message is one thing to tell.
type Message struct {
	Kind  string // messages of one kind are told together, at most once an hour
	Title string
	Text  string
}

// Options of New. The zero value works.
type Options struct {
	Now func() time.Time // nil: time.Now
	// Gather is how long a first message waits for others; 0 is 3 seconds.
	Gather time.Duration
	// Quiet is how long nothing of a kind is told after something was; 0 is an hour.
	Quiet time.Duration
	// Failed hears of a message that could not be shown; nil: nobody.
	Failed func(error)
}

// Show shows one message to the user.
type Show func(ctx context.Context, m Message) error

// Together makes one message of several of one kind, the oldest first, in the user's language.
type Together func(all []Message) Message

// Notifier collects messages, and shows them while Run runs.
type Notifier struct {
	show     Show
	together Together
	o        Options
	wake     chan struct{}

	mu    sync.Mutex
	limit limit
}

// New returns a notifier. show is System's, or a test's.
func New(show Show, together Together, o Options) *Notifier {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Gather == 0 {
		o.Gather = 3 * time.Second
	}
	if o.Quiet == 0 {
		o.Quiet = time.Hour
	}
	if o.Failed == nil {
		o.Failed = func(error) {}
	}
	return &Notifier{show: show, together: together, o: o, wake: make(chan struct{}, 1), limit: newLimit(o.Gather, o.Quiet)}
}

// Tell hands over a message. It never waits.
func (n *Notifier) Tell(m Message) {
	n.mu.Lock()
	n.limit.offer(m, n.o.Now())
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// Forget drops what waits of a kind: the user knows it by now.
func (n *Notifier) Forget(kind string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.limit.forget(kind)
}

// Run shows messages until ctx ends. What still waits then is not shown.
func (n *Notifier) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-n.wake:
		case <-timer.C:
		}
		if wait, waits := n.round(ctx); waits {
			timer.Reset(wait)
		} else {
			timer.Stop()
		}
	}
}

// round shows what is due, and returns how long the next waits.
func (n *Notifier) round(ctx context.Context) (wait time.Duration, waits bool) {
	n.mu.Lock()
	now := n.o.Now()
	due := n.limit.take(now)
	next, waits := n.limit.next()
	n.mu.Unlock()
	for _, group := range due {
		m := group[0]
		if len(group) > 1 {
			m = n.together(group)
		}
		if err := n.present(ctx, m); err != nil {
			n.o.Failed(err)
		}
	}
	return max(next.Sub(now), 0), waits
}

// patience is how long the system may take to show a message.
const patience = 30 * time.Second

func (n *Notifier) present(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return n.show(ctx, m)
}

// System returns what shows messages on this system for the program of this name. Where nothing can, errors match errors.ErrUnsupported.
// Titles and texts are shown as they are: they may hold names of files, and nothing on the way reads them as markup or as commands.
func System(program string) Show {
	return func(ctx context.Context, m Message) error {
		if m.Title == "" {
			return errors.New("show a notification: it has no title")
		}
		return show(ctx, program, m)
	}
}
