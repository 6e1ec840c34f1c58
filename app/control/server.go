package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"elkjopcloud/app"
)

const (
	askTime      = 10 * time.Second       // within which a question must have come whole
	writeTime    = 10 * time.Second       // within which an asker must have taken a line
	progressPace = 200 * time.Millisecond // at most one line of progress in this time
)

// Server answers on a socket until it is closed.
type Server struct {
	client Client
	l      net.Listener
	log    *slog.Logger
	stop   context.CancelFunc
	ctx    context.Context

	closing sync.Once
	closed  error // of the socket

	mu     sync.Mutex
	active int           // questions that are being answered
	idle   chan struct{} // closed when active becomes 0; nil when nobody waits
	done   sync.WaitGroup
}

// Serve begins to answer askers with what c says. Questions are canceled when ctx ends.
func Serve(ctx context.Context, l net.Listener, c Client, log *slog.Logger) *Server {
	s := &Server{client: c, l: l, log: log}
	s.ctx, s.stop = context.WithCancel(ctx)
	s.done.Add(1)
	go s.accept()
	return s
}

// Drain hears no new questions and waits until no question is being answered, or ctx ends. Who asks too late hears that nobody listens.
func (s *Server) Drain(ctx context.Context) error {
	if err := s.deaf(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.active == 0 {
		s.mu.Unlock()
		return nil
	}
	if s.idle == nil {
		s.idle = make(chan struct{})
	}
	idle := s.idle
	s.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close cancels what is being answered and removes the socket.
func (s *Server) Close() error {
	s.stop()
	err := s.deaf()
	s.done.Wait()
	return err
}

// deaf closes the socket, once.
func (s *Server) deaf() error {
	s.closing.Do(func() { s.closed = s.l.Close() })
	return s.closed
}

func (s *Server) accept() {
	defer s.done.Done()
	for {
		conn, err := s.l.Accept()
		if errors.Is(err, net.ErrClosed) || s.ctx.Err() != nil {
			return
		}
		if err != nil {
			s.log.Warn("accept on the control socket", "error", err)
			if !s.rest() {
				return
			}
			continue
		}
		s.begin()
		go func() {
			defer s.end()
			s.serve(conn)
		}()
	}
}

// rest waits a moment, so that a lasting error does not spin.
func (s *Server) rest() bool {
	t := time.NewTimer(100 * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func (s *Server) begin() {
	s.done.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active++
}

func (s *Server) end() {
	defer s.done.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active--
	if s.active == 0 && s.idle != nil {
		close(s.idle)
		s.idle = nil
	}
}

// serve answers one question. The asker's hanging up, and the server's end, cancel it.
func (s *Server) serve(conn net.Conn) {
	defer conn.Close()
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	_ = conn.SetReadDeadline(time.Now().Add(askTime))
	defer context.AfterFunc(s.ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()

	r := bufio.NewReader(conn)
	line, err := readLine(r, maxQuestion)
	if err != nil {
		s.log.Debug("a question did not come whole", "error", err)
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	q, err := parseQuestion(line)
	w := &writer{conn: conn}
	if err != nil {
		w.last(nil, &app.Problem{Code: app.CodeWrongUse, Message: "The question cannot be read.", Err: err})
		return
	}
	w.send(answer{Heard: true})
	hungUp := make(chan struct{})
	go func() {
		defer close(hungUp)
		_, _ = io.Copy(io.Discard, r) // nothing more is said: it ends when the asker hangs up
		cancel()
	}()
	s.answer(ctx, w, q)
	_ = conn.Close()
	<-hungUp
}

func (s *Server) answer(ctx context.Context, w *writer, q question) {
	start := time.Now()
	result, err := dispatch(ctx, s.client, q, w.progress)
	s.log.Debug("answered on the control socket", "method", q.Method, "took", time.Since(start), "error", err)
	w.last(result, err)
}

// writer sends answers. What cannot be sent is lost: then the asker is gone.
type writer struct {
	conn net.Conn

	mu    sync.Mutex
	sent  time.Time // when progress was sent
	ended bool
}

func (w *writer) progress(p app.Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if w.ended || now.Sub(w.sent) < progressPace {
		return
	}
	w.sent = now
	w.send(answer{Progress: &p})
}

// last sends the result, also when there is a problem as well: some methods return both.
func (w *writer) last(result any, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	body, e := json.Marshal(result)
	if e != nil {
		err = errors.Join(err, e)
	}
	a := answer{Result: body}
	if err != nil {
		a.Problem = problem(err)
	}
	w.send(a)
}

func (w *writer) send(a answer) {
	line, err := json.Marshal(a)
	if err != nil {
		return
	}
	_ = w.conn.SetWriteDeadline(time.Now().Add(writeTime))
	if _, err := w.conn.Write(append(line, '\n')); err != nil {
		_ = w.conn.Close()
	}
}
