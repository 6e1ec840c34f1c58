package s3store_test

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3store"
)

const secret = "very-secret-key-0123456789"

func testKey(context.Context) (s3store.Credentials, error) {
	return s3store.Credentials{AccessKey: "access", SecretKey: secret, SessionToken: "session-" + secret}, nil
}

func open(t testing.TB, endpoint string, change ...func(*s3store.Options)) *s3store.Bucket {
	t.Helper()
	o := s3store.Options{Endpoint: endpoint, Bucket: "bucket", Region: "us-east-1", Credentials: testKey}
	for _, c := range change {
		c(&o)
	}
	b, err := s3store.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// requests are one of each kind.
var requests = map[string]func(context.Context, objstore.Bucket) error{
	"put": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.Put(ctx, "k", strings.NewReader("x"), 1, objstore.PutOptions{})
		return err
	},
	"get": func(ctx context.Context, b objstore.Bucket) error {
		body, _, err := b.Get(ctx, "k", objstore.GetOptions{})
		if err == nil {
			_, err = io.ReadAll(body)
			body.Close()
		}
		return err
	},
	"head": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.Head(ctx, "k")
		return err
	},
	"list": func(ctx context.Context, b objstore.Bucket) error {
		_, _, err := b.List(ctx, "", "", 0)
		return err
	},
	"delete": func(ctx context.Context, b objstore.Bucket) error { return b.Delete(ctx, "k") },
	"new-upload": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.NewUpload(ctx, "k", objstore.PutOptions{})
		return err
	},
	"put-part": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.PutPart(ctx, "k", "id", 1, strings.NewReader("x"), 1)
		return err
	},
	"list-parts": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.ListParts(ctx, "k", "id")
		return err
	},
	"complete": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.CompleteUpload(ctx, "k", "id", []objstore.Part{{Number: 1, ETag: "x"}})
		return err
	},
	"abort": func(ctx context.Context, b objstore.Bucket) error { return b.AbortUpload(ctx, "k", "id") },
	"list-uploads": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.ListUploads(ctx, "")
		return err
	},
	"copy": func(ctx context.Context, b objstore.Bucket) error {
		_, err := b.Copy(ctx, "k", "l")
		return err
	},
}

// wantAll sends one request of each kind and checks the kind of failure, and that no error tells a secret. The requests go
// side by side, since the library waits a little after a failure even when it does not try again.
func wantAll(t *testing.T, b objstore.Bucket, want objstore.Kind) {
	t.Helper()
	var all sync.WaitGroup
	for name, request := range requests {
		all.Go(func() { wantKind(t, name, request(t.Context(), b), want) })
	}
	all.Wait()
}

func wantKind(t *testing.T, name string, err error, want objstore.Kind) {
	var e *objstore.Error
	switch {
	case !errors.As(err, &e) || e.Kind != want:
		t.Errorf("%s: kind %v (%v), want %v", name, objstore.KindOf(err), err, want)
	case e.Op != name:
		t.Errorf("%s: the error says %q", name, e.Op)
	case strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "Signature="):
		t.Errorf("%s tells a secret: %v", name, err)
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

func page(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func s3Error(status int, code string) http.HandlerFunc {
	return page(status, "application/xml", "<?xml version='1.0'?><Error><Code>"+code+"</Code><Message>made up</Message></Error>")
}

const html = "<!DOCTYPE html><html><body>Welcome to the hotel</body></html>"

func TestWhatIsNotAStore(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"login page":       page(200, "text/html; charset=utf-8", html),
		"web page missing": page(404, "text/html", html),
		"plain missing":    page(404, "text/plain", "404 page not found"),
		"forbidden page":   page(403, "text/html", html),
		"login redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://portal.example/login", http.StatusFound)
		},
		"network sign-in": page(511, "text/html", html),
		"TLS port":        page(400, "text/plain", "Client sent an HTTP request to an HTTPS server."),
		"feed":            page(200, "text/html", "<rss></rss>"),
	} {
		t.Run(name, func(t *testing.T) { wantAll(t, open(t, serve(t, handler)), objstore.NotAStore) })
	}
}

