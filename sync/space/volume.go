package space

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// Writer is this device, as its batches name it.
type Writer struct {
	Device tree.Device
	Run    uint32           // random for each start of the program
	Name   string           // as its user knows it
	Zone   func() int       // offset from UTC in seconds
	Now    func() time.Time // this device's clock
	Rand   io.Reader        // random bytes

	// Parallel is how many objects are read or deleted at once (8 where 0).
	Parallel int
	// Fold is how many operations make a fold worth its while (2 000 where 0), see Volume.Fold.
	Fold int
}

// CopyName names a file of this device that stands beside the one of that name, as tree.ConflictName does.
func (w Writer) CopyName(name string, try int) string {
	st := tree.Stamp{Time: w.Now().UnixMilli(), Device: w.Device, Run: w.Run}
	return tree.ConflictName(name, tree.Copy, tree.Event{Stamp: st, Name: w.Name, Zone: w.Zone()}, try)
}

func (w Writer) parallel() int {
	if w.Parallel > 0 {
		return w.Parallel
	}
	return 8
}

func (w Writer) foldOps() int {
	if w.Fold > 0 {
		return w.Fold
	}
	return 2000
}

// Volume is one device's view of a volume: the batches that it has read, and what they add up to. All methods are safe for concurrent
// use, but see State.
type Volume struct {
	bucket objstore.Bucket
	name   layout.Volume
	cache  Cache
	id     string // the volume's name in the cache
	me     Writer
	rules  Rules

	busy sync.Mutex // held by whatever talks to the store

	mu       sync.RWMutex // guards what follows
	log      *merge.Log
	start    *merge.Checkpoint // what log began with; nil when it began with nothing
	began    string            // the name of the checkpoint in the store that it goes on from
	folded   []folded          // what is in start, and not in that one; see Fold
	names    map[tree.Device]string
	batches  map[merge.BatchID]*merge.Batch // what was given to log and is not in start
	hopeless map[merge.BatchID]*merge.Batch // too old to be placed, or refused
	newest   map[tree.Device]uint64         // the highest number that a batch of the device has
	problems map[string]Problem
	changes  int
	putBacks int  // see PutBack
	newer    bool // there is something in the volume that a newer program wrote

	// guarded by busy
	listed  bool      // the histories were listed since the start
	whole   time.Time // when every key of them was last looked at
	looked  time.Time // when they were last listed
	tag     string    // of the notice as it was read last
	owed    bool      // the notice is to be put again
	pending *Pending
	ahead   time.Duration // the store's clock minus this device's
	clocked bool          // ahead is known
	used    map[merge.BatchID]bool
}

// Volume returns a device's view of a volume, empty until Load and Pull.
func (s *Space) Volume(v layout.Volume, cache Cache, me Writer) *Volume {
	vol := &Volume{bucket: s.bucket, name: v, cache: cache, id: s.header.ID + ":" + v.Prefix(), me: me, rules: s.Rules(), used: map[merge.BatchID]bool{}}
	vol.reset()
	return vol
}

func (v *Volume) reset() {
	v.log, v.start, v.began, v.folded = merge.NewLog(nil), nil, "", nil
	v.names, v.batches = map[tree.Device]string{}, map[merge.BatchID]*merge.Batch{}
	v.hopeless, v.newest = map[merge.BatchID]*merge.Batch{}, map[tree.Device]uint64{}
	v.problems = map[string]Problem{}
}

// Name returns which volume it is.
func (v *Volume) Name() layout.Volume { return v.name }

// State returns the merge of all batches that count. It changes with the next Load, Pull or Publish, so it is only for the goroutine
// that calls those; others use View.
func (v *Volume) State() *merge.State {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.log.State()
}

// Changes counts how often State has changed, whoever made it change.
func (v *Volume) Changes() int {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.changes
}

// View calls f with the state while nothing changes it.
func (v *Volume) View(f func(*merge.State)) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	f(v.log.State())
}

// Clock returns the newest time that a batch here has.
func (v *Volume) Clock() int64 {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.log.Clock()
}

// Heads returns the batches that the next one will name as its parents.
func (v *Volume) Heads() []merge.BatchID {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.log.Heads()
}

// Counts tells whether the batch is part of State.
func (v *Volume) Counts(id merge.BatchID) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.log.Counts(id)
}

// DeviceName returns what a device was called when it last wrote, or its id.
func (v *Volume) DeviceName(d tree.Device) string {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.deviceName(d)
}

func (v *Volume) deviceName(d tree.Device) string {
	if n := v.names[d]; n != "" {
		return n
	}
	return d.String()
}

// Load fills the view from the cache, without the store. What is damaged there is left out; Pull reads it again.
func (v *Volume) Load(ctx context.Context) error {
	v.busy.Lock()
	defer v.busy.Unlock()
	v.listed, v.tag = false, ""
	stored, err := v.cache.LoadBatches(ctx, v.id)
	if err != nil {
		return fmt.Errorf("load the cached batches of %s: %w", v.name, err)
	}
	if done, err := v.loadFold(ctx, stored); done || err != nil {
		return err
	}
	name, start, err := v.cachedCheckpoint(ctx)
	if err != nil {
		return err
	}
	bs := decodeAll(stored)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reset()
	v.begin(name, start)
	v.add(bs)
	return nil
}

