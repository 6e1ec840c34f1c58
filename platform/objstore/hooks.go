package objstore

import (
	"context"
	"io"
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

func (h *hooked) up(ctx context.Context, c Call, body io.ReadSeeker) io.ReadSeeker {
	if h.hooks.Up == nil || body == nil {
		return body
	}
	return h.hooks.Up(ctx, c, body)
}

func (h *hooked) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o PutOptions) (got Object, err error) {
	c := Call{Op: OpPut, Key: key, Size: size}
	body = h.up(ctx, c, body)
	err = h.around(ctx, c, func(ctx context.Context) (err error) {
		got, err = h.inner.Put(ctx, key, body, size, o)
		return err
	})
	return got, err
}

func (h *hooked) Get(ctx context.Context, key string, o GetOptions) (body io.ReadCloser, got Object, err error) {
	c := Call{Op: OpGet, Key: key, Get: o}
	err = h.around(ctx, c, func(ctx context.Context) (err error) {
		body, got, err = h.inner.Get(ctx, key, o)
		return err
	})
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

func (h *hooked) Head(ctx context.Context, key string) (got Object, err error) {
	err = h.around(ctx, Call{Op: OpHead, Key: key}, func(ctx context.Context) (err error) {
		got, err = h.inner.Head(ctx, key)
		return err
	})
	return got, err
}

func (h *hooked) List(ctx context.Context, prefix, startAfter string, limit int) (objects []Object, more bool, err error) {
	err = h.around(ctx, Call{Op: OpList, Key: prefix}, func(ctx context.Context) (err error) {
		objects, more, err = h.inner.List(ctx, prefix, startAfter, limit)
		return err
	})
	return objects, more, err
}

func (h *hooked) Delete(ctx context.Context, key string) error {
	return h.around(ctx, Call{Op: OpDelete, Key: key}, func(ctx context.Context) error { return h.inner.Delete(ctx, key) })
}

func (h *hooked) Copy(ctx context.Context, src, dst string) (got Object, err error) {
	err = h.around(ctx, Call{Op: OpCopy, Key: dst, Src: src}, func(ctx context.Context) (err error) {
		got, err = h.inner.Copy(ctx, src, dst)
		return err
	})
	return got, err
}

func (h *hooked) NewUpload(ctx context.Context, key string, o PutOptions) (id string, err error) {
	err = h.around(ctx, Call{Op: OpNewUpload, Key: key}, func(ctx context.Context) (err error) {
		id, err = h.inner.NewUpload(ctx, key, o)
		return err
	})
	return id, err
}

func (h *hooked) PutPart(ctx context.Context, key, id string, number int, body io.ReadSeeker, size int64) (got Part, err error) {
	c := Call{Op: OpPutPart, Key: key, Size: size}
	body = h.up(ctx, c, body)
	err = h.around(ctx, c, func(ctx context.Context) (err error) {
		got, err = h.inner.PutPart(ctx, key, id, number, body, size)
		return err
	})
	return got, err
}

func (h *hooked) ListParts(ctx context.Context, key, id string) (parts []Part, err error) {
	err = h.around(ctx, Call{Op: OpListParts, Key: key}, func(ctx context.Context) (err error) {
		parts, err = h.inner.ListParts(ctx, key, id)
		return err
	})
	return parts, err
}

func (h *hooked) CompleteUpload(ctx context.Context, key, id string, parts []Part) (got Object, err error) {
	err = h.around(ctx, Call{Op: OpComplete, Key: key}, func(ctx context.Context) (err error) {
		got, err = h.inner.CompleteUpload(ctx, key, id, parts)
		return err
	})
	return got, err
}

func (h *hooked) AbortUpload(ctx context.Context, key, id string) error {
	return h.around(ctx, Call{Op: OpAbort, Key: key}, func(ctx context.Context) error { return h.inner.AbortUpload(ctx, key, id) })
}

func (h *hooked) ListUploads(ctx context.Context, prefix string) (uploads []Upload, err error) {
	err = h.around(ctx, Call{Op: OpListUploads, Key: prefix}, func(ctx context.Context) (err error) {
		uploads, err = h.inner.ListUploads(ctx, prefix)
		return err
	})
	return uploads, err
}
