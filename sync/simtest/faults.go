package simtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/space"
)

var (
	errDead    = errors.New("the program is dead")
	errNetwork = errors.New("the network is gone")
)

// faults decides what goes wrong for one device: the program dies at the n-th write to disk, store or database, before or after
// the act; requests fail before or after they were carried out; people and other devices do something in between.
type faults struct {
	d         *device
	armed     bool
	countdown int // writes until the program dies; 0 never
	died      bool
	rate      float64 // of requests that fail
	between   float64 // of operations during which something else happens
	blind     float64 // of folders that cannot be read for a while
	damage    float64 // of objects whose bytes arrive altered
	inside    bool    // something else is happening
	writes    int
	salt      uint64
	mu        sync.Mutex // guards asked: a download asks and writes side by side
	asked     map[string]uint64
}

func newFaults(d *device) *faults { return &faults{d: d} }

// chance draws for one operation. It depends on what is asked and how often that was asked before, not on the order in which different
// operations come, so that a run is always the same.
func (f *faults) chance(what string, p float64) bool {
	if p == 0 {
		return false
	}
	f.mu.Lock()
	f.asked[what]++
	n := f.asked[what]
	f.mu.Unlock()
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %d %s %d", f.salt, f.d.id, what, n)
	return rand.New(rand.NewPCG(h.Sum64(), f.salt)).Float64() < p
}

// arm decides on the trouble of one cycle.
func (f *faults) arm() {
	w := f.d.w
	f.armed, f.countdown, f.rate, f.between, f.blind, f.damage = true, 0, 0, 0, 0, 0
	f.salt, f.asked = w.rng.Uint64(), map[string]uint64{}
	if w.opt.Calm {
		return
	}
	if w.opt.Long && f.salt%8 == 0 {
		f.damage = 0.1
	}
	switch w.rng.IntN(6) {
	case 0, 1:
		f.countdown = 1 + w.rng.IntN(40)
	case 2:
		f.rate = 0.3 * w.rng.Float64()
	case 3:
		f.between = 0.1
	}
	if w.opt.Long && w.p(0.2) {
		f.blind = 0.3
	}
}

// disarm ends all trouble; a program that starts again is alive.
func (f *faults) disarm() {
	f.armed, f.countdown, f.rate, f.between, f.blind, f.damage, f.died = false, 0, 0, 0, 0, 0, false
}

func (f *faults) dead() bool { return f.died }

// step is asked around every write: is the program dead by now?
func (f *faults) step() error {
	if f.died {
		return errDead
	}
	if f.countdown > 0 {
		if f.countdown--; f.countdown == 0 {
			f.died = true
			return errDead
		}
	}
	return nil
}

// mostBetween is how often something may be done in the middle of cycles in a run, which usually is some dozens of times. People who copy folders make so much work for the
// cycle in which they do it that without an end more was done in between than before, and seed 331 of TestOffSeeds never ended.
const mostBetween = 2000

// meanwhile lets a person or another device do something in the middle of a cycle, except while bytes are on their way.
func (f *faults) meanwhile(op, path string) {
	w := f.d.w
	if f.inside || w.reached["in between"] >= mostBetween || f.d.off() || strings.HasPrefix(path, local.Own+"/incoming/") || op == "get" && !strings.Contains(path, ".volume/") || !f.chance(op+path, f.between) {
		return
	}
	f.inside = true
	defer func() { f.inside = false }()
	w.reached["in between"]++
	if w.opt.Choosing && w.p(0.2) {
		f.d.choose()
		return
	}
	if w.p(0.5) {
		f.d.person()
		return
	}
	o := w.devices[w.rng.IntN(len(w.devices))]
	if o != f.d && !o.off() && !o.faults.inside && !o.faults.died {
		o.faults.inside = true
		o.faults.disarm()
		o.work()
		o.faults.inside = false
	}
}

var changes = map[string]bool{"create": true, "openwrite": true, "mkdir": true, "remove": true, "rename": true, "exchange": true, "syncdir": true, "setmeta": true, "write": true, "sync": true}

// before is asked before each operation on the disk.
func (f *faults) before(op, path string) error {
	if !changes[op] {
		if f.died {
			return errDead
		}
		f.meanwhile(op, path)
		return f.unreadable(op, path)
	}
	f.meanwhile(op, path)
	if op != "syncdir" && op != "sync" {
		f.writes++
		if op != "write" && op != "setmeta" && op != "mkdir" {
			f.d.w.log("  device %d disk %s %s", f.d.id, op, path)
		}
	}
	return f.step()
}

// unreadable lets a folder of the person's be one that may not be read now.
func (f *faults) unreadable(op, path string) error {
	if op != "readdir" || path == "" || strings.HasPrefix(path, local.Own) || !f.chance("blind "+path, f.blind) {
		return nil
	}
	f.d.w.reached["folder unreadable"]++
	return fs.ErrPermission
}

func (f *faults) after(op, path string) error {
	if !changes[op] {
		return nil
	}
	return f.step()
}

// store lets the database of a dead program be written no more.
func (f *faults) store(s engine.Store) engine.Store { return &mortal{f, s} }

