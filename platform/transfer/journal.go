package transfer

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"elkjopcloud/platform/disk"
)

// Journal remembers unfinished multipart uploads across crashes, by an id that the same file under the same key prefix has
// again. What Save was given must survive a crash once Save has returned. It is safe for concurrent use.
type Journal interface {
	// Load returns the entry, and whether there is one.
	Load(ctx context.Context, id string) (Unfinished, bool, error)
	// Save stores or replaces the entry; it keeps no reference to u's map and slice.
	Save(ctx context.Context, id string, u Unfinished) error
	// Forget removes the entry; an absent one is no error.
	Forget(ctx context.Context, id string) error
	// All returns every entry by id.
	All(ctx context.Context) (map[string]Unfinished, error)
}

// Unfinished is a multipart upload that was begun. It is written before the store is asked for anything, so that nothing can
// be left in the store that the journal does not know.
type Unfinished struct {
	Key       string
	UploadID  string         // "" until the store has named the upload
	Path      string         // the file, inside its root
	Signature disk.Signature // the file, as it was when the upload began
	Size      int64          // bytes of the object
	PartSize  int64          // bytes of every part but the last
	Meta      map[string]string
	Started   time.Time // this computer's clock
	Parts     []StoredPart
	// Completing says that all parts were sent and the store was asked to make the object; Sum is the sha256 of the whole.
	Completing bool
	Sum        [32]byte
}

// StoredPart is a part that the store has confirmed.
type StoredPart struct {
	Number int
	Size   int64
	ETag   string
	// Prefix is the sha256 of the file from its start to the end of this part. Equal prefixes mean that this part's bytes,
	// and all before them, are still those that were sent.
	Prefix [32]byte
}

func (u Unfinished) clone() Unfinished {
	u.Meta = maps.Clone(u.Meta)
	u.Parts = slices.Clone(u.Parts)
	return u
}

// MemJournal is a Journal that lasts as long as the process. The zero value is empty.
type MemJournal struct {
	mu      sync.Mutex
	entries map[string]Unfinished
}

// Load returns the entry, and whether there is one.
func (j *MemJournal) Load(_ context.Context, id string) (Unfinished, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	u, ok := j.entries[id]
	return u.clone(), ok, nil
}

// Save stores or replaces the entry.
func (j *MemJournal) Save(_ context.Context, id string, u Unfinished) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.entries == nil {
		j.entries = make(map[string]Unfinished)
	}
	j.entries[id] = u.clone()
	return nil
}

// Forget removes the entry.
func (j *MemJournal) Forget(_ context.Context, id string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.entries, id)
	return nil
}

// All returns every entry by id.
func (j *MemJournal) All(context.Context) (map[string]Unfinished, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make(map[string]Unfinished, len(j.entries))
	for id, u := range j.entries {
		all[id] = u.clone()
	}
	return all, nil
}