// TestAbsenceNeedsProof checks that an answer which is neither a listing nor an S3 error is never read as "nothing there".
func TestAbsenceNeedsProof(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"other XML": page(200, "application/xml", "<feed><title>x</title></feed>"),
		"JSON":      page(200, "application/json", `{"ok":true}`),
		"nothing":   page(200, "", ""),
		"empty 404": page(404, "", ""),
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, serve(t, handler))
			for _, request := range []string{"list", "list-parts", "list-uploads", "get", "head", "put", "put-part", "new-upload"} {
				err := requests[request](t.Context(), b)
				if kind := objstore.KindOf(err); kind != objstore.NotAStore && kind != objstore.Unreachable && kind != objstore.Other || err == nil {
					t.Errorf("%s: kind %v, %v", request, kind, err)
				}
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var visited atomic.Bool
	other := serve(t, func(http.ResponseWriter, *http.Request) { visited.Store(true) })
	b := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusTemporaryRedirect) }))
	wantAll(t, b, objstore.NotAStore)
	if visited.Load() {
		t.Error("a signed request went to another host")
	}
}

func TestCodesOfServers(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		want   objstore.Kind
	}{
		{403, "InvalidAccessKeyId", objstore.KeyRefused}, {403, "SignatureDoesNotMatch", objstore.KeyRefused}, {400, "ExpiredToken", objstore.KeyRefused},
		{401, "Strange", objstore.KeyRefused}, {403, "AccessDenied", objstore.Denied}, {403, "Strange", objstore.Denied},
		{403, "RequestTimeTooSkewed", objstore.ClockSkew}, {404, "NoSuchBucket", objstore.NoBucket}, {503, "SlowDown", objstore.Busy},
		{500, "InternalError", objstore.Busy}, {429, "Strange", objstore.Busy}, {507, "XMinioStorageFull", objstore.Full}, {403, "QuotaExceeded", objstore.Full},
		{507, "Strange", objstore.Full}, {400, "InvalidArgument", objstore.Invalid}, {501, "NotImplemented", objstore.Invalid}, {400, "KeyTooLongError", objstore.Invalid},
		{403, "InvalidObjectState", objstore.Archived}, {400, "BadDigest", objstore.Damaged}, {301, "PermanentRedirect", objstore.Invalid},
		{400, "AuthorizationHeaderMalformed", objstore.Invalid}, {405, "MethodNotAllowed", objstore.Denied},
	} {
		t.Run(c.code, func(t *testing.T) { wantAll(t, open(t, serve(t, s3Error(c.status, c.code))), c.want) })
	}
}

func TestProxiesErrorPages(t *testing.T) {
	for status, want := range map[int]objstore.Kind{502: objstore.Busy, 503: objstore.Busy, 504: objstore.Busy, 429: objstore.Busy, 413: objstore.Invalid, 507: objstore.Full} {
		t.Run(fmt.Sprint(status), func(t *testing.T) { wantAll(t, open(t, serve(t, page(status, "text/html", html))), want) })
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()
	wantAll(t, open(t, closed), objstore.Unreachable)
	wantAll(t, open(t, "http://name.invalid"), objstore.Unreachable)
}

func TestConnectionCut(t *testing.T) {
	wantAll(t, open(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	})), objstore.Unreachable)
}

func TestUntrusted(t *testing.T) {
	srv := httptest.NewTLSServer(s3Error(404, "NoSuchBucket"))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of every handshake that the client breaks off
	t.Cleanup(srv.Close)
	wantAll(t, open(t, srv.URL), objstore.Untrusted)

	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, certificatePEM(srv.Certificate().Raw), 0o600); err != nil {
		t.Fatal(err)
	}
	wantAll(t, open(t, srv.URL, func(o *s3store.Options) { o.CAFile = ca }), objstore.NoBucket)
}

func TestNotTLS(t *testing.T) {
	plain := serve(t, s3Error(404, "NoSuchBucket"))
	wantAll(t, open(t, strings.Replace(plain, "http://", "https://", 1)), objstore.NotAStore)
}

