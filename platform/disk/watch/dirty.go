package watch

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxPaths is how many paths are worth listing: a scan of everything is cheaper than looking at more of them one by one.
const maxPaths = 10_000

// dirty gathers changed paths until somebody takes them. It never blocks who adds, and its size is bounded: a storm of changes
// becomes "everything".
type dirty struct {
	quiet, maxDelay time.Duration
	wake            chan struct{} // one slot: something was added
	closed          chan struct{}

	mu          sync.Mutex
	paths       map[string]struct{}
	all         bool
	first, last time.Time // when the oldest and the newest waiting change came
}

func newDirty(quiet, maxDelay time.Duration) *dirty {
	return &dirty{
		quiet: quiet, maxDelay: maxDelay,
		wake: make(chan struct{}, 1), closed: make(chan struct{}),
		paths: map[string]struct{}{},
	}
}

// add marks a path, and everything below it; "" is the root and means everything.
func (d *dirty) add(path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.all {
		d.paths[path] = struct{}{}
	}
	if path == "" || len(d.paths) > maxPaths {
		d.all, d.paths = true, map[string]struct{}{}
	}
	d.last = time.Now()
	if d.first.IsZero() {
		d.first = d.last
		d.signal()
	}
}

func (d *dirty) addAll() { d.add("") }

func (d *dirty) signal() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func (d *dirty) close() { close(d.closed) }

// next waits as Watcher.Next says.
func (d *dirty) next(ctx context.Context) ([]string, bool, error) {
	for {
		wait, waiting := d.due()
		if waiting && wait <= 0 {
			paths, all := d.take()
			return paths, all, nil
		}
		if err := d.sleep(ctx, wait, waiting); err != nil {
			return nil, false, err
		}
	}
}

// due returns how long the waiting changes still have to wait, and whether there are any.
func (d *dirty) due() (time.Duration, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.first.IsZero() {
		return 0, false
	}
	at := d.last.Add(d.quiet)
	if latest := d.first.Add(d.maxDelay); at.After(latest) {
		at = latest
	}
	return time.Until(at), true
}

// sleep returns when the time is over or, when nothing waits, something came.
func (d *dirty) sleep(ctx context.Context, wait time.Duration, waiting bool) error {
	var over <-chan time.Time
	wake := d.wake
	if waiting {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		over, wake = timer.C, nil
	}
	select {
	case <-wake:
		return nil
	case <-over:
		return nil
	case <-d.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *dirty) take() ([]string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	paths, all := d.paths, d.all
	d.paths, d.all, d.first = map[string]struct{}{}, false, time.Time{}
	if all {
		return nil, true
	}
	return topmost(paths), false
}

// topmost sorts paths and leaves out those below another one.
func topmost(paths map[string]struct{}) []string {
	list := make([]string, 0, len(paths))
	for path := range paths {
		if !below(paths, path) {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}

// below tells whether a folder above path is in the set.
func below(paths map[string]struct{}, path string) bool {
	for {
		slash := strings.LastIndexByte(path, '/')
		if slash < 0 {
			return false
		}
		path = path[:slash]
		if _, ok := paths[path]; ok {
			return true
		}
	}
}
