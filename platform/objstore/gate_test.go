package objstore_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
)

// TestRatesHold: over ten seconds no rate is off by more than a tenth, however many share it, low or high, up or down.
func TestRatesHold(t *testing.T) {
	for _, limit := range []int64{10_000, 100_000, 3_000_000, 80_000_000} {
		for _, many := range []int{1, 20} {
			for _, way := range []string{"up", "down"} {
				synctest.Test(t, func(t *testing.T) {
					var moved atomic.Int64
					store := memstore.New(nil)
					o := objstore.LimitOptions{Up: objstore.NewRate(limit), Down: objstore.NewRate(limit)}
					b := objstore.WithLimit(counted{store, &moved}, o)
					if way == "down" {
						b = objstore.WithLimit(counted{endless{store}, nil}, o)
					}
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					defer cancel()
					var all sync.WaitGroup
					for range many {
						all.Go(func() {
							if way == "up" {
								_, _ = b.Put(ctx, "k", &zeros{size: 1 << 40}, 1<<40, objstore.PutOptions{})
								return
							}
							r, _, err := b.Get(ctx, "k", objstore.GetOptions{})
							if err != nil {
								t.Error(err)
								return
							}
							n, _ := io.Copy(io.Discard, r)
							moved.Add(n)
						})
					}
					all.Wait()
					want := limit * 10
					if got := moved.Load(); got < want*9/10 || got > want*11/10 {
						t.Errorf("%s by %d: %d bytes in 10 s, not about %d", way, many, got, want)
					}
				})
			}
		}
	}
}

// zeros is a long body without content.
type zeros struct{ at, size int64 }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(int64(len(p)), z.size-z.at)
	if n == 0 {
		return 0, io.EOF
	}
	z.at += n
	return int(n), nil
}

func (z *zeros) Seek(offset int64, _ int) (int64, error) { z.at = offset; return offset, nil }
func (z *zeros) Close() error                            { return nil }

// counted throws bodies away as they come.
type counted struct {
	objstore.Bucket
	moved *atomic.Int64
}

func (c counted) Put(_ context.Context, _ string, body io.ReadSeeker, _ int64, _ objstore.PutOptions) (objstore.Object, error) {
	p := make([]byte, 32<<10)
	for {
		n, err := body.Read(p)
		if err != nil {
			return objstore.Object{}, err // what came with it is not sent any more
		}
		c.moved.Add(int64(n))
	}
}

// endless gives bodies that do not end.
type endless struct{ objstore.Bucket }

func (endless) Get(context.Context, string, objstore.GetOptions) (io.ReadCloser, objstore.Object, error) {
	return &zeros{size: 1 << 40}, objstore.Object{Size: 1 << 40}, nil
}

// TestARateChangesWhileReading: also to one that lets less pass at once than is being read.
func TestARateChangesWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := objstore.NewRate(50_000_000)
		b := objstore.WithLimit(memstore.New(nil), objstore.LimitOptions{Up: up})
		started := time.Now()
		time.AfterFunc(50*time.Millisecond, func() { objstore.SetRate(up, 20_000) })
		time.AfterFunc(5*time.Second, func() { objstore.SetRate(up, 50_000_000) })
		put(t, b, "k", strings.Repeat("x", 10_000_000))
		if took := time.Since(started); took < 5*time.Second || took > 9*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func first(key string) bool { return strings.HasPrefix(key, "meta/") }

// TestWhatIsSmallGoesFirst: while large bodies fill a slow line, a small one of the right kind passes at once, is counted, and a large one is not let
// through by its name.
func TestWhatIsSmallGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up, gate := objstore.NewRate(20_000), objstore.NewGate()
		gate.Set(2)
		b := objstore.WithLimit(memstore.New(nil), objstore.LimitOptions{Up: up, Down: up, Gate: gate, First: first})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for range 30 {
			go func() {
				_, _ = b.Put(ctx, "content", strings.NewReader(strings.Repeat("x", 1<<20)), 1<<20, objstore.PutOptions{})
			}()
		}
		<-time.After(time.Second)
		started := time.Now()
		put(t, b, "meta/a", strings.Repeat("m", 40_000))
		if got, err := read(t, b, "meta/a", objstore.GetOptions{}); len(got) != 40_000 || err != nil {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if took := time.Since(started); took > 0 {
			t.Errorf("a small one waited %v", took)
		}
		if up.Tokens() > -60_000 {
			t.Errorf("it was not counted: %.0f", up.Tokens())
		}
		put(t, b, "meta/large", strings.Repeat("m", 100_000))
		if took := time.Since(started); took < 5*time.Second {
			t.Errorf("a large one took only %v", took)
		}
	})
}

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &gated{Bucket: memstore.New(nil)}
		gate := objstore.NewGate()
		b := objstore.WithLimit(slow, objstore.LimitOptions{Gate: gate, First: first})
		inside := func(want int64) {
			t.Helper()
			synctest.Wait()
			if n := slow.in.Load(); n != want {
				t.Errorf("%d are inside, not %d", n, want)
			}
		}
		gate.Set(2)
		for range 6 {
			go func() { _, _ = b.Put(t.Context(), "k", strings.NewReader("1"), 1, objstore.PutOptions{}) }()
		}
		inside(2)
		if _, err := b.Head(t.Context(), "k"); objstore.KindOf(err) != objstore.NotFound {
			t.Errorf("what has no body: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := b.Get(ctx, "k", objstore.GetOptions{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting: %v", err)
		}
		gate.Set(3)
		inside(3)
		gate.Set(1) // those who are inside stay
		inside(3)
		gate.Set(0)
		inside(6)
		<-time.After(time.Hour)
		inside(0)

		gate.Set(1)
		for _, end := range []func(io.ReadCloser) error{
			func(r io.ReadCloser) error { return r.Close() },
			func(r io.ReadCloser) error { _, err := io.ReadAll(r); return errors.Join(err, r.Close()) },
		} {
			r, _, err := b.Get(t.Context(), "k", objstore.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = b.Put(t.Context(), "k", strings.NewReader("1"), 1, objstore.PutOptions{}) }()
			inside(0)
			if err := end(r); err != nil {
				t.Error(err)
			}
			inside(1)
			<-time.After(time.Hour)
		}
		if _, _, err := b.Get(t.Context(), "absent", objstore.GetOptions{}); objstore.KindOf(err) != objstore.NotFound {
			t.Errorf("%v", err)
		}
		put(t, b, "k", "1") // a failure has left, too
	})
}

// gated takes a minute for a Put.
type gated struct {
	objstore.Bucket
	in atomic.Int64
}

func (g *gated) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (objstore.Object, error) {
	g.in.Add(1)
	defer g.in.Add(-1)
	<-time.After(time.Minute)
	return g.Bucket.Put(ctx, key, body, size, o)
}