func TestSilence(t *testing.T) {
	stop := make(chan struct{})
	quick := func(o *s3store.Options) {
		o.Timeouts = s3store.Timeouts{Silence: 50 * time.Millisecond, Work: 50 * time.Millisecond}
	}
	never := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-stop
	})
	half := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		fmt.Fprint(w, "half")
		w.(http.Flusher).Flush()
		<-stop
	})
	t.Cleanup(func() { close(stop) })
	wantAll(t, open(t, never, quick), objstore.Unreachable)
	err := requests["get"](t.Context(), open(t, half, quick))
	if objstore.KindOf(err) != objstore.Unreachable || !strings.Contains(err.Error(), "nothing came") {
		t.Errorf("a body that stops: %v", err)
	}
}

func TestBodyCutShort(t *testing.T) {
	b := open(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, buffer, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		fmt.Fprint(buffer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"x\"\r\nLast-Modified: Mon, 02 Jan 2006 15:04:05 GMT\r\n\r\nhalf")
		buffer.Flush()
		conn.Close()
	}))
	body, _, err := b.Get(t.Context(), "k", objstore.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if data, err := io.ReadAll(body); string(data) != "half" || objstore.KindOf(err) != objstore.Unreachable {
		t.Errorf("%q, %v", data, err)
	}
}

// TestRangeIsChecked checks that bytes from the wrong place are not taken for those that were asked for.
func TestRangeIsChecked(t *testing.T) {
	for name, contentRange := range map[string]string{"ignored": "", "other": "bytes 0-3/100", "short": "bytes 10-11/100", "garbled": "bytes x"} {
		t.Run(name, func(t *testing.T) {
			b := open(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("ETag", `"x"`)
				w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
				if contentRange != "" {
					w.Header().Set("Content-Range", contentRange)
					w.WriteHeader(http.StatusPartialContent)
				}
				fmt.Fprint(w, "abcd")
			}))
			if _, _, err := b.Get(t.Context(), "k", objstore.GetOptions{Offset: 10, Length: 4}); objstore.KindOf(err) != objstore.NotAStore {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestUploadThatNothingAcknowledges(t *testing.T) {
	b := open(t, serve(t, func(http.ResponseWriter, *http.Request) {})) // answers 200 to anything, stores nothing
	for _, request := range []string{"put", "put-part", "new-upload", "list", "get", "head"} {
		if err := requests[request](t.Context(), b); err == nil {
			t.Errorf("%s was taken for done", request)
		}
	}
}

// TestProofOfPuts: a server that looks at CRC-32C, as its answers show, gets no MD5 any more; one that does not, or does not take it, gets only that.
func TestProofOfPuts(t *testing.T) {
	always, never, atFirst := func(int) bool { return true }, func(int) bool { return false }, func(n int) bool { return n < 2 }
	for name, x := range map[string]struct {
		knows func(n int) bool // whether the answer to request n has the checksum
		takes func(n int) bool // whether the checksum is taken
		want  string           // the headers of each request
	}{
		"knows it":         {always, always, "both crc crc "},
		"ignores it":       {never, always, "both md5 md5 "},
		"refuses it":       {never, never, "both md5 md5 md5 "},
		"another one now":  {atFirst, always, "both crc crc md5 "},
		"refuses it later": {always, atFirst, "both crc crc md5 "},
	} {
		var got strings.Builder
		n := 0
		b := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			n++
			body, _ := io.ReadAll(r.Body)
			crc, md := r.Header.Get("X-Amz-Checksum-Crc32c"), r.Header.Get("Content-Md5")
			if crc != "" && (string(body) != "123456789" || crc != "4waSgw==") || md != "" && md != "JfnnlDI7RTiF9RgfG2JNCw==" {
				t.Errorf("%s: %q has %q and %q", name, body, crc, md)
			}
			switch {
			case md == "":
				got.WriteString("crc ")
			case crc == "":
				got.WriteString("md5 ")
			default:
				got.WriteString("both ")
			}
			if crc != "" && !x.takes(n-1) {
				s3Error(501, "NotImplemented")(w, r)
				return
			}
			if x.knows(n - 1) {
				w.Header().Set("X-Amz-Checksum-Crc32c", crc)
			}
			w.Header().Set("ETag", `"e"`)
		}))
		for range 3 {
			if _, err := b.Put(t.Context(), "k", strings.NewReader("123456789"), 9, objstore.PutOptions{}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got.String() != x.want {
			t.Errorf("%s: %s", name, got.String())
		}
	}
}

// TestPutDeniedOnce: only what is denied twice is denied.
func TestPutDeniedOnce(t *testing.T) {
	for times, want := range map[int]objstore.Kind{1: objstore.Other, 2: objstore.Denied} {
		n := 0
		b := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			if body, _ := io.ReadAll(r.Body); string(body) != "whole" {
				t.Errorf("request %d has %q", n, body)
			}
			if n++; n <= times {
				s3Error(403, "AccessDenied")(w, r)
				return
			}
			w.Header().Set("ETag", `"e"`)
		}))
		if _, err := b.Put(t.Context(), "k", strings.NewReader("whole"), 5, objstore.PutOptions{}); (err != nil) != (want == objstore.Denied) || err != nil && objstore.KindOf(err) != want {
			t.Errorf("denied %d times: %v", times, err)
		}
	}
}

