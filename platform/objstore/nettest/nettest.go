// Package nettest is a network between a client and a server that tests can spoil: late, slow, cut, silent, refused, or in the hands of a
// login portal. It works on the loopback interface. Connections that once fell silent stay silent when the network is well again, as
// those do whose computer slept or moved to another network; and it holds back what it has no room for, so that a slow line is slow
// for the sender, too.
//
// Reading order: this file (what tests call), line.go (one connection).
package nettest

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Weather is how the network is. The zero value is a good one. What is set holds for connections that are there and for new ones,
// except CutAfter and Portal, which are for new ones.
type Weather struct {
	Silent   bool          // nothing passes and nothing is closed; connections of that time stay so for good
	Refuse   bool          // nobody listens; what is connected is reset
	Late     time.Duration // each piece arrives that much later
	Rate     int           // bytes a second, each way; 0 is no limit
	CutAfter int           // a connection is reset when that many bytes went either way; 0 is never
	Portal   bool          // a login page answers everything, with 200
}

// Network passes what it is sent on to a server. All methods are safe for concurrent use.
type Network struct {
	t       testing.TB
	address string
	server  string

	mu       sync.Mutex
	weather  Weather
	listener net.Listener
	lines    map[*line]bool
	accepted int
	wg       sync.WaitGroup
}

// New begins a network before the server at an address (host:port). It ends with the test.
func New(t testing.TB, server string) *Network {
	t.Helper()
	n := &Network{t: t, server: server, lines: map[*line]bool{}}
	l, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.address = l.Addr().String()
	n.mu.Lock()
	n.serve(l)
	n.mu.Unlock()
	t.Cleanup(n.close)
	return n
}

// Address is what clients connect to, host:port.
func (n *Network) Address() string { return n.address }

// Accepted counts the connections that were begun.
func (n *Network) Accepted() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.accepted
}

// Set changes the weather.
func (n *Network) Set(w Weather) {
	n.t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.weather = w
	for l := range n.lines {
		l.set(w)
	}
	switch {
	case w.Refuse && n.listener != nil:
		_ = n.listener.Close() // what it could not close is closed by the end of the test
		n.listener = nil
		n.reset()
	case !w.Refuse && n.listener == nil:
		l, err := listen(n.address)
		if err != nil {
			n.t.Errorf("listen again: %v", err)
			return
		}
		n.serve(l)
	}
}

// Reset cuts every connection that is there, as a router does that starts anew.
func (n *Network) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.reset()
}

func (n *Network) reset() {
	for l := range n.lines {
		l.reset()
	}
}

// serve accepts until the listener is closed. n.mu is held.
func (n *Network) serve(l net.Listener) {
	n.listener = l
	n.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.begin(c)
		}
	})
}

func (n *Network) begin(c net.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listener == nil {
		abort(c)
		return
	}
	n.accepted++
	l := newLine(c, n.weather)
	n.lines[l] = true
	n.wg.Go(func() {
		l.run(n.server)
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.lines, l)
	})
}

func (n *Network) close() {
	n.mu.Lock()
	if n.listener != nil {
		_ = n.listener.Close() // the test is over
		n.listener = nil
	}
	n.reset()
	n.mu.Unlock()
	n.wg.Wait()
}
