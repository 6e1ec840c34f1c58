package scenario

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// scene is one run of one case: a store, a clock, some devices, and what people have written so far.
type scene struct {
	alone      bool // every file is an object of its own
	t          *testing.T
	store      *memstore.Store
	now        time.Time
	devices    []*device
	back       bool              // devices take their turns the other way round
	written    map[string]bool   // contents that people wrote and that must be kept
	everything map[string]bool   // all that was ever written
	strange    map[string]string // what other tools put into the store, by key
	expects    map[string][]string
	asking     map[string]bool // devices whose guard may ask at the end
	broken     bool            // the store was damaged from outside: versions may lack their bytes
	apart      bool            // devices need not agree at the end
	sweeping   bool            // content may be deleted for good now
}

func newScene(t *testing.T, back bool) *scene {
	s := &scene{t: t, back: back, now: time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC), written: map[string]bool{}, everything: map[string]bool{}, strange: map[string]string{},
		expects: map[string][]string{}, asking: map[string]bool{}}
	s.store = memstore.New(func() time.Time { return s.now })
	if _, err := space.Create(context.Background(), s.store); err != nil {
		t.Fatal(err)
	}
	return s
}

// tick is the true time; every look at it is a little later.
func (s *scene) tick() time.Time { s.now = s.now.Add(time.Millisecond); return s.now }

// wait lets time go by.
func (s *scene) wait(d time.Duration) { s.now = s.now.Add(d) }

func (s *scene) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf(format, args...)
}

// dev returns a device by its name. A and B are made when first named.
func (s *scene) dev(name string) *device {
	for _, d := range s.devices {
		if d.name == name {
			return d
		}
	}
	return s.add(name, "Synced", disktest.Options{}, "")
}

// kinds of disks, by the names that scripts use.
var kinds = map[string]disktest.Options{
	"linux":   {},
	"windows": {CaseInsensitive: true, WindowsNames: true, NoCtime: true, NoExec: true},
	"mac":     {CaseInsensitive: true, FormInsensitive: true},
	"fat":     {CaseInsensitive: true, NoBirth: true, NoExec: true, NoExchange: true, Granularity: 2 * time.Second},
	"hfs":     {CaseInsensitive: true, FormInsensitive: true, Granularity: time.Second},
	"ext4":    {NoBirth: true, ReuseNumbers: true},
	"nfs":     {NoBirth: true, NoExchange: true},
}

// add makes a device. Kind is a name of kinds or "".
func (s *scene) add(name, volume string, o disktest.Options, kind string) *device {
	if k, ok := kinds[kind]; ok {
		o = k
	}
	o.Now = func() int64 { return s.tick().UnixNano() }
	o.UserSyncs = true
	d := newDevice(s, name, volume, o)
	s.devices = append(s.devices, d)
	slices.SortFunc(s.devices, func(a, b *device) int { return strings.Compare(a.name, b.name) })
	return d
}

func (s *scene) online() []*device {
	var out []*device
	for _, d := range s.devices {
		if !d.off {
			out = append(out, d)
		}
	}
	if s.back {
		slices.Reverse(out)
	}
	return out
}

// settle lets everybody who is on work until nobody has anything to do.
func (s *scene) settle() {
	s.t.Helper()
	for range 30 {
		did := false
		for _, d := range s.online() {
			before := d.trouble.writes
			d.ok()
			did = did || d.trouble.writes != before
		}
		if !did {
			return
		}
	}
	s.t.Fatal("the devices never come to rest")
}

// settlePartly lets everybody work as far as they can.
func (s *scene) settlePartly() {
	for range 4 {
		for _, d := range s.online() {
			_ = d.cycle()
		}
	}
}

// base writes files on the first device and brings them to all.
func (s *scene) base(files map[string]string) {
	s.t.Helper()
	if len(s.devices) == 0 {
		s.dev("A")
		s.dev("B")
	}
	first := s.devices[0]
	for _, p := range sorted(files) {
		first.write(p, files[p])
	}
	s.settle()
	for _, d := range s.devices {
		if got := d.files(); len(got) != len(first.files()) {
			s.t.Fatalf("%s did not get the same files: %v", d.name, got)
		}
	}
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// wrote notes what a person has finished writing.
func (s *scene) wrote(content string) { s.written[content], s.everything[content] = true, true }

// told tells whether the volume of a device has a version with that content.
func (d *device) told(content string) bool {
	h := sum(content)
	for v := range d.volume().State().AllVersions {
		if v.Content.Hash == h {
			return true
		}
	}
	return false
}

// overwritten notes that a person took a content away. If nobody else was told of it before, it was his own to take.
func (s *scene) overwritten(d *device, content string) {
	if d.told(content) {
		return
	}
	for _, o := range s.devices {
		if o != d && o.holds(content) {
			return
		}
	}
	delete(s.written, content)
}

// forget says that a content may be gone for good: its time was over.
func (s *scene) forget(contents ...string) {
	for _, c := range contents {
		delete(s.written, c)
	}
}

func (s *scene) device(i int) tree.Device { return tree.Device(1000 + i) }

func words(v []string) string { return fmt.Sprintf("%q", v) }

// sweep lets a device forget what has expired, with a checkpoint as the program makes one.
func (s *scene) sweep(name string) space.SweepReport {
	s.t.Helper()
	r, err := s.trySweep(name)
	if err != nil {
		s.t.Fatalf("%s sweeps: %v", name, err)
	}
	s.dev(name).ok()
	return r
}

func (s *scene) trySweep(name string) (r space.SweepReport, err error) {
	d := s.dev(name)
	s.sweeping = true
	defer func() { s.sweeping = false }()
	err = d.engine.Alone(func() (err error) {
		sp, err := space.Open(context.Background(), s.store)
		if err != nil {
			return err
		}
		r, err = sp.Sweep(context.Background(), d.volume(), space.SweepOptions{})
		return err
	})
	if err != nil || len(r.Sparse) == 0 {
		return r, err
	}
	ops, err := d.volume().Repack(context.Background(), r)
	if err == nil {
		err = d.engine.Tell(context.Background(), func(*merge.State) ([]merge.Op, error) { return ops, nil })
	}
	return r, err
}

// stranger puts an object into the store as another tool does.
func (s *scene) stranger(key, content string) {
	s.store.Foreign(key, content)
	s.strange[key] = content
}

// unstrange takes it away again.
func (s *scene) unstrange(key string) {
	s.store.ForeignDelete(key)
	delete(s.strange, key)
}
