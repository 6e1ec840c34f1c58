package s3store

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"sync"
	"syscall"
	"time"

	"elkjopcloud/platform/objstore"
)

// errSilent is the cause of a request that was ended because nothing moved.
var errSilent = errors.New("nothing came for too long")

// watch ends a request after a time of silence, unless it is paused. What the system still sends from its own memory counts as moving.
type watch struct {
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	timer   *time.Timer
	after   time.Duration
	last    time.Time // when something moved
	paused  bool
	stopped bool
	conn    syscall.RawConn // nil until there is one
	sent    uint64          // of conn, when it was looked at last
}

func newWatch(cancel context.CancelCauseFunc, after time.Duration) *watch {
	w := &watch{cancel: cancel, after: after, last: time.Now()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(w.step(), w.look)
	return w
}

// step is how often the watch looks whether bytes went out.
func (w *watch) step() time.Duration { return w.after / 4 }

// look ends the request when nothing moved for too long.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused || w.stopped {
		return
	}
	if w.moved() {
		w.last = time.Now()
	}
	if time.Since(w.last) >= w.after {
		w.cancel(errSilent)
		return
	}
	w.timer.Reset(w.step())
}

func (w *watch) moved() bool {
	if w.conn == nil {
		return false
	}
	n, ok := acked(w.conn)
	moved := ok && n > w.sent
	w.sent = n
	return moved
}

// trace makes a context by which the watch learns of the connection. size is that of the body; where the system does not say what it has
// sent, the silence may be as much longer as a slow line needs for what the system holds.
func (w *watch) trace(ctx context.Context, size int64) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		raw := rawConn(i.Conn)
		w.mu.Lock()
		defer w.mu.Unlock()
		if raw != nil {
			if n, ok := acked(raw); ok {
				w.conn, w.sent = raw, n
				return
			}
		}
		w.after += time.Duration(min(max(size, 0), held)) * time.Second / slowest
	}})
}

const (
	held    = 1 << 20 // bytes that a system takes of an upload before they are sent
	slowest = 8 << 10 // bytes a second
)

func rawConn(c net.Conn) syscall.RawConn {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	s, ok := c.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

func (w *watch) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paused = true
	w.timer.Stop()
}

// resume begins to count anew.
func (w *watch) resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paused, w.last = false, time.Now()
	if !w.stopped {
		w.timer.Reset(w.step())
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
	if silent(ctx) {
		return &badAnswer{objstore.Unreachable, errSilent.Error()}
	}
	return err
}

func silent(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errSilent) }

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
