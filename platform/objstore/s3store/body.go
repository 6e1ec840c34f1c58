package s3store

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"hash"
	"hash/crc32"
	"io"

	"elkjopcloud/platform/objstore"
)

// proof is by what a server finds out that bytes changed on their way to it.
type proof int32

const (
	unasked proof = iota // by both, until it is known whether it takes the second
	byMD5                // which every server takes, and which costs as much as all else that is done with the bytes
	byCRC                // CRC-32C, which costs next to nothing; the answer has it when the server has looked at it
)

// sums are those of a body, as headers have them; "" when it is not sent.
type sums struct{ md5, crc string }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// upBody reads a body for sending and remembers that it was the body that failed, not the network.
type upBody struct {
	r   io.Reader
	err error
}

func (u *upBody) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		u.err = err
	}
	return n, err
}

// prepare computes the sums of the first size bytes of body, and rewinds it.
func prepare(ctx context.Context, op, key string, body io.ReadSeeker, size int64, how proof) (*upBody, sums, error) {
	measured := body
	if body != nil {
		measured = objstore.Measure(body)
	}
	s, err := sumsOf(ctx, measured, size, how)
	if ctx.Err() != nil {
		return nil, s, ctx.Err()
	}
	var r io.Reader
	if err == nil {
		r, err = objstore.Rewind(body, size)
	}
	if err != nil {
		return nil, s, objstore.Errorf(objstore.Invalid, op, key, "read the body: %w", err)
	}
	return &upBody{r: r}, s, nil
}

func sumsOf(ctx context.Context, body io.ReadSeeker, size int64, how proof) (s sums, err error) {
	r, err := objstore.Rewind(body, size)
	if err != nil {
		return s, err
	}
	var long, short hash.Hash
	var all []io.Writer
	if how != byCRC {
		long = md5.New()
		all = append(all, long)
	}
	if how != byMD5 {
		short = crc32.New(castagnoli)
		all = append(all, short)
	}
	if _, err := io.Copy(io.MultiWriter(all...), &lived{ctx, r}); err != nil {
		return s, err
	}
	return sums{header(long), header(short)}, nil
}

func header(h hash.Hash) string {
	if h == nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// lived reads as long as its context lives.
type lived struct {
	ctx context.Context
	r   io.Reader
}

func (l *lived) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	return l.r.Read(p)
}
