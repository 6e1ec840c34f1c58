package app

import (
	"context"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/tree"
)

// Pause stops all pairs for a time; 0 is until Resume.
func (c *Client) Pause(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return wrongUse("Give a time such as 30m or 2h.", "A pause cannot be shorter than nothing.")
	}
	err := c.change(func(s *config.Settings) error {
		s.Paused, s.PausedUntil = true, time.Time{}
		if d > 0 {
			s.PausedUntil = c.o.Now().Add(d).UTC().Truncate(time.Second)
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	c.obey()
	return nil
}

// Resume ends a pause, and lets Run go on in the conditions for which it pauses by itself until they are over.
func (c *Client) Resume(ctx context.Context) error {
	err := c.change(func(s *config.Settings) error {
		s.Paused, s.PausedUntil = false, time.Time{}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	c.goOn()
	c.obey()
	return nil
}

// engines calls f with every engine that there is.
func (c *Client) engines(f func(*engine.Engine)) {
	for _, p := range c.all() {
		if e := p.current(); e != nil {
			f(e)
		}
	}
	c.signal()
}

// resumeWhenDue ends a pause whose time is over.
func (c *Client) resumeWhenDue() {
	s := c.settings()
	if s.Paused && !s.PausedUntil.IsZero() && !c.o.Now().Before(s.PausedUntil) {
		c.note("end the pause", c.Resume(context.Background()))
	}
}

// Answer answers the guard's question of a pair: "keep" brings back what would go, "apply" says that it was meant.
func (c *Client) Answer(ctx context.Context, name, answer string) error {
	if answer != engine.Keep && answer != engine.Apply {
		return wrongUse("Answer keep or apply.", "%q is not an answer.", answer)
	}
	p, err := c.named(name)
	if err != nil {
		return err
	}
	err = p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		err := e.Answer(ctx, answer)
		if err != nil && e.Status().Question == nil {
			return wrongUse("Look at: elkjop status.", "%s has no open question.", p.name).because("answered", p.name)
		}
		return err
	})
	if err == nil {
		p.want() // what somebody answers is done at once
	}
	return fail(err)
}

// named finds a pair by the name that people use.
func (c *Client) named(name string) (*pair, error) {
	for _, same := range []func(string) string{tree.NFC, tree.Fold} {
		for _, p := range c.all() {
			if same(p.name) == same(name) {
				return p, nil
			}
		}
	}
	return nil, wrongUse("Look at: elkjop status.", "There is no folder called %q here.", name).because("folder-gone", name)
}
