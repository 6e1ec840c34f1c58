package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// house is one space with some devices.
type house struct {
	t     *testing.T
	store *memstore.Store
	mu    sync.Mutex
	clock func() time.Time
	n     int
}

func newHouse(t *testing.T) *house {
	h := &house{t: t}
	now := time.UnixMilli(1_790_000_000_000)
	h.clock = func() time.Time {
		h.mu.Lock()
		defer h.mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}
	return h.build()
}

// newHouseAt has a clock that others move.
func newHouseAt(t *testing.T, clock func() time.Time) *house {
	return (&house{t: t, clock: clock}).build()
}

func (h *house) build() *house {
	h.store = memstore.New(h.clock)
	if _, err := space.Create(context.Background(), h.store); err != nil {
		h.t.Fatal(err)
	}
	return h
}

// pair is one device with one pair.
type pair struct {
	*house
	id     int
	opt    engine.Options // what differs from the usual
	vol    layout.Volume
	disk   *disktest.Disk
	faults *faultstore.Store
	memory *memory
	cache  *space.MemCache
	e      *engine.Engine
	v      *space.Volume
	runs   int
	few    int                 // how many small files are sent one by one; 0 as usual
	blocks *transfer.MemBlocks // nil sends every version as a whole
	chosen []merge.ID          // the folders that are kept off
}

func (h *house) synced(o disktest.Options) *pair { return h.add(o, "Synced", engine.Options{}) }

// whole is a synced folder that plans all that there is at once.
func (h *house) whole() *pair { return h.add(disktest.Options{}, "Synced", engine.Options{Most: 1000}) }

func (h *house) backup(o disktest.Options) *pair {
	return h.add(o, fmt.Sprintf("Backup/%s/docs", tree.Device(1000+h.n+1)), engine.Options{UpOnly: true})
}

func (h *house) add(o disktest.Options, volume string, opt engine.Options) *pair {
	h.n++
	vol, ok := layout.ParseVolume(volume)
	if !ok {
		h.t.Fatalf("%q is no volume", volume)
	}
	d := &pair{house: h, id: h.n, opt: opt, vol: vol, disk: disktest.New(o), memory: newMemory(), cache: &space.MemCache{}}
	d.faults = faultstore.New(h.store, nil)
	if !opt.UpOnly {
		if err := local.Claim(d.disk, d.name()); err != nil {
			h.t.Fatal(err)
		}
	}
	d.start()
	return d
}

func (d *pair) name() string { return fmt.Sprintf("PC%d", d.id) }

var errStranger = errors.New("the marker is another one")

func (d *pair) present(context.Context) error {
	if d.opt.UpOnly {
		_, err := d.disk.Stat("")
		return err
	}
	id, err := local.Claimed(d.disk)
	if err == nil && id != d.name() {
		err = errStranger
	}
	return err
}

// start starts the program: what was only in memory is gone.
func (d *pair) start() {
	d.runs++
	sp, err := space.Open(context.Background(), d.store)
	if err == nil {
		sp, err = space.Open(context.Background(), d.faults)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	run := uint32(d.id*1000 + d.runs)
	me := space.Writer{Device: tree.Device(1000 + d.id), Run: run, Name: d.name(), Zone: func() int { return 3600 }, Now: d.clock,
		Rand: &stream{rand.New(rand.NewPCG(uint64(run), 7))}, Parallel: 1}
	d.v = sp.Volume(d.vol, d.cache, me)
	kind := ignore.Synced
	if d.opt.UpOnly {
		kind = ignore.Backup
	}
	rules, err := ignore.New(kind, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	o := transfer.Options{Parallel: 1}
	if d.blocks != nil {
		o.Blocks, o.BlocksFrom, o.Block = d.blocks, 1000, 100
	}
	tr := transfer.New(d.faults, o)
	var n atomic.Int64
	loc := local.New(local.Options{FS: d.disk, Rules: rules, Transfer: tr, Prefix: d.vol.Prefix() + "/", Parallel: 1,
		Random: func() string { return fmt.Sprintf("%d-%d", d.runs, n.Add(1)) }, Today: func() string { return "2026-11-22" }, Beside: me.CopyName})
	id := func() layout.ULID {
		i := n.Add(1)
		return layout.NewULID(d.clock().UnixMilli(), [10]byte{byte(d.id), byte(d.runs), byte(i >> 8), byte(i)})
	}
	opt := d.opt
	opt.Name, opt.Volume, opt.Local, opt.Store, opt.Now, opt.Log = d.name(), d.v, loc, d.memory, d.clock, slog.New(slog.DiscardHandler)
	opt.Cloud = cloud.New(cloud.Options{Volume: d.v, Source: loc, NewID: id, Device: tree.Device(1000 + d.id), Parallel: 1, NoExec: opt.NoExec, Now: d.clock, Few: d.few})
	if opt.Present == nil {
		opt.Present = d.present
	}
	opt.FoldNames, opt.Parallel = !d.disk.CaseSensitive(), max(1, opt.Parallel)
	if opt.Most == 0 {
		opt.Most = 2 // so that there are later rounds everywhere
	}
	d.e = engine.New(opt)
}

// oneByOne starts the program as one that sends every file in an object of its own.
func (d *pair) oneByOne() {
	d.few = 1000
	d.start()
}

// stream is random bytes from a seed.
type stream struct{ r *rand.Rand }

func (s *stream) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s.r.Uint32())
	}
	return len(p), nil
}