// TestProofOfPutsRefused: what is refused for another reason is refused, and says nothing of checksums.
func TestProofOfPutsRefused(t *testing.T) {
	full := true
	b := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if full {
			s3Error(507, "XMinioStorageFull")(w, r)
			return
		}
		if w.Header().Set("ETag", `"e"`); r.Header.Get("X-Amz-Checksum-Crc32c") == "" {
			t.Error("the checksum is not sent any more")
		}
	}))
	_, err := b.Put(t.Context(), "k", strings.NewReader("x"), 1, objstore.PutOptions{})
	wantKind(t, "put", err, objstore.Full)
	full = false
	if _, err := b.Put(t.Context(), "k", strings.NewReader("x"), 1, objstore.PutOptions{}); err != nil {
		t.Error(err)
	}
}

// partServer is a server whose objects of one request are proved by CRC-32C, and does with those of parts what it is told.
type partServer struct {
	begins, says, echoes, lists, ends bool
	parts                             map[string]string // the sums of an upload's parts, "" for MD5, by number
	crc                               bool              // announced
	log                               strings.Builder
}

func (s *partServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	q, sum := r.URL.Query(), r.Header.Get("X-Amz-Checksum-Crc32c")
	switch {
	case q.Has("uploads"):
		s.parts, s.crc = map[string]string{}, r.Header.Get("X-Amz-Checksum-Algorithm") == "CRC32C"
		if s.crc && !s.begins {
			s3Error(400, "InvalidRequest")(w, r)
			return
		}
		if s.crc && s.says {
			w.Header().Set("X-Amz-Checksum-Algorithm", "CRC32C")
		}
		page(200, "application/xml", "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>")(w, r)
	case r.Method == http.MethodPut && q.Has("partNumber"):
		if s.crc != (sum != "") || s.crc != (r.Header.Get("Content-Md5") == "") {
			fmt.Fprintf(&s.log, "announced %v, then %q ", s.crc, sum)
		}
		s.parts[q.Get("partNumber")] = sum
		if s.echoes {
			w.Header().Set("X-Amz-Checksum-Crc32c", sum)
		}
		w.Header().Set("ETag", `"e`+q.Get("partNumber")+`"`)
	case r.Method == http.MethodPut:
		w.Header().Set("X-Amz-Checksum-Crc32c", sum)
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodGet:
		var list strings.Builder
		for n, sum := range s.parts {
			if fmt.Fprintf(&list, "<Part><PartNumber>%s</PartNumber><ETag>e%s</ETag><Size>9</Size>", n, n); s.lists {
				fmt.Fprintf(&list, "<ChecksumCRC32C>%s</ChecksumCRC32C>", sum)
			}
			list.WriteString("</Part>")
		}
		algorithm := ""
		if s.crc {
			algorithm = "<ChecksumAlgorithm>CRC32C</ChecksumAlgorithm>"
		}
		page(200, "application/xml", "<ListPartsResult>"+algorithm+list.String()+"</ListPartsResult>")(w, r)
	case r.Method == http.MethodDelete:
		s.parts = nil
	default:
		told := strings.Count(string(body), "<ChecksumCRC32C>4waSgw==</ChecksumCRC32C>")
		if s.crc && (!s.ends || told != len(s.parts)) {
			s3Error(400, "InvalidRequest")(w, r)
			return
		}
		fmt.Fprintf(&s.log, "%d parts, %d sums; ", len(s.parts), told)
		page(200, "application/xml", "<CompleteMultipartUploadResult><Bucket>bucket</Bucket><ETag>e</ETag></CompleteMultipartUploadResult>")(w, r)
	}
}

