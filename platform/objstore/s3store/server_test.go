package s3store_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3store"
	"elkjopcloud/platform/objstore/s3test"
	"elkjopcloud/platform/objstore/storetest"
)

// servers are the real ones; each test skips those that are absent.
var servers = map[string]func(testing.TB) s3test.Server{
	"VersityGW": func(t testing.TB) s3test.Server { return s3test.VersityGW(t) },
	"MinIO":     s3test.MinIO,
	"Ceph":      s3test.Ceph,
}

func TestServers(t *testing.T) {
	for name, start := range servers {
		t.Run(name, func(t *testing.T) {
			srv := start(t)
			storetest.Run(t, func(t *testing.T) objstore.Bucket { return asUsed(srv.NewBucket(t)) })
		})
	}
}

func TestPrefix(t *testing.T) {
	srv := s3test.VersityGW(t)
	storetest.Run(t, func(t *testing.T) objstore.Bucket {
		outer := srv.NewBucket(t)
		put(t, outer, "aaa", "outside")
		put(t, outer, "space of Kåre/zzz", "outside")
		o := srv.Options(outer.Name())
		o.Prefix = "space of Kåre/elkjøp/"
		inner, err := s3store.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			inner.Close()
			if got := read(t, outer, "aaa") + read(t, outer, "space of Kåre/zzz"); got != "outsideoutside" {
				t.Errorf("what is outside of the prefix became %q", got)
			}
		})
		return asUsed(inner)
	})
}

// asUsed adds the retries that the product always has around a server.
func asUsed(b objstore.Bucket) objstore.Bucket {
	return objstore.WithRetry(b, objstore.RetryOptions{Initial: 10 * time.Millisecond})
}

func put(t testing.TB, b objstore.Bucket, key, text string) objstore.Object {
	t.Helper()
	o, err := b.Put(context.WithoutCancel(t.Context()), key, strings.NewReader(text), int64(len(text)), objstore.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func read(t testing.TB, b objstore.Bucket, key string) string {
	t.Helper()
	body, _, err := b.Get(context.WithoutCancel(t.Context()), key, objstore.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(body)
	if err := errors.Join(err, body.Close()); err != nil {
		t.Fatal(err)
	}
	return string(data)
}
