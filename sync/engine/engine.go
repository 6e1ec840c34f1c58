// Package engine runs the cycle of one pair of a local folder and a volume: observe → plan → stage → apply → commit. What it does is
// derived anew each time from what disk, cloud and Base show; only a batch that may have been sent is remembered and sent again as it was.
//
// Reading order: engine.go (what a pair is made of), store.go, status.go, cycle.go (the order of things), up.go, batch.go (what goes next), down.go,
// off.go, haul.go, queue.go (what moves and waits), guard.go, heal.go, problem.go, run.go, ahead.go.
package engine

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Options of an Engine. Everything without "may be nil" is required.
type Options struct {
	Name    string
	UpOnly  bool // a backup: the disk is only read
	Known   bool // Present knows the drive by its own identity, so that a folder which is empty was emptied
	Volume  *space.Volume
	Local   *local.Replica
	Cloud   *cloud.Replica
	Store   Store
	Present func(ctx context.Context) error // nil error when the root is really there
	Now     func() time.Time
	Log     *slog.Logger
	// Changed is called when Status may have changed; may be nil. It must not block.
	Changed func()
	// Told records what was done, for the activity list; may be nil. It must not block.
	Told func(Event)
	// Rested is called by Run after each cycle, when much of what was taken for it is free again; may be nil.
	Rested func()
	// FoldNames says that the disk holds names that differ only in case as one.
	FoldNames bool
	// NoExec says that the disk knows no execute bit; it is also true when Cloud's is.
	NoExec bool
	// Chunk is how many files whose bytes must be sent go into the first batch (default 1000); four times as many with each batch, up to 4 000.
	Chunk int
	// Window is how many acts on the disk are committed together (default 500).
	Window int
	// Most is how many new files are planned to be brought at once, each of which takes some 700 bytes until it is here (default 50 000).
	Most int
	// Parallel is how many downloads run at once (default 8).
	Parallel int
	// Huge is the size in bytes from which on files are moved beside the cycles, which they would hold up (default 16 MiB).
	Huge int64
	// Beside runs something beside the cycles (default: a goroutine).
	Beside func(func())
}

// Event is one thing that was done.
type Event struct {
	Kind  string // "uploaded", "changed", "moved", "deleted", "restored" here and told; "downloaded", "replaced", "renamed", "removed" by others and done here
	Path  string
	Bytes int64
}

// Engine is one pair. Cycle and the answers may be called from any goroutine; one cycle runs at a time.
type Engine struct {
	Options
	cycle sync.Mutex // held by whoever works

	base      *plan.Bases
	intent    *Intent
	open      []plan.Open // begun, and not in Base
	uploads   map[string]plan.Sent
	sums      map[string]sum // of large files, as they were when they were read
	saved     *Saved         // what Ahead has read, until it is used
	matched   *plan.Locals   // what the last look at the disk has shown; nil when Base has changed since, and between cycles
	compared  compared       // what was last compared, between cycles nothing
	clocked   bool           // this cycle has asked whether the store's clock matters
	counted   bool           // Status has the totals of Base as it is
	countedAt int            // and of a backup as many Changes of the volume before
	loaded    bool
	recover   bool // our own folder is to be put in order
	listed    bool // the histories were listed since the start
	planned   int  // the volume's Changes when it was last planned from
	chunk     int
	early     *early    // what was sent and no batch has told yet, of the running cycle
	found     []Problem // of the running cycle
	loud      []Problem // of the last look at the disk
	lost      []Problem // files of which the volume knows nothing any more
	remain    []string  // folders that are kept off and still stand here
	foreign   []Problem // of a backup: what another device changed
	failed    map[string]bool
	mended    int  // the volume's PutBack when its content was last looked after
	joining   bool // nothing here was compared with the cloud before
	restless  map[string]int
	looks     int            // at the disk, in this cycle
	told      map[string]int // how often a path was told in this cycle, but from the first of them
	guard     guard
	crew      *crew // of who works

	mu     sync.Mutex        // guards what follows
	off    map[merge.ID]bool // folders that are kept off this disk; replaced as a whole, never changed
	chosen int               // how often that was
	status Status
	dirty  map[string]bool // nil: everything
	whole  bool
	paused bool
	hauls  map[cargo]*haul // what is on its way beside the cycles
	ups    queue           // what is to be sent
	downs  queue           // what is to be fetched
	first  map[string]bool // what a person wants to be sent before all others
	wake   chan struct{}
}

