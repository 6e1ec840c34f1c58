package cloud_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// source is a disk of which the files are known by path. What is not there cannot be read.
type source struct {
	mu    sync.Mutex
	files map[string]string
	keys  []string
	metas []map[string]string
	packs []pack
	// refuse is how the store answers what is sent together; nil takes it.
	refuse error
	wait   func(path string)
}

func (s *source) Upload(ctx context.Context, path string, was plan.Signature, newKey func() string, meta map[string]string, _ *plan.Earlier) (plan.Sent, error) {
	if s.wait != nil {
		s.wait(path)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.files[path]
	if !ok {
		return plan.Sent{}, fmt.Errorf("read %s: no such file", path)
	}
	key := newKey()
	s.keys, s.metas = append(s.keys, key), append(s.metas, meta)
	content := tree.Content{Hash: hash(c), Size: int64(len(c)), Mtime: was.Mtime, Exec: was.Exec}
	if len(c) > 0 {
		content.Extents = []tree.Extent{{Key: key, Length: int64(len(c))}}
	}
	return plan.Sent{Content: content, Disk: was}, nil
}

// Pack puts the files one after the other, each behind a byte.
func (s *source) Pack(ctx context.Context, files []plan.Small, newKey func() string, meta map[string]string) []plan.Packed {
	key, at := newKey(), int64(0)
	out := make([]plan.Packed, len(files))
	s.mu.Lock()
	s.packs = append(s.packs, pack{key, meta, files})
	s.mu.Unlock()
	for i, f := range files {
		if c := s.files[f.Path]; f.Held != nil && f.Held(hash(c)) {
			out[i] = plan.Packed{Sent: plan.Sent{Content: tree.Content{Hash: hash(c), Size: int64(len(c))}, Disk: f.Was}, Held: true}
			continue
		}
		at++
		out[i].Sent, out[i].Err = s.Upload(ctx, f.Path, f.Was, func() string { return key }, f.Meta, nil)
		for j := range out[i].Sent.Content.Extents {
			out[i].Sent.Content.Extents[j].Offset = at
		}
		at += f.Was.Size
		if s.refuse != nil && out[i].Err == nil {
			out[i] = plan.Packed{Err: s.refuse}
		}
	}
	return out
}

// pack is what was sent together.
type pack struct {
	key   string
	meta  map[string]string
	files []plan.Small
}

func never() bool { return false }

func hash(c string) tree.Hash { return sha256.Sum256([]byte(c)) }

// desk is a replica with a volume, and a local tree that tests fill.
type desk struct {
	*cloud.Replica
	t      *testing.T
	src    *source
	in     plan.Input
	ups    []plan.Up
	told   map[string]plan.Sent
	fresh  map[string]bool
	failed []string
	look   bool
}

func newDesk(t *testing.T, o cloud.Options) *desk {
	store := memstore.New(nil)
	sp, err := space.Create(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	name, _ := layout.ParseVolume("Synced")
	v := sp.Volume(name, &space.MemCache{}, space.Writer{Device: 7, Run: 1, Name: "PC", Zone: func() int { return 0 }, Now: time.Now, Rand: rand.NewChaCha8([32]byte{1})})
	if err := v.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Pull(t.Context(), space.List); err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, src: &source{files: map[string]string{}}, told: map[string]plan.Sent{}, fresh: map[string]bool{}}
	n := byte(0)
	var mu sync.Mutex
	o.Volume, o.Source, o.Device = v, d.src, 7
	o.NewID = func() layout.ULID {
		mu.Lock()
		defer mu.Unlock()
		n++
		return layout.NewULID(1_790_000_000_000, [10]byte{n})
	}
	d.Replica = cloud.New(o)
	d.in = plan.Input{Local: plan.LocalsOf(), Base: plan.BasesOf(), State: v.State()}
	return d
}

// file is a new file on the disk. known tells whether its bytes were hashed.
func (d *desk) file(path, content string, known bool) plan.Up {
	h := plan.Handle(d.in.Local.Len() + 1)
	d.src.files[path] = content
	l := &plan.Local{ID: h, Name: path, Disk: plan.Signature{Size: int64(len(content)), Mtime: int64(1000 + h), Number: uint64(h)}}
	u := plan.Up{Kind: merge.Create, ID: h, Path: path, Base: &plan.Base{ID: h, Name: path, Disk: l.Disk}}
	if known {
		l.Hash = hash(content)
		u.Known = l.Hash
	}
	d.in.Local.Set(l)
	d.ups = append(d.ups, u)
	return u
}

func (d *desk) contents(prior map[string]plan.Sent) {
	d.t.Helper()
	err := d.Contents(d.t.Context(), d.in, d.ups, cloud.Have{Found: d.Find(d.ups), Prior: prior, Look: d.look}, never, func(u plan.Up, s plan.Sent, fresh bool) {
		d.told[u.Path], d.fresh[u.Path] = s, fresh
	}, func(f cloud.Failure) { d.failed = append(d.failed, f.Up.Path) })
	if err != nil {
		d.t.Fatal(err)
	}
}

// publish tells all that was sent, and makes Base of it.
func (d *desk) publish() {
	d.t.Helper()
	sent := map[plan.Handle]plan.Sent{}
	for _, u := range d.ups {
		sent[u.ID] = d.told[u.Path]
	}
	p, commit, err := d.Prepare(d.in, d.ups, sent, false)
	if err == nil {
		err = d.Volume.Publish(d.t.Context(), p)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	for _, b := range commit.Set {
		d.in.Base.Set(b)
	}
	d.ups, d.in.State = nil, d.State()
}

// TestSentOnce: what a live file in the volume holds is not sent again; what only the trash or an old version holds is, as it may be forgotten.
func TestSentOnce(t *testing.T) {
	for name, then := range map[string]func(d *desk, u plan.Up){
		"live":    func(*desk, plan.Up) {},
		"trash":   func(d *desk, u plan.Up) { d.remove(u.ID) },
		"version": func(d *desk, u plan.Up) { d.put(u, "something else") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, cloud.Options{})
			u := d.file("a.txt", "the same", false)
			d.contents(nil)
			d.publish()
			then(d, u)
			before := len(d.src.keys)
			d.file("b.txt", "the same", true)
			d.contents(nil)
			if again := len(d.src.keys) > before; again != (name != "live") || d.fresh["b.txt"] != again {
				t.Errorf("sent again: %v", again)
			}
			got := d.told["b.txt"]
			if got.Content.Hash != hash("the same") || len(got.Content.Extents) != 1 || got.Content.Mtime != d.in.Local.Get(d.ups[0].ID).Disk.Mtime {
				t.Errorf("%+v", got)
			}
			if name == "live" && got.Content.Extents[0].Key != d.src.keys[0] {
				t.Error("it refers to another object")
			}
		})
	}
}

