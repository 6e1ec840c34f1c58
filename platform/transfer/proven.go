package transfer

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
)

var errUnproven = errors.New("read from the middle of a part")

// proven is a section of a file that was hashed before. It gives its last bytes only when all of them are the same again.
type proven struct {
	r    *io.SectionReader
	sum  hash.Hash
	want [32]byte
	at   int64
}

func newProven(r io.ReaderAt, offset, size int64, want [32]byte) *proven {
	return &proven{r: io.NewSectionReader(r, offset, size), sum: sha256.New(), want: want}
}

func (p *proven) Read(b []byte) (int, error) {
	if p.at < 0 {
		return 0, errUnproven
	}
	n, err := p.r.Read(b)
	p.sum.Write(b[:n])
	p.at += int64(n)
	switch {
	case n > 0 && p.at == p.r.Size() && [32]byte(p.sum.Sum(nil)) != p.want:
		return 0, ErrChanged
	case err == io.EOF && p.at < p.r.Size():
		return n, ErrChanged
	}
	return n, err
}

// Seek may go to the start, which begins the proof anew, and to the end to ask for the size. From elsewhere nothing is read.
func (p *proven) Seek(offset int64, whence int) (int64, error) {
	at, err := p.r.Seek(offset, whence)
	switch {
	case err != nil:
	case at == 0:
		p.sum.Reset()
		p.at = 0
	case at != p.at:
		p.at = -1
	}
	return at, err
}
