package app

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/sync/engine"
)

// Power is what the system tells of its battery, of what its network costs, and of sleep. What it does not know is errors.ErrUnsupported.
type Power interface {
	OnBattery(ctx context.Context) (bool, error)
	Metered(ctx context.Context) (bool, error)
	// KeepAwake keeps the computer from falling asleep by itself until release is called.
	KeepAwake(ctx context.Context, why string) (release func(), err error)
	// Watch calls changed when the computer woke, or its power supply or network changed, until ctx ends.
	Watch(ctx context.Context, changed func()) error
}

// Reasons for which Run pauses by itself.
const (
	OnMetered = "metered" // the network costs by what is moved
	OnBattery = "battery" // no mains power
	// OnSchedule: the hour is one for nothing in the week that a person chose.
	OnSchedule = "schedule"
)

// WhenToWork says in what conditions Run goes on. The zero value pauses in all of them.
type WhenToWork struct {
	Metered bool `json:"metered"`
	Battery bool `json:"battery"`
}

// WhenToWork returns what was chosen.
func (c *Client) WhenToWork(context.Context) (WhenToWork, error) {
	s := c.settings()
	return WhenToWork{Metered: s.WorkOnMetered, Battery: s.WorkOnBattery}, nil
}

// SetWhenToWork changes what was chosen; Run takes it up at once.
func (c *Client) SetWhenToWork(_ context.Context, w WhenToWork) error {
	err := c.change(func(s *config.Settings) error {
		s.WorkOnMetered, s.WorkOnBattery = w.Metered, w.Battery
		return nil
	})
	if err != nil {
		return fail(err)
	}
	c.obey()
	return nil
}

const (
	askEvery  = 30 * time.Second // of the system, when it tells nothing by itself
	sleptFor  = 30 * time.Second // that the clock went on more than the program did
	stillWork = 3                // rounds without a byte until the computer may sleep again
)

// conditions lets the pairs of a running client pause and go on as the computer's power and network demand, and keeps it awake while
// bytes move.
type conditions struct {
	c       *Client
	asked   time.Time
	changed atomic.Bool // the system said so
	seen    time.Time   // the wall clock of the last round
	awake   func()      // lets the computer sleep again; nil: it may
	moved   int64
	quiet   int // rounds without a byte
}

// watch waits for what the system tells, until ctx ends.
func (k *conditions) watch(ctx context.Context) {
	err := k.c.o.Power.Watch(ctx, func() {
		k.changed.Store(true)
		k.c.poked()
	})
	if ctx.Err() == nil {
		k.c.o.Log.Info("the system does not tell of changes of power and network", "error", err)
	}
}

// look asks the system when it is time to, and makes the engines look at once after sleep and after changes of the network.
func (k *conditions) look(ctx context.Context) {
	now := k.c.o.Now()
	slept := k.slept(now)
	told := k.changed.Swap(false)
	if k.c.o.Power != nil && (told || slept || now.Sub(k.asked).Abs() >= askEvery) {
		k.asked = now
		is := k.reasons(ctx)
		k.c.mu.Lock()
		is[OnSchedule] = k.c.nothingNow()
		k.c.mu.Unlock()
		k.c.hold(is)
	}
	k.c.keepSpeed()
	k.c.keepHours()
	switch {
	case slept:
		k.c.engines(func(e *engine.Engine) { e.Mark() })
	case told:
		k.c.engines((*engine.Engine).Wake)
	}
}

// slept tells that the wall clock and the rounds do not agree: the computer slept, or its clock was set.
func (k *conditions) slept(now time.Time) bool {
	before := k.seen
	k.seen = now.Round(0) // without the clock that stands still during sleep
	return !before.IsZero() && k.seen.Sub(before).Abs() > lookEvery+sleptFor
}

// reasons returns in which of the conditions that a client can pause for the computer is.
func (k *conditions) reasons(ctx context.Context) map[string]bool {
	is := map[string]bool{}
	for reason, ask := range map[string]func(context.Context) (bool, error){OnMetered: k.c.o.Power.Metered, OnBattery: k.c.o.Power.OnBattery} {
		yes, err := ask(ctx)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) && ctx.Err() == nil {
			k.c.o.Log.Info("ask the system", "condition", reason, "error", err)
		}
		is[reason] = err == nil && yes
	}
	return is
}

// stayAwake keeps the computer awake while bytes move, but not on battery and not while paused.
func (k *conditions) stayAwake(ctx context.Context, l *link) {
	if k.c.o.Power == nil {
		return
	}
	moved := l.bytes()
	if k.quiet++; moved != k.moved {
		k.moved, k.quiet = moved, 0
	}
	wanted := k.quiet < stillWork && moved > 0 && k.c.mayKeepAwake()
	switch {
	case wanted && k.awake == nil:
		release, err := k.c.o.Power.KeepAwake(ctx, "Files are being sent")
		if err != nil {
			k.c.o.Log.Debug("keep the computer awake", "error", err)
			release = func() {} // it is not asked again while this work lasts
		}
		k.awake = release
	case !wanted:
		k.rest()
	}
}

// rest lets the computer sleep again.
func (k *conditions) rest() {
	if k.awake != nil {
		k.awake()
		k.awake = nil
	}
}

// held is why Run pauses by itself. Client.mu guards it.
type held struct {
	is     map[string]bool // the conditions that the computer is in
	anyway map[string]bool // those in which a person let it go on
}

// because returns the reason to pause, "" when there is none.
func (h held) because(s config.Settings) string {
	for _, r := range []struct {
		name  string
		works bool
	}{{OnSchedule, false}, {OnMetered, s.WorkOnMetered}, {OnBattery, s.WorkOnBattery}} {
		if h.is[r.name] && !r.works && !h.anyway[r.name] {
			return r.name
		}
	}
	return ""
}

// hold notes in which conditions the computer is; nil when nobody looks any more. That a person let it go on counts until a condition is over.
func (c *Client) hold(is map[string]bool) {
	c.mu.Lock()
	anyway := map[string]bool{}
	for r := range c.held.anyway {
		if is[r] {
			anyway[r] = true
		}
	}
	c.held = held{is, anyway}
	c.mu.Unlock()
	c.obey()
}

// goOn lets Run go on in the conditions that there are.
func (c *Client) goOn() {
	c.mu.Lock()
	anyway := map[string]bool{}
	for r, is := range c.held.is {
		if is {
			anyway[r] = true
		}
	}
	c.held.anyway = anyway
	c.mu.Unlock()
}

// obey makes the engines pause or go on, as a person and the conditions will.
func (c *Client) obey() {
	for _, p := range c.all() {
		e, want := p.current(), p.waits()
		switch {
		case e == nil || e.IsPaused() == want:
		case want:
			e.Pause()
		default:
			e.Resume()
		}
	}
	c.signal()
}

// paused tells whether a person paused, or Run does by itself.
func (c *Client) paused() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cfg.Paused || c.held.because(c.cfg) != ""
}

func (c *Client) mayKeepAwake() bool {
	if c.paused() {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.held.is[OnBattery]
}
