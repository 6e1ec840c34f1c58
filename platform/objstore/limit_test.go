package objstore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/platform/objstore/memstore"
)

func TestLimitHoldsBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up, down := objstore.NewRate(100_000), objstore.NewRate(50_000)
		b := objstore.WithLimit(memstore.New(nil), objstore.LimitOptions{Up: up, Down: down})
		text := strings.Repeat("x", 1_000_000)
		started := time.Now()
		put(t, b, "k", text)
		if took := time.Since(started).Seconds(); took < 9 || took > 10.1 { // the first quarter of a second passes at once
			t.Errorf("1 MB up at 100 kB/s took %.1f s", took)
		}
		started = time.Now()
		if got, err := read(t, b, "k", objstore.GetOptions{}); got != text || err != nil {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if took := time.Since(started).Seconds(); took < 18 || took > 20.1 {
			t.Errorf("1 MB down at 50 kB/s took %.1f s", took)
		}
	})
}

func TestLimitIsSharedAndChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := objstore.NewRate(1000)
		one := objstore.WithLimit(memstore.New(nil), objstore.LimitOptions{Up: up})
		two := objstore.WithLimit(memstore.New(nil), objstore.LimitOptions{Up: up})
		put(t, one, "k", strings.Repeat("x", 64<<10)) // uses up what may pass at once, and more
		started := time.Now()
		time.AfterFunc(10*time.Second, func() { objstore.SetRate(up, 0) })
		put(t, two, "k", strings.Repeat("x", 1<<20))
		if took := time.Since(started).Seconds(); took < 9 || took > 12 {
			t.Errorf("took %.1f s although the limit was lifted after 10 s", took)
		}
	})
}

func TestLimitDoesNotCountMeasuring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := objstore.WithLimit(measuring{memstore.New(nil)}, objstore.LimitOptions{Up: objstore.NewRate(10_000)})
		started := time.Now()
		put(t, b, "k", strings.Repeat("x", 100_000))
		if took := time.Since(started).Seconds(); took < 9 || took > 10.1 {
			t.Errorf("100 kB at 10 kB/s took %.1f s", took)
		}
	})
}

// measuring reads each body twice, as stores that send a checksum first do.
type measuring struct{ objstore.Bucket }

func (m measuring) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (objstore.Object, error) {
	if _, err := io.Copy(io.Discard, objstore.Measure(body)); err != nil {
		return objstore.Object{}, err
	}
	return m.Bucket.Put(ctx, key, body, size, o)
}

func TestLimitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := objstore.WithLimit(memstore.New(nil), objstore.LimitOptions{Up: objstore.NewRate(1000)})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := b.Put(ctx, "k", strings.NewReader(strings.Repeat("x", 1<<20)), 1<<20, objstore.PutOptions{})
		if err == nil || time.Since(time.Now().Add(-time.Second)) > 2*time.Second {
			t.Errorf("error %v", err)
		}
	})
}

func TestConcurrencyIsLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &counting{Bucket: memstore.New(nil)}
		b := objstore.WithLimit(slow, objstore.LimitOptions{Concurrency: 3})
		for range 10 {
			go func() { _, _ = b.Head(t.Context(), "k") }() // absent
		}
		synctest.Wait()
		if n := slow.running.Load(); n != 3 {
			t.Errorf("%d at the same time", n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := b.Head(ctx, "k"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for a slot: %v", err)
		}
		<-time.After(time.Hour)
		if n := slow.running.Load(); n != 0 {
			t.Errorf("%d are still running", n)
		}
	})
}

type counting struct {
	objstore.Bucket
	running atomic.Int64
}

func (c *counting) Head(ctx context.Context, key string) (objstore.Object, error) {
	c.running.Add(1)
	defer c.running.Add(-1)
	<-time.After(time.Minute)
	return c.Bucket.Head(ctx, key)
}

func TestCount(t *testing.T) {
	c := objstore.WithCount(memstore.New(nil))
	put(t, c, "a", "12345")
	put(t, c, "b", "678")
	if _, err := read(t, c, "a", objstore.GetOptions{Offset: 1}); err != nil {
		t.Fatal(err)
	}
	_, _ = c.Head(t.Context(), "absent") // counted as failed
	got := c.Counts()
	if got.Requests[objstore.OpPut] != 2 || got.Total() != 4 || got.Writes() != 2 || got.Failed != 1 || got.Sent != 8 || got.Received != 4 {
		t.Errorf("%+v", got)
	}
	c.Reset()
	if got := c.Counts(); got.Total() != 0 || got.Received != 0 {
		t.Errorf("after Reset: %+v", got)
	}
}

func TestLog(t *testing.T) {
	var lines bytes.Buffer
	s := faultstore.New(memstore.New(nil), nil)
	b := objstore.WithLog(s, slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug})))
	put(t, b, "a/b", "12345")
	s.Decide(times(1, objstore.OpDelete, faultstore.Fault{Action: faultstore.Before, Err: failure(objstore.Denied)}))
	if b.Delete(t.Context(), "a/b") == nil {
		t.Fatal("no error")
	}
	out := strings.Split(strings.TrimSpace(lines.String()), "\n")
	if len(out) != 2 {
		t.Fatalf("%q", out)
	}
	for i, want := range []string{"level=DEBUG|op=put|key=a/b|bytes=5|took=", "op=delete|kind=denied|error=|made up"} {
		for part := range strings.SplitSeq(want, "|") {
			if !strings.Contains(out[i], part) {
				t.Errorf("%q lacks %q", out[i], part)
			}
		}
	}
}
