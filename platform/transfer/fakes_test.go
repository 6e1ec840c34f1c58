package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
)

const (
	kib = 1 << 10
	mib = 1 << 20
)

// inParts makes everything from 5 KiB go in parts of 5 KiB, which only the store here takes.
var inParts = Options{MultipartFrom: 5 * kib, PartSize: 5 * kib}

// noise returns n bytes that do not compress and end in one that is not zero.
func noise(n int, seed byte) string {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(b)
	if n > 0 {
		b[n-1] |= 1
	}
	return string(b)
}

// rig is one computer and one store.
type rig struct {
	t       *testing.T
	disk    *disktest.Disk
	store   *store
	journal *MemJournal
	keys    int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	return &rig{t: t, disk: disktest.New(disktest.Options{}), store: newStore(), journal: new(MemJournal)}
}

func (r *rig) newKey() string {
	r.keys++
	return fmt.Sprintf("Synced/docs/file.bin/%026d.bin", r.keys)
}

// transfer returns a Transfer over b, or over the bare store when b is nil.
func (r *rig) transfer(b objstore.Bucket, o Options) *Transfer {
	if b == nil {
		b = r.store
	}
	if o.Journal == nil {
		o.Journal = r.journal
	}
	x := New(b, o)
	if o.PartSize > 0 {
		x.o.PartSize = o.PartSize // below what real stores take
	}
	return x
}

func (r *rig) write(path, content string) disk.Signature {
	r.t.Helper()
	if err := r.disk.WriteFile(path, content); err != nil {
		r.t.Fatal(err)
	}
	return r.signature(path)
}

func (r *rig) signature(path string) disk.Signature {
	r.t.Helper()
	info, err := r.disk.Stat(path)
	if err != nil {
		r.t.Fatal(err)
	}
	return info.Signature
}

// stored makes sure that the upload is there with its bytes and that nothing unfinished is left.
func (r *rig) stored(up Uploaded, content string) {
	r.t.Helper()
	got, ok := r.store.Bytes(up.Key)
	if !ok || string(got) != content {
		r.t.Fatalf("object %s: there %v, %d bytes, right: %v", up.Key, ok, len(got), string(got) == content)
	}
	if up.SHA256 != sha256.Sum256([]byte(content)) || up.Size != int64(len(content)) {
		r.t.Fatalf("uploaded says %d bytes, sum %x", up.Size, up.SHA256)
	}
	r.nothingLeft()
}

// nothingLeft makes sure that neither the store nor the journal knows an unfinished upload.
func (r *rig) nothingLeft() {
	r.t.Helper()
	left, err := r.store.ListUploads(context.Background(), "")
	if err != nil || len(left) > 0 {
		r.t.Fatalf("left in the store: %v, %v", left, err)
	}
	if all, _ := r.journal.All(context.Background()); len(all) > 0 {
		r.t.Fatalf("left in the journal: %v", all)
	}
}

// abandoned cleans up a month later.
func (r *rig) abandoned() {
	r.t.Helper()
	if err := r.transfer(nil, Options{Foreign: time.Nanosecond}).CleanUp(r.t.Context(), ""); err != nil {
		r.t.Fatal(err)
	}
}

// keep stores content and returns its key and sum.
func (r *rig) keep(key, content string) (Range, [32]byte) {
	r.t.Helper()
	_, err := r.store.Put(context.Background(), key, bytes.NewReader([]byte(content)), int64(len(content)), objstore.PutOptions{})
	if err != nil {
		r.t.Fatal(err)
	}
	return Range{Key: key, Length: int64(len(content))}, sha256.Sum256([]byte(content))
}

var errCrash = errors.New("the cable was pulled")

// faulty fails requests of a store by their number.
type faulty struct {
	mu      sync.Mutex
	n       int           // requests so far
	at      int           // the request that fails; 0 for none
	after   bool          // it fails after it was done
	stay    bool          // and so does every one after it, undone
	kind    objstore.Kind // how it fails
	crashed bool
	sent    atomic.Int64 // bytes that Put and PutPart read in requests that were done
}

