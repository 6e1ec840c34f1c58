package objstore

import (
	"context"
	"io"
	"time"

	"golang.org/x/time/rate"
)

// LimitOptions bound what a bucket may use. Up, Down and Gate may be shared by several buckets and changed while running.
type LimitOptions struct {
	Up, Down    *rate.Limiter // bytes per second, see NewRate; nil means unlimited
	Concurrency int           // requests at the same time; 0 means any number
	Gate        *Gate         // bodies on their way at the same time; nil means any number
	// First tells which keys go before the others: their bodies do not wait at the gate, and small ones for no rate either, against which they are
	// counted all the same. They must be few, or no limit holds. nil: none.
	First func(key string) bool
}

const (
	burst    = 64 << 10 // bytes that may pass at once, where a limit is not lower
	minChunk = 256      // bytes; keeps a very slow limit from a system call for each byte
	small    = 64 << 10 // bytes of a body that may go first
)

// NewRate makes a limit for LimitOptions. bytesPerSecond 0 means unlimited.
func NewRate(bytesPerSecond int64) *rate.Limiter {
	l := rate.NewLimiter(rate.Inf, burst)
	SetRate(l, bytesPerSecond)
	return l
}

// SetRate changes a limit made by NewRate; transfers that are under way notice within a fiftieth of a second, or 256 bytes, of each of them. At most
// a quarter of a second's worth passes at once.
func SetRate(l *rate.Limiter, bytesPerSecond int64) {
	if bytesPerSecond <= 0 {
		l.SetLimit(rate.Inf)
		l.SetBurst(burst)
		return
	}
	l.SetLimit(rate.Limit(bytesPerSecond))
	l.SetBurst(int(min(burst, max(minChunk, bytesPerSecond/4))))
}

// WithLimit keeps b within o. Concurrency counts a request until its answer begins: a body that is being read holds no slot,
// so that a reader may start other requests without the risk of waiting for itself. The gate counts a body until it is read to its end or closed:
// nobody may ask for another one meanwhile.
func WithLimit(b Bucket, o LimitOptions) Bucket {
	l := &limited{LimitOptions: o}
	if o.Concurrency > 0 {
		l.slots = make(chan struct{}, o.Concurrency)
	}
	return WithHooks(b, Hooks{Around: l.around, Up: l.up, Down: l.down})
}

// limited is the limits of one bucket.
type limited struct {
	LimitOptions
	slots chan struct{}
}

func (l *limited) around(ctx context.Context, c Call, act Act) error {
	if !l.gated(c) {
		return inSlot(ctx, l.slots, act)
	}
	if err := l.Gate.enter(ctx); err != nil {
		return err
	}
	err := inSlot(ctx, l.slots, act)
	if err != nil || c.Op != OpGet { // the body of a Get leaves by itself
		l.Gate.leave()
	}
	return err
}

// gated tells whether a call waits at the gate.
func (l *limited) gated(c Call) bool {
	body := c.Op == OpPut || c.Op == OpPutPart || c.Op == OpGet
	return body && l.Gate != nil && (l.First == nil || !l.First(c.Key))
}

func (l *limited) up(ctx context.Context, c Call, body io.ReadSeeker) io.ReadSeeker {
	if l.Up == nil {
		return body
	}
	return &slowUp{meter{ctx, l.Up, l.hurries(c.Key, c.Size)}, body}
}

func (l *limited) down(ctx context.Context, c Call, o Object, body io.ReadCloser) io.ReadCloser {
	if l.Down != nil {
		size := o.Size
		if c.Get.Length > 0 {
			size = c.Get.Length
		}
		body = &slowDown{meter{ctx, l.Down, l.hurries(c.Key, size)}, body}
	}
	if l.gated(c) {
		body = &passing{ReadCloser: body, gate: l.Gate}
	}
	return body
}

// hurries tells whether a body waits for no rate.
func (l *limited) hurries(key string, size int64) bool {
	return size <= small && l.First != nil && l.First(key)
}

func inSlot(ctx context.Context, slots chan struct{}, act Act) error {
	if slots == nil {
		return act(ctx)
	}
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
	meter
	io.ReadSeeker
}

func (s *slowUp) Read(p []byte) (int, error) { return s.read(s.ReadSeeker, p) }

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
	meter
	io.ReadCloser
}

func (s *slowDown) Read(p []byte) (int, error) { return s.read(s.ReadCloser, p) }

// meter counts bytes against a rate.
type meter struct {
	ctx     context.Context
	rate    *rate.Limiter
	hurries bool // it is counted, and does not wait
}

// read reads at most a fiftieth of a second's worth, because many may do so at once, and then waits for as long as that may take.
func (m meter) read(r io.Reader, p []byte) (int, error) {
	n, err := r.Read(p[:min(len(p), chunk(m.rate.Limit()), m.rate.Burst())])
	if wait := m.wait(n); wait != nil {
		return n, wait
	}
	return n, err
}

func (m meter) wait(n int) error {
	for n > 0 {
		k := min(n, m.rate.Burst()) // which may have changed since it was read
		if m.hurries {
			m.rate.ReserveN(time.Now(), k)
		} else if m.rate.WaitN(m.ctx, k) != nil {
			switch {
			case m.ctx.Err() != nil:
				return m.ctx.Err()
			case k <= m.rate.Burst(): // the context would end before the wait does
				return context.DeadlineExceeded
			}
			continue
		}
		n -= k
	}
	return nil
}

func chunk(limit rate.Limit) int {
	if limit == rate.Inf || limit/50 > burst {
		return burst
	}
	return max(minChunk, int(limit/50))
}
