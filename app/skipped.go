package app

import (
	"context"

	"elkjopcloud/platform/disk/scan"
)

// skipped looks at the pair's folder and returns what is left out and worth telling.
func (p *pair) skipped(ctx context.Context) ([]scan.Skip, error) {
	rules, err := p.rules()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	fs := p.fs
	p.mu.Unlock()
	res, err := scan.Tree(ctx, fs, scan.Options{Rules: rules, Exclude: p.exclude()})
	if err != nil {
		return nil, err
	}
	var out []scan.Skip
	for _, s := range res.Skipped {
		if !s.Reason.Silent() {
			out = append(out, s)
		}
	}
	return out, nil
}
