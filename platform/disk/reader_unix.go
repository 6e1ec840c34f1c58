//go:build linux || darwin

package disk

import (
	"errors"
	"io"
	"io/fs"
	"sync"

	"golang.org/x/sys/unix"
)

// reader is a regular file that was opened for reading; its errors carry their kind. It is not an os.File, which asks the kernel twice more
// for each file only to learn that a regular file is always ready.
type reader struct {
	path   string
	opened Info
	mu     sync.RWMutex // held for reading by every call that uses fd
	fd     int          // -1 when closed
}

func (r *root) Open(path string) (Reader, error) {
	fd, info, done := r.openAtOnce(path)
	if !done {
		var err error
		if fd, info, err = r.openLooking("open", path, unix.O_RDONLY); err != nil {
			return nil, err
		}
	}
	return &reader{path: path, opened: info, fd: fd}, nil
}

// use runs call on the descriptor, which nobody closes meanwhile, and once more when a signal interrupts it.
func (r *reader) use(op string, call func(fd int) error) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.fd < 0 {
		return fail(op, r.path, fs.ErrClosed)
	}
	return fail(op, r.path, again(func() error { return call(r.fd) }))
}

// mostAtOnce bytes are asked for in one call: macOS refuses more than it can count in 31 bits.
const mostAtOnce = 1 << 30

func (r *reader) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	err = r.use("read", func(fd int) (err error) {
		n, err = got(unix.Read(fd, p[:min(len(p), mostAtOnce)]))
		return err
	})
	return n, err
}

func (r *reader) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fail("read", r.path, errors.New("negative offset"))
	}
	for n < len(p) && err == nil {
		more := 0
		err = r.use("read", func(fd int) (err error) {
			more, err = got(unix.Pread(fd, p[n:min(len(p), n+mostAtOnce)], off+int64(n)))
			return err
		})
		n += more
	}
	return n, err
}

// got says in the words of io.Reader what the kernel gave.
func got(n int, err error) (int, error) {
	if n == 0 && err == nil {
		return 0, io.EOF
	}
	return max(n, 0), err
}

func (r *reader) Seek(offset int64, whence int) (at int64, err error) {
	err = r.use("seek in", func(fd int) (err error) {
		at, err = unix.Seek(fd, offset, whence)
		return err
	})
	return at, err
}

func (r *reader) Opened() Info { return r.opened }

func (r *reader) Info() (info Info, err error) {
	err = r.use("look at", func(fd int) (err error) {
		info, err = statFD(fd, r.opened.Name)
		return err
	})
	return info, err
}

// Close waits for the calls that use the descriptor, whose number the next file gets.
func (r *reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fd < 0 {
		return fail("close", r.path, fs.ErrClosed)
	}
	err := unix.Close(r.fd)
	r.fd = -1
	return fail("close", r.path, err)
}
