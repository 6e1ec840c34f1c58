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

// Download writes the ranges one after the other to the file staging in dst, which it makes or goes on with, and returns once
// size and sha256 are proven and the file is durable. Renaming it, and making the rename durable, is the caller's. A mismatch
// is tried once more from the start; then the error is of kind objstore.Damaged, names a key, and staging is gone. After any
// other error staging stays, for the same call to go on with.
func (t *Transfer) Download(ctx context.Context, ranges []Range, size int64, sum [32]byte, dst disk.FS, staging string) error {
	err := t.twice(ctx, ranges, size, func() error {
		err := t.download(ctx, ranges, size, sum, dst, staging)
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

func (t *Transfer) download(ctx context.Context, ranges []Range, size int64, sum [32]byte, dst disk.FS, path string) error {
	s, err := openStaging(ctx, t.memory, dst, path, size)
	if err != nil {
		return err
	}
	if err := t.fill(ctx, s, ranges, size, sum); err != nil {
		return errors.Join(err, s.w.Close())
	}
	return s.finish(size)
}

// fill fetches what staging does not have and proves the whole.
func (t *Transfer) fill(ctx context.Context, s *staging, ranges []Range, size int64, sum [32]byte) error {
	if err := s.room(size); err != nil {
		return err
	}
	from := s.at
	err := t.fetch(ctx, ranges, s.at, s.write)
	if objstore.KindOf(err) == objstore.Damaged {
		t.o.Progress(from - s.at)
	}
	if err != nil {
		return err
	}
	if s.at != size || [32]byte(s.sum.Sum(nil)) != sum {
		t.o.Progress(from - s.at)
		return damaged(firstKey(ranges), errSum)
	}
	return nil
}

func (t *Transfer) verify(ctx context.Context, ranges []Range, sum [32]byte, give func([]byte)) error {
	h, n := sha256.New(), int64(0)
	err := t.fetch(ctx, ranges, 0, func(p []byte) error {
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
