package app

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"log/slog"
	"sync"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/platform/desktop/sidebar"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
)

// Parts are what the client is made of and does not know itself: concrete stores, the keyring, the recycle bin. Package wiring has them.
type Parts interface {
	// Create makes the place that a storage needs, a folder or a bucket; what is there is left as it is. secret as for Store.
	Create(ctx context.Context, s config.Storage, secret string) error
	// Store opens a storage, with everything that goes round it. secret is used instead of the remembered one unless it is empty.
	Store(ctx context.Context, s config.Storage, secret string) (objstore.Bucket, error)
	// SaveSecret puts a storage's secret where its Credentials say.
	SaveSecret(ctx context.Context, s config.Storage, secret string) error
	// SaveProxy looks whether a storage can be reached by its proxy as far as its address tells, and puts the proxy's password into the system's
	// keyring; "" leaves the one that is there.
	SaveProxy(ctx context.Context, s config.Storage, password string) error
	// HarmfulRule names a rule of the storage's own that deletes what is old, or moves it where it cannot be read; "" when there is none.
	HarmfulRule(ctx context.Context, s config.Storage) (string, error)
	// Trash moves a file, by its absolute path, to the system's recycle bin.
	Trash(ctx context.Context, path string) error
}

// Desktop is what a client may do on the desktop of its user. The zero value: nothing.
type Desktop struct {
	// Pin shows a folder in the sidebar of the file manager, Unpin takes it away; see package sidebar.
	Pin, Unpin func(ctx context.Context, folder string, was sidebar.Record) (sidebar.Record, error)
	Links      Links // nil where there is no program that they could open
}

// Options of a Client. All are required but Journal, System, Desktop, Power, Pace and Closed.
type Options struct {
	Home  string // an existing folder
	Parts Parts
	Log   *slog.Logger
	// Journal is the file that Log writes to, for help files; "" when there is none.
	Journal string
	Now     func() time.Time
	System  string // what the computer runs, for people
	// Desktop is the user's, when this home is the computer's own one. A home that plays another computer has none.
	Desktop Desktop
	Power   Power        // nil: nothing is known of it
	Pace    engine.Pace  // how often the pairs look while Run runs
	Closed  func() error // called at the end of Close; may be nil
}

// ulids makes ids of objects, each greater than the one before.
type ulids struct {
	now func() time.Time

	mu   sync.Mutex
	last int64
	rand [10]byte
}

func (u *ulids) next() layout.ULID {
	u.mu.Lock()
	defer u.mu.Unlock()
	ms := u.now().UnixMilli()
	if ms > u.last {
		u.last = ms
		u.fill()
	} else {
		u.increment()
	}
	return layout.NewULID(u.last, u.rand)
}

// fill leaves the highest bit free, so that counting up in one millisecond does not run over.
func (u *ulids) fill() {
	_, _ = rand.Read(u.rand[:]) // never fails
	u.rand[0] &= 0x7f
}

func (u *ulids) increment() {
	for i := len(u.rand) - 1; i >= 0; i-- {
		u.rand[i]++
		if u.rand[i] != 0 {
			return
		}
	}
}

// random32 and random64 are from the system's source, which never fails.
func random32() uint32 { return uint32(random64()) }

func random64() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:])
}
