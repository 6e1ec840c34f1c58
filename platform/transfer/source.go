package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"elkjopcloud/platform/disk"
)

// step is how much of a file is read before cancellation is looked at again.
const step = 256 << 10

// source is an open file that has to stay what it was, and what of it is sent.
type source struct {
	fsys disk.FS
	path string
	r    disk.Reader
	info disk.Info
	view io.ReaderAt // what is sent: the file, or some of it
	size int64       // bytes of view
	// seen is told what was read of view, in pieces that begin at multiples of align and, but for the last, are as long. It may be called side by side.
	seen  func(offset int64, p []byte) error
	align int64
}

// openSource opens the file and makes sure that it is the one that was asked for.
func openSource(ctx context.Context, fsys disk.FS, path string, want disk.Signature) (*source, error) {
	if err := rest(ctx, quiet(want, time.Now())); err != nil {
		return nil, err
	}
	r, err := fsys.Open(path)
	if err != nil {
		return nil, replaced(err)
	}
	s := &source{fsys: fsys, path: path, r: r, info: disk.Info{Signature: want}, view: r, size: want.Size, align: 1}
	s.seen = func(int64, []byte) error { return nil }
	if err := s.is(r.Opened()); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	s.info = r.Opened()
	return s, nil
}

// replaced says that the file has changed when what stands at its path is something else, or nothing.
func replaced(err error) error {
	if disk.IsNotExist(err) || errors.Is(err, disk.ErrNotRegular) || errors.Is(err, disk.ErrNotInside) {
		return fmt.Errorf("%w: %w", ErrChanged, err)
	}
	return err
}

// quiet returns how long to wait before reading, so that a write that comes after the reading began shows in the signature.
// Clocks of disks tick: two writes within one tick leave the same signature, and the second could fall into the middle of the
// reading. Ticks are at most 16 ms on the disks of desktop systems; FAT and old network disks count in whole seconds or two.
func quiet(s disk.Signature, now time.Time) time.Duration {
	tick := 40 * time.Millisecond
	if s.Mtime%int64(time.Second) == 0 && s.Ctime%int64(10*time.Millisecond) == 0 {
		tick = 2 * time.Second
	}
	age := now.Sub(time.Unix(0, max(s.Mtime, s.Ctime)))
	if age <= -tick || age >= tick {
		return 0
	}
	return tick - age
}

func rest(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// is says that the file has changed unless info is of it.
func (s *source) is(info disk.Info) error {
	if info.Type != disk.File || info.Signature != s.info.Signature {
		return ErrChanged
	}
	return nil
}

// same looks at the opened file again.
func (s *source) same() error {
	info, err := s.r.Info()
	if err != nil {
		return err
	}
	return s.is(info)
}

// unchanged is asked after the last byte was read: the opened file and what stands at its path must both still be the file.
func (s *source) unchanged() error {
	if err := s.same(); err != nil {
		return err
	}
	info, err := s.fsys.Stat(s.path)
	if err != nil {
		return replaced(err)
	}
	return s.is(info)
}

// read fills p from offset of the view and adds it to sum. A file that ends early has changed.
func (s *source) read(ctx context.Context, p []byte, offset int64, sum io.Writer) error {
	for len(p) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := s.view.ReadAt(p[:min(step, len(p))], offset)
		_, _ = sum.Write(p[:n]) // a hash takes everything
		p, offset = p[n:], offset+int64(n)
		if err == io.EOF && len(p) > 0 {
			return ErrChanged
		}
		if err != nil && err != io.EOF {
			return err
		}
	}
	return nil
}

// hashTo adds the bytes from offset to end to sum without keeping them.
func (s *source) hashTo(ctx context.Context, m *memory, offset, end int64, sum io.Writer) error {
	buf, err := m.get(ctx, step)
	if err != nil {
		return err
	}
	defer buf.release()
	for offset < end {
		p := buf.b[:min(step, end-offset)]
		if err := s.read(ctx, p, offset, sum); err != nil {
			return err
		}
		offset += int64(len(p))
	}
	return nil
}

func (s *source) close() { _ = s.r.Close() } // only read from: nothing can be lost