func (d *pair) cycle() error {
	d.e.Mark()
	return d.e.Cycle(context.Background())
}

// ok does a cycle that has to work.
func (d *pair) ok() {
	d.t.Helper()
	if err := d.cycle(); err != nil {
		d.t.Fatalf("%s: %v", d.name(), err)
	}
}

// settle lets devices work until nothing moves.
func settle(ds ...*pair) {
	for range 3 {
		for _, d := range ds {
			d.t.Helper()
			d.ok()
		}
	}
}

func (d *pair) write(path, content string) {
	d.t.Helper()
	if err := d.disk.WriteFile(path, content); err != nil {
		d.t.Fatal(err)
	}
}

// many writes files f000 and so on.
func (d *pair) many(n int, content string) {
	d.t.Helper()
	for i := range n {
		d.write(fmt.Sprintf("docs/f%03d", i), fmt.Sprintf("%s %d", content, i))
	}
}

func (d *pair) remove(path string) {
	d.t.Helper()
	if err := d.disk.RemoveAll(path); err != nil {
		d.t.Fatal(err)
	}
}

// files are the user's files on the disk.
func (d *pair) files() map[string]string {
	out := d.disk.Tree()
	maps.DeleteFunc(out, func(p, _ string) bool { return strings.HasPrefix(p, local.Own) || strings.HasSuffix(p, "/") })
	return out
}

// holds tells whether some file on the disk, the safety folder included, has the content.
func (d *pair) holds(content string) bool {
	for _, c := range d.disk.Tree() {
		if c == content {
			return true
		}
	}
	return false
}

// cloudFiles are the files that the volume shows.
func (d *pair) cloudFiles() []string {
	var out []string
	var walk func(f *merge.Folder, path string)
	walk = func(f *merge.Folder, path string) {
		for _, n := range f.Files() {
			out = append(out, tree.Join(path, n.Name))
		}
		for _, k := range f.Folders() {
			walk(k, tree.Join(path, k.Name()))
		}
	}
	walk(d.v.State().Root(), "")
	slices.Sort(out)
	return out
}

func (d *pair) status() engine.Status { return d.e.Status() }

// codes are the problems as "code path".
func (d *pair) codes() []string {
	var out []string
	for _, p := range d.status().Problems {
		out = append(out, strings.TrimSpace(p.Code+" "+p.Path))
	}
	return out
}

// wants checks state and problems.
func (d *pair) wants(state engine.State, problems ...string) {
	d.t.Helper()
	if got := d.status().State; got != state {
		d.t.Errorf("state %s, want %s; problems %v", got, state, d.status().Problems)
	}
	if got := d.codes(); !slices.Equal(got, problems) {
		d.t.Errorf("problems %q, want %q", got, problems)
	}
}

// memory is a database that never fails unless told to.
type memory struct {
	mu      sync.Mutex
	base    map[plan.Handle]plan.Base
	intent  *engine.Intent
	uploads map[string]engine.Upload
	open    []plan.Open
	guard   []byte
	joined  bool
	fail    func(engine.Change) error
	broken  error // what Load returns
	saves   int
}

func newMemory() *memory {
	return &memory{base: map[plan.Handle]plan.Base{}, uploads: map[string]engine.Upload{}}
}

func (m *memory) Load(context.Context) (engine.Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return engine.Saved{}, m.broken
	}
	s := engine.Saved{Base: plan.BasesOf(), Intent: m.intent, Open: m.open, Guard: m.guard, Joined: m.joined}
	for _, h := range slices.Sorted(maps.Keys(m.base)) {
		b := m.base[h]
		b.Nodes = slices.Clone(b.Nodes)
		s.Base.Append(&b)
	}
	for _, p := range slices.Sorted(maps.Keys(m.uploads)) {
		s.Uploads = append(s.Uploads, m.uploads[p])
	}
	return s, nil
}

func (m *memory) Save(_ context.Context, c engine.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saves++
	if m.fail != nil {
		if err := m.fail(c); err != nil {
			return err
		}
	}
	for _, b := range c.Set {
		x := *b
		x.Nodes = slices.Clone(b.Nodes)
		m.base[b.ID] = x
	}
	for _, h := range c.Drop {
		delete(m.base, h)
	}
	if c.Intent != nil {
		m.intent = c.Intent
	}
	if c.ClearIntent {
		m.intent = nil
	}
	for _, u := range c.Uploads {
		m.uploads[u.Path] = u
	}
	for _, h := range c.NoUploads {
		maps.DeleteFunc(m.uploads, func(_ string, u engine.Upload) bool { return u.Content.Hash == h })
	}
	if c.Open != nil {
		m.open = c.Open
	}
	if c.Guard != nil {
		m.guard = c.Guard
	}
	m.joined = m.joined || c.Joined
	return nil
}