type mortal struct {
	f *faults
	engine.Store
}

func (m *mortal) Save(ctx context.Context, c engine.Change) error {
	if err := m.f.step(); err != nil {
		return err
	}
	told := m.f.d.memory.intent
	if err := m.Store.Save(ctx, c); err != nil {
		return err
	}
	if c.ClearIntent && told != nil {
		m.f.d.confirmed(told)
	}
	if c.Intent != nil && m.f.d.w.opt.Trace {
		m.f.d.told(c.Intent)
	}
	for _, b := range c.Set {
		m.f.d.w.log("  device %d base %d in %d %s %.6s number %d ctime %d", m.f.d.id, b.ID, b.Parent, b.Name, b.Hash, b.Disk.Number, b.Disk.Ctime)
	}
	for _, h := range c.Drop {
		m.f.d.w.log("  device %d base drops %d", m.f.d.id, h)
	}
	return m.f.step()
}

// bucket is the store as the device sees it.
func (f *faults) bucket(b objstore.Bucket) objstore.Bucket { return &link{Bucket: b, f: f} }

type link struct {
	objstore.Bucket
	f *faults
}

// request lets a request fail before it is carried out, or lose its answer.
func (l *link) request(op, key string, write bool, do func() error) error {
	f := l.f
	f.meanwhile(op, key)
	if f.died {
		return errDead
	}
	if write {
		f.writes++
		f.d.w.log("  device %d %s %s", f.d.id, op, key)
		if err := f.step(); err != nil {
			return err
		}
	}
	fail := f.chance("fail "+op+key, f.rate)
	after := fail && f.chance("after "+op+key, 0.5)
	if fail && !after {
		return l.lost(op, key)
	}
	err := do()
	if err == nil && after {
		return l.lost(op, key)
	}
	if err == nil && write {
		err = f.step()
	}
	return err
}

func (l *link) lost(op, key string) error {
	l.f.d.w.reached["request failed"]++
	return &objstore.Error{Kind: objstore.Unreachable, Op: op, Key: key, Err: errNetwork}
}

func (l *link) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (out objstore.Object, err error) {
	if o.Meta[transfer.Members] != "" {
		l.f.d.w.reached["sent together"]++
	}
	if o.Meta[transfer.Recipe] != "" {
		l.f.d.w.reached["changed blocks"]++
	}
	err = l.request("put", key, true, func() (err error) {
		out, err = l.Bucket.Put(ctx, key, body, size, o)
		return err
	})
	return out, err
}

func (l *link) Get(ctx context.Context, key string, o objstore.GetOptions) (r io.ReadCloser, out objstore.Object, err error) {
	err = l.request("get", key, false, func() (err error) {
		r, out, err = l.Bucket.Get(ctx, key, o)
		return err
	})
	if err == nil && l.f.chance("damage "+key, l.f.damage) {
		r, err = l.f.altered(r)
	}
	return r, out, err
}

// altered changes one byte.
func (f *faults) altered(r io.ReadCloser) (io.ReadCloser, error) {
	b, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil || len(b) == 0 {
		return io.NopCloser(bytes.NewReader(b)), err
	}
	f.d.w.reached["bytes altered"]++
	b[len(b)/2] ^= 0x20
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (l *link) Head(ctx context.Context, key string) (out objstore.Object, err error) {
	err = l.request("head", key, false, func() (err error) {
		out, err = l.Bucket.Head(ctx, key)
		return err
	})
	return out, err
}

func (l *link) List(ctx context.Context, prefix, after string, limit int) (out []objstore.Object, more bool, err error) {
	err = l.request("list", prefix, false, func() (err error) {
		out, more, err = l.Bucket.List(ctx, prefix, after, limit)
		return err
	})
	return out, more, err
}

func (l *link) Delete(ctx context.Context, key string) error {
	if !strings.Contains(key, "/") {
		return fmt.Errorf("%s is not of a volume", key)
	}
	return l.request("delete", key, true, func() error { return l.Bucket.Delete(ctx, key) })
}

// confirmed notes which contents the cloud has for sure.
func (d *device) confirmed(i *engine.Intent) {
	p, err := space.DecodePending(i.Key, i.Body)
	if err != nil || !d.w.stored(i.Key) {
		return
	}
	for _, op := range p.Batch.Ops {
		if op.Content != nil {
			d.w.seen.told[op.Content.Hash] = true
		}
	}
}

// stored tells whether a key is in the store.
func (w *World) stored(key string) bool {
	_, ok := w.store.Bytes(key)
	return ok
}

// told logs what a batch says.
func (d *device) told(i *engine.Intent) {
	p, err := space.DecodePending(i.Key, i.Body)
	if err != nil {
		d.w.fault("device %d: %v", d.id, err)
		return
	}
	for n, op := range p.Batch.Ops {
		hash := ""
		if op.Content != nil {
			hash = op.Content.Hash.String()[:6]
		}
		d.w.log("  device %d tells %v: %s %v version %v in %v %s %s %v", d.id, p.Batch.Stamp(n), op.Kind, op.Node, op.Version, op.Parent, op.Name, hash, op.List)
	}
}
