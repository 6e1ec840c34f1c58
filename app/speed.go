package app

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
)

// Speed says how fast files are sent and brought.
type Speed struct {
	Up   int64  `json:"up"`   // bytes a second, 0 is no limit
	Down int64  `json:"down"` // the same
	Pace string `json:"pace"` // one of the paces
	Week Week   `json:"week"`
}

// How many files, or parts of large ones, are on their way at once.
const (
	Gentle = "gentle"
	Normal = "normal"
	Fast   = "fast"
)

// bodies is how many are on their way at once at each pace: fewer than package wiring lets through in all, so that what is small finds room.
func bodies(pace string) int {
	switch pace {
	case Gentle:
		return 2
	case Fast:
		return 28
	}
	return 12
}

// SlowestLimit is the lowest limit that can be chosen, in bytes a second: below it a server may take us for gone.
const SlowestLimit = 10_000

// Speed returns what was chosen.
func (c *Client) Speed(context.Context) (Speed, error) {
	return speedOf(c.settings()), nil
}

func speedOf(s config.Settings) Speed {
	out := Speed{Up: s.Speed.Up, Down: s.Speed.Down, Pace: s.Speed.Pace, Week: s.Speed.Week}
	if out.Pace != Gentle && out.Pace != Fast {
		out.Pace = Normal
	}
	if !out.Week.Valid() {
		out.Week = nil
	}
	return out
}

// SetSpeed changes what was chosen, for what is on its way, too.
func (c *Client) SetSpeed(_ context.Context, x Speed) error {
	for _, limit := range []int64{x.Up, x.Down} {
		if limit != 0 && limit < SlowestLimit {
			return wrongUse("Choose at least 10 kB a second, or no limit.", "A limit of %d bytes a second is too low.", limit)
		}
	}
	switch {
	case x.Pace != "" && x.Pace != Gentle && x.Pace != Normal && x.Pace != Fast:
		return wrongUse("Choose gentle, normal or fast.", "%q is no pace.", x.Pace)
	case !x.Week.Valid():
		return wrongUse("Give seven days of 24 letters: F, L or N.", "This is no week.")
	}
	err := c.change(func(s *config.Settings) error {
		s.Speed = config.Speed{Up: x.Up, Down: x.Down, Week: x.Week.simple()}
		if x.Pace == Gentle || x.Pace == Fast {
			s.Speed.Pace = x.Pace
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	c.keepSpeed()
	c.keepHours()
	c.signal()
	return nil
}

// throttle is what all transfers of the client share.
type throttle struct {
	up, down *rate.Limiter
	gate     *objstore.Gate

	mu  sync.Mutex
	now limits // that are kept
}

// limits are what is kept in one hour; 0 is none.
type limits struct {
	up, down int64
	bodies   int
}

func newThrottle() *throttle {
	return &throttle{up: objstore.NewRate(0), down: objstore.NewRate(0), gate: objstore.NewGate()}
}

func (t *throttle) keep(l limits) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now == l {
		return
	}
	t.now = l
	objstore.SetRate(t.up, l.up)
	objstore.SetRate(t.down, l.down)
	t.gate.Set(l.bodies)
}

// limitsAt are those of the hour of a time. Nothing is not among them: Run pauses then, and what a person starts all the same is Limited.
func (x Speed) limitsAt(t time.Time) limits {
	l := limits{bodies: bodies(x.Pace)}
	if x.Week.At(t) != Full {
		l.up, l.down = x.Up, x.Down
	}
	return l
}

// keepSpeed keeps the limits of the present hour.
func (c *Client) keepSpeed() {
	c.mu.Lock()
	x := speedOf(c.cfg)
	c.mu.Unlock()
	c.throttle.keep(x.limitsAt(c.o.Now().Local()))
}

// throttled is a store of which the client keeps the limits. It looks at the hour with each request.
func (c *Client) throttled(b objstore.Bucket) objstore.Bucket {
	b = objstore.WithLimit(b, objstore.LimitOptions{Up: c.throttle.up, Down: c.throttle.down, Gate: c.throttle.gate, First: isRecord})
	return objstore.WithHooks(b, objstore.Hooks{Around: func(ctx context.Context, _ objstore.Call, act objstore.Act) error {
		c.keepSpeed()
		return act(ctx)
	}})
}

// isRecord tells that a key holds no content of files, but what the computers tell each other of them.
func isRecord(key string) bool {
	v, ok := layout.VolumeOf(key)
	if !ok {
		return true
	}
	rel, _ := v.Rel(key)
	return strings.HasPrefix(rel, layout.Reserved)
}

// keepHours lets Run pause in the hours for nothing, and go on after them.
func (c *Client) keepHours() {
	c.mu.Lock()
	nothing := c.nothingNow()
	is := map[string]bool{OnSchedule: nothing}
	for reason, yes := range c.held.is {
		if reason != OnSchedule {
			is[reason] = yes
		}
	}
	changed := c.running && c.held.is[OnSchedule] != nothing
	c.mu.Unlock()
	if changed {
		c.hold(is)
	}
}

// nothingNow tells that this hour is for nothing. c.mu is held.
func (c *Client) nothingNow() bool { return speedOf(c.cfg).Week.At(c.o.Now().Local()) == Nothing }
