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

// TestDamageOnTheWay: no server takes bytes that are not those whose sum was sent, neither the first time nor when it is known which sum it looks at.
func TestDamageOnTheWay(t *testing.T) {
	for name, start := range servers {
		t.Run(name, func(t *testing.T) {
			b := start(t).NewBucket(t)
			for range 2 {
				_, err := b.Put(t.Context(), "spoilt", &spoilt{Reader: strings.NewReader("what was read")}, 13, objstore.PutOptions{})
				wantKind(t, "put", err, objstore.Damaged)
				if _, err = b.Head(t.Context(), "spoilt"); objstore.KindOf(err) != objstore.NotFound {
					t.Errorf("it is there: %v", err)
				}
				put(t, b, "sound", "what was read")
				id, err := b.NewUpload(t.Context(), "parts", objstore.PutOptions{})
				if err != nil {
					t.Fatal(err)
				}
				_, err = b.PutPart(t.Context(), "parts", id, 1, &spoilt{Reader: strings.NewReader("what was read")}, 13)
				wantKind(t, "put-part", err, objstore.Damaged)
				p, err := b.PutPart(t.Context(), "parts", id, 1, strings.NewReader("what was read"), 13)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := b.CompleteUpload(t.Context(), "parts", id, []objstore.Part{p}); err != nil || read(t, b, "parts") != "what was read" {
					t.Errorf("in parts: %v", err)
				}
			}
		})
	}
}

// spoilt gives other bytes when it is read for the second time.
type spoilt struct {
	*strings.Reader
	rewound int
}

func (s *spoilt) Seek(offset int64, whence int) (int64, error) {
	s.rewound++
	return s.Reader.Seek(offset, whence)
}

func (s *spoilt) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if s.rewound == 2 && n > 0 {
		p[0]++
	}
	return n, err
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

func TestKindsOfServers(t *testing.T) {
	for name, start := range servers {
		t.Run(name, func(t *testing.T) { checkKinds(t, start(t)) })
	}
}

func checkKinds(t *testing.T, srv s3test.Server) {
	good := srv.NewBucket(t)
	put(t, good, "k", "x")
	id, err := good.NewUpload(t.Context(), "k", objstore.PutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*s3store.Options)
		want   objstore.Kind
	}{
		{"unknown key", func(o *s3store.Options) { o.Credentials = fixed("nobody", srv.SecretKey) }, objstore.KeyRefused},
		{"wrong secret", func(o *s3store.Options) { o.Credentials = fixed(srv.AccessKey, "wrong-secret") }, objstore.KeyRefused},
		{"no bucket", func(o *s3store.Options) { o.Bucket = "absent-bucket" }, objstore.NoBucket},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := srv.Options(good.Name())
			c.change(&o)
			b, err := s3store.Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			wantAll(t, b, c.want)
		})
	}
	if parts, err := good.ListParts(t.Context(), "k", id); err != nil || len(parts) > 0 {
		t.Errorf("the upload after all this: %v, %v", parts, err)
	}
}

func fixed(access, secret string) func(context.Context) (s3store.Credentials, error) {
	return func(context.Context) (s3store.Credentials, error) {
		return s3store.Credentials{AccessKey: access, SecretKey: secret}, nil
	}
}

func TestRegionIsFound(t *testing.T) {
	srv := s3test.VersityGW(t, "--region", "eu-north-7")
	b := srv.NewBucketWith(t, func(o *s3store.Options) { o.Region = "eu-north-7" })
	o := srv.Options(b.Name())
	o.Region = ""
	asked, err := s3store.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer asked.Close()
	put(t, asked, "k", "x")
	o.Region = "us-east-1"
	wrong, err := s3store.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer wrong.Close()
	_, err = wrong.Head(t.Context(), "k")
	t.Logf("a wrong region: kind %v, %v", objstore.KindOf(err), err)
	if err == nil || objstore.Temporary(err) || objstore.KindOf(err) == objstore.NotFound {
		t.Errorf("kind %v, %v", objstore.KindOf(err), err)
	}
}

func TestMakeBucketTwice(t *testing.T) {
	srv := s3test.VersityGW(t)
	b := srv.NewBucket(t)
	put(t, b, "k", "x")
	if err := b.MakeBucket(t.Context()); err != nil {
		t.Error(err)
	}
	if read(t, b, "k") != "x" {
		t.Error("the bucket was emptied")
	}
}

func TestProbeOfServers(t *testing.T) {
	for name, start := range servers {
		t.Run(name, func(t *testing.T) {
			srv := start(t)
			b := srv.NewBucket(t)
			checks := objstore.Probe(t.Context(), b)
			t.Log(objstore.Describe(checks))
			if !objstore.Probed(checks) {
				t.Errorf("%+v", checks)
			}
			objects, _, err := b.List(t.Context(), "", "", 0)
			uploads, uploadsErr := b.ListUploads(t.Context(), "")
			if len(objects)+len(uploads) > 0 || err != nil || uploadsErr != nil {
				t.Errorf("left %v, %v, %v, %v", objects, uploads, err, uploadsErr)
			}
		})
	}
}

// TestServerStopsInTheMiddle checks that a body is never taken for whole when the server dies, and goes on when it is back.
func TestServerStopsInTheMiddle(t *testing.T) {
	srv := s3test.VersityGW(t)
	b := srv.NewBucket(t)
	text := strings.Repeat("0123456789abcdef", 1<<20)
	put(t, b, "k", text)
	body, _, err := b.Get(t.Context(), "k", objstore.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	start := make([]byte, 1000)
	if _, err := io.ReadFull(body, start); err != nil {
		t.Fatal(err)
	}
	srv.Process.Stop()
	rest, err := io.ReadAll(body)
	if objstore.KindOf(err) != objstore.Unreachable || len(rest)+1000 >= len(text) {
		t.Errorf("%d bytes, %v", len(rest)+1000, err)
	}
	wantAll(t, b, objstore.Unreachable)

	if err := srv.Process.Start(); err != nil {
		t.Fatal(err)
	}
	if read(t, b, "k") != text {
		t.Error("other bytes after the restart")
	}
}

func TestRetryRidesOutARestart(t *testing.T) {
	srv := s3test.VersityGW(t)
	plain := srv.NewBucket(t)
	restarted := false
	b := objstore.WithRetry(plain, objstore.RetryOptions{Initial: 10 * time.Millisecond, Notify: func(error, time.Duration) {
		if !restarted {
			restarted = true
			if err := srv.Process.Start(); err != nil {
				t.Error(err)
			}
		}
	}})
	text := strings.Repeat("0123456789abcdef", 1<<20)
	put(t, b, "k", text)
	body, _, err := b.Get(t.Context(), "k", objstore.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	start := make([]byte, 1000)
	if _, err := io.ReadFull(body, start); err != nil {
		t.Fatal(err)
	}
	srv.Process.Stop()
	rest, err := io.ReadAll(body)
	if err != nil || string(start)+string(rest) != text {
		t.Errorf("%d bytes, %v", len(rest)+1000, err)
	}
}

func TestLargeCopy(t *testing.T) {
	for name, start := range servers {
		t.Run(name, func(t *testing.T) {
			srv := start(t)
			s3store.CheckLargeCopy(t, srv.NewBucket(t))
		})
	}
}