func (d *desk) remove(h plan.Handle) {
	b := d.in.Base.Get(h)
	d.ups = []plan.Up{{Kind: merge.Delete, ID: h, Gone: []plan.Handle{h}, List: []merge.Entry{{Node: b.Nodes[0].ID, Version: b.Version, Place: b.Nodes[0].Place}}}}
	d.publish()
	d.in.Local.Drop(h)
	d.in.Base.Drop(h)
}

func (d *desk) put(u plan.Up, content string) {
	b := d.in.Base.Get(u.ID)
	d.src.files[u.Path] = content
	d.in.Local.Get(u.ID).Disk.Size, d.in.Local.Get(u.ID).Hash = int64(len(content)), tree.Hash{}
	d.ups = []plan.Up{{Kind: merge.Put, ID: u.ID, Path: u.Path, Node: b.Nodes[0].ID, Version: b.Version, Base: b}}
	d.contents(nil)
	d.publish()
}

// TestUnknownIsSent: a file whose bytes were not read is never taken for one in the volume.
func TestUnknownIsSent(t *testing.T) {
	d := newDesk(t, cloud.Options{})
	d.file("a.txt", "the same", false)
	d.contents(nil)
	d.publish()
	d.file("b.txt", "the same", false)
	if found := d.Find(d.ups); len(found) > 0 {
		t.Errorf("found %v for a file that nobody has read", found)
	}
	d.contents(nil)
	if len(d.src.keys) != 2 || !d.fresh["b.txt"] {
		t.Errorf("%d objects", len(d.src.keys))
	}
}

// TestEmpty: an empty file needs no object.
func TestEmpty(t *testing.T) {
	d := newDesk(t, cloud.Options{})
	d.file("empty", "", true)
	d.contents(nil)
	if got := d.told["empty"].Content; len(d.src.keys) > 0 || got.Hash != tree.EmptyHash || got.Size != 0 || len(got.Extents) > 0 {
		t.Errorf("%+v, %d objects", got, len(d.src.keys))
	}
	d.publish()
}

// TestPrior: what was sent before counts while the file is unchanged and known to be no other.
func TestPrior(t *testing.T) {
	for name, x := range map[string]struct {
		spoil func(d *desk, s *plan.Sent, u *plan.Up)
		again bool
	}{
		"unchanged":    {func(*desk, *plan.Sent, *plan.Up) {}, false},
		"changed":      {func(d *desk, s *plan.Sent, u *plan.Up) { d.in.Local.Get(u.ID).Disk.Mtime++ }, true},
		"another file": {func(d *desk, s *plan.Sent, u *plan.Up) { d.in.Local.Get(u.ID).Disk.Number++ }, true},
		"other bytes":  {func(d *desk, s *plan.Sent, u *plan.Up) { u.Known = hash("other"); d.in.Local.Get(u.ID).Hash = u.Known }, true},
		"other path":   {func(d *desk, s *plan.Sent, u *plan.Up) { u.Path = "elsewhere"; d.src.files[u.Path] = "film" }, true},
	} {
		d := newDesk(t, cloud.Options{})
		d.file("film", "film", false)
		d.contents(nil)
		s := d.told["film"]
		x.spoil(d, &s, &d.ups[0])
		d.contents(map[string]plan.Sent{"film": s})
		if again := len(d.src.keys) == 2; again != x.again {
			t.Errorf("%s: sent again: %v", name, again)
		}
	}
}

