package objstore_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
)

// TestActsThatRunLater has a hook answer that a request failed and do it all the same, at the same moment: the race detector
// must see nothing, and the caller gets nothing but the error.
func TestActsThatRunLater(t *testing.T) {
	lost := errors.New("the answer was lost")
	var done chan error
	b := objstore.WithHooks(memstore.New(time.Now), objstore.Hooks{
		Around: func(ctx context.Context, _ objstore.Call, act objstore.Act) error {
			done = make(chan error, 1)
			go func() { done <- act(ctx) }()
			return lost
		},
	})
	ctx := t.Context()
	body := func() *bytes.Reader { return bytes.NewReader([]byte("abc")) }
	for name, request := range map[string]func() (any, error){
		"Put":       func() (any, error) { return b.Put(ctx, "k", body(), 3, objstore.PutOptions{}) },
		"Head":      func() (any, error) { return b.Head(ctx, "k") },
		"NewUpload": func() (any, error) { return b.NewUpload(ctx, "k", objstore.PutOptions{}) },
		"PutPart":   func() (any, error) { return b.PutPart(ctx, "k", "no upload", 1, body(), 3) },
		"Complete":  func() (any, error) { return b.CompleteUpload(ctx, "k", "no upload", nil) },
		"Copy":      func() (any, error) { return b.Copy(ctx, "k", "l") },
		"Get":       func() (any, error) { _, o, err := b.Get(ctx, "k", objstore.GetOptions{}); return o, err },
		"List":      func() (any, error) { l, more, err := b.List(ctx, "", "", 1); return [2]any{len(l), more}, err },
	} {
		if got, err := request(); !errors.Is(err, lost) {
			t.Errorf("%s: got %v, %v; want the hook's error", name, got, err)
		}
		<-done
	}
}
