package scan

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
)

// walker reads folders, several at once.
type walker struct {
	ctx     context.Context
	fsys    disk.FS
	rules   *ignore.Rules
	keep    func(string) bool
	exclude excludes
	group   *errgroup.Group
}

func newWalker(ctx context.Context, fsys disk.FS, opt Options) *walker {
	parallel := opt.Parallel
	if parallel <= 0 {
		parallel = 4
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	return &walker{ctx: ctx, fsys: fsys, rules: opt.Rules, keep: opt.Keep, exclude: newExcludes(opt.Exclude, fsys.CaseSensitive()), group: group}
}

// folder is what was found in one folder. Its sub-folders fill theirs at their own pace; each puts all in order.
type folder struct {
	path    string
	read    chan struct{} // closed when what follows is known
	infos   []disk.Info   // of what is seen
	below   []*folder     // the sub-folders, in the order of infos
	skipped []Skip
	gone    bool  // it vanished after its parent was read
	blind   *Skip // it could not be read
}

func newFolder(path string) *folder { return &folder{path: path, read: make(chan struct{})} }

// start begins to walk a tree, to its end or to the first error that ends it.
func (w *walker) start(top *folder) { w.group.Go(func() error { return w.list(top) }) }

// run walks a tree.
func (w *walker) run(top *folder) error {
	w.start(top)
	return w.group.Wait()
}

// list reads one folder. The root's errors are returned as they are, as without it nothing is known.
func (w *walker) list(f *folder) error {
	infos, err := w.fsys.ReadDir(w.ctx, f.path)
	if err != nil {
		if err := w.failed(f, err); err != nil {
			return err
		}
		infos = nil
	}
	f.infos = infos[:0] // it is ours, and nothing is kept before it was read
	for _, info := range infos {
		w.take(f, info)
	}
	below := f.below
	close(f.read) // from here on f belongs to whoever puts all in order
	for _, sub := range below {
		if err := w.descend(sub); err != nil {
			return err
		}
	}
	return nil
}

// descend reads a sub-folder beside the others if there is room, else at once.
func (w *walker) descend(f *folder) error {
	if w.group.TryGo(func() error { return w.list(f) }) {
		return nil
	}
	return w.list(f)
}

// failed decides what an unreadable folder means: for the whole scan, or for itself alone.
func (w *walker) failed(f *folder, err error) error {
	switch {
	case f.path == "" || errors.Is(err, disk.ErrGone) || w.ctx.Err() != nil:
		return fmt.Errorf("scan: %w", err)
	case disk.IsNotExist(err):
		f.gone = true
	case errors.Is(err, disk.ErrNotInside):
		f.blind = &Skip{Path: f.path, Reason: Link}
	default:
		f.blind = &Skip{Path: f.path, Reason: Unreadable, Err: err}
	}
	return nil
}

// take sorts one entry into what is seen and what is skipped.
func (w *walker) take(f *folder, info disk.Info) {
	path := info.Name
	if f.path != "" {
		path = f.path + "/" + info.Name
	}
	if reason, skip := w.skips(path, info); skip {
		f.skipped = append(f.skipped, Skip{Path: path, Reason: reason})
		return
	}
	f.infos = append(f.infos, info)
	if info.Type == disk.Dir {
		f.below = append(f.below, newFolder(path))
	}
}

// skips judges an entry whose folder is not skipped.
func (w *walker) skips(path string, info disk.Info) (Reason, bool) {
	if !utf8.ValidString(info.Name) {
		return BadName, true
	}
	if w.exclude.has(path) {
		return Excluded, true
	}
	if w.keep == nil || !w.keep(path) {
		if reason, skip := w.ignored(path, info.Type == disk.Dir); skip {
			return reason, true
		}
	}
	switch info.Type {
	case disk.File, disk.Dir:
		return 0, false
	case disk.Symlink:
		return Link, true
	case disk.Placeholder:
		return Placeholder, true
	case disk.Mount:
		return OtherDisk, true
	}
	return Special, true
}

func (w *walker) ignored(path string, isDir bool) (Reason, bool) {
	if w.rules == nil {
		return 0, false
	}
	switch w.rules.MatchEntry(path, isDir) {
	case ignore.Junk:
		return Junk, true
	case ignore.Temporary:
		return Temporary, true
	case ignore.Own:
		return Own, true
	case ignore.Pattern:
		return SkipRule, true
	}
	return 0, false
}

// result puts the folders in tree order.
func (f *folder) result(w *walker) Result {
	entries, skipped := f.count()
	r := Result{Entries: make([]Entry, 0, entries), Skipped: make([]Skip, 0, skipped)}
	f.each(w, func(e Entry) { r.Entries = append(r.Entries, e) }, func(s Skip) { r.Skipped = append(r.Skipped, s) })
	return r
}

func (f *folder) count() (entries, skipped int) {
	entries, skipped = len(f.infos), len(f.skipped)+1
	for _, sub := range f.below {
		e, s := sub.count()
		entries, skipped = entries+e, skipped+s
	}
	return entries, skipped
}

// each calls back for what is in a folder, in tree order, as soon as it was read, and lets go of it. False means that the walk ended before.
func (f *folder) each(w *walker, entry func(Entry), skip func(Skip)) bool {
	if !f.wait(w) {
		return false
	}
	for _, s := range f.skipped {
		skip(s)
	}
	next := 0
	for _, info := range f.infos {
		self := f.entry(info)
		if info.Type != disk.Dir {
			entry(self)
			continue
		}
		sub := f.below[next]
		next++
		if !sub.self(w, self, entry, skip) {
			return false
		}
	}
	f.infos, f.below = nil, nil // large trees: not in memory longer than needed
	return true
}

// wait waits until a folder was read; false when the walk ended before. The end of a walk that was not cut off ends its context, too.
func (f *folder) wait(w *walker) bool {
	select {
	case <-f.read:
		return true
	case <-w.ctx.Done():
	}
	select {
	case <-f.read:
		return true
	default:
		return false
	}
}

func (f *folder) entry(info disk.Info) Entry {
	path := info.Name
	if f.path != "" {
		path = f.path + "/" + info.Name
	}
	info.Name = path[len(path)-len(info.Name):] // one string in memory instead of two
	return Entry{Path: path, Info: info}
}

// self calls back for a sub-folder and what is in it, unless it vanished or cannot be looked into.
func (f *folder) self(w *walker, self Entry, entry func(Entry), skip func(Skip)) bool {
	if !f.wait(w) {
		return false
	}
	switch {
	case f.gone:
	case f.blind != nil:
		skip(*f.blind)
	default:
		entry(self)
		return f.each(w, entry, skip)
	}
	return true
}
