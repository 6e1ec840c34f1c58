package objstore

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// RetryOptions bound the patience of WithRetry. The zero value tries 6 times within 2 minutes.
type RetryOptions struct {
	Tries   int           // at most, the first one included; 0 means 6
	Elapsed time.Duration // no new try after this; 0 means 2 minutes
	Initial time.Duration // mean wait after the first failure, then doubled; 0 means 300 ms
	Longest time.Duration // mean wait at most; 0 means 20 s
	// Notify, when set, is told of every failure that will be tried again.
	Notify func(err error, wait time.Duration)
}

// WithRetry repeats requests that failed with a Temporary error, waiting longer each time, with jitter. A context that ends
// stops it at once. Bodies on the way up are rewound by the store; a body on the way down that is cut is opened again at the
// byte that was due, as long as the object's ETag is still the same.
//
// A request is repeated even when its outcome is unknown. That is harmless for every one of them: they are idempotent, except
// that NewUpload may leave an upload behind (see ListUploads) and that a repeated CompleteUpload may find its upload gone, in
// which case the object is looked at.
func WithRetry(b Bucket, o RetryOptions) Bucket {
	r := &retrier{inner: b, o: o.withDefaults()}
	r.Bucket = WithHooks(b, Hooks{Around: r.around, Down: r.down})
	return r
}

func (o RetryOptions) withDefaults() RetryOptions {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if o.Tries <= 0 {
		o.Tries = 6
	}
	set(&o.Elapsed, 2*time.Minute)
	set(&o.Initial, 300*time.Millisecond)
	set(&o.Longest, 20*time.Second)
	return o
}

type retrier struct {
	Bucket // the decorated one
	inner  Bucket
	o      RetryOptions
}

func (r *retrier) around(ctx context.Context, _ Call, act Act) error {
	return r.retry(ctx, act)
}

// retry runs act until it succeeds, fails for good, or patience ends; then the last error is returned.
func (r *retrier) retry(ctx context.Context, act Act) error {
	var last error
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.MaxInterval, waits.Multiplier, waits.RandomizationFactor = r.o.Initial, r.o.Longest, 2, 0.5
	_, _ = backoff.Retry(ctx, func() (struct{}, error) {
		last = act(ctx)
		if last != nil && !Temporary(last) {
			return struct{}{}, backoff.Permanent(last)
		}
		return struct{}{}, last
	}, backoff.WithBackOff(waits), backoff.WithMaxTries(uint(r.o.Tries)), backoff.WithMaxElapsedTime(r.o.Elapsed),
		backoff.WithNotify(r.notify))
	if last != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return last
}

func (r *retrier) notify(err error, wait time.Duration) {
	if r.o.Notify != nil {
		r.o.Notify(err, wait)
	}
}

// CompleteUpload tells an upload that an earlier try completed from one that is lost.
func (r *retrier) CompleteUpload(ctx context.Context, key, id string, parts []Part) (got Object, err error) {
	tries := 0
	err = r.retry(ctx, func(ctx context.Context) (err error) {
		tries++
		got, err = r.inner.CompleteUpload(ctx, key, id, parts)
		if tries > 1 && KindOf(err) == NoUpload {
			got, err = r.completed(ctx, key, parts, err)
		}
		return err
	})
	return got, err
}

// completed looks whether the object is the one that these parts make; if not, it returns gone.
func (r *retrier) completed(ctx context.Context, key string, parts []Part, gone error) (Object, error) {
	got, err := r.inner.Head(ctx, key)
	switch {
	case KindOf(err) == NotFound:
		return Object{}, gone
	case err != nil:
		return Object{}, err
	case got.ETag != JoinedETag(parts):
		return Object{}, gone
	}
	return got, nil
}

// JoinedETag is the ETag that S3 servers give to an object of parts; "" when the parts' ETags are not MD5 sums.
func JoinedETag(parts []Part) string {
	sums := md5.New()
	for _, p := range parts {
		sum, err := hex.DecodeString(p.ETag)
		if err != nil || len(sum) != md5.Size {
			return ""
		}
		sums.Write(sum)
	}
	return fmt.Sprintf("%s-%d", hex.EncodeToString(sums.Sum(nil)), len(parts))
}

func (r *retrier) down(ctx context.Context, c Call, o Object, body io.ReadCloser) io.ReadCloser {
	_, end, err := Range(c.Key, c.Get, o.Size)
	if err != nil { // the store took it differently; nothing can be resumed
		return body
	}
	return &resumed{ctx: ctx, r: r, key: c.Key, etag: o.ETag, body: body, at: c.Get.Offset, end: end}
}

// resumed is a body that opens itself again when it is cut.
type resumed struct {
	ctx     context.Context
	r       *retrier
	key     string
	etag    string
	body    io.ReadCloser
	at, end int64 // the next byte, and the one behind the last
	cuts    int
}

// Read fails for good when the body was cut as often as there are tries without a byte in between.
func (b *resumed) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	b.at += int64(n)
	if n > 0 {
		b.cuts = 0
	}
	if err == nil || errors.Is(err, io.EOF) || !Temporary(err) || b.ctx.Err() != nil {
		return n, err
	}
	if b.at >= b.end { // everything is here already
		return n, io.EOF
	}
	if b.cuts++; b.cuts >= b.r.o.Tries {
		return n, err
	}
	return n, b.reopen()
}

// reopen goes on at the next byte of the same object.
func (b *resumed) reopen() error {
	b.body.Close()
	body, o, err := b.r.Bucket.(*hooked).plainGet(b.ctx, b.key, GetOptions{Offset: b.at, Length: b.end - b.at})
	if err != nil {
		b.body = failed{err}
		return err
	}
	if o.ETag != b.etag {
		body.Close()
		err = Errorf(Damaged, OpGet, b.key, "the object changed while it was read")
		b.body = failed{err}
		return err
	}
	b.body = body
	return nil
}

// plainGet is Get without the Down hook.
func (h *hooked) plainGet(ctx context.Context, key string, o GetOptions) (io.ReadCloser, Object, error) {
	plain := hooked{h.inner, Hooks{Around: h.hooks.Around}}
	return plain.Get(ctx, key, o)
}

func (b *resumed) Close() error { return b.body.Close() }

// failed is a body that has already failed.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }
func (f failed) Close() error             { return nil }