// TestProofOfParts: parts carry CRC-32C where whole objects do, from the announcement to the end, also when somebody else goes on; where a server does
// any of it otherwise, an upload that begins again carries MD5.
func TestProofOfParts(t *testing.T) {
	for name, x := range map[string]struct {
		s        partServer
		anew     bool // an upload has to begin again
		want     string
		goesOn   bool // another process takes over before the second part
		goesLast bool // and before the end
	}{
		"knows all of it":          {s: partServer{begins: true, says: true, echoes: true, lists: true, ends: true}, want: "2 parts, 2 sums; "},
		"another goes on":          {s: partServer{begins: true, says: true, echoes: true, lists: true, ends: true}, goesOn: true, want: "2 parts, 2 sums; "},
		"another ends it":          {s: partServer{begins: true, says: true, echoes: true, lists: true, ends: true}, goesLast: true, want: "2 parts, 2 sums; "},
		"refuses the announcement": {s: partServer{echoes: true, lists: true, ends: true}, want: "2 parts, 0 sums; "},
		"does not say so":          {s: partServer{begins: true, echoes: true, lists: true, ends: true}, want: "2 parts, 0 sums; "},
		"does not look at it":      {s: partServer{begins: true, says: true, lists: true, ends: true}, anew: true, want: "2 parts, 0 sums; "},
		"forgets the sums":         {s: partServer{begins: true, says: true, echoes: true, ends: true}, anew: true, want: "2 parts, 0 sums; "},
		"never ends it":            {s: partServer{begins: true, says: true, echoes: true, lists: true}, anew: true, want: "2 parts, 0 sums; "},
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, x.s.ServeHTTP)
			first, second := open(t, url), open(t, url)
			upload := func() error {
				b := first
				id, err := b.NewUpload(t.Context(), "k", objstore.PutOptions{})
				if err != nil {
					return err
				}
				var parts []objstore.Part
				for n := 1; n <= 2; n++ {
					if x.goesOn && n == 2 {
						b = second
					}
					p, err := b.PutPart(t.Context(), "k", id, n, strings.NewReader("123456789"), 9)
					if err != nil {
						return err
					}
					parts = append(parts, p)
				}
				if x.goesLast {
					b = second
				}
				_, err = b.CompleteUpload(t.Context(), "k", id, parts)
				return err
			}
			err := upload()
			if (err != nil) != x.anew || err != nil && objstore.KindOf(err) != objstore.NoUpload && objstore.KindOf(err) != objstore.Invalid {
				t.Errorf("the first time: %v", err)
			}
			if x.anew {
				if err := upload(); err != nil {
					t.Errorf("anew: %v", err)
				}
			}
			if x.s.log.String() != x.want {
				t.Errorf("%s instead of %s", x.s.log.String(), x.want)
			}
		})
	}
}

// TestCompleteAnswerWithoutETag: Ceph 16 leaves the ETag of a completed upload empty; the object says whether it is there.
func TestCompleteAnswerWithoutETag(t *testing.T) {
	const sum, joined = "02e035d30b76e6e074e58e633bf3f05f", "84bed26d85a330c2089ae7f6faa3cb32-1"
	parts := []objstore.Part{{Number: 1, Size: 7, ETag: sum}}
	for name, c := range map[string]struct {
		etag, size string
		want       objstore.Kind
	}{
		"the object":      {joined, "7", objstore.Other},
		"another object":  {"02e035d30b76e6e074e58e633bf3f05f-1", "7", objstore.NotAStore},
		"another size":    {joined, "8", objstore.NotAStore},
		"no object there": {"", "", objstore.NotAStore},
	} {
		t.Run(name, func(t *testing.T) {
			var completed atomic.Int32
			b := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Query().Has("uploads"):
					page(200, "application/xml", "<InitiateMultipartUploadResult><UploadId>id</UploadId></InitiateMultipartUploadResult>")(w, r)
				case r.Method == http.MethodPost:
					completed.Add(1)
					page(200, "application/xml", "<CompleteMultipartUploadResult><Bucket>bucket</Bucket><Key>k</Key><ETag></ETag></CompleteMultipartUploadResult>")(w, r)
				case c.etag == "":
					s3Error(404, "NoSuchKey")(w, r)
				default:
					w.Header().Set("ETag", `"`+c.etag+`"`)
					w.Header().Set("Content-Length", c.size)
					w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
				}
			}))
			if _, err := b.NewUpload(t.Context(), "k", objstore.PutOptions{}); err != nil {
				t.Fatal(err)
			}
			got, err := b.CompleteUpload(t.Context(), "k", "id", parts)
			switch {
			case c.want != objstore.Other && objstore.KindOf(err) != c.want:
				t.Errorf("error %v", err)
			case c.want == objstore.Other && (err != nil || got.ETag != joined || got.Size != 7):
				t.Errorf("%+v, %v", got, err)
			case completed.Load() != 1:
				t.Errorf("asked %d times", completed.Load())
			}
		})
	}
}

