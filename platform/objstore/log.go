package objstore

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// WithLog writes one debug line for every request: operation, key, bytes sent, duration until the answer begins and, when it
// failed, the kind of failure and the error.
func WithLog(b Bucket, log *slog.Logger) Bucket {
	return WithHooks(b, Hooks{Around: func(ctx context.Context, c Call, act Act) error {
		started := time.Now()
		err := act(ctx)
		attrs := []slog.Attr{
			slog.String("op", c.Op), slog.String("key", c.Key), slog.Int64("bytes", c.Size),
			slog.Duration("took", time.Since(started)),
		}
		if err != nil {
			attrs = append(attrs, slog.String("kind", KindOf(err).String()), slog.Any("error", err))
		}
		log.LogAttrs(ctx, slog.LevelDebug, "store request", attrs...)
		return err
	}})
}

// Counts are the requests of a Counter since its start or its last Reset.
type Counts struct {
	Requests map[string]int64 // by operation, failed ones included; operations that were not used are absent
	Failed   int64            // of these
	Sent     int64            // bytes of bodies that were stored
	Received int64            // bytes of bodies that were read
}

// Writes is the number of requests that change the store.
func (c Counts) Writes() int64 {
	var n int64
	for _, op := range []string{OpPut, OpDelete, OpCopy, OpNewUpload, OpPutPart, OpComplete, OpAbort} {
		n += c.Requests[op]
	}
	return n
}

// Total is the number of all requests.
func (c Counts) Total() int64 {
	var n int64
	for _, v := range c.Requests {
		n += v
	}
	return n
}

// Counter is a Bucket that counts what passes through it.
type Counter struct {
	Bucket
	mu       sync.Mutex
	counts   Counts
	received atomic.Int64
}

// WithCount decorates b with a Counter.
func WithCount(b Bucket) *Counter {
	c := &Counter{}
	c.Reset()
	c.Bucket = WithHooks(b, Hooks{Around: c.around, Down: c.down})
	return c
}

// Counts returns the counts until now.
func (c *Counter) Counts() Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	got := c.counts
	got.Requests = make(map[string]int64, len(c.counts.Requests))
	for op, n := range c.counts.Requests {
		got.Requests[op] = n
	}
	got.Received = c.received.Load()
	return got
}

// Reset begins to count anew.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts = Counts{Requests: map[string]int64{}}
	c.received.Store(0)
}

func (c *Counter) around(ctx context.Context, call Call, act Act) error {
	err := act(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts.Requests[call.Op]++
	if err != nil {
		c.counts.Failed++
	} else {
		c.counts.Sent += call.Size
	}
	return err
}

func (c *Counter) down(_ context.Context, _ Call, _ Object, body io.ReadCloser) io.ReadCloser {
	return &counted{body, &c.received}
}

type counted struct {
	io.ReadCloser
	total *atomic.Int64
}

func (b *counted) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.total.Add(int64(n))
	return n, err
}
