package space

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// window bounds what a reader needs to keep while it unpacks; writers stay below it.
const window = 8 << 20

// pack compresses with a checksum. Errors of the encoder cannot happen when it writes to memory.
func pack(data []byte) ([]byte, error) {
	w, err := newPacker(nil, len(data))
	if err != nil {
		return nil, err
	}
	return w.EncodeAll(data, nil), w.Close()
}

// smallData is what is packed in the simplest way: better ones begin with a megabyte of tables, and find nothing more in it.
const smallData = 4 << 10

// newPacker packs about so many bytes. Small ones are most; they need no large window.
func newPacker(w io.Writer, bytes int) (*zstd.Encoder, error) {
	size := 1 << 10
	for size < bytes && size < window/2 {
		size *= 2
	}
	o := []zstd.EOption{zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(size), zstd.WithEncoderCRC(true), zstd.WithLowerEncoderMem(true)}
	if bytes < smallData {
		o = append(o, zstd.WithEncoderLevel(zstd.SpeedFastest))
	}
	return zstd.NewWriter(w, o...)
}

// unpacker reads what a packer wrote, up to a limit of unpacked bytes, however the packed ones claim to be.
type unpacker struct {
	zr   *zstd.Decoder
	left int64
}

var errTooLong = errors.New("it unpacks to more than is allowed")

func newUnpacker(r io.Reader, limit int64) (*unpacker, error) {
	zr, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return &unpacker{zr, limit}, nil
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.zr.Read(p)
	if u.left -= int64(n); u.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

func (u *unpacker) Close() { u.zr.Close() }

// unpack is pack's inverse.
func unpack(body []byte, limit int64) ([]byte, error) {
	u, err := newUnpacker(bytes.NewReader(body), limit)
	if err != nil {
		return nil, err
	}
	defer u.Close()
	return io.ReadAll(u)
}

// dense tells whether JSON has so many objects for its length that reading it would take much more memory than its writer had. Honest
// ones name stamps, keys and hashes and are longer than this.
func dense(data []byte) bool {
	most := 64 + len(data)/24
	if bytes.Count(data, []byte{'{'})+bytes.Count(data, []byte{'['}) <= most {
		return false // also with those in strings
	}
	n, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == '{' || c == '['):
			n++
		}
	}
	return n > most
}

func damaged(what string, err error) error { return fmt.Errorf("%s: %w (%w)", what, ErrDamaged, err) }

func isDamaged(err error) bool { return errors.Is(err, ErrDamaged) }
