package objstore

import (
	"context"
	"io"
	"sync"
)

// Call is one request on its way to a store.
type Call struct {
	Op   string
	Key  string     // for Copy the destination; for List and ListUploads the prefix
	Src  string     // Copy only
	Size int64      // bytes of the body on the way up
	Get  GetOptions // Get only
}

// Act does the request.
type Act func(ctx context.Context) error

// Hooks are what a decorator does around every request. Any of them may be nil.
type Hooks struct {
	// Around runs act, any number of times, and returns the request's error. It may give act another context, and run it later.
	Around func(ctx context.Context, c Call, act Act) error
	// Up wraps the body of Put and PutPart.
	Up func(ctx context.Context, c Call, body io.ReadSeeker) io.ReadSeeker
	// Down wraps the body of a Get that succeeded.
	Down func(ctx context.Context, c Call, o Object, body io.ReadCloser) io.ReadCloser
}

// WithHooks decorates b; every method of Bucket passes through h.
func WithHooks(b Bucket, h Hooks) Bucket { return &hooked{b, h} }

type hooked struct {
	inner Bucket
	hooks Hooks
}

func (h *hooked) around(ctx context.Context, c Call, act Act) error {
	if h.hooks.Around == nil {
		return act(ctx)
	}
	return h.hooks.Around(ctx, c, act)
}

// ask does a request that has an answer. Without an error act has run; with one it may still be about to, so that nobody looks
// at what it answers.
func ask[T any](ctx context.Context, h *hooked, c Call, act func(ctx context.Context) (T, error)) (T, error) {
	var got, none T
	err := h.around(ctx, c, func(ctx context.Context) (err error) {
		got, err = act(ctx)
		return err
	})
	if err != nil {
		return none, err
	}
	return got, nil
}

func (h *hooked) up(ctx context.Context, c Call, body io.ReadSeeker) io.ReadSeeker {
	if h.hooks.Up == nil || body == nil {
		return body
	}
	return h.hooks.Up(ctx, c, body)
}

func (h *hooked) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o PutOptions) (Object, error) {
	c := Call{Op: OpPut, Key: key, Size: size}
	body = h.up(ctx, c, body)
	return ask(ctx, h, c, func(ctx context.Context) (Object, error) { return h.inner.Put(ctx, key, body, size, o) })
}

func (h *hooked) Get(ctx context.Context, key string, o GetOptions) (io.ReadCloser, Object, error) {
	c := Call{Op: OpGet, Key: key, Get: o}
	var mu sync.Mutex
	var body io.ReadCloser // of the last time that it was asked for
	var left bool          // nobody waits for it any more
	got, err := ask(ctx, h, c, func(ctx context.Context) (Object, error) {
		b, got, err := h.inner.Get(ctx, key, o)
		mu.Lock()
		defer mu.Unlock()
		if left && err == nil {
			b.Close()
			return got, nil
		}
		body = b
		return got, err
	})
	mu.Lock()
	defer mu.Unlock()
	left = true
	if err != nil {
		if body != nil { // the request succeeded, a hook did not
			body.Close()
		}
		return nil, Object{}, err
	}
	if h.hooks.Down != nil {
		body = h.hooks.Down(ctx, c, got, body)
	}
	return body, got, nil
}

func (h *hooked) Head(ctx context.Context, key string) (Object, error) {
	return ask(ctx, h, Call{Op: OpHead, Key: key}, func(ctx context.Context) (Object, error) { return h.inner.Head(ctx, key) })
}

func (h *hooked) List(ctx context.Context, prefix, startAfter string, limit int) ([]Object, bool, error) {
	type page struct {
		objects []Object
		more    bool
	}
	got, err := ask(ctx, h, Call{Op: OpList, Key: prefix}, func(ctx context.Context) (p page, err error) {
		p.objects, p.more, err = h.inner.List(ctx, prefix, startAfter, limit)
		return p, err
	})
	return got.objects, got.more, err
}

func (h *hooked) Delete(ctx context.Context, key string) error {
	return h.around(ctx, Call{Op: OpDelete, Key: key}, func(ctx context.Context) error { return h.inner.Delete(ctx, key) })
}

func (h *hooked) Copy(ctx context.Context, src, dst string) (Object, error) {
	c := Call{Op: OpCopy, Key: dst, Src: src}
	return ask(ctx, h, c, func(ctx context.Context) (Object, error) { return h.inner.Copy(ctx, src, dst) })
}

func (h *hooked) NewUpload(ctx context.Context, key string, o PutOptions) (string, error) {
	c := Call{Op: OpNewUpload, Key: key}
	return ask(ctx, h, c, func(ctx context.Context) (string, error) { return h.inner.NewUpload(ctx, key, o) })
}

func (h *hooked) PutPart(ctx context.Context, key, id string, number int, body io.ReadSeeker, size int64) (Part, error) {
	c := Call{Op: OpPutPart, Key: key, Size: size}
	body = h.up(ctx, c, body)
	return ask(ctx, h, c, func(ctx context.Context) (Part, error) { return h.inner.PutPart(ctx, key, id, number, body, size) })
}

func (h *hooked) ListParts(ctx context.Context, key, id string) ([]Part, error) {
	c := Call{Op: OpListParts, Key: key}
	return ask(ctx, h, c, func(ctx context.Context) ([]Part, error) { return h.inner.ListParts(ctx, key, id) })
}

func (h *hooked) CompleteUpload(ctx context.Context, key, id string, parts []Part) (Object, error) {
	c := Call{Op: OpComplete, Key: key}
	return ask(ctx, h, c, func(ctx context.Context) (Object, error) { return h.inner.CompleteUpload(ctx, key, id, parts) })
}

func (h *hooked) AbortUpload(ctx context.Context, key, id string) error {
	return h.around(ctx, Call{Op: OpAbort, Key: key}, func(ctx context.Context) error { return h.inner.AbortUpload(ctx, key, id) })
}

func (h *hooked) ListUploads(ctx context.Context, prefix string) ([]Upload, error) {
	c := Call{Op: OpListUploads, Key: prefix}
	return ask(ctx, h, c, func(ctx context.Context) ([]Upload, error) { return h.inner.ListUploads(ctx, prefix) })
}
