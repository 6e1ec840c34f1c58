package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/tree"
)

// ErrName means that the target cannot hold a name; the error's text says why.
var ErrName = errors.New("the disk cannot hold this name")

// staging is where files wait inside the target until they are whole.
const staging = ".elkjop-restore"

// Options of a Restore. The zero value works.
type Options struct {
	Device   func(tree.Device) string // names of devices, for files whose name is taken
	Zone     int                      // offset from UTC in seconds, for the same
	Parallel int                      // files brought at once (8)
	// Done is told of every file that is dealt with, one at a time; may be nil.
	Done func(path string, bytes int64)
}

// Report says what was done.
type Report struct {
	Files    int // written
	Folders  int // made
	Bytes    int64
	Present  int               // were there already, with the same bytes
	Renamed  map[string]string // wanted path → path under which it was written, because the name was taken
	Failures []Failure
}

// Failure is one file or folder that could not be written.
type Failure struct {
	Path string
	Err  error
}

// Restore writes a selection of the volume with that key prefix ("…/") below a folder. It never overwrites: what is there with the same bytes is
// left, and where something else has the name, the file is written as "name (restored …)". A file appears whole and verified, or
// not at all; a second run goes on where the first was cut off. The trouble of one file is in the Report; the error is what stopped everything.
func Restore(ctx context.Context, t *transfer.Transfer, prefix string, items []selection.Item, to disk.FS, o Options) (Report, error) {
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	r := &restore{Options: o, t: t, prefix: prefix, to: to, folders: map[string]folder{"": {}}, ready: map[string]bool{}, touched: map[string]bool{}}
	r.report.Renamed = map[string]string{}
	if err := to.Mkdir(staging); err != nil && !errors.Is(err, fs.ErrExist) {
		return r.report, fmt.Errorf("write to the folder: %w", err)
	}
	err := r.all(ctx, items)
	if err == nil {
		err = r.finish(ctx)
	}
	return r.report, err
}

type restore struct {
	Options
	t      *transfer.Transfer
	prefix string
	to     disk.FS

	mu      sync.Mutex // guards what follows
	report  Report
	folders map[string]folder // by the path in the selection
	ready   map[string]bool   // staged in this run, proved and durable
	touched map[string]bool
}

// folder is where a folder of the selection is on the disk.
type folder struct {
	path string
	err  error
}

func (r *restore) all(ctx context.Context, items []selection.Item) error {
	for _, i := range items {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !i.Dir {
			continue
		}
		if _, err := r.folder(i.Path); stops(err) {
			return err
		}
	}
	files := slices.DeleteFunc(slices.Clone(items), func(i selection.Item) bool { return i.Dir })
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(r.Parallel)
	for _, group := range r.groups(files) {
		if ctx.Err() == nil {
			g.Go(func() error { return r.group(ctx, group) })
		}
	}
	return g.Wait()
}

// groups sorts files by what is brought in one go.
func (r *restore) groups(files []selection.Item) [][]selection.Item {
	at := make([]transfer.Range, len(files))
	for i, f := range files {
		if x := f.Version.Content.Extents; len(x) == 1 {
			at[i] = r.ranges(f)[0]
		}
	}
	var out [][]selection.Item
	for _, g := range transfer.Together(at) {
		group := make([]selection.Item, len(g))
		for i, n := range g {
			group[i] = files[n]
		}
		out = append(out, group)
	}
	return out
}

