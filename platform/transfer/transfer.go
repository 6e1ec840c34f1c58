// Package transfer moves whole files between a local disk and an object store: each byte is read once and hashed on the way,
// large files go in parts and resume after a crash, a file that changes while it is read is never stored, and a download is
// verified before the caller may use it. It never deletes an object and never touches a file's final name.
//
// Reading order: transfer.go (what it offers), source.go (a file that must not change), upload.go (files in one request),
// parts.go (pure: part sizes, what an unfinished upload is still good for), journal.go, resume.go, multipart.go, cleanup.go;
// then fetch.go, staging.go, download.go. Memory and counting are in memory.go and body.go.
package transfer

import (
	"errors"
	"sync"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
)

var (
	// ErrChanged means that the file is not, or no longer, the one that was asked for. Nothing of it counts as stored; scan it
	// again. The error also matches the disk's own reason (such as fs.ErrNotExist) where there is one.
	ErrChanged = errors.New("the file changed")
	// ErrTooLarge means that no object store takes a file of this size. It is wrapped in an objstore.Error of kind Invalid.
	ErrTooLarge = errors.New("the file is larger than the 5 TiB that one object can hold")
)

// Options tune a Transfer. The zero value works.
type Options struct {
	// Journal remembers unfinished multipart uploads. Without one they resume within this process only.
	Journal Journal
	// MultipartFrom is the size in bytes from which a file goes in parts (16 MiB).
	MultipartFrom int64
	// PartSize is the smallest part (8 MiB, never below 5 MiB); it doubles until a file has at most 10 000 parts.
	PartSize int64
	// Piece is how much of an object one request of a download asks for (4 MiB).
	Piece int64
	// Parallel is how many parts or pieces of one file are on their way at once (4).
	Parallel int
	// Memory bounds the buffers of all transfers together, in bytes (96 MiB); raised to what one buffer needs.
	Memory int64
	// Blocks remembers the blocks of large files. Without it no earlier version is made use of.
	Blocks BlockStore
	// BlocksFrom is the size in bytes from which a file is remembered by its blocks (16 MiB).
	BlocksFrom int64
	// Block is the bytes of the smallest blocks (1 MiB).
	Block int64
	// Progress is told how many bytes were sent or received, from many goroutines; a negative number takes back what is
	// going to be repeated, and what an object holds beside the files in it.
	Progress func(delta int64)
	// Wanted tells CleanUp whether an unfinished upload that is not running may still be resumed. nil means none.
	Wanted func(Unfinished) bool
	// Mine tells CleanUp that uploads of this key are started by this device only. nil means that it cannot know.
	Mine func(key string) bool
	// Abandoned is the age from which CleanUp aborts an upload of this device that the journal does not know (24 hours).
	Abandoned time.Duration
	// Foreign is the same for uploads of whoever else (30 days). Whoever is still sending such an upload starts it again.
	Foreign time.Duration
}

// Range is a piece of one object: Length bytes from Offset.
type Range struct {
	Key            string
	Offset, Length int64
}

// Uploaded describes a file whose bytes are in the store now.
type Uploaded struct {
	Key       string  // of the object that was made
	Ranges    []Range // where the bytes lie, in their order
	SHA256    [32]byte
	Size      int64
	Mtime     int64 // nanoseconds since 1970
	Exec      bool
	Signature disk.Signature // what the file was, before and after it was read
}

// Transfer moves files. It is safe for concurrent use.
type Transfer struct {
	bucket  objstore.Bucket
	journal Journal
	o       Options
	memory  *memory
	running running
}

// New returns a Transfer for the bucket.
func New(b objstore.Bucket, o Options) *Transfer {
	o = o.withDefaults()
	return &Transfer{bucket: b, journal: o.Journal, o: o, memory: newMemory(o.Memory)}
}

func (o Options) withDefaults() Options {
	if o.Journal == nil {
		o.Journal = new(MemJournal)
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	if o.Wanted == nil {
		o.Wanted = func(Unfinished) bool { return false }
	}
	if o.Mine == nil {
		o.Mine = func(string) bool { return false }
	}
	o.MultipartFrom = orDefault(o.MultipartFrom, 16<<20)
	o.PartSize = max(orDefault(o.PartSize, 8<<20), objstore.MinPart)
	o.BlocksFrom = orDefault(o.BlocksFrom, 16<<20)
	o.Block = orDefault(o.Block, 1<<20)
	o.Piece = orDefault(o.Piece, 4<<20)
	o.Parallel = orDefault(o.Parallel, 4)
	o.Abandoned = orDefault(o.Abandoned, 24*time.Hour)
	o.Foreign = orDefault(o.Foreign, 30*24*time.Hour)
	o.Memory = max(orDefault(o.Memory, 96<<20), weight(o.MultipartFrom), weight(o.PartSize), weight(o.Piece), weight(step))
	return o
}

func orDefault[T ~int | ~int64](v, def T) T {
	if v <= 0 {
		return def
	}
	return v
}

// running is the set of journal ids and keys whose uploads are under way in this process.
type running struct {
	mu  sync.Mutex
	ids map[string]bool
}

// claim reserves id and returns how to give it back, or false when it is taken.
func (r *running) claim(id string) (release func(), ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids[id] {
		return nil, false
	}
	if r.ids == nil {
		r.ids = make(map[string]bool)
	}
	r.ids[id] = true
	return func() { r.release(id) }, true
}

func (r *running) release(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.ids, id)
}