// TestListStartsNoLater: what is cut off where a list begins may make it begin earlier, never later, or keys would be missing.
func TestListStartsNoLater(t *testing.T) {
	for after, want := range map[string]string{"a/b\x01": "a/b", "a/b": "a/b", "å\x7fz": "å", "a\xc3": "a"} {
		var got string
		b := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			got = r.URL.Query().Get("start-after")
			page(200, "application/xml", "<ListBucketResult></ListBucketResult>")(w, r)
		}))
		if _, _, err := b.List(t.Context(), "", after, 0); err != nil || got != want {
			t.Errorf("%q is asked for as %q, %v", after, got, err)
		}
	}
}

func TestListInWrongOrderIsRefused(t *testing.T) {
	const list = `<ListBucketResult><Contents><Key>b</Key></Contents><Contents><Key>a</Key></Contents></ListBucketResult>`
	b := open(t, serve(t, page(200, "application/xml", list)))
	if err := requests["list"](t.Context(), b); objstore.KindOf(err) != objstore.Damaged {
		t.Errorf("error %v", err)
	}
}

func TestCredentialsFail(t *testing.T) {
	locked := errors.New("the keyring is locked")
	b := open(t, serve(t, s3Error(500, "InternalError")), func(o *s3store.Options) {
		o.Credentials = func(context.Context) (s3store.Credentials, error) { return s3store.Credentials{}, locked }
	})
	err := requests["put"](t.Context(), b)
	if objstore.KindOf(err) != objstore.KeyRefused || !errors.Is(err, locked) {
		t.Errorf("error %v", err)
	}
}

func TestCredentialsDoNotPrint(t *testing.T) {
	c, _ := testKey(t.Context())
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), c.LogValue().String()} {
		if strings.Contains(text, secret) {
			t.Errorf("%q", text)
		}
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	good := s3store.Options{Endpoint: "https://s3.example.com:9000", Bucket: "bucket", Prefix: "a/b/", Credentials: testKey}
	if _, err := s3store.Open(good); err != nil {
		t.Fatal(err)
	}
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(notPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*s3store.Options){
		"no endpoint":          func(o *s3store.Options) { o.Endpoint = "" },
		"ftp":                  func(o *s3store.Options) { o.Endpoint = "ftp://host" },
		"path":                 func(o *s3store.Options) { o.Endpoint = "https://host/" + secret },
		"secret in address":    func(o *s3store.Options) { o.Endpoint = "https://access:" + secret + "@host" },
		"garbage":              func(o *s3store.Options) { o.Endpoint = "https://" + secret + "\x7f" },
		"bucket":               func(o *s3store.Options) { o.Bucket = "a" },
		"prefix without slash": func(o *s3store.Options) { o.Prefix = "a" },
		"prefix above":         func(o *s3store.Options) { o.Prefix = "../" },
		"long prefix":          func(o *s3store.Options) { o.Prefix = strings.Repeat("a", 100) + "/" },
		"no credentials":       func(o *s3store.Options) { o.Credentials = nil },
		"no CA file":           func(o *s3store.Options) { o.CAFile = filepath.Join(t.TempDir(), "absent") },
		"bad CA file":          func(o *s3store.Options) { o.CAFile = notPEM },
	} {
		o := good
		change(&o)
		_, err := s3store.Open(o)
		if objstore.KindOf(err) != objstore.Invalid || strings.Contains(fmt.Sprint(err), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
