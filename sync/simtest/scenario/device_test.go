package scenario

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"strings"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/simtest"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

func sum(content string) tree.Hash { return sha256.Sum256([]byte(content)) }

// device is one computer with one pair.
type device struct {
	*scene
	id      int
	name    string
	off     bool
	skew    time.Duration
	vol     layout.Volume
	disk    *disktest.Disk
	net     *faultstore.Store
	trouble *trouble
	memory  *simtest.Memory
	cache   *space.MemCache
	journal *transfer.MemJournal
	rules   []string
	notHere []merge.ID // folders that are kept off
	opt     engine.Options
	engine  *engine.Engine
	runs    int
	events  []engine.Event
}

func newDevice(s *scene, name, volume string, o disktest.Options) *device {
	vol, ok := layout.ParseVolume(volume)
	if !ok {
		s.t.Fatalf("%q is no volume", volume)
	}
	d := &device{scene: s, id: len(s.devices) + 1, name: name, vol: vol, disk: disktest.New(o), memory: simtest.NewMemory(), cache: &space.MemCache{},
		journal: &transfer.MemJournal{}, net: faultstore.New(s.store, nil)}
	d.opt.UpOnly, d.opt.NoExec = vol.Area == layout.Backup, o.NoExec
	if d.opt.UpOnly {
		d.opt.Present = func(context.Context) error { _, err := d.disk.Stat(""); return err }
	} else if err := local.Claim(d.disk, name); err != nil {
		s.t.Fatal(err)
	}
	d.disk.Settle()
	d.trouble = newTrouble(d)
	d.start()
	return d
}

// start starts the program: what was only in memory is gone.
func (d *device) start() {
	d.t.Helper()
	d.runs++
	d.trouble.revive()
	c := simtest.Computer{Device: d.scene.device(d.id), Name: d.name, Run: uint32(d.id*10000 + d.runs), Volume: d.vol, Disk: d.disk, Bucket: d.trouble.bucket(d.net),
		Cache: d.cache, Store: d.trouble.store(d.memory), Now: func() time.Time { return d.tick().Add(d.skew) }, Rules: d.rules, Engine: d.opt}
	c.Transfer = transfer.Options{Journal: d.journal, MultipartFrom: 6 << 20, PartSize: 5 << 20, Piece: 5 << 20}
	if c.Few = 1000; d.back && !d.alone {
		c.Few = 1
	}
	c.Engine.Beside = func(move func()) { move() } // one run is always the same
	c.Engine.Told = func(ev engine.Event) { d.events = append(d.events, ev) }
	net := d.net
	net.Decide(nil)
	e, err := c.Start(context.Background())
	if err != nil {
		d.t.Fatalf("%s does not start: %v", d.name, err)
	}
	d.engine = e
	e.KeepOff(d.notHere)
	d.trouble.obey()
}

func (d *device) volume() *space.Volume { return d.engine.Volume }

// cycle looks at everything and does what there is to do.
func (d *device) cycle() error {
	d.tick()
	d.engine.Mark()
	return d.engine.Cycle(context.Background())
}

// ok does a cycle that has to work.
func (d *device) ok() {
	d.t.Helper()
	if err := d.cycle(); err != nil {
		d.t.Fatalf("%s: %v", d.name, err)
	}
}

// What the person at the device does.

func (d *device) act(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("the person at %s: %v", d.name, err)
	}
}

// replacing notes what stands at a path before it goes.
func (d *device) replacing(path string) {
	for p, c := range d.disk.Tree() {
		if !strings.HasSuffix(p, "/") && tree.Under(p, path) {
			d.overwritten(d, c)
		}
	}
	if c, err := d.disk.ReadFile(path); err == nil {
		d.overwritten(d, c)
	}
}

func (d *device) write(path, content string) {
	d.t.Helper()
	d.replacing(path)
	d.act(d.disk.WriteFile(path, content))
	d.wrote(content)
}

// save writes as editors do: beside it, then over it.
func (d *device) save(path, content string) {
	d.t.Helper()
	d.replacing(path)
	d.act(d.disk.SaveFile(path, content))
	d.wrote(content)
}

func (d *device) remove(path string) {
	d.t.Helper()
	if _, err := d.disk.Stat(path); err != nil {
		d.t.Fatalf("the person at %s removes %s: %v", d.name, path, err)
	}
	d.replacing(path)
	d.act(d.disk.RemoveAll(path))
}

func (d *device) move(from, to string) {
	d.t.Helper()
	if from != to && !strings.EqualFold(from, to) {
		if _, err := d.disk.Stat(to); err == nil {
			d.replacing(to)
		}
	}
	d.act(d.disk.Move(from, to))
}

func (d *device) tell(ops func(v *space.Volume) ([]merge.Op, error)) {
	d.t.Helper()
	v := d.volume()
	if err := d.engine.Tell(context.Background(), func(*merge.State) ([]merge.Op, error) { return ops(v) }); err != nil {
		d.t.Fatalf("%s: %v", d.name, err)
	}
}

