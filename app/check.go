package app

import (
	"context"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
)

// Check proves that every content that the space refers to is there, and with readData that its bytes are right.
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
		out.Volumes++
		out.Versions += r.Versions
		out.Objects += r.Objects
		out.Bytes += r.Bytes
		out.Missing += len(r.Missing)
		out.Damaged += len(r.Damaged)
		out.Problems = append(out.Problems, lost(u, engine.CodeMissing, r.Missing)...)
		out.Problems = append(out.Problems, lost(u, engine.CodeDamaged, r.Damaged)...)
		for _, p := range r.Unread {
			out.Problems = append(out.Problems, NewProblem(engine.CodeHistory, p.Key, p.Err))
		}
	}
	return out, nil
}

func lost(u *volumeUse, code string, all []space.Lost) []*Problem {
	var out []*Problem
	for _, x := range all {
		out = append(out, NewProblem(code, u.name.String()+"/"+x.Path, x.Err))
	}
	return out
}
