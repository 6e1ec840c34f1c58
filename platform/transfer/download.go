package transfer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
)

var (
	errSum    = errors.New("the bytes are not those that were uploaded (sha256)")
	errRanges = errors.New("the ranges do not make up the file")
)

// Near is a file that is believed to hold the bytes of Ranges, one after the other.
type Near struct {
	FS     disk.FS
	Path   string
	Want   disk.Signature
	Ranges []Range
}

// Download writes the ranges one after the other to the file staging in dst, which it makes or goes on with, and returns once
// size and sha256 are proven and the file is durable. Renaming it, and making the rename durable, is the caller's. A mismatch
// is tried once more from the start; then the error is of kind objstore.Damaged, names a key, and staging is gone. After any
// other error staging stays, for the same call to go on with.
func (t *Transfer) Download(ctx context.Context, ranges []Range, size int64, sum [32]byte, dst disk.FS, staging string) error {
	return t.downloadTwice(ctx, download{Ranges: ranges, size: size, sum: sum}, dst, staging)
}

// Update is Download for a file that may be changed here: it is remembered by its blocks. What near holds of it is copied from there; near may be nil.
func (t *Transfer) Update(ctx context.Context, ranges []Range, size int64, sum [32]byte, dst disk.FS, staging string, near *Near) error {
	return t.downloadTwice(ctx, download{Ranges: ranges, size: size, sum: sum, near: near, listed: t.o.Blocks != nil && size >= t.o.BlocksFrom}, dst, staging)
}

// download is what is to be brought.
type download struct {
	Ranges []Range
	size   int64
	sum    [32]byte
	near   *Near
	listed bool // its blocks are to be remembered
}

func (t *Transfer) downloadTwice(ctx context.Context, d download, dst disk.FS, staging string) error {
	err := t.twice(ctx, d.Ranges, d.size, func() error {
		err := t.download(ctx, d, dst, staging)
		d.near = nil // the second time all comes from the store
		if objstore.KindOf(err) == objstore.Damaged {
			return errors.Join(err, removeStaging(dst, staging))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("download %s: %w", staging, ended(ctx, err))
	}
	return nil
}

// Verify reads the ranges and proves size and sha256 without keeping the bytes; errors are those of Download.
func (t *Transfer) Verify(ctx context.Context, ranges []Range, size int64, sum [32]byte) error {
	err := t.twice(ctx, ranges, size, func() error { return t.verify(ctx, ranges, sum, func([]byte) {}) })
	if err != nil {
		return fmt.Errorf("verify: %w", ended(ctx, err))
	}
	return nil
}

// Read returns the bytes of the ranges once size and sha256 are proven; it is for what is small. Errors are those of Download.
func (t *Transfer) Read(ctx context.Context, ranges []Range, size int64, sum [32]byte) ([]byte, error) {
	var all []byte
	err := t.twice(ctx, ranges, size, func() error {
		all = make([]byte, 0, size)
		return t.verify(ctx, ranges, sum, func(p []byte) { all = append(all, p...) })
	})
	if err != nil {
		return nil, fmt.Errorf("read: %w", ended(ctx, err))
	}
	return all, nil
}

// twice repeats what came damaged, once: the damage may have happened on the way.
func (t *Transfer) twice(ctx context.Context, ranges []Range, size int64, do func() error) error {
	if err := checkRanges(ranges, size); err != nil {
		return err
	}
	err := do()
	if objstore.KindOf(err) == objstore.Damaged && ctx.Err() == nil {
		err = do()
	}
	return err
}

// checkRanges makes sure that the ranges add up to size.
func checkRanges(ranges []Range, size int64) error {
	left := size
	for _, r := range ranges {
		if r.Offset < 0 || r.Length < 0 || r.Offset > math.MaxInt64-r.Length || r.Length > left {
			return damaged(r.Key, errRanges)
		}
		left -= r.Length
	}
	if left != 0 {
		return damaged(firstKey(ranges), errRanges)
	}
	return nil
}

// firstKey names the object to look at; which of several is wrong a sum over all of them cannot tell.
func firstKey(ranges []Range) string {
	for _, r := range ranges {
		if r.Length > 0 {
			return r.Key
		}
	}
	return ""
}

func (t *Transfer) download(ctx context.Context, d download, dst disk.FS, path string) error {
	var list *list
	if d.listed {
		list = newList(d.size, t.blockSize(d.size))
	}
	s, err := openStaging(ctx, t.memory, dst, path, d.size, list)
	if err != nil {
		return err
	}
	if err := t.fill(ctx, s, d); err != nil {
		return errors.Join(err, s.w.Close())
	}
	if err := s.finish(d.size); err != nil {
		return err
	}
	if list != nil {
		s.blocks.close()
		t.remember(ctx, d.sum, list)
	}
	return nil
}

// fill fetches what staging does not have and proves the whole.
func (t *Transfer) fill(ctx context.Context, s *staging, d download) error {
	if err := s.room(d.size); err != nil {
		return err
	}
	from := s.at
	n := openNear(ctx, d.near)
	defer n.close()
	err := t.fetch(ctx, n, d.Ranges, s.at, s.write)
	if objstore.KindOf(err) == objstore.Damaged {
		t.o.Progress(from - s.at)
	}
	if err != nil {
		return err
	}
	if s.at != d.size || [32]byte(s.sum.Sum(nil)) != d.sum {
		t.o.Progress(from - s.at)
		return damaged(firstKey(d.Ranges), errSum)
	}
	return nil
}

func (t *Transfer) verify(ctx context.Context, ranges []Range, sum [32]byte, give func([]byte)) error {
	h, n := sha256.New(), int64(0)
	err := t.fetch(ctx, nil, ranges, 0, func(p []byte) error {
		h.Write(p)
		give(p)
		n += int64(len(p))
		return nil
	})
	if err != nil {
		t.o.Progress(-n)
		return err
	}
	if [32]byte(h.Sum(nil)) != sum {
		t.o.Progress(-n)
		return damaged(firstKey(ranges), errSum)
	}
	return nil
}

func removeStaging(dst disk.FS, path string) error {
	if err := dst.Remove(path); err != nil && !disk.IsNotExist(err) {
		return err
	}
	return nil
}