// TestOneFails: one file that cannot be read does not keep the others from being sent, one at a time or side by side.
func TestOneFails(t *testing.T) {
	for _, parallel := range []int{1, 4} {
		d := newDesk(t, cloud.Options{Parallel: parallel})
		for i := range 20 {
			d.file(fmt.Sprintf("f%02d", i), fmt.Sprint("content ", i), false)
		}
		delete(d.src.files, "f03")
		delete(d.src.files, "f11")
		d.contents(nil)
		slices.Sort(d.failed)
		if diff := cmp.Diff([]string{"f03", "f11"}, d.failed); diff != "" || len(d.told) != 18 {
			t.Errorf("%d told; failed: %s", len(d.told), diff)
		}
	}
}

// TestStopped: when the context ends, no further file is begun and the error says so.
func TestStopped(t *testing.T) {
	d := newDesk(t, cloud.Options{Parallel: 1, Few: 100})
	for i := range 20 {
		d.file(fmt.Sprintf("f%02d", i), fmt.Sprint("content ", i), false)
	}
	ctx, cancel := context.WithCancel(t.Context())
	d.src.wait = func(path string) {
		if path == "f05" {
			cancel()
		}
	}
	n := 0
	err := d.Contents(ctx, d.in, d.ups, cloud.Have{}, never, func(plan.Up, plan.Sent, bool) { n++ }, func(cloud.Failure) {})
	if !errors.Is(err, context.Canceled) || n > 6 {
		t.Errorf("%v after %d files", err, n)
	}
}

// TestEnough: what is not begun when it is enough is left, but for the first.
func TestEnough(t *testing.T) {
	d := newDesk(t, cloud.Options{Parallel: 1})
	for i := range 5 {
		d.file(fmt.Sprintf("f%02d", i), fmt.Sprint("content ", i), false)
	}
	for _, n := range []int{1, 3} {
		var told []string
		enough := func() bool { return len(told) >= n }
		if n == 1 {
			enough = func() bool { return true }
		}
		err := d.Contents(t.Context(), d.in, d.ups, cloud.Have{}, enough, func(u plan.Up, _ plan.Sent, _ bool) { told = append(told, u.Path) }, func(cloud.Failure) {})
		if err != nil || len(told) != n {
			t.Errorf("%v, %v", told, err)
		}
	}
}

// TestExec: a disk with execute bits tells its own; on one without, a file keeps what it has in the cloud.
func TestExec(t *testing.T) {
	for _, x := range []struct{ noExec, onDisk, inCloud, want bool }{
		{false, true, false, true}, {false, false, true, false}, {true, false, true, true}, {true, true, false, false},
	} {
		d := newDesk(t, cloud.Options{NoExec: false})
		u := d.file("run.sh", "one", false)
		d.in.Local.Get(u.ID).Disk.Exec = x.inCloud
		d.contents(nil)
		d.publish()
		d.NoExec = x.noExec
		d.in.Local.Get(u.ID).Disk.Exec = x.onDisk
		d.put(u, "two")
		if got := d.told["run.sh"].Content; got.Exec != x.want || got.Hash != hash("two") {
			t.Errorf("%+v: exec %v", x, got.Exec)
		}
		if m := layout.ParseMeta(d.src.metas[1]); m.Exec != x.want {
			t.Errorf("%+v: the object says exec %v", x, m.Exec)
		}
	}
}

// TestKeysAndMeta: an object lies under a name that a person can read, and says what it is.
func TestKeysAndMeta(t *testing.T) {
	d := newDesk(t, cloud.Options{})
	d.file("docs/årsrapport.odt", "text", false)
	d.contents(nil)
	if !strings.HasPrefix(d.src.keys[0], "docs/") || !strings.HasSuffix(d.src.keys[0], ".odt") {
		t.Errorf("key %s", d.src.keys[0])
	}
	if m := layout.ParseMeta(d.src.metas[0]); m.Path != "docs/årsrapport.odt" || m.Device != 7 {
		t.Errorf("%+v", m)
	}
	if _, ok := d.src.metas[0]["sha256"]; ok {
		t.Error("a hash that nobody knows yet")
	}
}