// cachedCheckpoint returns the checkpoint that is in the cache; one that is damaged there is none.
func (v *Volume) cachedCheckpoint(ctx context.Context) (name string, start *Snapshot, err error) {
	err = v.cache.LoadCheckpoint(ctx, v.id, func(n string, size int64, body io.Reader) {
		s, err := decodeCheckpoint(body, size)
		if err == nil {
			_, err = io.Copy(io.Discard, body) // its end tells whether it is what was saved
		}
		if err == nil {
			name, start = n, &s
		}
	})
	if err != nil {
		return "", nil, fmt.Errorf("load the cached checkpoint of %s: %w", v.name, err)
	}
	return name, start, nil
}

// decodeAll decodes batches side by side, which is most of what a start costs when much was told lately. Those that are damaged are left out.
func decodeAll(stored []StoredBatch) []*merge.Batch {
	bs := make([]*merge.Batch, len(stored))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range stored {
		g.Go(func() error {
			if b, err := decodeStored(s); err == nil {
				bs[i] = b
			}
			return nil
		})
	}
	_ = g.Wait() // no error is worth more than what is whole
	return only(bs, func(b *merge.Batch) bool { return b != nil })
}

func decodeStored(s StoredBatch) (*merge.Batch, error) {
	b, err := DecodeBatch(s.ID, s.Body)
	if err == nil {
		b.Stored = s.Stored
	}
	return b, err
}

// begin makes the log go on from a checkpoint; nil is the empty volume. v.mu is held.
func (v *Volume) begin(name string, s *Snapshot) {
	v.start, v.began, v.folded = nil, name, nil
	if s != nil {
		v.start = s.Checkpoint
		maps.Copy(v.names, s.Names)
		for _, p := range s.Seen {
			v.newest[p.Device] = max(v.newest[p.Device], p.Seq)
		}
	}
	v.log = merge.NewLog(v.start)
	v.batches = map[merge.BatchID]*merge.Batch{}
	v.changes++
}

// add gives batches to the log. Those later than all that count are given one by one in their order, which costs least; when older ones
// are among many, everything is folded once more. v.mu is held.
func (v *Volume) add(bs []*merge.Batch) {
	var fresh []*merge.Batch
	for _, b := range bs {
		v.newest[b.Device] = max(v.newest[b.Device], b.Seq)
		if v.batches[b.BatchID] == nil && !v.log.Has(b.BatchID) {
			v.batches[b.BatchID] = b
			fresh = append(fresh, b)
		}
	}
	slices.SortFunc(fresh, byStamp)
	if order := v.log.Batches(); len(fresh) > 1 && len(order) > 0 && byStamp(fresh[0], order[len(order)-1]) < 0 {
		fresh = slices.SortedFunc(maps.Values(v.batches), byStamp)
		v.log = merge.NewLog(v.start)
		v.changes++
	}
	for _, b := range fresh {
		v.names[b.Device] = b.DeviceName
		if v.log.Add(b) {
			v.changes++
		}
	}
	for _, id := range v.log.Refused() {
		v.giveUp(id, RefusedBatch, errors.New("it claims to have seen what is later than itself"))
	}
}

// giveUp sets a batch aside that will never count. v.mu is held.
func (v *Volume) giveUp(id merge.BatchID, code Code, err error) {
	if b := v.batches[id]; b != nil {
		v.hopeless[id] = b
		delete(v.batches, id)
		v.note(code, layout.Batch(id), err)
	}
}

func byStamp(a, b *merge.Batch) int { return a.Stamp(0).Batch(b.Stamp(0)) }

// has tells whether there is nothing more to be read of the batch. v.mu is held.
func (v *Volume) has(id merge.BatchID) bool {
	return v.batches[id] != nil || v.hopeless[id] != nil || v.log.Has(id)
}

func (v *Volume) key(rel string) string { return v.name.Key(rel) }

// KnowClock learns the store's clock, if nothing was written since the start that tells it: this computer's own may be days off.
func (v *Volume) KnowClock(ctx context.Context) error {
	v.busy.Lock()
	defer v.busy.Unlock()
	if v.clocked {
		return nil
	}
	_, err := v.learnClock(ctx)
	return err
}

// learnClock learns the store's time from an object that is written for it. v.busy is held.
func (v *Volume) learnClock(ctx context.Context) (time.Time, error) {
	key := v.key(layout.Clock)
	if _, err := write(ctx, v.bucket, key, sweepFile{Format: Format, By: v.me.Device}); err != nil {
		return time.Time{}, err
	}
	o, err := v.bucket.Head(ctx, key)
	if err != nil {
		return time.Time{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sawClock(o)
	return o.Modified, nil
}

// StoreNow estimates the store's clock.
func (v *Volume) StoreNow() time.Time {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.storeNow()
}

func (v *Volume) storeNow() time.Time { return v.me.Now().Add(v.ahead) }

// sawClock learns the store's clock from an object that was just written. v.mu is held.
func (v *Volume) sawClock(o objstore.Object) {
	if !o.Modified.IsZero() {
		v.ahead, v.clocked = o.Modified.Sub(v.me.Now()), true
	}
}
