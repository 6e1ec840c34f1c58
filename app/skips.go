package app

import (
	"context"
	"slices"
	"strings"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
)

// SkipRules changes what a backup leaves out, at once also for one that is running; with nothing to add or remove it only tells. Copies of
// what is left out from now on stay in the cloud; with toTrash those that match any of the rules go to the trash. What a rule that is removed had left out
// is backed up again, and bytes that the volume has are not sent.
func (c *Client) SkipRules(ctx context.Context, name string, add, remove []string, toTrash bool) (SkipReport, error) {
	return c.reskip(ctx, name, add, remove, toTrash, func(_ []string, now *ignore.Rules) (matcher, error) { return newly(nil, now), nil })
}

// SkipAlso adds a rule to what a backup leaves out. Copies of what only this rule leaves out stay in the cloud, or go to the trash; those that
// somebody kept when an earlier rule was made stay in any case.
func (c *Client) SkipAlso(ctx context.Context, name, rule string, toTrash bool) (SkipReport, error) {
	return c.reskip(ctx, name, []string{rule}, nil, toTrash, func(before []string, now *ignore.Rules) (matcher, error) {
		was, err := skipRules(before)
		return newly(was, now), err
	})
}

// matcher tells what of a volume is left out; what is in a folder that is left out is not asked about.
type matcher func(path string, dir bool) bool

// newly matches what rules leave out now and did not before; nil left nothing out.
func newly(before, now *ignore.Rules) matcher {
	return func(path string, dir bool) bool {
		return now.MatchEntry(path, dir) == ignore.Pattern && (before == nil || before.Match(path, dir) != ignore.Pattern)
	}
}

// reskip changes the rules of a backup. which says of which copies the report tells.
func (c *Client) reskip(ctx context.Context, name string, add, remove []string, toTrash bool, which func(before []string, now *ignore.Rules) (matcher, error)) (SkipReport, error) {
	l, err := c.open(ctx)
	if err != nil {
		return SkipReport{}, err
	}
	b, err := c.backup(name)
	if err != nil {
		return SkipReport{}, err
	}
	before := b.Skip
	if b.Skip, err = newSkips(b, add, remove); err != nil {
		return SkipReport{}, err
	}
	rules, err := skipRules(b.Skip)
	if err != nil {
		return SkipReport{}, err
	}
	match, err := which(before, rules)
	if err != nil {
		return SkipReport{}, err
	}
	if len(add)+len(remove) > 0 {
		if err := c.changeSkips(b); err != nil {
			return SkipReport{}, fail(err)
		}
	}
	v, _ := layout.ParseVolume(b.VolumePrefix)
	out := SkipReport{Name: b.Name, Skip: append([]string{}, b.Skip...)}
	out.Kept, out.Trashed, err = c.leftOut(ctx, l.use(v), match, toTrash)
	return out, fail(err)
}

// skipRules makes rules of patterns that a person has written.
func skipRules(patterns []string) (*ignore.Rules, error) {
	rules, err := ignore.New(ignore.Backup, patterns)
	if err != nil {
		return nil, wrongUse("Correct the rule. Rules are written as in a .gitignore file.", "A skip rule cannot be understood: %v.", err).because("bad-rule", strings.Join(patterns, "  "))
	}
	return rules, nil
}

// newSkips are the patterns of a backup with some more and some less.
func newSkips(b config.Backup, add, remove []string) ([]string, error) {
	skips := slices.Clone(b.Skip)
	for _, p := range remove {
		i := slices.Index(skips, p)
		if i < 0 {
			have := "It has no rules."
			if len(b.Skip) > 0 {
				have = "Its rules are: " + strings.Join(b.Skip, "  ")
			}
			return nil, wrongUse(have, "%s has no skip rule %q.", b.Name, p)
		}
		skips = slices.Delete(skips, i, i+1)
	}
	for _, p := range add {
		if !slices.Contains(skips, p) {
			skips = append(skips, p)
		}
	}
	return skips, nil
}

func (c *Client) changeSkips(b config.Backup) error {
	return c.change(func(s *config.Settings) error {
		for i := range s.Backups {
			if s.Backups[i].VolumePrefix == b.VolumePrefix {
				s.Backups[i].Skip = b.Skip
			}
		}
		return nil
	})
}

// leftOut counts the files in a volume that rules leave out, and moves them to the trash when that is asked for.
func (c *Client) leftOut(ctx context.Context, u *volumeUse, match matcher, toTrash bool) (kept, trashed int, err error) {
	if !toTrash {
		c.note("look at what is left out", u.refresh(ctx)) // it is counted as far as it is known
		u.vol.View(func(s *merge.State) { _, kept = selection.DeleteMatching(s, match) })
		return kept, 0, nil
	}
	err = u.Tell(ctx, func(s *merge.State) (ops []merge.Op, _ error) {
		ops, trashed = selection.DeleteMatching(s, match)
		return ops, nil
	})
	return 0, trashed, err
}
