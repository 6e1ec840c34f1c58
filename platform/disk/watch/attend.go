package watch

import (
	"context"
	"errors"
	"os"
	"time"
)

const (
	rootCheck  = 5 * time.Second  // how often the root is looked at: unmounting it gives no event
	limitRetry = 10 * time.Minute // how long a folder is polled before watching it is tried again
)

// source is what a system offers for watching a tree. It reports to the target it was opened with.
type source interface {
	// run reports until ctx ends or it fails; it returns nil only when ctx ended. After a failure everything counts as dirty.
	run(ctx context.Context) error
	close()
}

// opener begins to watch a tree; changes are noticed when it has returned, and reported by run.
type opener func(ctx context.Context, t target) (source, error)

var (
	// errOverflow says that changes were lost; a source that is opened again sees everything that comes after.
	errOverflow = errors.New("the system lost changes")
	// errRootGone says that the folder is not there or is another one: removed, renamed, unmounted, or mounted over.
	errRootGone = errors.New("the folder is not there, or was replaced")
)

// begin opens the source.
func (w *Watcher) begin(ctx context.Context) (source, error) {
	return w.open(ctx, target{root: w.root, ignore: w.opts.Ignore, dirty: w.dirty})
}

// attend keeps a source running until ctx ends; err is why there is none yet. Whenever a source begins or ends everything is dirty,
// because nobody watched between the two.
func (w *Watcher) attend(ctx context.Context, src source, err error) {
	for ctx.Err() == nil {
		if err != nil {
			src, err = w.revive(ctx, err)
			continue
		}
		w.setDegraded(nil)
		err = w.run(ctx, src)
		src = nil
		w.dirty.addAll()
	}
	if src != nil {
		src.close()
	}
}

// revive waits as long as the failure asks for, and opens the source again.
func (w *Watcher) revive(ctx context.Context, failure error) (source, error) {
	switch {
	case errors.Is(failure, errOverflow):
	case errors.Is(failure, errRootGone):
		w.setDegraded(failure)
		sleep(ctx, rootCheck)
	case errors.Is(failure, errors.ErrUnsupported):
		w.setDegraded(failure)
		w.poll(ctx, w.opts.Fallback, 0)
	default:
		w.setDegraded(failure)
		w.poll(ctx, w.opts.Fallback, max(1, int(limitRetry/w.opts.Fallback)))
	}
	src, err := w.reopen(ctx)
	if err == nil {
		w.dirty.addAll()
	}
	return src, err
}

// reopen begins anew on whatever folder is at the root now.
func (w *Watcher) reopen(ctx context.Context) (source, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, err := os.Stat(w.root)
	if err != nil || !info.IsDir() {
		return nil, errors.Join(errRootGone, err)
	}
	w.known = remember(info)
	return w.begin(ctx)
}

// run runs one source to its end and closes it. It also looks at the root now and then.
func (w *Watcher) run(ctx context.Context, src source) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer src.close()
	ended := make(chan error, 1)
	go func() { ended <- src.run(ctx) }()
	check := time.NewTicker(rootCheck)
	defer check.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-check.C:
			if !w.sameRoot() {
				cancel()
				return errors.Join(errRootGone, <-ended)
			}
		}
	}
}

func (w *Watcher) sameRoot() bool {
	info, err := os.Stat(w.root)
	return err == nil && os.SameFile(info, w.known)
}

// remember makes an observation of a folder comparable later: on Windows its identity is read only when first asked for, by path.
func remember(info os.FileInfo) os.FileInfo {
	os.SameFile(info, info)
	return info
}

// poll marks everything dirty once in every interval, rounds times (0: for ever), or until ctx ends.
func (w *Watcher) poll(ctx context.Context, interval time.Duration, rounds int) {
	for round := 0; rounds == 0 || round < rounds; round++ {
		if !sleep(ctx, interval) {
			return
		}
		w.dirty.addAll()
	}
}

// sleep returns false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
