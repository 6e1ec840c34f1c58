package nettest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// room is how much of what one side sends is taken before it went on to the other.
const room = 4 << 10

// line is one connection through the network.
type line struct {
	client net.Conn
	portal bool
	ctx    context.Context // ends when the line is reset
	end    context.CancelFunc

	mu      sync.Mutex
	weather Weather
	dead    bool // it was there while the network was silent
	left    int  // bytes until it is cut; below 0: never
}

func newLine(c net.Conn, w Weather) *line {
	l := &line{client: c, portal: w.Portal, left: w.CutAfter}
	if w.CutAfter == 0 {
		l.left = -1
	}
	l.ctx, l.end = context.WithCancel(context.Background())
	l.set(w)
	return l
}

func (l *line) set(w Weather) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.weather = w
	l.dead = l.dead || w.Silent
}

func (l *line) reset() { l.end() }

// run passes bytes both ways until a side closes, or the line is reset.
func (l *line) run(server string) {
	defer l.end()
	if l.portal {
		l.login()
		return
	}
	up, err := new(net.Dialer).DialContext(l.ctx, "tcp", server)
	if err != nil {
		abort(l.client)
		return
	}
	defer context.AfterFunc(l.ctx, func() { abort(l.client); abort(up) })()
	var wg sync.WaitGroup
	wg.Go(func() { l.pass(up, l.client) })
	wg.Go(func() { l.pass(l.client, up) })
	wg.Wait()
	_, _ = l.client.Close(), up.Close()
}

// abort closes with a reset.
func abort(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// pass moves bytes one way. The end of the one side's bytes is passed on, too.
func (l *line) pass(to, from net.Conn) {
	buf := make([]byte, room)
	for {
		n, err := from.Read(buf)
		if n > 0 && !l.carry(to, buf[:n]) {
			return
		}
		if err != nil {
			l.hang(to)
			return
		}
	}
}

// hang passes on that nothing more comes; nobody learns of it on a dead line.
func (l *line) hang(to net.Conn) {
	l.mu.Lock()
	dead := l.dead
	l.mu.Unlock()
	if tcp, ok := to.(*net.TCPConn); ok && !dead {
		_ = tcp.CloseWrite()
	}
}

// carry takes a piece to the other side, if the weather lets it, and tells whether the line still stands.
func (l *line) carry(to net.Conn, piece []byte) bool {
	l.mu.Lock()
	w := l.weather
	l.mu.Unlock()
	pause := w.Late
	if w.Rate > 0 {
		pause += time.Duration(len(piece)) * time.Second / time.Duration(w.Rate)
	}
	if pause > 0 {
		select {
		case <-time.After(pause):
		case <-l.ctx.Done():
			return false
		}
	}
	l.mu.Lock()
	dead, cut := l.dead, l.left >= 0 && l.left <= len(piece)
	if cut {
		piece = piece[:l.left]
	} else if l.left >= 0 {
		l.left -= len(piece)
	}
	l.mu.Unlock()
	if dead {
		return true
	}
	_, err := to.Write(piece)
	if cut {
		l.end()
	}
	return err == nil && !cut
}

const page = "<html><body><h1>Welcome to the hotel</h1>Please sign in.</body></html>"

// login answers every request with a page, as a network does that nobody has signed in to.
func (l *line) login() {
	defer l.client.Close()
	defer context.AfterFunc(l.ctx, func() { abort(l.client) })()
	r := bufio.NewReader(l.client)
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		answer := &http.Response{StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(page)), Request: req,
			Header: http.Header{"Content-Type": {"text/html"}}, Body: io.NopCloser(strings.NewReader(page))}
		if answer.Write(l.client) != nil {
			return
		}
	}
}