func (f *faulty) bucket(b objstore.Bucket) objstore.Bucket {
	return objstore.WithHooks(b, objstore.Hooks{Around: f.around})
}

func (f *faulty) around(ctx context.Context, c objstore.Call, act objstore.Act) error {
	f.mu.Lock()
	f.n++
	now := f.at > 0 && f.n == f.at
	dead := f.crashed
	f.crashed = f.crashed || now && f.stay
	f.mu.Unlock()
	if dead || now && !f.after {
		return &objstore.Error{Kind: f.kind, Op: c.Op, Key: c.Key, Err: errCrash}
	}
	err := act(ctx)
	if err == nil {
		f.sent.Add(c.Size)
	}
	if now {
		return &objstore.Error{Kind: f.kind, Op: c.Op, Key: c.Key, Err: errCrash}
	}
	return err
}

// frozen is a journal that takes nothing any more once the process is gone.
type frozen struct {
	Journal
	f *faulty
}

func (j frozen) Save(ctx context.Context, id string, u Unfinished) error {
	j.f.mu.Lock()
	dead := j.f.crashed
	j.f.mu.Unlock()
	if dead {
		return errCrash
	}
	return j.Journal.Save(ctx, id, u)
}

func (j frozen) Forget(ctx context.Context, id string) error {
	j.f.mu.Lock()
	dead := j.f.crashed
	j.f.mu.Unlock()
	if dead {
		return errCrash
	}
	return j.Journal.Forget(ctx, id)
}

// cutBody ends after n bytes, with an error or as if nothing more were to come.
type cutBody struct {
	io.ReadCloser
	left int64
	err  error
}

func (b *cutBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, b.err
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// onDown returns a bucket whose bodies pass through wrap, with the number of the Get.
func onDown(b objstore.Bucket, wrap func(n int, c objstore.Call, body io.ReadCloser) io.ReadCloser) objstore.Bucket {
	var n atomic.Int64
	return objstore.WithHooks(b, objstore.Hooks{Down: func(_ context.Context, c objstore.Call, _ objstore.Object, body io.ReadCloser) io.ReadCloser {
		return wrap(int(n.Add(1)), c, body)
	}})
}

// readerAt reads from memory.
type readerAt []byte

func (b readerAt) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(b)) {
		return 0, io.EOF
	}
	n := copy(p, b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// lossy loses every answer of one operation.
type lossy struct {
	op string
	mu sync.Mutex
	n  int
}

func (l *lossy) bucket(b objstore.Bucket) objstore.Bucket {
	return objstore.WithHooks(b, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		err := act(ctx)
		if c.Op != l.op || err != nil {
			return err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.n++
		return objstore.Errorf(objstore.Unreachable, c.Op, c.Key, "%w", errCrash)
	}})
}

// forgetful loses uploads just before they are completed.
type forgetful struct {
	r            *rig
	times, begun int
}

func (l *forgetful) bucket() objstore.Bucket {
	return objstore.WithHooks(l.r.store, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		if c.Op == objstore.OpNewUpload {
			l.begun++
		}
		if c.Op == objstore.OpComplete && l.times > 0 {
			l.times--
			uploads, _ := l.r.store.ListUploads(ctx, "")
			for _, u := range uploads {
				_ = l.r.store.AbortUpload(ctx, u.Key, u.ID)
			}
		}
		return act(ctx)
	}})
}

// coarseRig has a disk like FAT's: times in steps of two seconds, no change time.
func coarseRig(t *testing.T) *rig {
	r := newRig(t)
	now := func() int64 { return time.Now().UnixNano() }
	r.disk = disktest.New(disktest.Options{Granularity: 2 * time.Second, NoCtime: true, Now: now})
	return r
}

// pause lets the clock of a synctest bubble run.
func pause(d time.Duration) { <-time.After(d) }
