package watch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTopmost(t *testing.T) {
	tests := []struct{ in, want []string }{
		{nil, []string{}},
		{[]string{"b", "a"}, []string{"a", "b"}},
		{[]string{"a/b/c", "a", "a/b"}, []string{"a"}},
		{[]string{"a/b/c/d", "a/b", "ab", "a/bc"}, []string{"a/b", "a/bc", "ab"}},
		{[]string{"docs/x", "docs-old/x", "docs"}, []string{"docs", "docs-old/x"}},
	}
	for _, tt := range tests {
		set := map[string]struct{}{}
		for _, path := range tt.in {
			set[path] = struct{}{}
		}
		if diff := cmp.Diff(tt.want, topmost(set)); diff != "" {
			t.Errorf("%q: %s", tt.in, diff)
		}
	}
}

func TestNextWaitsForQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDirty(100*time.Millisecond, time.Second)
		began := time.Now()
		go func() {
			for i := range 3 {
				d.add(fmt.Sprint("file", i))
				time.Sleep(50 * time.Millisecond)
			}
		}()
		paths, all, err := d.next(t.Context())
		if diff := cmp.Diff([]string{"file0", "file1", "file2"}, paths); diff != "" || all || err != nil {
			t.Errorf("%s, all %v, %v", diff, all, err)
		}
		if took := time.Since(began); took != 200*time.Millisecond {
			t.Errorf("took %v, want the last change and 100 ms", took)
		}
	})
}

func TestNextDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDirty(100*time.Millisecond, time.Second)
		ctx, stop := context.WithCancel(t.Context())
		var writing sync.WaitGroup
		writing.Go(func() {
			for ctx.Err() == nil {
				d.add("a film that is being written")
				time.Sleep(10 * time.Millisecond)
			}
		})
		began := time.Now()
		for range 3 {
			if paths, _, err := d.next(ctx); err != nil || len(paths) != 1 {
				t.Errorf("%q %v", paths, err)
			}
		}
		if took := time.Since(began); took > 3100*time.Millisecond {
			t.Errorf("three rounds took %v, want a second each", took)
		}
		stop()
		writing.Wait()
	})
}

func TestStormBecomesEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDirty(time.Millisecond, time.Second)
		for i := range maxPaths {
			d.add(fmt.Sprint(i))
		}
		if paths, all, _ := d.next(t.Context()); len(paths) != maxPaths || all {
			t.Errorf("%d paths, all %v: the limit itself is allowed", len(paths), all)
		}
		for i := range 10 * maxPaths {
			d.add(fmt.Sprint(i))
			if len(d.paths) > maxPaths {
				t.Fatalf("holds %d paths", len(d.paths))
			}
		}
		if paths, all, _ := d.next(t.Context()); len(paths) != 0 || !all {
			t.Errorf("%d paths, all %v", len(paths), all)
		}
		d.add("after")
		if paths, all, _ := d.next(t.Context()); len(paths) != 1 || all {
			t.Errorf("%q, all %v: the storm is over", paths, all)
		}
	})
}

func TestNextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDirty(time.Millisecond, time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		if _, _, err := d.next(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("next = %v", err)
		}
		go d.close()
		if _, _, err := d.next(t.Context()); !errors.Is(err, ErrClosed) {
			t.Errorf("next = %v", err)
		}
	})
}

func TestTargetPaths(t *testing.T) {
	tg := target{root: t.TempDir(), ignore: func(path string, isDir bool) bool { return isDir && path == "a/skip" || path == "x.tmp" }}
	for _, rel := range []string{"", "a", "a/b"} {
		if got, ok := tg.relative(tg.absolute(rel)); got != rel || !ok {
			t.Errorf("%q became %q %v", rel, got, ok)
		}
	}
	if got, ok := tg.relative(tg.root + "-other"); ok {
		t.Errorf("a neighbour became %q", got)
	}
	for path, want := range map[string]bool{"": false, "a": false, "a/skip/b/c": true, "a/skipped": false, "x.tmp": true, "a/skip": false} {
		if got := tg.ignored(path, false); got != want {
			t.Errorf("ignored(%q) = %v", path, got)
		}
	}
}