// restore puts everything back from the trash whose path is, or lies below, one of these.
func (d *device) restore(paths ...string) {
	d.t.Helper()
	d.tell(func(v *space.Volume) ([]merge.Op, error) {
		var ids []string
		for _, p := range paths {
			ids = append(ids, d.trashID(p))
		}
		return v.RestoreOps(ids...)
	})
}

// trashID names the newest entry of a path.
func (d *device) trashID(path string) string {
	d.t.Helper()
	for _, e := range d.volume().Trash(space.TrashFilter{Find: path}) {
		if e.Path == path {
			return e.ID
		}
	}
	d.t.Fatalf("%s is not in the trash of %s", path, d.name)
	return ""
}

// revert makes an earlier content the newest version of a file.
func (d *device) revert(path, content string) {
	d.t.Helper()
	d.tell(func(v *space.Volume) ([]merge.Op, error) {
		n, ok := v.FileAt(path)
		if !ok {
			d.t.Fatalf("%s has no %s", d.name, path)
		}
		for _, e := range v.Versions(n.ID) {
			if e.Content.Hash == sum(content) && !e.Current {
				op, err := v.RestoreVersionOp(n.ID, e.ID)
				return []merge.Op{op}, err
			}
		}
		d.t.Fatalf("%s: %s has no version %q", d.name, path, content)
		return nil, nil
	})
}

func (d *device) purge(paths ...string) {
	d.t.Helper()
	d.tell(func(v *space.Volume) ([]merge.Op, error) {
		var ids []string
		for _, p := range paths {
			ids = append(ids, d.trashID(p))
		}
		return v.PurgeOps(ids...)
	})
}

func (d *device) answer(a string) {
	d.t.Helper()
	if err := d.engine.Answer(context.Background(), a); err != nil {
		d.t.Fatalf("%s: %v", d.name, err)
	}
}

// choose keeps a folder off the device, or not any more.
func (d *device) choose(path string, off bool) {
	d.t.Helper()
	f := d.volume().State().Root().Find(path)
	if f == nil {
		d.t.Fatalf("%s knows no folder %s", d.name, path)
	}
	for _, n := range f.Members() {
		d.notHere = slices.DeleteFunc(d.notHere, func(id merge.ID) bool { return id == n.ID })
		if off {
			d.notHere = append(d.notHere, n.ID)
		}
	}
	d.engine.KeepOff(d.notHere)
}

// loseDatabase forgets what the device remembered.
func (d *device) loseDatabase() {
	d.t.Helper()
	d.memory.Forget()
	d.cache, d.journal = &space.MemCache{}, &transfer.MemJournal{}
	d.start()
}

// What is to be seen.

// all is everything on the disk that is the person's: files with their contents, folders with a slash at their end.
func (d *device) all() map[string]string {
	out := d.disk.Tree()
	maps.DeleteFunc(out, func(p, _ string) bool {
		return p == "" || p == "/" || strings.HasPrefix(p, local.Own+"/") || p == local.Own
	})
	return out
}

// files are the person's files.
func (d *device) files() map[string]string {
	out := d.all()
	maps.DeleteFunc(out, func(p, _ string) bool { return strings.HasSuffix(p, "/") || strings.HasSuffix(p, "@") })
	return out
}

// holds tells whether some file on the disk, the safety folder included, has the content.
func (d *device) holds(content string) bool {
	for p, c := range d.disk.Tree() {
		if c == content && !strings.HasSuffix(p, "/") {
			return true
		}
	}
	return false
}

// kept tells whether the safety folder has the content.
func (d *device) kept(content string) bool {
	for p, c := range d.disk.Tree() {
		if c == content && strings.HasPrefix(p, local.Own+"/kept/") {
			return true
		}
	}
	return false
}

func (d *device) status() engine.Status { return d.engine.Status() }

// problems are the problems as "code path".
func (d *device) problems() []string {
	var out []string
	for _, p := range d.status().Problems {
		out = append(out, strings.TrimSpace(p.Code+" "+p.Path))
	}
	return out
}

// leavesOut compares what the device says that it does not look at.
func (d *device) leavesOut(want ...string) {
	d.t.Helper()
	var got []string
	for _, p := range d.status().Skipped {
		got = append(got, p.Path)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		d.t.Errorf("%s leaves out %q, want %q", d.name, got, want)
	}
}

// shown is the tree that the volume shows, folders with a slash; the contents are hashes.
func (d *device) shown() map[string]string {
	out := map[string]string{}
	var walk func(f *merge.Folder, path string)
	walk = func(f *merge.Folder, path string) {
		for _, n := range f.Files() {
			v, _ := d.volume().State().Version(n.Current)
			out[tree.Join(path, n.Name)] = v.Content.Hash.String()
		}
		for _, k := range f.Folders() {
			p := tree.Join(path, k.Name())
			out[p+"/"] = ""
			walk(k, p)
		}
	}
	walk(d.volume().State().Root(), "")
	return out
}
