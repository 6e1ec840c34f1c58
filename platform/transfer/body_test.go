package transfer

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"elkjopcloud/platform/objstore"
)

func TestBody(t *testing.T) {
	var sent int64
	b := newBody(bytes.NewReader([]byte("0123456789")), func(n int64) { sent += n })
	steps := []struct {
		act  func() error
		want int64
	}{
		{func() error { _, err := b.Read(make([]byte, 4)); return err }, 4},
		{func() error { _, err := b.Seek(0, io.SeekStart); return err }, 0},
		{func() error { _, err := io.Copy(io.Discard, b); return err }, 10},
		{func() error { _, err := b.Seek(0, io.SeekEnd); return err }, 10},
		{func() error { _, err := b.Seek(0, io.SeekStart); return err }, 0},
		{func() error { _, err := b.Read(make([]byte, 3)); return err }, 3},
		{func() error { _, err := objstore.Measure(b).Seek(0, io.SeekStart); return err }, 0},
		{func() error { _, err := io.Copy(io.Discard, objstore.Measure(b)); return err }, 0},
		{func() error { _, err := b.Seek(0, io.SeekStart); return err }, 0},
		{func() error { _, err := b.Read(make([]byte, 3)); return err }, 3},
		{func() error { b.revoke(false); return nil }, 0},
	}
	for i, s := range steps {
		if err := s.act(); err != nil || sent != s.want {
			t.Errorf("step %d: sent %d, not %d, %v", i, sent, s.want, err)
		}
	}
}

// A connection that still reads after its request is over must not see what the buffer holds next.
func TestNothingIsReadAfterTheRequest(t *testing.T) {
	for _, done := range []bool{false, true} {
		buffer := []byte("first file")
		b := newBody(bytes.NewReader(buffer), func(int64) {})
		if _, err := b.Read(make([]byte, 5)); err != nil {
			t.Fatal(err)
		}
		b.revoke(done)
		copy(buffer, "other file")
		n, err := b.Read(make([]byte, 5))
		_, seekErr := b.Seek(0, io.SeekStart)
		if m, err := objstore.Measure(b).Read(make([]byte, 5)); m != 0 || !errors.Is(err, errRevoked) {
			t.Errorf("measured %d bytes, %v", m, err)
		}
		if n != 0 || !errors.Is(err, errRevoked) || !errors.Is(seekErr, errRevoked) {
			t.Errorf("%d bytes, %v, %v", n, err, seekErr)
		}
	}
}
