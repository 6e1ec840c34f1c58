package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// fake is a source that fails when told to; opening it follows a script of errors, and succeeds after its end.
type fake struct {
	script []error
	opened atomic.Int32
	open   int // sources that were not closed
	fail   chan error
	report target
}

func newFake(script ...error) *fake { return &fake{script: script} }

func (f *fake) opener(_ context.Context, t target) (source, error) {
	f.opened.Add(1)
	f.report = t
	if len(f.script) > 0 {
		err := f.script[0]
		f.script = f.script[1:]
		if err != nil {
			return nil, err
		}
	}
	f.open++
	return f, nil
}

func (f *fake) run(ctx context.Context) error {
	select {
	case err := <-f.fail:
		return err
	case <-ctx.Done():
		return nil
	}
}

func (f *fake) close() { f.open-- }

// inBubble starts a watcher on a fake source in a bubble of its own time.
func inBubble(t *testing.T, f *fake, opts Options, check func(t *testing.T, w *Watcher)) {
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f.fail = make(chan error) // of the bubble's time
		w, err := watchWith(t.Context(), root, opts, f.opener)
		if err != nil {
			t.Fatal(err)
		}
		check(t, w)
		w.Close()
		if f.open != 0 {
			t.Errorf("%d sources left open", f.open)
		}
	})
}

// everything waits for the next report, which must be "everything", and returns how long it took.
func everything(t *testing.T, w *Watcher) time.Duration {
	t.Helper()
	began := time.Now()
	if paths, all, err := w.Next(t.Context()); !all || err != nil {
		t.Fatalf("Next = %q %v %v, want everything", paths, all, err)
	}
	return time.Since(began)
}

func TestOverflowMakesEverythingDirtyAndGoesOn(t *testing.T) {
	f := newFake()
	inBubble(t, f, Options{}, func(t *testing.T, w *Watcher) {
		f.report.dirty.add("one")
		f.fail <- errOverflow
		if took := everything(t, w); took > time.Second {
			t.Errorf("took %v", took)
		}
		if f.opened.Load() != 2 || w.Degraded() != nil {
			t.Errorf("opened %d times, degraded: %v", f.opened.Load(), w.Degraded())
		}
		f.report.dirty.add("two")
		if paths, all, err := w.Next(t.Context()); len(paths) != 1 || all || err != nil {
			t.Errorf("Next = %q %v %v", paths, all, err)
		}
	})
}

func TestNoWatchesLeftMeansPollingUntilThereAre(t *testing.T) {
	full := errors.Join(errors.New("no watches"), syscall.ENOSPC)
	f := newFake(full, full)
	inBubble(t, f, Options{Fallback: 30 * time.Second}, func(t *testing.T, w *Watcher) {
		if !errors.Is(w.Degraded(), syscall.ENOSPC) {
			t.Errorf("Degraded = %v", w.Degraded())
		}
		for range 20 {
			if took := everything(t, w); took < 29*time.Second || took > 31*time.Second {
				t.Errorf("polled after %v", took)
			}
		}
		for f.opened.Load() < 3 {
			everything(t, w)
		}
		synctest.Wait()
		if w.Degraded() != nil {
			t.Errorf("watched again, and still degraded: %v", w.Degraded())
		}
	})
}

func TestUnsupportedIsPolledForEver(t *testing.T) {
	f := newFake(errors.ErrUnsupported)
	inBubble(t, f, Options{}, func(t *testing.T, w *Watcher) {
		for range 100 {
			if took := everything(t, w); took > 61*time.Second {
				t.Errorf("polled after %v", took)
			}
		}
		if f.opened.Load() != 1 || !errors.Is(w.Degraded(), errors.ErrUnsupported) {
			t.Errorf("opened %d times, degraded: %v", f.opened.Load(), w.Degraded())
		}
	})
}

func TestPollNeverOpensASource(t *testing.T) {
	f := newFake()
	inBubble(t, f, Options{Poll: 10 * time.Second}, func(t *testing.T, w *Watcher) {
		for range 3 {
			if took := everything(t, w); took > 11*time.Second {
				t.Errorf("polled after %v", took)
			}
		}
		if f.opened.Load() != 0 || w.Degraded() != nil {
			t.Errorf("opened %d times, degraded: %v", f.opened.Load(), w.Degraded())
		}
	})
}

// Another folder at the same path (a drive that was unmounted, a folder that was replaced) is noticed without any event.
func TestReplacedRootIsWatchedAnew(t *testing.T) {
	f := newFake()
	inBubble(t, f, Options{}, func(t *testing.T, w *Watcher) {
		aside := w.root + "-aside"
		if err := errors.Join(os.Rename(w.root, aside), os.Mkdir(w.root, 0o700)); err != nil {
			t.Fatal(err)
		}
		everything(t, w)
		time.Sleep(2 * rootCheck)
		synctest.Wait()
		if f.opened.Load() != 2 || w.Degraded() != nil || !w.sameRoot() {
			t.Errorf("opened %d times, degraded: %v", f.opened.Load(), w.Degraded())
		}
		everything(t, w)
	})
}

func TestMissingRootIsAwaited(t *testing.T) {
	f := newFake()
	inBubble(t, f, Options{}, func(t *testing.T, w *Watcher) {
		aside := w.root + "-aside"
		if err := os.Rename(w.root, aside); err != nil {
			t.Fatal(err)
		}
		everything(t, w)
		time.Sleep(time.Hour)
		if f.opened.Load() != 1 || !errors.Is(w.Degraded(), errRootGone) {
			t.Errorf("opened %d times, degraded: %v", f.opened.Load(), w.Degraded())
		}
		if err := os.Rename(aside, w.root); err != nil {
			t.Fatal(err)
		}
		everything(t, w)
		if f.opened.Load() != 2 || w.Degraded() != nil {
			t.Errorf("opened %d times, degraded: %v", f.opened.Load(), w.Degraded())
		}
	})
}

func TestCloseEndsNext(t *testing.T) {
	f := newFake()
	inBubble(t, f, Options{}, func(t *testing.T, w *Watcher) {
		go w.Close()
		for {
			_, all, err := w.Next(t.Context())
			if errors.Is(err, ErrClosed) {
				return
			}
			if !all {
				t.Fatalf("Next = %v %v", all, err)
			}
		}
	})
}

func TestEndOfContextDuringSetUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := newFake()
	open := func(ctx context.Context, t target) (source, error) {
		cancel()
		return f.opener(ctx, t)
	}
	if _, err := watchWith(ctx, t.TempDir(), Options{}, open); !errors.Is(err, context.Canceled) {
		t.Errorf("Watch = %v", err)
	}
	if f.open != 0 {
		t.Error("a source was left open")
	}
}

func TestWatchNeedsAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{file, filepath.Join(file, "below"), filepath.Join(t.TempDir(), "none")} {
		if _, err := Watch(t.Context(), root, Options{}); err == nil {
			t.Errorf("Watch(%s) did not fail", root)
		}
	}
}
