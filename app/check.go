package app

import (
	"context"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
)

// Check proves that every content that the space refers to is there, and with readData that its bytes are right. What the storage has lost and
// a folder here still holds is sent again.
func (c *Client) Check(ctx context.Context, readData bool, progress func(Progress)) (CheckReport, error) {
	out := CheckReport{ReadData: readData, Problems: []*Problem{}}
	all, err := c.refreshed(ctx)
	if err != nil {
		return out, err
	}
	progress = serial(progress)
	for _, u := range all {
		r, err := u.vol.Check(ctx, readData, func(done, total int64) {
			if progress != nil {
				progress(Progress{Phase: "check", Path: u.name.String(), Bytes: done, BytesTotal: total})
			}
		})
		if err != nil {
			return out, fail(err)
		}
		missing, damaged := c.heal(ctx, u, r.Missing), c.heal(ctx, u, r.Damaged)
		out.Healed += len(r.Missing) + len(r.Damaged) - len(missing) - len(damaged)
		out.Volumes++
		out.Versions += r.Versions
		out.Objects += r.Objects
		out.Bytes += r.Bytes
		out.Missing += len(missing)
		out.Damaged += len(damaged)
		out.Problems = append(out.Problems, lost(u, engine.CodeMissing, missing)...)
		out.Problems = append(out.Problems, lost(u, engine.CodeDamaged, damaged)...)
		for _, p := range r.Unread {
			out.Problems = append(out.Problems, NewProblem(engine.CodeHistory, p.Key, p.Err))
		}
	}
	return out, nil
}

// heal sends again what the storage has lost of a volume, from the folder here that stands on it, and returns what stays lost.
func (c *Client) heal(ctx context.Context, u *volumeUse, lost []space.Lost) []space.Lost {
	p := c.pairOf(u.name)
	if p == nil || len(lost) == 0 {
		return lost
	}
	left := lost
	c.note("send again what the storage has lost", p.with(ctx, func(ctx context.Context, e *engine.Engine) (err error) {
		left, err = e.Heal(ctx, lost)
		return err
	}))
	c.o.Log.Warn("what the storage had lost", "volume", u.name, "versions", len(lost), "still lost", len(left))
	return left
}

// healAll looks once what the storage has lost of what is kept here.
func (c *Client) healAll(ctx context.Context, l *link) error {
	for _, p := range c.all() {
		if p.current() == nil {
			continue
		}
		u := l.use(p.vol)
		var missing []space.Lost
		err := u.alone(func() (err error) {
			missing, err = u.vol.Missing(ctx)
			return err
		})
		if err != nil {
			return err
		}
		c.heal(ctx, u, missing)
	}
	return nil
}

func lost(u *volumeUse, code string, all []space.Lost) []*Problem {
	var out []*Problem
	for _, x := range all {
		out = append(out, NewProblem(code, u.name.String()+"/"+x.Path, x.Err))
	}
	return out
}