// group writes some files; an error stops everything.
func (r *restore) group(ctx context.Context, files []selection.Item) error {
	if len(files) > 1 {
		r.ahead(ctx, files)
	}
	for _, i := range files {
		if err := r.one(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// ahead brings those files to the staging folder that are not there yet. What fails, one may do.
func (r *restore) ahead(ctx context.Context, files []selection.Item) {
	absent := slices.DeleteFunc(slices.Clone(files), func(i selection.Item) bool {
		dir, name := tree.Split(i.Path)
		in, err := r.folder(dir)
		if err != nil || r.to.ValidName(name) != nil {
			return true
		}
		_, err = r.to.Stat(tree.Join(in, name))
		return !disk.IsNotExist(err)
	})
	for _, group := range r.groups(absent) {
		var want []transfer.Wanted
		for _, i := range group {
			c := i.Version.Content
			want = append(want, transfer.Wanted{Range: r.ranges(i)[0], SHA256: c.Hash, Staging: tmp(i), Mtime: c.Mtime, Exec: c.Exec})
		}
		if len(want) < 2 {
			continue
		}
		for i, err := range r.t.DownloadTogether(ctx, want, r.to) {
			if err == nil {
				r.count(func(*Report) { r.ready[want[i].Staging] = true })
			}
		}
	}
}

// ranges returns where a file's bytes lie.
func (r *restore) ranges(i selection.Item) []transfer.Range {
	out := make([]transfer.Range, len(i.Version.Content.Extents))
	for n, e := range i.Version.Content.Extents {
		out[n] = transfer.Range{Key: r.prefix + e.Key, Offset: e.Offset, Length: e.Length}
	}
	return out
}

// tmp is where a file waits until it is whole.
func tmp(i selection.Item) string { return tree.Join(staging, i.Version.ID.String()) }

// one writes one file; an error stops everything.
func (r *restore) one(ctx context.Context, i selection.Item) error {
	err := r.file(ctx, i)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if stops(err) {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.report.Failures = append(r.report.Failures, Failure{i.Path, err})
	}
	if r.Done != nil {
		r.Done(i.Path, i.Version.Content.Size)
	}
	return nil
}

// stops tells whether an error would meet every other file as well.
func stops(err error) bool {
	switch objstore.KindOf(err) {
	case objstore.KeyRefused, objstore.ClockSkew, objstore.Untrusted, objstore.NoBucket, objstore.NotAStore, objstore.Unreachable, objstore.Busy, objstore.Denied:
		return true
	}
	return errors.Is(err, disk.ErrGone) || errors.Is(err, disk.ErrReadOnly) // on a full disk smaller files may still fit
}

// folder returns where a folder of the selection is on the disk, and makes it and what is above it when it is not there. A failure is
// reported once.
func (r *restore) folder(path string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.makeFolder(path)
}

func (r *restore) makeFolder(path string) (string, error) {
	if f, ok := r.folders[path]; ok {
		return f.path, f.err
	}
	dir, name := tree.Split(path)
	in, err := r.makeFolder(dir)
	f := folder{err: err}
	if err == nil {
		if f.path, f.err = r.mkdir(in, name); f.err != nil {
			r.report.Failures = append(r.report.Failures, Failure{path, f.err})
		}
	}
	r.folders[path] = f
	return f.path, f.err
}

// mkdir makes a folder or takes the one that is there. Where a file or a link has the name, the folder gets a number.
func (r *restore) mkdir(in, name string) (string, error) {
	if err := r.to.ValidName(name); err != nil {
		return "", fmt.Errorf("%w: %w", ErrName, err)
	}
	for try := 1; ; try++ {
		path := tree.Join(in, name)
		if try > 1 {
			path = fmt.Sprintf("%s (%d)", path, try)
		}
		err := r.to.Mkdir(path)
		if err == nil {
			r.report.Folders++
			r.touched[in] = true
			return path, nil
		}
		if !errors.Is(err, fs.ErrExist) || try > 100 {
			return "", err
		}
		if i, err := r.to.Stat(path); err == nil && i.Type == disk.Dir {
			return path, nil
		}
	}
}

// file writes one file, under the first name that is free, unless it is there already.
func (r *restore) file(ctx context.Context, i selection.Item) error {
	dir, name := tree.Split(i.Path)
	in, err := r.folder(dir)
	if err != nil {
		return fmt.Errorf("its folder could not be made: %w", err)
	}
	if err := r.to.ValidName(name); err != nil {
		return fmt.Errorf("%w: %w", ErrName, err)
	}
	if r.taken(tmp(i)) { // and nothing had the name
		path := tree.Join(in, name)
		switch err := r.to.Rename(tmp(i), path); {
		case err == nil:
			r.placed(i, in, path, 0)
			return nil
		case !errors.Is(err, fs.ErrExist):
			return err
		}
	}
	for try := 0; try < 50; try++ {
		path := tree.Join(in, r.name(i, name, try))
		there, same, err := r.there(ctx, path, i)
		if err != nil {
			return err
		}
		if same {
			r.count(func(p *Report) { p.Present++ })
			return nil
		}
		if there {
			continue
		}
		placed, err := r.place(ctx, i, path)
		if err != nil {
			return err
		}
		if placed {
			r.placed(i, in, path, try)
			return nil
		}
	}
	return fmt.Errorf("%s: %w", name, fs.ErrExist)
}

// name is the file's own name, then one that tells which version it is: the same at every run, so that a second one finds it.
func (r *restore) name(i selection.Item, name string, try int) string {
	if try == 0 {
		return name
	}
	e := tree.Event{Stamp: i.Version.ID, Zone: r.Zone}
	if r.Device != nil {
		e.Name = r.Device(i.Version.ID.Device)
	}
	return tree.ConflictName(name, tree.Restored, e, try-1)
}

// there tells whether the name is taken, and whether by a file with the same bytes.
func (r *restore) there(ctx context.Context, path string, i selection.Item) (taken, same bool, err error) {
	info, err := r.to.Stat(path)
	if disk.IsNotExist(err) {
		return false, false, nil
	}
	if err != nil {
		return true, false, err
	}
	c := i.Version.Content
	if info.Type != disk.File || info.Size != c.Size {
		return true, false, nil
	}
	h, err := r.t.Hash(ctx, r.to, path, info.Signature)
	if errors.Is(err, transfer.ErrChanged) {
		return true, false, nil
	}
	return true, h == c.Hash, err
}

// place brings the file and gives it its name; false when somebody took the name meanwhile.
func (r *restore) place(ctx context.Context, i selection.Item, path string) (bool, error) {
	c := i.Version.Content
	if err := r.t.Download(ctx, r.ranges(i), c.Size, c.Hash, r.to, tmp(i)); err != nil {
		return false, err
	}
	if err := r.to.SetMeta(tmp(i), c.Mtime, c.Exec); err != nil {
		return false, err
	}
	err := r.to.Rename(tmp(i), path)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}

// taken tells whether a file was brought ahead, once: if it does not find its place then, it is looked at again.
func (r *restore) taken(tmp string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer delete(r.ready, tmp)
	return r.ready[tmp]
}

func (r *restore) placed(i selection.Item, in, path string, try int) {
	r.count(func(p *Report) {
		p.Files++
		p.Bytes += i.Version.Content.Size
		if try > 0 {
			p.Renamed[i.Path] = path
		}
		r.touched[in] = true
	})
}

func (r *restore) count(f func(*Report)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.report)
}

// finish removes what was staged and makes the rest durable.
func (r *restore) finish(ctx context.Context) error {
	in, err := r.to.ReadDir(ctx, staging)
	if err != nil {
		return err
	}
	for _, e := range in {
		if err := r.to.Remove(tree.Join(staging, e.Name)); err != nil {
			return err
		}
	}
	if err := r.to.Remove(staging); err != nil {
		return err
	}
	r.touched[""] = true
	for dir := range r.touched {
		if err := r.to.SyncDir(dir); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return fmt.Errorf("make %q durable: %w", dir, err)
		}
	}
	return nil
}
