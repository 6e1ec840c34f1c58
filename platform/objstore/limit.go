package objstore

import (
	"context"
	"io"

	"golang.org/x/time/rate"
)

// LimitOptions bound what a bucket may use. Up and Down may be shared by several buckets and changed while running (SetRate).
type LimitOptions struct {
	Up, Down    *rate.Limiter // bytes per second, see NewRate; nil means unlimited
	Concurrency int           // requests at the same time; 0 means any number
}

const (
	burst    = 64 << 10 // bytes that may pass at once
	minChunk = 512      // bytes; keeps a very slow limit from a system call for each byte
)

// NewRate makes a limit for LimitOptions. bytesPerSecond 0 means unlimited.
func NewRate(bytesPerSecond int64) *rate.Limiter {
	l := rate.NewLimiter(rate.Inf, burst)
	SetRate(l, bytesPerSecond)
	return l
}

// SetRate changes a limit made by NewRate; transfers that are under way notice within a tenth of a second or 512 bytes.
func SetRate(l *rate.Limiter, bytesPerSecond int64) {
	if bytesPerSecond <= 0 {
		l.SetLimit(rate.Inf)
		return
	}
	l.SetLimit(rate.Limit(bytesPerSecond))
}

// WithLimit keeps b within o. Concurrency counts a request until its answer begins: a body that is being read holds no slot,
// so that a reader may start other requests without the risk of waiting for itself.
func WithLimit(b Bucket, o LimitOptions) Bucket {
	h := Hooks{}
	if o.Concurrency > 0 {
		slots := make(chan struct{}, o.Concurrency)
		h.Around = func(ctx context.Context, _ Call, act Act) error { return inSlot(ctx, slots, act) }
	}
	if o.Up != nil {
		h.Up = func(ctx context.Context, _ Call, body io.ReadSeeker) io.ReadSeeker { return &slowUp{ctx, o.Up, body} }
	}
	if o.Down != nil {
		h.Down = func(ctx context.Context, _ Call, _ Object, body io.ReadCloser) io.ReadCloser {
			return &slowDown{ctx, o.Down, body}
		}
	}
	return WithHooks(b, h)
}

func inSlot(ctx context.Context, slots chan struct{}, act Act) error {
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
		return act(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// slowUp is a body on the way up.
type slowUp struct {
	ctx  context.Context
	rate *rate.Limiter
	io.ReadSeeker
}

func (s *slowUp) Read(p []byte) (int, error) { return slowRead(s.ctx, s.rate, s.ReadSeeker, p) }

// Measure lets a store read the body to compute its checksum without that being counted as traffic.
func (s *slowUp) Measure() io.ReadSeeker { return Measure(s.ReadSeeker) }

// Measure returns body without what decorators put around it, for passes over it that send nothing.
func Measure(body io.ReadSeeker) io.ReadSeeker {
	if m, ok := body.(interface{ Measure() io.ReadSeeker }); ok {
		return m.Measure()
	}
	return body
}

// slowDown is a body on the way down.
type slowDown struct {
	ctx  context.Context
	rate *rate.Limiter
	io.ReadCloser
}

func (s *slowDown) Read(p []byte) (int, error) { return slowRead(s.ctx, s.rate, s.ReadCloser, p) }

// slowRead reads at most a tenth of a second's worth and then waits for as long as that may take.
func slowRead(ctx context.Context, l *rate.Limiter, r io.Reader, p []byte) (int, error) {
	n, err := r.Read(p[:min(len(p), chunk(l.Limit()), l.Burst())])
	if n == 0 {
		return n, err
	}
	if wait := l.WaitN(ctx, n); wait != nil { // the context ended, or would end before the wait does
		if ctx.Err() == nil {
			return n, context.DeadlineExceeded
		}
		return n, ctx.Err()
	}
	return n, err
}

func chunk(limit rate.Limit) int {
	if limit == rate.Inf || limit/10 > burst {
		return burst
	}
	return max(minChunk, int(limit/10))
}
