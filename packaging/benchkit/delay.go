package main

import (
	"net"
	"sync"
	"time"
)

// delay passes connections on; what is sent arrives later, in both directions, and as much at a time as was sent.
func delay(listen, target string, d time.Duration) error {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go pass(c, target, d)
	}
}

// pass passes one connection on until both directions have ended.
func pass(c net.Conn, target string, d time.Duration) {
	defer c.Close()
	s, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer s.Close()
	var both sync.WaitGroup
	both.Go(func() { later(s, c, d) })
	both.Go(func() { later(c, s, d) })
	both.Wait()
}

// chunk is some bytes and when they are to arrive; none is the end.
type chunk struct {
	at    time.Time
	bytes []byte
}

// later copies from one connection to another.
func later(to, from net.Conn, d time.Duration) {
	queue := make(chan chunk, 4096)
	go func() {
		defer close(queue)
		for {
			b := make([]byte, 32<<10)
			n, err := from.Read(b)
			if n > 0 {
				queue <- chunk{time.Now().Add(d), b[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for c := range queue {
		time.Sleep(time.Until(c.at))
		if _, err := to.Write(c.bytes); err != nil {
			break
		}
	}
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	for range queue { // so that the reader ends
	}
}