// New returns an Engine that has read nothing yet.
func New(o Options) *Engine {
	if o.Chunk <= 0 {
		o.Chunk = 1000
	}
	if o.Window <= 0 {
		o.Window = 500
	}
	if o.Most <= 0 {
		o.Most = 50_000
	}
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	if o.Huge <= 0 {
		o.Huge = 1 << 24
	}
	if o.Beside == nil {
		o.Beside = func(f func()) { go f() }
	}
	o.NoExec = o.NoExec || o.Cloud.NoExec
	e := &Engine{Options: o, sums: map[string]sum{}, recover: true, whole: true, wake: make(chan struct{}, 1)}
	e.status = Status{Name: o.Name, State: Checking}
	return e
}

// Status returns what the pair is doing.
func (e *Engine) Status() Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.status
}

func (e *Engine) update(f func(*Status)) {
	e.mu.Lock()
	f(&e.status)
	e.mu.Unlock()
	if e.Changed != nil {
		e.Changed()
	}
}

func (e *Engine) tell(kind, path string, bytes int64) {
	if e.Told != nil {
		e.Told(Event{kind, path, bytes})
	}
}

// load reads what the Store has, and the volume what was cached of it, once. A volume that has been read already is left as it is.
func (e *Engine) load(ctx context.Context) error {
	if e.loaded {
		return nil
	}
	if len(e.Volume.Heads()) == 0 {
		if err := e.Volume.Load(ctx); err != nil {
			return err
		}
	}
	if e.saved == nil {
		s, err := e.Store.Load(ctx)
		if err != nil {
			return err
		}
		e.saved = &s
	}
	s := *e.saved
	e.saved = nil
	if e.base = s.Base; e.base == nil {
		e.base = plan.BasesOf()
	}
	e.intent, e.open = s.Intent, s.Open
	e.joining = !s.Joined
	e.uploads = map[string]plan.Sent{}
	for _, u := range s.Uploads {
		e.uploads[u.Path] = plan.Sent{Content: u.Content, Disk: u.Disk}
	}
	e.guard.restore(s.Guard)
	e.chunk = e.Chunk
	e.loaded = true
	e.count()
	return nil
}

// save makes a change durable and then true in memory.
func (e *Engine) save(ctx context.Context, c Change) error {
	// What was done on the disk must be remembered even when the user stops the program meanwhile.
	if err := e.Store.Save(context.WithoutCancel(ctx), c); err != nil {
		return err
	}
	if len(c.Set)+len(c.Drop) > 0 {
		e.matched, e.counted = nil, false
		e.reckon(c)
	}
	for _, b := range c.Set {
		e.base.Set(b)
	}
	for _, h := range c.Drop {
		e.base.Drop(h)
	}
	if c.Intent != nil {
		e.intent = c.Intent
	}
	if c.ClearIntent {
		e.intent = nil
	}
	if c.Open != nil {
		e.open = c.Open
	}
	for _, u := range c.Uploads {
		e.uploads[u.Path] = plan.Sent{Content: u.Content, Disk: u.Disk}
	}
	e.forgetUploads(c.NoUploads)
	return nil
}

func (e *Engine) forgetUploads(hashes []tree.Hash) {
	if len(hashes) == 0 {
		return
	}
	gone := map[tree.Hash]bool{}
	for _, h := range hashes {
		gone[h] = true
	}
	for p, s := range e.uploads {
		if gone[s.Content.Hash] {
			delete(e.uploads, p)
		}
	}
}

// reckon adds to the totals of Status what a change brings. The end of the cycle counts: all of Base takes too long for each of many changes.
func (e *Engine) reckon(c Change) {
	n, bytes := 0, int64(0)
	state := e.Volume.State()
	add := func(b *plan.Base, sign int) {
		if b != nil && e.counts(state, b) {
			n += sign
			bytes += int64(sign) * b.Disk.Size
		}
	}
	for _, b := range c.Set {
		add(e.base.Get(b.ID), -1)
		add(b, 1)
	}
	for _, h := range c.Drop {
		add(e.base.Get(h), -1)
	}
	e.update(func(s *Status) { s.Files, s.Bytes = s.Files+n, s.Bytes+bytes })
}

// counts tells whether a row is in the totals of Status. What a rule leaves out by now and was thrown away in the cloud stays in Base, for the day when
// the rule goes, and is not.
func (e *Engine) counts(s *merge.State, b *plan.Base) bool {
	return !b.Dir && (!e.UpOnly || s.Live(s.Holder(b.Nodes[0].ID, b.Version)))
}

// count brings the totals of Status up to date.
func (e *Engine) count() {
	now := e.Volume.Changes()
	if e.counted && (!e.UpOnly || e.countedAt == now) {
		return
	}
	e.counted, e.countedAt = true, now
	n, bytes := 0, int64(0)
	s := e.Volume.State()
	for b := range e.base.Glance {
		if e.counts(s, b) {
			n++
			bytes += b.Disk.Size
		}
	}
	e.update(func(s *Status) { s.Files, s.Bytes = n, bytes })
}
