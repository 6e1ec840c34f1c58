package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"elkjopcloud/platform/objstore"
)

var errShort = errors.New("the object ends before its range does")

// piece is what one request brings, or a file near by. done is closed when got and err are final.
type piece struct {
	place
	buf  *buffer
	got  int // bytes that arrived, from the start
	err  error
	done chan struct{}
}

// place is where some bytes are: in the store, and perhaps in a file near by as well.
type place struct {
	Range
	near   bool
	offset int64 // there
}

// first returns the first n bytes of a place, and the rest.
func (p place) first(n int64) (place, place) {
	rest := place{Range{p.Key, p.Offset + n, p.Length - n}, p.near, p.offset + n}
	p.Length = n
	return p, rest
}

// pieces cuts places into pieces of at most most bytes, leaving out the first skip bytes of the whole.
func pieces(places iter.Seq[place], skip, most int64) iter.Seq[place] {
	return func(yield func(place) bool) {
		for p := range places {
			cut := min(skip, p.Length)
			skip -= cut
			_, p = p.first(cut)
			for p.Length > 0 {
				var next place
				next, p = p.first(min(most, p.Length))
				if !yield(next) {
					return
				}
			}
		}
	}
}

// fetch gives the bytes of the ranges from skip on to take, in order, several requests ahead. What has arrived before an error
// is given too, as far as it is connected, so that little has to come again.
func (t *Transfer) fetch(ctx context.Context, n *near, ranges []Range, skip int64, take func([]byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	queue := make(chan *piece, t.o.Parallel-1) // one more is in the hands of the receiver
	defer work.Wait()
	defer cancel()
	work.Go(func() { t.request(ctx, &work, n, pieces(n.places(ranges), skip, t.o.Piece), queue) })
	var failed error
	for p := range queue {
		<-p.done
		failed = t.receive(p, take, failed)
		if failed != nil {
			cancel()
		}
	}
	return failed
}

// request queues the pieces in order and starts their requests, until all are started or ctx ends. A piece has its place in the
// queue before it has memory, so no more than Parallel are on their way.
func (t *Transfer) request(ctx context.Context, work *sync.WaitGroup, n *near, all iter.Seq[place], queue chan<- *piece) {
	defer close(queue)
	for r := range all {
		p := &piece{place: r, done: make(chan struct{})}
		queue <- p
		if p.buf, p.err = t.memory.get(ctx, r.Length); p.err != nil {
			close(p.done)
			return
		}
		work.Go(func() {
			defer close(p.done)
			if !t.copyNear(ctx, n, p) {
				p.err = t.get(ctx, p)
			}
		})
	}
}

// receive hands on what a piece brought, unless something before it failed, and gives its buffer back.
func (t *Transfer) receive(p *piece, take func([]byte) error, failed error) error {
	if p.buf == nil {
		return errors.Join(failed, p.err)
	}
	defer p.buf.release()
	if failed == nil && p.got > 0 {
		if failed = take(p.buf.b[:p.got]); failed == nil {
			return p.err
		}
	}
	t.o.Progress(int64(-p.got))
	if failed == nil {
		failed = p.err
	}
	return failed
}

// get fills the piece with one request; to ask again when the answer is cut is the business of the store's decorators.
func (t *Transfer) get(ctx context.Context, p *piece) error {
	body, o, err := t.bucket.Get(ctx, p.Key, objstore.GetOptions{Offset: p.Offset, Length: p.Length})
	if objstore.KindOf(err) == objstore.Invalid {
		return damaged(p.Key, fmt.Errorf("%w: %w", errShort, err))
	}
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // only read from
	if o.Size < p.Offset+p.Length {
		return damaged(p.Key, fmt.Errorf("%w: it has %d bytes, not %d", errShort, o.Size, p.Offset+p.Length))
	}
	p.got, err = readCounted(body, p.buf.b, t.o.Progress)
	if err == io.ErrUnexpectedEOF {
		return objstore.Errorf(objstore.Unreachable, objstore.OpGet, p.Key, "the answer was cut: %w", err)
	}
	return err
}

// readCounted fills b, telling progress of every step. It returns io.ErrUnexpectedEOF when r ends before.
func readCounted(r io.Reader, b []byte, progress func(int64)) (int, error) {
	n := 0
	for n < len(b) {
		m, err := r.Read(b[n:])
		n += m
		progress(int64(m))
		if err != nil && n < len(b) {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return n, err
		}
	}
	return n, nil
}

func damaged(key string, err error) error {
	return objstore.Errorf(objstore.Damaged, objstore.OpGet, key, "%w", err)
}
