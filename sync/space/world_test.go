package space

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// world is one bucket and a clock that all share.
type world struct {
	t     *testing.T
	store *memstore.Store
	mu    sync.Mutex
	now   time.Time
	run   uint32
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.store = memstore.New(w.clock)
	if _, err := Create(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Millisecond)
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

var synced = layout.Volume{Area: layout.Synced}

// device is one computer: a view, its cache, and the faults of its network.
type device struct {
	*Volume
	w     *world
	id    tree.Device
	net   *network
	cache *MemCache
	space *Space
}

// device starts a computer with an empty cache.
func (w *world) device(id tree.Device) *device {
	return w.restart(&device{w: w, id: id, cache: &MemCache{}, net: &network{Bucket: w.store}})
}

// restart starts the computer's program anew.
func (w *world) restart(d *device) *device {
	w.t.Helper()
	w.run++
	n := &device{w: w, id: d.id, cache: d.cache, net: &network{Bucket: w.store}}
	s, err := Open(w.t.Context(), n.net)
	if err != nil {
		w.t.Fatal(err)
	}
	n.space = s
	n.Volume = s.Volume(synced, n.cache, Writer{
		Device: d.id, Run: w.run, Name: fmt.Sprintf("PC %d", d.id), Zone: func() int { return 3600 }, Now: w.clock,
		Rand: rand.NewChaCha8([32]byte{byte(w.run)}), Fold: 1,
	})
	if err := n.Load(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (d *device) pull(how How) {
	d.w.t.Helper()
	if _, err := d.Pull(d.w.t.Context(), how); err != nil {
		d.w.t.Fatalf("device %d: %v", d.id, err)
	}
	d.fold()
}

// folding says that all devices of all tests fold what they know after each step.
var folding bool

// TestMain runs all tests without folds, and again with them: nothing may depend on that.
func TestMain(m *testing.M) {
	code := m.Run()
	folding = true
	os.Exit(max(code, m.Run()))
}

func (d *device) fold() {
	d.w.t.Helper()
	if !folding {
		return
	}
	if err := d.Fold(d.w.t.Context()); err != nil {
		d.w.t.Fatalf("device %d: %v", d.id, err)
	}
}

// send publishes operations and returns the batch.
func (d *device) send(ops ...merge.Op) *Pending {
	d.w.t.Helper()
	p, err := d.Prepare(ops, false)
	if err != nil {
		d.w.t.Fatal(err)
	}
	if err := d.Publish(d.w.t.Context(), p); err != nil {
		d.w.t.Fatal(err)
	}
	d.fold()
	return p
}

// upload stores bytes as one content object.
func (d *device) upload(path, text string) *tree.Content {
	d.w.t.Helper()
	c := &tree.Content{Hash: sha256.Sum256([]byte(text)), Size: int64(len(text)), Mtime: d.w.clock().UnixNano()}
	if text == "" {
		return c
	}
	var random [10]byte
	if _, err := io.ReadFull(d.me.Rand, random[:]); err != nil {
		d.w.t.Fatal(err)
	}
	key := layout.Content(path, layout.NewULID(d.w.clock().UnixMilli(), random))
	meta := layout.Meta{Path: path, Mtime: c.Mtime, Hash: c.Hash, Device: d.id}
	if _, err := put(d.w.t.Context(), d.net, d.key(key), []byte(text), objstore.PutOptions{Meta: meta.Map()}); err != nil {
		d.w.t.Fatal(err)
	}
	c.Extents = []tree.Extent{{Key: key, Length: c.Size}}
	return c
}

// create makes or changes the file at a path in the root.
func (d *device) save(name, text string) *Pending {
	d.w.t.Helper()
	c := d.upload(name, text)
	if n, ok := d.State().Root().File(name); ok {
		return d.send(merge.Op{Kind: merge.Put, Node: n.ID, Version: n.Current, Content: c})
	}
	return d.send(merge.Op{Kind: merge.Create, Name: name, Content: c})
}

func (d *device) node(name string) merge.Node {
	d.w.t.Helper()
	n, ok := d.State().Root().File(name)
	if !ok {
		d.w.t.Fatalf("device %d has no %q: %s", d.id, name, d.show())
	}
	return n
}

func (d *device) delete(name string) *Pending {
	d.w.t.Helper()
	n := d.node(name)
	return d.send(merge.Op{Kind: merge.Delete, List: []merge.Entry{{Node: n.ID, Version: n.Current, Place: n.Place}}})
}

// show spells the visible tree: paths with the beginnings of their hashes.
func (d *device) show() string { return showState(d.State()) }

func showState(s *merge.State) string {
	var out []string
	var walk func(f *merge.Folder)
	walk = func(f *merge.Folder) {
		for _, n := range f.Files() {
			v, _ := s.Version(n.Current)
			out = append(out, fmt.Sprintf("%s=%.6s", tree.Join(f.Path(), n.Name), v.Content.Hash))
		}
		for _, k := range f.Folders() {
			out = append(out, k.Path()+"/")
			walk(k)
		}
	}
	walk(s.Root())
	slices.Sort(out)
	return strings.Join(out, " ")
}

func agree(t *testing.T, ds ...*device) {
	t.Helper()
	for _, d := range ds[1:] {
		if d.show() != ds[0].show() {
			t.Fatalf("device %d shows %s\ndevice %d shows %s", ds[0].id, ds[0].show(), d.id, d.show())
		}
	}
}

// network is a bucket whose requests can fail before or after they have done their work.
type network struct {
	objstore.Bucket
	mu       sync.Mutex
	hooks    sync.Mutex
	requests []string
	before   func(op, key string) error
	after    func(op, key string) error
	list     func(prefix string, objects []objstore.Object) []objstore.Object
}

var errCut = &objstore.Error{Kind: objstore.Unreachable, Op: "any", Err: errors.New("the network is cut")}

func (n *network) do(op, key string, f func() error) error {
	n.mu.Lock()
	n.requests = append(n.requests, op+" "+key)
	before, after := n.before, n.after
	n.mu.Unlock()
	if err := n.hook(before, op, key); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	return n.hook(after, op, key)
}

// hook calls one at a time.
func (n *network) hook(f func(op, key string) error, op, key string) error {
	if f == nil {
		return nil
	}
	n.hooks.Lock()
	defer n.hooks.Unlock()
	return f(op, key)
}

// count returns how many requests since the last count began so.
func (n *network) count(prefix string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := 0
	for _, r := range n.requests {
		if strings.HasPrefix(r, prefix) {
			c++
		}
	}
	return c
}

func (n *network) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.requests = nil
}

func (n *network) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (out objstore.Object, err error) {
	err = n.do("put", key, func() error { out, err = n.Bucket.Put(ctx, key, body, size, o); return err })
	return out, err
}

func (n *network) Get(ctx context.Context, key string, o objstore.GetOptions) (r io.ReadCloser, out objstore.Object, err error) {
	err = n.do("get", key, func() error { r, out, err = n.Bucket.Get(ctx, key, o); return err })
	return r, out, err
}

func (n *network) Head(ctx context.Context, key string) (out objstore.Object, err error) {
	err = n.do("head", key, func() error { out, err = n.Bucket.Head(ctx, key); return err })
	return out, err
}

func (n *network) List(ctx context.Context, prefix, after string, limit int) (out []objstore.Object, more bool, err error) {
	err = n.do("list", prefix, func() error { out, more, err = n.Bucket.List(ctx, prefix, after, limit); return err })
	if err == nil && n.list != nil {
		out = n.list(prefix, out)
	}
	return out, more, err
}

func (n *network) Delete(ctx context.Context, key string) error {
	return n.do("delete", key, func() error { return n.Bucket.Delete(ctx, key) })
}

// spoil replaces an object's bytes by others, the metadata stays.
func (w *world) spoil(key string, change func([]byte) []byte) {
	w.t.Helper()
	body, ok := w.store.Bytes(key)
	o, err := w.store.Head(w.t.Context(), key)
	if !ok || err != nil {
		w.t.Fatalf("no %s: %v", key, err)
	}
	body = change(bytes.Clone(body))
	if _, err := put(w.t.Context(), w.store, key, body, objstore.PutOptions{Meta: o.Meta}); err != nil {
		w.t.Fatal(err)
	}
}

func flip(b []byte) []byte { b[len(b)/2] ^= 0x40; return b }

func (w *world) keys(prefix string) []string {
	var out []string
	for _, k := range w.store.Keys() {
		if strings.HasPrefix(k, prefix) {
			out = append(out, k)
		}
	}
	return out
}
