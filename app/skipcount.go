package app

import (
	"context"
	"strings"

	"elkjopcloud/app/config"
	"elkjopcloud/backup"
	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/disk/scan"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
)

// SkipEffect tells what one more rule would leave out of a backup, beside what is left out already; with "" what all of its rules do leave out. It looks at
// the whole folder, and ends with ctx. Nothing is changed.
func (c *Client) SkipEffect(ctx context.Context, name, rule string) (SkipEffect, error) {
	l, err := c.open(ctx)
	if err != nil {
		return SkipEffect{}, err
	}
	b, err := c.backup(name)
	if err != nil {
		return SkipEffect{}, err
	}
	var before []string
	now := b.Skip
	if rule != "" {
		before = b.Skip
		if now, err = newSkips(b, []string{rule}, nil); err != nil {
			return SkipEffect{}, err
		}
	}
	was, err := skipRules(before)
	if err != nil {
		return SkipEffect{}, err
	}
	is, err := skipRules(now)
	if err != nil {
		return SkipEffect{}, alone(err, rule)
	}
	v, _ := layout.ParseVolume(b.VolumePrefix)
	out := SkipEffect{}
	if out.Copies, err = l.use(v).matching(ctx, newly(was, is)); err != nil {
		return SkipEffect{}, fail(err)
	}
	if err := backup.Present(ctx, b.Root, b.VolumeID); err != nil {
		out.Extent, out.NotHere = out.Copies, true
		return out, fail(ctx.Err())
	}
	out.Extent, err = c.onDiskBut(ctx, b, was, is)
	return out, fail(err)
}

// alone lets words about rules name only the new one.
func alone(err error, rule string) error {
	if p := problemOf(err, ""); p.Why == "bad-rule" && rule != "" {
		p.Name = rule
	}
	return err
}

// matching counts the files of a volume, as far as it was read, of which match says so, with all that is in such folders.
func (u *volumeUse) matching(ctx context.Context, match matcher) (x Extent, err error) {
	if !u.engined() {
		u.mu.Lock()
		err = u.load(ctx)
		u.mu.Unlock()
	}
	if err != nil {
		return x, err
	}
	u.vol.View(func(s *merge.State) {
		ops, files := selection.DeleteMatching(s, func(path string, dir bool) bool { return ctx.Err() == nil && match(path, dir) })
		x.Files = files
		for _, op := range ops {
			for _, e := range op.List {
				v, _ := s.Version(e.Version)
				x.Bytes += v.Content.Size
			}
		}
	})
	return x, ctx.Err()
}

// onDiskBut counts the files of a backup's folder that some rules leave out beside what others do.
func (c *Client) onDiskBut(ctx context.Context, b config.Backup, but, rules *ignore.Rules) (Extent, error) {
	fs, err := disk.Open(b.Root)
	if err != nil {
		return Extent{}, err
	}
	t := tally{rules: rules}
	_, err = scan.Walk(ctx, fs, scan.Options{Rules: but, Exclude: backup.Inside(b.Root, c.occupied(b.Root)), Parallel: 2}, t.see)
	return t.Extent, err
}

// tally counts the files that rules leave out, of entries in the order of a tree.
type tally struct {
	Extent
	rules *ignore.Rules
	in    string // the folder that was left out last, with its slash
}

func (t *tally) see(e scan.Entry) {
	dir := e.Type == disk.Dir
	below := t.in != "" && strings.HasPrefix(e.Path, t.in)
	switch {
	case !below && t.rules.MatchEntry(e.Path, dir) != ignore.Pattern:
	case !dir:
		t.Files++
		t.Bytes += e.Size
	case !below:
		t.in = e.Path + "/"
	}
}
