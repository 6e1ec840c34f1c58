package app

import (
	"context"
	"os"
	"slices"

	"elkjopcloud/backup"
	"elkjopcloud/platform/desktop/ospaths"
	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/disk/scan"
)

// Suggestions returns the folders of this user that are there and that nobody looks after yet.
func (c *Client) Suggestions() []Suggestion {
	var out []Suggestion
	for _, f := range ospaths.UserFolders() {
		info, err := os.Stat(f.Path)
		if err != nil || !info.IsDir() || c.lookedAfter(f.Path) {
			continue
		}
		out = append(out, Suggestion{Kind: f.Kind, Path: f.Path})
	}
	return out
}

// lookedAfter tells whether a folder is one of ours already.
func (c *Client) lookedAfter(dir string) bool {
	root, err := backup.Root(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(c.all(), func(p *pair) bool { return backup.Same(p.root, root) })
}

// Measure tells how much a backup of a folder would hold.
func (c *Client) Measure(ctx context.Context, dir string) (Extent, error) {
	rules, err := ignore.New(ignore.Backup, nil)
	if err != nil {
		return Extent{}, fail(err)
	}
	fs, err := disk.Open(dir)
	if err != nil {
		return Extent{}, problemOf(err, dir)
	}
	res, err := scan.Tree(ctx, fs, scan.Options{Rules: rules})
	out := Extent{}
	for _, e := range res.Entries {
		if e.Type == disk.File {
			out.Files++
			out.Bytes += e.Size
		}
	}
	if err != nil {
		return Extent{}, problemOf(err, dir)
	}
	return out, nil
}
