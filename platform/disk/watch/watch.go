// Package watch tells which paths below a folder may have changed. It is a hint that wakes a scan, never a truth: what happened is
// found by looking at the disk. What it promises is that nothing is passed over: after Watch has returned, every change is covered by a
// path that Next returns later, or by Next saying that everything is dirty. Sources that can lose changes (a full kernel queue, a
// drive that went away, a system that has no watches left) say so, and then everything is dirty.
//
// Read watch.go, then dirty.go (how changes are gathered), attend.go (how a source is kept alive or replaced by polling), and the
// source of your system: inotify_linux.go with folders_linux.go, changes_windows.go, fsevents_darwin.go.
package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options tune a watcher; the zero value is right for a local folder.
type Options struct {
	// Quiet is how long nothing must change before Next returns (100 ms); MaxDelay is how long a change waits at most (1 s).
	Quiet, MaxDelay time.Duration
	// Poll, when not 0, replaces watching: everything is dirty once in this time. For network and FUSE volumes, whose systems do not
	// tell what other computers change.
	Poll time.Duration
	// Fallback is the same for a watcher that had to fall back to polling (1 minute).
	Fallback time.Duration
	// Ignore tells which relative, '/'-separated paths are not looked at; nothing is reported in or below an ignored folder. It is
	// called from the watcher's goroutine, and during Watch. nil ignores nothing.
	Ignore func(path string, isDir bool) bool
}

// ErrClosed is returned by Next after Close, or after the end of the context that was given to Watch.
var ErrClosed = errors.New("the watcher is closed")

// Watcher watches one folder. Its methods may be called from any goroutine, Next from one at a time.
type Watcher struct {
	opts   Options
	root   string      // absolute, links resolved
	known  os.FileInfo // which folder the root was when watching it began
	dirty  *dirty
	open   opener
	cancel context.CancelFunc
	done   chan struct{}

	mu       sync.Mutex
	degraded error
}

// Watch begins to watch the folder root, which must exist, and everything below it. When it returns, changes are being noticed, so a
// full scan that starts now misses nothing; with 100 000 folders that takes seconds on Linux. Links are not followed. The watcher
// stops at Close or when ctx ends. A folder that cannot be watched is polled (Degraded says why).
func Watch(ctx context.Context, root string, opts Options) (*Watcher, error) {
	return watchWith(ctx, root, opts, openSource)
}

func watchWith(ctx context.Context, root string, opts Options, open opener) (*Watcher, error) {
	real, info, err := resolve(root)
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &Watcher{opts: withDefaults(opts), root: real, known: info, open: open, cancel: cancel, done: make(chan struct{})}
	w.dirty = newDirty(w.opts.Quiet, w.opts.MaxDelay)
	if w.opts.Poll > 0 {
		w.start(func() { w.poll(ctx, w.opts.Poll, 0) })
		return w, nil
	}
	src, err := w.begin(ctx)
	if ctx.Err() != nil {
		if src != nil {
			src.close()
		}
		cancel()
		return nil, fmt.Errorf("watch %s: %w", root, ctx.Err())
	}
	w.setDegraded(err)
	w.start(func() { w.attend(ctx, src, err) })
	return w, nil
}

// start runs what keeps the watcher going.
func (w *Watcher) start(run func()) {
	go func() {
		defer close(w.done)
		defer w.dirty.close()
		run()
	}()
}

// Next waits until something may have changed and returns the relative, '/'-separated paths of it, sorted; each stands for itself and
// for everything below it, and none lies below another. When all is true, paths is nil and everything may have changed. Changes are
// gathered until nothing more happens for Options.Quiet, for Options.MaxDelay at most. It fails with the error of ctx, or ErrClosed.
func (w *Watcher) Next(ctx context.Context) (paths []string, all bool, err error) {
	return w.dirty.next(ctx)
}

// Degraded returns why the folder is polled instead of watched, or nil while it is watched. Folders that are polled as
// Options.Poll asks are not degraded.
func (w *Watcher) Degraded() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.degraded
}

// Close stops watching and waits for the watcher's goroutines.
func (w *Watcher) Close() {
	w.cancel()
	<-w.done
}

func (w *Watcher) setDegraded(why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.degraded = why
}

func withDefaults(o Options) Options {
	set := func(to *time.Duration, value time.Duration) {
		if *to <= 0 {
			*to = value
		}
	}
	set(&o.Quiet, 100*time.Millisecond)
	set(&o.MaxDelay, time.Second)
	set(&o.Fallback, time.Minute)
	if o.Ignore == nil {
		o.Ignore = func(string, bool) bool { return false }
	}
	return o
}

// resolve returns the true path of a folder, as the system will name it in events, and which folder it is.
func resolve(root string) (string, os.FileInfo, error) {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return "", nil, err
	}
	real, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return "", nil, err
	}
	info, err := os.Stat(real)
	if err != nil {
		return "", nil, err
	}
	if !info.IsDir() {
		return "", nil, errors.New("not a folder")
	}
	return real, remember(info), nil
}
