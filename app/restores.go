package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"elkjopcloud/backup"
	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
)

// RestoreBackup writes [DEVICE/]NAME[/PATH] below the folder to, as it is or was at a time; nothing there is overwritten. A whole
// backup's content goes directly into to; a file or folder of it under its own name.
func (c *Client) RestoreBackup(ctx context.Context, spec, to string, at time.Time, progress func(Progress)) (RestoreReport, error) {
	l, err := c.open(ctx)
	if err != nil {
		return RestoreReport{}, err
	}
	v, path, err := c.resolve(ctx, l, spec)
	if err != nil {
		return RestoreReport{}, err
	}
	u := l.use(v)
	if err := u.refresh(ctx); err != nil {
		return RestoreReport{}, fail(err)
	}
	items, ok, err := u.at(ctx, path, at)
	if err != nil {
		return RestoreReport{}, fail(err)
	}
	if len(items) == 0 && !at.IsZero() {
		return RestoreReport{}, wrongUse("Choose a later time.", "This backup held no %q at that time.", spec)
	}
	if !ok {
		return RestoreReport{}, wrongUse("Look at what was deleted with: elkjop trash ls.", "There is no %q in this backup.", path)
	}
	return c.restoreTo(ctx, u, items, to, progress)
}

// at selects what a volume shows at a path, now (zero) or as it was stored at a time.
func (u *volumeUse) at(ctx context.Context, path string, t time.Time) (items []selection.Item, ok bool, err error) {
	if t.IsZero() {
		u.vol.View(func(s *merge.State) { items, ok = selection.At(s, path) })
		return items, ok, nil
	}
	s, err := u.vol.At(ctx, t)
	if err != nil {
		return nil, false, err
	}
	items, ok = selection.At(s, path)
	return items, ok, nil
}

// restoreTo writes a selection below a folder, which is made when it is missing.
func (c *Client) restoreTo(ctx context.Context, u *volumeUse, items []selection.Item, to string, progress func(Progress)) (RestoreReport, error) {
	abs, err := filepath.Abs(to)
	if err != nil || to == "" {
		return RestoreReport{}, wrongUse("Say where with --to DIR.", "%q is not a folder.", to).because("no-path", "")
	}
	if err := makeFolder(abs); err != nil {
		return RestoreReport{}, Unwritten(err, to)
	}
	fs, err := disk.Open(abs)
	if err != nil {
		return RestoreReport{}, problemOf(err, to)
	}
	return c.materialise(ctx, u, items, fs, abs, progress)
}

// makeFolder makes a folder that a person has named, and what is missing above it.
func makeFolder(path string) error {
	for above := path; ; above = filepath.Dir(above) {
		i, err := os.Stat(above)
		if err == nil && !i.IsDir() {
			return wrongUse("Choose a folder.", "%s is a file.", above).because("a-file", above)
		}
		if err == nil || above == filepath.Dir(above) {
			return os.MkdirAll(path, 0o700)
		}
	}
}

// materialise writes a selection below root.
func (c *Client) materialise(ctx context.Context, u *volumeUse, items []selection.Item, fs disk.FS, root string, progress func(Progress)) (RestoreReport, error) {
	c.restoring.Lock()
	defer c.restoring.Unlock()
	p := Progress{Phase: "download"}
	for _, i := range items {
		if !i.Dir {
			p.FilesTotal++
			p.BytesTotal += i.Version.Content.Size
		}
	}
	o := backup.Options{Device: u.vol.DeviceName, Zone: c.zone(), Done: func(path string, bytes int64) {
		p.Path, p.Files, p.Bytes = path, p.Files+1, p.Bytes+bytes
		if progress != nil {
			progress(p)
		}
	}}
	r, err := backup.Restore(ctx, u.l.transfer, u.name.Prefix()+"/", items, fs, o)
	out := RestoreReport{To: root, Files: r.Files, Folders: r.Folders, Bytes: r.Bytes, Present: r.Present, Renamed: []string{}, Problems: []*Problem{}}
	for _, f := range r.Failures {
		out.Problems = append(out.Problems, Unwritten(f.Err, filepath.Join(root, filepath.FromSlash(f.Path))))
	}
	for _, path := range r.Renamed {
		out.Renamed = append(out.Renamed, filepath.Join(root, filepath.FromSlash(path)))
	}
	slices.Sort(out.Renamed)
	slices.SortFunc(out.Problems, func(a, b *Problem) int { return strings.Compare(a.Path, b.Path) })
	if err != nil {
		return out, Unwritten(err, root)
	}
	return out, nil
}

func (r *RestoreReport) add(x RestoreReport) {
	if x.To != "" {
		r.To = x.To
	}
	r.Files += x.Files
	r.Folders += x.Folders
	r.Bytes += x.Bytes
	r.Present += x.Present
	r.CloudOnly += x.CloudOnly
	r.Renamed = append(r.Renamed, x.Renamed...)
	r.Problems = append(r.Problems, x.Problems...)
}

// serial makes a progress function that is called one at a time; nil stays nil.
func serial(f func(Progress)) func(Progress) {
	if f == nil {
		return nil
	}
	var mu sync.Mutex
	return func(p Progress) {
		mu.Lock()
		defer mu.Unlock()
		f(p)
	}
}
