// Package storetest is the suite that every store passes: it says in code what objstore.Bucket promises. A new store, a
// decorator or a real server is right when Run is green against it.
//
// Reading order: this file (Run, and what the tests share), objects.go, keys.go, list.go, upload.go, concurrent.go.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"github.com/google/go-cmp/cmp"
)

// Run checks a store. open returns an empty bucket each time; what it needs is released by t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) objstore.Bucket) {
	groups := []map[string]func(*testing.T, suite){objectTests, keyTests, listTests, uploadTests, concurrentTests}
	for _, group := range groups {
		for name, test := range group {
			t.Run(name, func(t *testing.T) { test(t, suite{t, t.Context(), open(t)}) })
		}
	}
}

// suite is one test's bucket with calls that fail the test.
type suite struct {
	t   *testing.T
	ctx context.Context
	objstore.Bucket
}

func (s suite) put(key string, data []byte, meta map[string]string) objstore.Object {
	s.t.Helper()
	o, err := s.Put(s.ctx, key, bytes.NewReader(data), int64(len(data)), objstore.PutOptions{Meta: meta})
	if err != nil {
		s.t.Fatalf("Put(%q): %v", key, err)
	}
	return o
}

func (s suite) putString(key, text string) objstore.Object {
	s.t.Helper()
	return s.put(key, []byte(text), nil)
}

func (s suite) get(key string, o objstore.GetOptions) ([]byte, objstore.Object) {
	s.t.Helper()
	data, got, err := read(s.ctx, s.Bucket, key, o)
	if err != nil {
		s.t.Fatalf("Get(%q, %+v): %v", key, o, err)
	}
	return data, got
}

func read(ctx context.Context, b objstore.Bucket, key string, o objstore.GetOptions) ([]byte, objstore.Object, error) {
	body, got, err := b.Get(ctx, key, o)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	data, err := io.ReadAll(body)
	return data, got, errors.Join(err, body.Close())
}

// wantBytes checks the whole content of an object.
func (s suite) wantBytes(key string, want []byte) {
	s.t.Helper()
	data, got := s.get(key, objstore.GetOptions{})
	if !bytes.Equal(data, want) {
		s.t.Fatalf("Get(%q): %s", key, difference(data, want))
	}
	if got.Size != int64(len(want)) || got.Key != key {
		s.t.Fatalf("Get(%q): object %+v, want size %d", key, got, len(want))
	}
}

func difference(got, want []byte) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d bytes, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			return fmt.Sprintf("byte %d of %d is %#x, want %#x", i, len(got), got[i], want[i])
		}
	}
	return "equal"
}

// wantKind checks the kind of a failure, and that it says what failed.
func (s suite) wantKind(what string, err error, want objstore.Kind) {
	s.t.Helper()
	var e *objstore.Error
	if !errors.As(err, &e) {
		s.t.Fatalf("%s: error %v, want one of kind %v", what, err, want)
	}
	if e.Kind != want {
		s.t.Fatalf("%s: kind %v (%v), want %v", what, e.Kind, err, want)
	}
	if e.Op == "" {
		s.t.Errorf("%s: %#v names no operation", what, e)
	}
}

// keys lists everything under prefix in pages of the given size.
func (s suite) keys(prefix, startAfter string, page int) []string {
	s.t.Helper()
	keys := []string{}
	for {
		objects, more, err := s.List(s.ctx, prefix, startAfter, page)
		if err != nil {
			s.t.Fatalf("List(%q, %q): %v", prefix, startAfter, err)
		}
		if page > 0 && len(objects) > page {
			s.t.Fatalf("List(%q, %q, %d) answered %d objects", prefix, startAfter, page, len(objects))
		}
		for _, o := range objects {
			keys, startAfter = append(keys, o.Key), o.Key
		}
		if !more {
			return keys
		}
		if len(objects) == 0 {
			s.t.Fatalf("List(%q, %q, %d): nothing, and more to follow", prefix, startAfter, page)
		}
	}
}

func (s suite) wantKeys(prefix, startAfter string, page int, want ...string) {
	s.t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := cmp.Diff(want, s.keys(prefix, startAfter, page)); diff != "" {
		s.t.Fatalf("List(%q, %q) by %d (-want +got):\n%s", prefix, startAfter, page, diff)
	}
}

// random returns n bytes that depend on seed alone.
func random(seed uint64, n int) []byte {
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	data := make([]byte, n)
	_, _ = rand.NewChaCha8(key).Read(data) // never fails
	return data
}

// near tells whether a store's time is plausible for something that happened just now; real servers' clocks differ.
func near(t time.Time) bool { return time.Since(t).Abs() < 5*time.Minute }
