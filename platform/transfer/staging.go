package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"

	"elkjopcloud/platform/disk"
)

var errLength = errors.New("the written file has another length")

// staging is a file that a download grows, from its start to its end.
type staging struct {
	dst    disk.FS
	path   string
	w      disk.Writer
	at     int64 // bytes that are there
	sum    hash.Hash
	blocks *serial // nil when they are not to be remembered
}

// openStaging makes the file, or takes up the one that an earlier download left: its bytes are hashed again. Zeros at its end
// are dropped, since a power cut leaves zeros where written bytes did not reach the disk; so is a file longer than size. l, if not nil, is filled on the way.
func openStaging(ctx context.Context, m *memory, dst disk.FS, path string, size int64, l *list) (*staging, error) {
	s := &staging{dst: dst, path: path, sum: sha256.New()}
	if l != nil {
		s.blocks = newSerial(l)
	}
	info, err := dst.Stat(path)
	switch {
	case disk.IsNotExist(err):
		return s, s.create()
	case err != nil:
		return nil, err
	case info.Type != disk.File:
		return nil, disk.ErrNotRegular
	case info.Size > size:
		return s, s.restart()
	}
	if err := s.takeUp(ctx, m); err != nil {
		return nil, err
	}
	s.w, err = dst.OpenWrite(path)
	return s, err
}

func (s *staging) create() (err error) {
	s.w, err = s.dst.Create(s.path)
	return err
}

// restart removes what is there, which is only what a download wrote, and begins anew.
func (s *staging) restart() error {
	if err := s.dst.Remove(s.path); err != nil {
		return err
	}
	return s.create()
}

// takeUp hashes what is there up to its last byte that is not zero.
func (s *staging) takeUp(ctx context.Context, m *memory) error {
	r, err := s.dst.Open(s.path)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read from
	buf, err := m.get(ctx, step)
	if err != nil {
		return err
	}
	defer buf.release()
	for off := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.ReadAt(buf.b, off)
		if err != nil && err != io.EOF {
			return err
		}
		off += int64(n)
		s.add(bytes.TrimRight(buf.b[:n], "\x00"), off-int64(n))
		if n < len(buf.b) {
			return nil
		}
	}
}

// add hashes p, which stands at offset, and the zeros between what was hashed before and it.
func (s *staging) add(p []byte, offset int64) {
	if len(p) == 0 {
		return
	}
	for s.at < offset {
		n := min(int64(len(zeros)), offset-s.at)
		s.take(zeros[:n])
	}
	s.take(p)
}

// take hashes what comes next.
func (s *staging) take(p []byte) {
	var w sync.WaitGroup
	if s.blocks != nil {
		w.Go(func() { _, _ = s.blocks.Write(p) }) // a hash takes everything
	}
	s.sum.Write(p)
	w.Wait()
	s.at += int64(len(p))
}

var zeros = make([]byte, 64<<10) // never written

// room refuses early what cannot fit. A disk that does not know its room says so when it is full.
func (s *staging) room(size int64) error {
	info, err := s.dst.Stat(s.path)
	if err != nil {
		return err
	}
	if free, err := s.dst.Free(); err == nil && free < size-info.Size {
		return fmt.Errorf("%w: %d bytes free, %d needed", disk.ErrFull, free, size-info.Size)
	}
	return nil
}

// write appends, and hashes meanwhile.
func (s *staging) write(p []byte) error {
	at := s.at
	var hashed sync.WaitGroup
	hashed.Go(func() { s.take(p) })
	_, err := s.w.WriteAt(p, at)
	hashed.Wait()
	if err != nil {
		s.at = at
	}
	return err
}

// finish makes the file durable and checks its length.
func (s *staging) finish(size int64) error {
	err := s.w.Sync()
	if err = errors.Join(err, s.w.Close()); err != nil {
		return err
	}
	info, err := s.dst.Stat(s.path)
	if err != nil {
		return err
	}
	if info.Size != size {
		return fmt.Errorf("%w: %d bytes instead of %d", errLength, info.Size, size)
	}
	return nil
}
