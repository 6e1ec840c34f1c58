package transfer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/disk"
)

// Wanted is a small file that lies in one piece of an object.
type Wanted struct {
	Range
	SHA256 [32]byte
	// The rest is for DownloadTogether: a path on the disk where nothing is, and the time in nanoseconds and the execute bit of the file that is made there.
	Staging string
	Mtime   int64
	Exec    bool
}

// MaxGap is how many bytes between two files DownloadTogether rather reads than asks twice.
const MaxGap = 64 << 10

// groupBytes and groupFiles bound a group, so that several come side by side.
const (
	groupBytes = 4 << 20
	groupFiles = 64
)

// Together sorts files, each one piece of an object, into groups that DownloadTogether takes: places in the list. What has no bytes, or too many, is
// alone; the others are by key and offset.
func Together(files []Range) [][]int {
	var out [][]int
	var small []int
	for i, f := range files {
		if f.Length > 0 && f.Length <= MaxTogether {
			small = append(small, i)
		} else {
			out = append(out, []int{i})
		}
	}
	slices.SortStableFunc(small, func(a, b int) int {
		return cmp.Or(cmp.Compare(files[a].Key, files[b].Key), cmp.Compare(files[a].Offset, files[b].Offset))
	})
	var now []int
	for _, i := range small {
		if len(now) > 0 && (len(now) == groupFiles || !follows(files[now[0]], files[now[len(now)-1]], files[i])) {
			out = append(out, now)
			now = nil
		}
		now = append(now, i)
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

// follows tells whether a piece goes on a group that begins with first and ends with last.
func follows(first, last, x Range) bool {
	gap := x.Offset - last.Offset - last.Length
	return x.Key == last.Key && gap >= 0 && gap <= MaxGap && x.Offset+x.Length-first.Offset <= groupBytes
}

// DownloadTogether is Download for small files that lie near to one another in one object: they come in one go. files are in the order of their
// offsets, none lies in another, and between two are at most MaxGap bytes. The answers are in the same order; what has failed is not there, and left
// to Download, which tries again.
func (t *Transfer) DownloadTogether(ctx context.Context, files []Wanted, dst disk.FS) []error {
	ws := make([]disk.Writer, len(files))
	errs := t.apart(ctx, files, func(i int, b []byte) (err error) {
		ws[i], err = write(dst, files[i], b)
		return err
	})
	t.durable(files, ws, errs)
	for i, err := range errs {
		if err != nil && ws[i] != nil {
			err = errors.Join(err, removeStaging(dst, files[i].Staging))
		}
		if err != nil {
			errs[i] = fmt.Errorf("download %s: %w", files[i].Staging, ended(ctx, err))
		}
	}
	return errs
}

// durable closes the files, those without an error when they are on the disk. The disk has begun with all of them before one is waited for: for 20 000
// files that takes half the time.
func (t *Transfer) durable(files []Wanted, ws []disk.Writer, errs []error) {
	for i, w := range ws {
		if w != nil && errs[i] == nil {
			w.WriteOut()
		}
	}
	var g errgroup.Group
	g.SetLimit(t.o.Parallel)
	for i, w := range ws {
		if w == nil {
			continue
		}
		t.beside(&g, func() {
			if errs[i] != nil {
				errs[i] = errors.Join(errs[i], w.Close())
			} else if errs[i] = errors.Join(w.Sync(), w.Close()); errs[i] != nil {
				t.o.Progress(-files[i].Length)
			}
		})
	}
	_ = g.Wait() // what came of them is in errs
}

// beside does something beside other things of a group.
func (t *Transfer) beside(g *errgroup.Group, do func()) {
	if t.o.Parallel == 1 {
		do() // in order, so that a simulated run is always the same
		return
	}
	g.Go(func() error {
		do()
		return nil
	})
}

// VerifyTogether is Verify for such files. What is damaged is left to Verify, which tries again.
func (t *Transfer) VerifyTogether(ctx context.Context, files []Wanted) []error {
	errs := t.apart(ctx, files, func(int, []byte) error { return nil })
	for i, err := range errs {
		if err != nil {
			errs[i] = fmt.Errorf("verify: %w", ended(ctx, err))
		}
	}
	return errs
}

// apart gives the bytes of files that are whole to keep, with their places in the list, several at once.
func (t *Transfer) apart(ctx context.Context, files []Wanted, keep func(i int, b []byte) error) []error {
	a := &apart{t: t, keep: keep, files: files, errs: make([]error, len(files))}
	first, last := files[0], files[len(files)-1]
	span := Range{Key: first.Key, Offset: first.Offset, Length: last.Offset + last.Length - first.Offset}
	a.at = span.Offset
	a.writes.SetLimit(t.o.Parallel)
	err := a.check()
	if err == nil {
		err = t.fetch(ctx, nil, []Range{span}, 0, a.take)
	}
	_ = a.writes.Wait() // what came of them is in errs
	for i := a.next; i < len(files); i++ {
		a.errs[i] = errors.Join(err, errShort)
	}
	t.o.Progress(-a.waste - int64(len(a.part)))
	for i, err := range a.errs {
		if err != nil && i < a.next {
			t.o.Progress(-files[i].Length)
		}
	}
	return a.errs
}

// apart takes an object's bytes apart.
type apart struct {
	t     *Transfer
	keep  func(i int, b []byte) error
	files []Wanted
	errs  []error
	next  int    // the file whose bytes come next
	at    int64  // where the next byte comes from
	part  []byte // of that file
	waste int64  // bytes that are of no file

	writes errgroup.Group // several at once: to make a file takes longer than to fetch it
}

// check makes sure that the files are as DownloadTogether wants them.
func (a *apart) check() error {
	at := a.at
	for _, f := range a.files {
		if f.Key != a.files[0].Key || f.Offset < at || f.Length < 0 || f.Length > MaxTogether || f.Offset-at > MaxGap {
			return errRanges
		}
		at = f.Offset + f.Length
	}
	return nil
}

// take hands bytes to the files that they are of.
func (a *apart) take(p []byte) error {
	for len(p) > 0 && a.next < len(a.files) {
		f := a.files[a.next]
		if gap := min(f.Offset-a.at, int64(len(p))); gap > 0 {
			a.at, a.waste, p = a.at+gap, a.waste+gap, p[gap:]
			continue
		}
		n := min(f.Length-int64(len(a.part)), int64(len(p)))
		if a.part == nil {
			a.part = small(int(f.Length))
		}
		a.part = append(a.part, p[:n]...)
		a.at, p = a.at+n, p[n:]
		if int64(len(a.part)) < f.Length {
			continue
		}
		a.hand(a.next, f, a.part)
		a.next++
		a.part = nil
	}
	return nil
}

// hand gives a file to be kept beside the others, if its bytes are the right ones.
func (a *apart) hand(i int, f Wanted, b []byte) {
	a.t.beside(&a.writes, func() {
		if sha256.Sum256(b) != f.SHA256 {
			a.errs[i] = damaged(f.Key, errSum)
		} else {
			a.errs[i] = a.keep(i, b)
		}
		smalls.Put(&b)
	})
}

// smalls are buffers for one small file each.
var smalls sync.Pool

// small returns an empty buffer for n bytes.
func small(n int) []byte {
	if b, ok := smalls.Get().(*[]byte); ok && cap(*b) >= n {
		return (*b)[:0]
	}
	return make([]byte, 0, n)
}

// write makes a file of its bytes, with its time. It is not closed, and not durable.
func write(dst disk.FS, f Wanted, b []byte) (disk.Writer, error) {
	w, err := dst.Create(f.Staging)
	if err != nil {
		return nil, err
	}
	if _, err = w.Write(b); err == nil {
		err = w.SetMeta(f.Mtime, f.Exec)
	}
	return w, err
}
