package s3store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"elkjopcloud/platform/objstore"
)

// guard stands between the S3 library and the network. It ends requests in which nothing moves, and it refuses answers that
// are not a store's, before the library reads "not found" or "nothing here" into them.
type guard struct {
	next     http.RoundTripper
	timeouts Timeouts

	mu     sync.Mutex
	silent map[string]int // how often a request was ended because nothing moved, since it was last answered
}

// RoundTrip implements http.RoundTripper.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	w := newWatch(cancel, g.patience(req))
	out := req.Clone(w.trace(ctx, req.ContentLength))
	var up *watchedUp
	if req.Body != nil && req.Body != http.NoBody {
		up = &watchedUp{ReadCloser: req.Body, w: w}
		out.Body = up
	}
	resp, err := g.next.RoundTrip(out)
	if up != nil {
		up.end()
	}
	g.learn(req, silent(ctx), err == nil)
	if err == nil {
		note(req.Context(), resp)
		if err = inspect(req, resp); err != nil {
			resp.Body.Close()
		}
	}
	if err != nil {
		w.stop()
		err = w.explain(ctx, err)
		cancel(nil)
		return nil, err
	}
	w.wait(g.timeouts.First)
	w.pause()
	resp.Body = &watchedDown{ReadCloser: resp.Body, w: w, ctx: ctx, cancel: cancel}
	return resp, nil
}

// patience is how long a request may wait while nothing moves. The first time it is short: the connection may be dead without anybody
// having said so, as after sleep. A server may be slow, too, so that the same request may wait twice as long each time it comes again.
func (g *guard) patience(req *http.Request) time.Duration {
	copying := req.Header.Get("X-Amz-Copy-Source") != ""
	joining := req.Method == http.MethodPost && req.URL.Query().Has("uploadId")
	if copying || joining {
		return g.timeouts.Work
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return min(g.timeouts.First<<min(g.silent[request(req)], 16), g.timeouts.Silence)
}

// learn notes how a request ended.
func (g *guard) learn(req *http.Request, silent, answered bool) {
	const most = 10_000 // requests that are remembered; there are never as many at once
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case answered:
		delete(g.silent, request(req))
	case silent:
		if g.silent == nil || len(g.silent) >= most {
			g.silent = map[string]int{}
		}
		g.silent[request(req)]++
	}
}

func request(req *http.Request) string { return req.Method + " " + req.URL.RequestURI() }

// badAnswer is an answer that no object store gives.
type badAnswer struct {
	kind objstore.Kind
	text string
}

func (b *badAnswer) Error() string { return b.text }

// inspect returns a badAnswer unless resp can be a store's.
func inspect(req *http.Request, resp *http.Response) error {
	switch {
	case resp.StatusCode == http.StatusNotModified || req.Method == http.MethodHead && resp.StatusCode >= 300:
		return nil // no body to look at; Head asks again
	case resp.StatusCode >= 300:
		return inspectFailure(resp)
	case webPage(resp.Header) && !signed(resp.Header):
		return &badAnswer{objstore.NotAStore, "a web page answered"}
	case req.Method == http.MethodGet:
		return inspectList(req.URL.Query(), resp)
	}
	return nil
}

// inspectFailure requires what every S3 server sends with a failure: an XML document called Error.
func inspectFailure(resp *http.Response) error {
	if root(resp) == "Error" {
		return nil
	}
	text := "HTTP status " + resp.Status
	if to, err := resp.Location(); err == nil {
		text += ", redirecting to " + to.Host
	}
	kind := objstore.NotAStore
	switch status := resp.StatusCode; {
	case status == http.StatusNetworkAuthenticationRequired || status == http.StatusProxyAuthRequired:
		text += ": the network wants a sign-in"
	case status == http.StatusRequestEntityTooLarge:
		kind = objstore.Invalid
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		kind = judgeStatus(status)
	}
	return &badAnswer{kind, text}
}

// inspectList requires of listings that they are the document that was asked for: an unknown one would be read as empty.
func inspectList(query url.Values, resp *http.Response) error {
	want := ""
	switch {
	case query.Has("list-type"):
		want = "ListBucketResult"
	case query.Has("uploads"):
		want = "ListMultipartUploadsResult"
	case query.Has("uploadId"):
		want = "ListPartsResult"
	case query.Has("location"):
		want = "LocationConstraint"
	default:
		return nil
	}
	if got := root(resp); got != want {
		return &badAnswer{objstore.NotAStore, fmt.Sprintf("the answer is %q instead of %s", got, want)}
	}
	return nil
}

func webPage(h http.Header) bool {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (media == "text/html" || media == "application/xhtml+xml")
}

// signed tells whether an answer carries what object stores put on all of theirs.
func signed(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, "X-Amz-") {
			return true
		}
	}
	return false
}

// root returns the name of the XML document that an answer is, "" for anything else, and leaves the body as it was.
func root(resp *http.Response) string {
	peek := bufio.NewReaderSize(resp.Body, 1024)
	start, _ := peek.Peek(1024) // a short answer is not an error
	resp.Body = struct {
		io.Reader
		io.Closer
	}{peek, resp.Body}
	decoder := xml.NewDecoder(bytes.NewReader(start))
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		if element, ok := token.(xml.StartElement); ok {
			return element.Name.Local
		}
	}
}

// answer is what the library does not return of an answer.
type answer struct {
	mu        sync.Mutex
	date      time.Time
	algorithm string // of the checksums of an upload's parts
}

type answerKey struct{}

// withAnswer makes a context whose last answer is noted.
func withAnswer(ctx context.Context) (context.Context, *answer) {
	a := &answer{}
	return context.WithValue(ctx, answerKey{}, a), a
}

func note(ctx context.Context, resp *http.Response) {
	a, ok := ctx.Value(answerKey{}).(*answer)
	if !ok {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.date, _ = http.ParseTime(resp.Header.Get("Date")) // the zero time when there is none
	a.algorithm = resp.Header.Get(algorithmHeader)
}

// time returns the server's time of the answer, or this computer's when the server gave none.
func (a *answer) time() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.date.IsZero() {
		return time.Now()
	}
	return a.date
}

// checksums returns what the answer to the beginning of an upload says its parts are to carry.
func (a *answer) checksums() proof {
	a.mu.Lock()
	defer a.mu.Unlock()
	return proofNamed(a.algorithm)
}
