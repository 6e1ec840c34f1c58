package transfer

import (
	"errors"
	"io"
	"sync"
)

var errRevoked = errors.New("read after the request was over")

// body is what a store reads in one request. It counts what is read, takes it back when it is read again, and gives nothing
// after revoke: a connection that is still being torn down must not see a buffer that already holds another file.
type body struct {
	mu       sync.Mutex
	r        io.ReadSeeker
	at       int64
	progress func(int64)
	revoked  bool
}

func newBody(r io.ReadSeeker, progress func(int64)) *body {
	return &body{r: r, progress: progress}
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.revoked {
		return 0, errRevoked
	}
	n, err := b.r.Read(p)
	b.moved(b.at + int64(n))
	return n, err
}

func (b *body) Seek(offset int64, whence int) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.revoked {
		return 0, errRevoked
	}
	at, err := b.r.Seek(offset, whence)
	if err == nil && whence == io.SeekStart && offset == 0 {
		b.moved(0)
	}
	return at, err
}

// Measure gives the same bytes without counting them, for a store that needs a checksum before it sends.
func (b *body) Measure() io.ReadSeeker { return uncounted{b} }

// moved reports the difference between what was counted and what is counted now.
func (b *body) moved(to int64) {
	if to != b.at {
		b.progress(to - b.at)
		b.at = to
	}
}

// revoke ends the loan; what was counted is taken back unless the request did its work.
func (b *body) revoke(done bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.revoked = true
	if !done {
		b.moved(0)
	}
}

// uncounted is a body that is read, but not sent.
type uncounted struct{ of *body }

func (u uncounted) Read(p []byte) (int, error) {
	u.of.mu.Lock()
	defer u.of.mu.Unlock()
	if u.of.revoked {
		return 0, errRevoked
	}
	return u.of.r.Read(p)
}

func (u uncounted) Seek(offset int64, whence int) (int64, error) { return u.of.Seek(offset, whence) }
