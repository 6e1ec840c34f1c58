package s3store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
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
	next          http.RoundTripper
	silence, work time.Duration
}

// RoundTrip implements http.RoundTripper.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	w := newWatch(cancel, g.patience(req))
	out := req.Clone(ctx)
	var up *watchedUp
	if req.Body != nil && req.Body != http.NoBody {
		up = &watchedUp{ReadCloser: req.Body, w: w}
		out.Body = up
	}
	resp, err := g.next.RoundTrip(out)
	if up != nil {
		up.end()
	}
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
	w.wait(g.silence)
	w.pause()
	resp.Body = &watchedDown{ReadCloser: resp.Body, w: w, ctx: ctx, cancel: cancel}
	return resp, nil
}

// patience is how long the answer to a request may take after its body was sent.
func (g *guard) patience(req *http.Request) time.Duration {
	copying := req.Header.Get("X-Amz-Copy-Source") != ""
	joining := req.Method == http.MethodPost && req.URL.Query().Has("uploadId")
	if copying || joining {
		return g.work
	}
	return g.silence
}

// errSilent is the cause of a request that was ended because nothing moved.
var errSilent = errors.New("nothing came for too long")

// watch ends a request after a time of silence, unless it is paused.
type watch struct {
	mu      sync.Mutex
	timer   *time.Timer
	after   time.Duration
	stopped bool
}

func newWatch(cancel context.CancelCauseFunc, after time.Duration) *watch {
	return &watch{timer: time.AfterFunc(after, func() { cancel(errSilent) }), after: after}
}

func (w *watch) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer.Stop()
}

// resume begins to count anew.
func (w *watch) resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.timer.Reset(w.after)
	}
}

// wait changes how long the silence may be.
func (w *watch) wait(after time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.after = after
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}

// explain replaces "context canceled" when it was the watch that canceled.
func (w *watch) explain(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), errSilent) {
		return &badAnswer{objstore.Unreachable, errSilent.Error()}
	}
	return err
}

// watchedUp is a request body: the clock stands still while the caller fetches bytes (a bandwidth limit may make that slow),
// and begins anew with each piece that is sent.
type watchedUp struct {
	io.ReadCloser
	w     *watch
	mu    sync.Mutex
	ended bool
}

func (u *watchedUp) Read(p []byte) (int, error) {
	u.tell(u.w.pause)
	n, err := u.ReadCloser.Read(p)
	u.tell(u.w.resume)
	return n, err
}

// end is called when the answer has come; the transport may still be reading the body then.
func (u *watchedUp) end() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ended = true
}

func (u *watchedUp) tell(what func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.ended {
		what()
	}
}

// watchedDown is an answer's body: the clock runs while a read waits for the network.
type watchedDown struct {
	io.ReadCloser
	w      *watch
	ctx    context.Context
	cancel context.CancelCauseFunc
}

func (d *watchedDown) Read(p []byte) (int, error) {
	d.w.resume()
	n, err := d.ReadCloser.Read(p)
	d.w.pause()
	if err != nil && !errors.Is(err, io.EOF) {
		err = d.w.explain(d.ctx, err)
	}
	return n, err
}

func (d *watchedDown) Close() error {
	d.w.stop()
	err := d.ReadCloser.Close()
	d.cancel(nil)
	return err
}

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
	mu   sync.Mutex
	date time.Time
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
