package ui

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/page"
)

const (
	paint     = time.Second / 4  // at most one picture of the client in this time
	unseen    = 3 * time.Second  // the same while there is no window, for the tray and for notifications
	breath    = time.Second      // between pictures while something is being done, so that speed and time left are true
	idle      = 30 * time.Second // between pictures while nothing is done: "today" becomes "yesterday"
	newsCount = 5                // events that are shown on the first page
)

// bridge brings the client's news to the window. It is the only place where other goroutines reach Fyne.
type bridge struct {
	client  Client
	show    func(page.Snapshot) // in the window
	poked   chan struct{}
	visible atomic.Bool
	waiting atomic.Bool // a picture is on its way to the window
	doubt   atomic.Bool // somebody did something: what was counted may be another number now
	pace    pace
	clashes int       // files that were changed in two places
	counted time.Time // when Synced had done its last work when they were counted
	now     func() time.Time
}

func newBridge(c Client) *bridge {
	b := &bridge{client: c, poked: make(chan struct{}, 1), now: time.Now}
	b.visible.Store(true)
	return b
}

// later does something in the window.
func (b *bridge) later(f func()) { fyne.Do(f) }

// within does something in the window and waits until it is done.
func (b *bridge) within(f func()) { fyne.DoAndWait(f) }

// poke asks for a new picture.
func (b *bridge) poke() {
	signal(b.poked)
}

// appear tells whether somebody can see the window.
func (b *bridge) appear(yes bool) {
	b.visible.Store(yes)
	if yes {
		b.poke()
	}
}

// run takes pictures of the client until ctx ends: when it says that something has changed, and now and then; fewer while the window is hidden.
func (b *bridge) run(ctx context.Context) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.client.Changed():
		case <-b.poked:
		case <-wait.C:
		}
		pause, least := idle, paint
		if !b.waiting.Load() {
			s := b.snapshot(ctx)
			b.hand(s)
			if s.Status.State == app.StateWorking {
				pause = breath
			}
		}
		if !b.visible.Load() {
			pause, least = idle, unseen
		}
		if !rest(ctx, least) {
			return
		}
		wait.Reset(pause)
	}
}

// hand gives a snapshot to the window. Until the window has taken it there is no other.
func (b *bridge) hand(s page.Snapshot) {
	b.waiting.Store(true)
	b.later(func() {
		b.waiting.Store(false)
		b.show(s)
	})
}

// snapshot asks the client how everything is. It may take a moment: the history is in a database.
func (b *bridge) snapshot(ctx context.Context) page.Snapshot {
	s := page.Snapshot{Now: b.now(), Status: b.client.Status(), Storage: b.client.Storage()}
	if d, err := b.client.Device(ctx); err == nil {
		s.Device = d.Name
	}
	if recent, err := b.client.Activity(ctx, newsCount); err == nil {
		s.Recent = recent
	}
	s.Work, s.PairWork = b.pace.see(s.Now, s.Status)
	s.Conflicts = b.conflicts(s)
	return s
}

// conflicts counts the files that were changed in two places, anew only when Synced or somebody has done something: it looks at every file.
func (b *bridge) conflicts(s page.Snapshot) int {
	pairs := s.Pairs("synced")
	if len(pairs) == 0 {
		return 0
	}
	if doubt := b.doubt.Swap(false); doubt || !b.counted.Equal(pairs[0].LastDone) {
		b.clashes, b.counted = b.client.CountConflicts(), pairs[0].LastDone
	}
	return b.clashes
}

// rest waits, unless ctx ends.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
