package s3store_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/nettest"
	"elkjopcloud/platform/objstore/s3store"
)

// behind puts a network before a server that takes what it is sent after a while.
func behind(t *testing.T, wait time.Duration) (*nettest.Network, string) {
	t.Helper()
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(wait):
		case <-r.Context().Done():
		}
		if r.Method == http.MethodHead {
			w.Header().Set("Content-Length", "1")
		}
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
	})
	n := nettest.New(t, strings.TrimPrefix(server, "http://"))
	return n, "http://" + n.Address()
}

func patient(first, silence time.Duration) func(*s3store.Options) {
	return func(o *s3store.Options) { o.Timeouts = s3store.Timeouts{First: first, Silence: silence} }
}

// TestSlowLine: the system takes a whole upload at once and sends it for long. As long as bytes move, nobody gives up.
func TestSlowLine(t *testing.T) {
	n, url := behind(t, 0)
	n.Set(nettest.Weather{Rate: 200 << 10})
	body := bytes.Repeat([]byte("x"), 400<<10)
	b := open(t, url, patient(400*time.Millisecond, 400*time.Millisecond))
	if _, err := b.Put(t.Context(), "k", bytes.NewReader(body), int64(len(body)), objstore.PutOptions{}); err != nil {
		t.Error(err)
	}
	n.Set(nettest.Weather{Silent: true})
	if _, err := b.Put(t.Context(), "k", bytes.NewReader(body), int64(len(body)), objstore.PutOptions{}); objstore.KindOf(err) != objstore.Unreachable {
		t.Errorf("on a line that is dead: %v", err)
	}
}

// TestPatienceGrows: a request that nobody answers is given up soon, because the connection may be one of before the computer slept; the
// server may be slow, too, so that each further try waits longer.
func TestPatienceGrows(t *testing.T) {
	n, url := behind(t, 500*time.Millisecond)
	b := objstore.WithRetry(open(t, url, patient(100*time.Millisecond, time.Hour)), objstore.RetryOptions{Initial: time.Millisecond})
	for _, name := range []string{"head", "put"} {
		before := n.Accepted()
		if err := requests[name](t.Context(), b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n.Accepted() == before {
			t.Errorf("%s: no other connection was tried", name)
		}
	}
}

// TestConnectionsOfBefore: the network was away for a moment, and what was connected then is dead although nobody said so.
func TestConnectionsOfBefore(t *testing.T) {
	n, url := behind(t, 0)
	b := objstore.WithRetry(open(t, url, patient(200*time.Millisecond, time.Hour)), objstore.RetryOptions{Initial: time.Millisecond})
	if err := requests["put"](t.Context(), b); err != nil {
		t.Fatal(err)
	}
	n.Set(nettest.Weather{Silent: true})
	n.Set(nettest.Weather{})
	for _, name := range []string{"put", "head"} { // those that this server can answer
		if err := requests[name](t.Context(), b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestProxies: a proxy of one's own is used, also for what the environment would reach otherwise; none is none.
func TestProxies(t *testing.T) {
	var through atomic.Int64
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host == "store.example:9000" {
			through.Add(1)
		}
		s3Error(404, "NoSuchBucket")(w, r)
	})
	b := open(t, "http://store.example:9000", func(o *s3store.Options) { o.Proxy = proxy })
	wantAll(t, b, objstore.NoBucket)
	if through.Load() == 0 {
		t.Error("nothing went through the proxy")
	}
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	direct := serve(t, s3Error(404, "NoSuchBucket"))
	wantAll(t, open(t, direct, func(o *s3store.Options) { o.Proxy = "none" }), objstore.NoBucket)
	for _, text := range []string{"proxy.example.com:3128", "ftp://proxy", "http://kari:secret@proxy", "http://proxy/path", "http://", "nonsense"} {
		_, err := s3store.Open(s3store.Options{Endpoint: direct, Bucket: "bucket", Credentials: testKey, Proxy: text})
		if objstore.KindOf(err) != objstore.Invalid || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
