package objstore

import (
	"context"
	"io"
	"slices"
	"sync"
)

// Gate bounds how many bodies are on their way at the same time. Who comes first enters first.
type Gate struct {
	mu      sync.Mutex
	most    int // 0: any number
	in      int
	waiting []chan struct{} // closed when their owner is in
}

// NewGate returns a gate through which any number passes.
func NewGate() *Gate { return &Gate{} }

// Set changes how many may be inside at once, 0 is any number. Those who are inside stay.
func (g *Gate) Set(most int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.most = most
	g.admit()
}

// enter waits until there is room.
func (g *Gate) enter(ctx context.Context) error {
	g.mu.Lock()
	in := make(chan struct{})
	g.waiting = append(g.waiting, in)
	g.admit()
	g.mu.Unlock()
	select {
	case <-in:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, in)
	if i < 0 { // it came in at that moment
		g.in--
		g.admit()
		return ctx.Err()
	}
	g.waiting = slices.Delete(g.waiting, i, i+1)
	return ctx.Err()
}

func (g *Gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.in--
	g.admit()
}

// admit lets in who may be. g.mu is held.
func (g *Gate) admit() {
	for len(g.waiting) > 0 && (g.most <= 0 || g.in < g.most) {
		close(g.waiting[0])
		g.waiting = slices.Delete(g.waiting, 0, 1)
		g.in++
	}
}

// passing is a body inside the gate, which leaves at its end or when it is closed.
type passing struct {
	io.ReadCloser
	gate *Gate
	once sync.Once
}

func (p *passing) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if err != nil {
		p.once.Do(p.gate.leave)
	}
	return n, err
}

func (p *passing) Close() error {
	p.once.Do(p.gate.leave)
	return p.ReadCloser.Close()
}
