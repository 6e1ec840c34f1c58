// Package faultstore makes a store fail: before or after the act, in the middle of a body, with damaged bytes, with writes that
// land late, with listings of yesterday, and for good. What happens is decided by a function, so a test can aim and the
// simulator can repeat a run exactly.
//
// Reading order: this file (faults and where they strike), stale.go (old listings), random.go (a policy from a seed).
package faultstore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"elkjopcloud/platform/objstore"
)

// Action is what goes wrong.
type Action int

const (
	None       Action = iota
	Before            // fails, nothing was done
	After             // was done, and fails: the reply is lost
	Hold              // fails; a write is done later, when Land is called or after N further requests (0: only by Land)
	Cut               // Get: the body ends with an error after N bytes
	Corrupt           // Get: byte N of the body is another one
	Stale             // List: answers with what was there before the last N writes
	Crash             // fails, and so does everything after it until Revive; held writes still land
	CrashAfter        // is done, then as Crash
)

// Fault is what happens to one request. The zero value is nothing.
type Fault struct {
	Action Action
	N      int
	Err    error // what the caller gets; nil means an objstore.Error of kind Unreachable
}

// Store implements objstore.Bucket.
type Store struct {
	objstore.Bucket // the decorated one: every call comes through around
	inner           objstore.Bucket
	decide          func(op, key string) Fault

	mu      sync.Mutex
	crashed error
	held    []held
	recent  []change // the last writes, for Stale
}

// held is a write that is still under way.
type held struct {
	after int          // further requests; 0 waits for Land
	act   func() error // with a context that outlives the caller's
}

// New wraps inner. decide is called once for each request, before it, with the operation (objstore's Op constants) and the key;
// nil means no faults until Decide. It is called under no lock and may use the store it decides about.
func New(inner objstore.Bucket, decide func(op, key string) Fault) *Store {
	s := &Store{inner: inner, decide: decide}
	s.Bucket = objstore.WithHooks(inner, objstore.Hooks{Up: buffered, Around: s.around})
	return s
}

// Decide changes the policy.
func (s *Store) Decide(decide func(op, key string) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.decide = decide
}

// Crashed returns the error of a crash, nil when there was none.
func (s *Store) Crashed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crashed
}

// Revive ends a crash.
func (s *Store) Revive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crashed = nil
}

// Land does all held writes, the oldest first, and returns how many there were.
func (s *Store) Land() int {
	s.mu.Lock()
	ready := s.held
	s.held = nil
	s.mu.Unlock()
	land(ready)
	return len(ready)
}

func land(writes []held) {
	for _, h := range writes {
		_ = h.act() // nobody waits for its outcome any more
	}
}

// buffered keeps a body in memory, since a held write needs it when the caller is gone.
func buffered(_ context.Context, c objstore.Call, body io.ReadSeeker) io.ReadSeeker {
	r, err := objstore.Rewind(body, c.Size)
	if err != nil {
		return body
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return body // the store below will meet the same error
	}
	return bytes.NewReader(data)
}

// next is what every request begins with: held writes whose time has come land, then its own fault is decided.
func (s *Store) next(op, key string) (Fault, error) {
	s.mu.Lock()
	var ready []held
	s.held = slices.DeleteFunc(s.held, func(h held) bool {
		due := h.after == 1
		if due {
			ready = append(ready, h)
		}
		return due
	})
	for i := range s.held {
		if s.held[i].after > 1 {
			s.held[i].after--
		}
	}
	crashed, decide := s.crashed, s.decide
	s.mu.Unlock()
	land(ready)
	if crashed != nil || decide == nil {
		return Fault{}, crashed
	}
	return decide(op, key), nil
}

func (f Fault) error(op, key string) error {
	if f.Err != nil {
		return f.Err
	}
	return &objstore.Error{Kind: objstore.Unreachable, Op: op, Key: key, Err: errInjected}
}

var errInjected = errors.New("injected failure")

// around does one request with its fault. Get and List decide for themselves.
func (s *Store) around(ctx context.Context, c objstore.Call, act objstore.Act) error {
	if c.Op == objstore.OpGet || c.Op == objstore.OpList {
		return act(ctx)
	}
	fault, err := s.next(c.Op, c.Key)
	if err != nil {
		return err
	}
	return s.apply(ctx, c, fault, act)
}

func (s *Store) apply(ctx context.Context, c objstore.Call, fault Fault, act objstore.Act) error {
	failure := fault.error(c.Op, c.Key)
	switch fault.Action {
	case Before:
		return failure
	case Crash:
		return s.crash(failure)
	case Hold:
		s.hold(ctx, c, fault.N, act)
		return failure
	}
	if err := s.recorded(ctx, c, act); err != nil {
		return err
	}
	switch fault.Action {
	case After:
		return failure
	case CrashAfter:
		return s.crash(failure)
	}
	return nil
}

// hold keeps a write for later; what only reads is as if it had not been asked.
func (s *Store) hold(ctx context.Context, c objstore.Call, n int, act objstore.Act) {
	if c.Op == objstore.OpHead || c.Op == objstore.OpListParts || c.Op == objstore.OpListUploads {
		return
	}
	later := context.WithoutCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = append(s.held, held{n, func() error { return s.recorded(later, c, act) }})
}

func (s *Store) crash(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crashed = err
	return err
}

// Get implements objstore.Bucket.
func (s *Store) Get(ctx context.Context, key string, o objstore.GetOptions) (io.ReadCloser, objstore.Object, error) {
	fault, err := s.next(objstore.OpGet, key)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	var body io.ReadCloser
	var got objstore.Object
	err = s.apply(ctx, objstore.Call{Op: objstore.OpGet, Key: key}, fault, func(ctx context.Context) (err error) {
		body, got, err = s.inner.Get(ctx, key, o)
		return err
	})
	if err != nil {
		if body != nil {
			body.Close()
		}
		return nil, objstore.Object{}, err
	}
	switch fault.Action {
	case Cut:
		body = &cut{body, fault.N, fault.error(objstore.OpGet, key)}
	case Corrupt:
		body = &corrupt{body, fault.N}
	}
	return body, got, nil
}

// cut ends a body with an error.
type cut struct {
	io.ReadCloser
	left int
	err  error
}

func (c *cut) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, c.err
	}
	n, err := c.ReadCloser.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// corrupt changes one byte.
type corrupt struct {
	io.ReadCloser
	at int
}

func (c *corrupt) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.at >= 0 && c.at < n {
		p[c.at] ^= 0x20
	}
	c.at -= n
	return n, err
}
