package app

import (
	"context"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
)

// How often a backup is made; "" is at once, whenever something changes.
const (
	EveryHour = "hour"
	EveryDay  = "day"
)

// periods are how long it is from one backup to the next.
var periods = map[string]time.Duration{EveryHour: time.Hour, EveryDay: 24 * time.Hour}

// DetailScheduled is PairStatus.Detail of a backup whose time has not come.
const DetailScheduled = "scheduled"

// PauseBackup makes one backup wait, also over restarts, until it is to go on.
func (c *Client) PauseBackup(_ context.Context, name string, paused bool) error {
	return c.changeBackup(name, func(b *config.Backup) { b.Paused = paused })
}

// SetEvery chooses how often a backup is made: EveryHour, EveryDay, or "" for at once. It holds for Run: Once does everything.
func (c *Client) SetEvery(_ context.Context, name, every string) error {
	if _, ok := periods[every]; !ok && every != "" {
		return wrongUse("Choose hour or day, or none.", "%q is not how often a backup can be made.", every)
	}
	return c.changeBackup(name, func(b *config.Backup) { b.Every = every })
}

// BackUpNow makes a backup now whose time has not come. Where Run is not working nothing happens.
func (c *Client) BackUpNow(_ context.Context, name string) error {
	b, err := c.backup(name)
	if err != nil {
		return err
	}
	p, err := c.named(b.Name)
	if err != nil {
		return err
	}
	p.want()
	return nil
}

// want lets a backup that waits for its time go on now.
func (p *pair) want() {
	p.mu.Lock()
	p.wanted = true
	p.mu.Unlock()
	p.c.obey()
}

func (c *Client) changeBackup(name string, f func(*config.Backup)) error {
	b, err := c.backup(name)
	if err != nil {
		return err
	}
	err = c.change(func(s *config.Settings) error {
		for i := range s.Backups {
			if s.Backups[i].VolumePrefix == b.VolumePrefix {
				f(&s.Backups[i])
			}
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	c.obey()
	return nil
}

// asBackup returns the settings of a pair that is a backup.
func (p *pair) asBackup() (config.Backup, bool) {
	if p.area != layout.Backup {
		return config.Backup{}, false
	}
	for _, b := range p.c.settings().Backups {
		if b.VolumePrefix == p.prefix {
			return b, true
		}
	}
	return config.Backup{}, false
}

// waits tells whether the pair is to do nothing now: everything is paused, or this one, or its time has not come while Run works.
func (p *pair) waits() bool {
	b, ok := p.asBackup()
	return p.c.paused() || ok && (b.Paused || !p.next(b).IsZero())
}

// next is when a backup that has its times is made next; zero when that is now, or always.
func (p *pair) next(b config.Backup) time.Time {
	period := periods[b.Every]
	p.c.mu.Lock()
	running, past := p.c.running, p.c.past[p.key()].LastDone
	p.c.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	last := past
	if p.rested.After(last) {
		last = p.rested
	}
	if period == 0 || !running || p.wanted || last.IsZero() || p.c.o.Now().Sub(last).Abs() >= period {
		return time.Time{}
	}
	return last.Add(period)
}

// keepTimes lets backups go on whose time has come, and those rest that have been made.
func (c *Client) keepTimes() {
	for _, p := range c.all() {
		e := p.current()
		if b, ok := p.asBackup(); !ok || b.Every == "" || e == nil {
			continue
		}
		if s := e.Status().State; s == engine.UpToDate || s == engine.NeedsYou {
			p.mu.Lock()
			p.rested, p.wanted = c.o.Now(), false
			p.mu.Unlock()
		}
		if e.IsPaused() != p.waits() {
			c.obey()
		}
	}
}

// Waits tells of a client that is not paused as a whole how many folders are paused by themselves, whether all others are safe, of which there is one at
// least, and when the next of those is made that wait for their time.
func (s Status) Waits() (paused int, othersSafe bool, next time.Time) {
	safe := 0
	for _, p := range s.Pairs {
		switch {
		case p.Paused:
			paused++
		case p.State == StateSafe:
			safe++
		case p.State == StatePaused && (next.IsZero() || p.Next.Before(next)):
			next = p.Next
		}
	}
	return paused, safe > 0 && paused+safe == len(s.Pairs), next
}

// timed is what a pair with an engine shows. A backup that waits for its time is as safe as it was, while nothing is known to have changed since and its
// folder is there.
func (p *pair) timed(e *engine.Engine, b config.Backup, out PairStatus) (PairStatus, []*Problem) {
	out, probs := p.live(out, e.Status())
	if b.Every == "" || b.Paused || out.State != StatePaused || p.c.paused() {
		return out, probs
	}
	p.mu.Lock()
	gone := p.gone
	p.mu.Unlock()
	out.Next, out.Detail = p.next(b), DetailScheduled
	switch {
	case gone:
		out.State, out.Detail, out.Problems = StateNeedsYou, string(engine.NotConnected), 1
		return out, []*Problem{NewProblem(engine.CodeNoRoot, p.root, engine.ErrNotConnected)}
	case len(probs) > 0:
		out.State = StateNeedsYou
	case !e.Marked() && !out.LastDone.IsZero():
		out.State = StateSafe
	}
	return out, probs
}
