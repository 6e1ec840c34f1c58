package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"elkjopcloud/app/config"
	"elkjopcloud/backup"
	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/disk/volume"
	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/treedb"
)

// syncedName is the Synced pair's name.
const syncedName = "Synced"

// choice is what was chosen of one pair; two equal choices are the same pair.
type choice struct {
	name     string
	area     layout.Area
	root     string
	prefix   string // of the volume
	skip     string // the patterns, by line
	volumeID string
	onVolume string // where on that volume
	marker   string // Synced
}

// pair is one folder and its volume. Its engine is made when the folder is there for the first time.
type pair struct {
	choice
	c      *Client
	vol    layout.Volume
	patt   []string
	ended  context.Context // ends when the pair is closed
	end    context.CancelFunc
	inUse  sync.RWMutex // held for reading by whoever lets the engine work; close waits for them
	making sync.Mutex

	mu      sync.Mutex // guards what follows
	eng     *engine.Engine
	loc     *local.Replica
	fs      disk.FS
	started bool           // a cycle was begun in this run
	once    bool           // single cycles are asked for, and nothing watches
	looked  *engine.Engine // was made for one just now, and has looked at the whole folder
	absent  error          // why there is no engine
	gone    bool           // the folder was not there when it was last looked for
	rested  time.Time      // when a backup that has its times was found made
	wanted  bool           // somebody wants it before its time
}

// choices lists the pairs of some settings, Synced first.
func choices(s config.Settings) []choice {
	var out []choice
	if s.Synced != nil {
		out = append(out, choice{name: syncedName, area: layout.Synced, root: s.Synced.Root, prefix: string(layout.Synced), volumeID: s.Synced.VolumeID, onVolume: s.Synced.Place, marker: s.Synced.Marker})
	}
	for _, b := range s.Backups {
		out = append(out, choice{name: b.Name, area: layout.Backup, root: b.Root, prefix: b.VolumePrefix, skip: lines(b.Skip), volumeID: b.VolumeID, onVolume: b.Place})
	}
	return out
}

func lines(all []string) string {
	out := ""
	for _, s := range all {
		out += s + "\n"
	}
	return out
}

// arrange makes the pairs those that are chosen. What stays the same goes on undisturbed.
func (c *Client) arrange() {
	c.mu.Lock()
	want := choices(c.cfg)
	old := c.pairs
	skips := map[string][]string{}
	for _, b := range c.cfg.Backups {
		skips[b.Name] = b.Skip
	}
	var pairs, gone []*pair
	for _, w := range want {
		i := slices.IndexFunc(old, func(p *pair) bool { return p.choice == w })
		if i >= 0 {
			pairs = append(pairs, old[i])
			continue
		}
		if p := c.newPair(w, skips[w.name]); p != nil {
			pairs = append(pairs, p)
		}
	}
	for _, p := range old {
		if !slices.Contains(pairs, p) {
			gone = append(gone, p)
		}
	}
	c.pairs = pairs
	c.mu.Unlock()
	for _, p := range gone {
		p.close()
	}
	c.poked()
}

func (c *Client) newPair(w choice, patterns []string) *pair {
	v, ok := layout.ParseVolume(w.prefix)
	if !ok {
		c.notes = append(c.notes, wrongUse("Remove the backup and add it again.", "The settings name a backup %q that cannot be one.", w.name).because("bad-backup", w.name))
		return nil
	}
	p := &pair{choice: w, c: c, vol: v, patt: patterns}
	p.ended, p.end = context.WithCancel(context.Background())
	return p
}

// all returns the pairs as they are now.
func (c *Client) all() []*pair {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.pairs)
}

// close ends what the pair is doing, waits for it, and leaves the volume to others.
func (p *pair) close() {
	p.end()
	p.inUse.Lock()
	defer p.inUse.Unlock()
	p.mu.Lock()
	had := p.eng != nil
	p.eng = nil
	p.mu.Unlock()
	p.c.mu.Lock()
	l := p.c.link
	p.c.mu.Unlock()
	if !had || l == nil {
		return
	}
	u := l.use(p.vol)
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.pair == p {
		u.pair, u.pulled = nil, false
	}
}

var errEnded = errors.New("the folder is no longer looked after")

// with calls f with the pair's engine, which is made when there is none yet. What f does ends when the pair is closed.
func (p *pair) with(ctx context.Context, f func(context.Context, *engine.Engine) error) error {
	p.inUse.RLock()
	defer p.inUse.RUnlock()
	if p.ended.Err() != nil {
		return errEnded
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.ended, cancel)()
	e, err := p.engine(ctx)
	if err != nil {
		return err
	}
	return f(ctx, e)
}

// engine returns the engine, and makes it when the folder is there.
func (p *pair) engine(ctx context.Context) (*engine.Engine, error) {
	p.making.Lock()
	defer p.making.Unlock()
	if e := p.current(); e != nil {
		return e, nil
	}
	l, err := p.c.open(ctx)
	if err != nil {
		return nil, err
	}
	e, err := p.make(ctx, l)
	p.mu.Lock()
	p.absent = err
	p.mu.Unlock()
	return e, err
}

func (p *pair) current() *engine.Engine {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.eng
}

func (p *pair) make(ctx context.Context, l *link) (*engine.Engine, error) {
	if err := p.present(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", engine.ErrNotConnected, err)
	}
	fs, err := disk.Open(p.root)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", engine.ErrNotConnected, err)
	}
	rules, err := p.rules()
	if err != nil {
		return nil, err
	}
	u := l.use(p.vol)
	u.mu.Lock()
	defer u.mu.Unlock()
	e, loc := p.build(l, u, fs, rules)
	p.mu.Lock()
	once := p.once
	p.mu.Unlock()
	if err := e.Ahead(ctx, once, u.load); err != nil {
		return nil, err
	}
	u.pair = p
	p.mu.Lock()
	p.eng, p.loc, p.fs = e, loc, fs
	if once {
		p.looked = e
	}
	p.mu.Unlock()
	return e, nil
}

func (p *pair) build(l *link, u *volumeUse, fs disk.FS, rules *ignore.Rules) (*engine.Engine, *local.Replica) {
	c := p.c
	loc := local.New(local.Options{
		FS: fs, Rules: rules, Transfer: l.transfer, Prefix: p.vol.Prefix() + "/", Exclude: p.exclude,
		Random: func() string { return fmt.Sprintf("%016x", random64()) },
		Today:  func() string { return c.o.Now().Format("2006-01-02") }, Beside: l.me.CopyName,
	})
	cl := cloud.New(cloud.Options{Volume: u.vol, Source: loc, NewID: c.ids.next, Device: l.me.Device, NoExec: noExec})
	e := engine.New(engine.Options{
		Name: p.name, UpOnly: p.area == layout.Backup, Known: volume.Lasting(p.volumeID), Volume: u.vol, Local: loc, Cloud: cl, Store: u.store, Present: p.present,
		Now: c.o.Now, Log: c.o.Log, Changed: c.signal, Told: p.told, FoldNames: !fs.CaseSensitive(), Rested: c.relief.rested,
	})
	p.chooseFor(e)
	if p.waits() {
		e.Pause()
	}
	return e, loc
}

func (p *pair) rules() (*ignore.Rules, error) {
	if p.area == layout.Synced {
		return ignore.New(ignore.Synced, nil)
	}
	return ignore.New(ignore.Backup, p.patt)
}

// present tells whether the folder that was chosen is there: on its drive, and for Synced with its mark.
func (p *pair) present(ctx context.Context) error {
	if err := backup.Present(ctx, p.root, p.volumeID); err != nil {
		return err
	}
	if p.marker == "" {
		return nil
	}
	fs, err := disk.Open(p.root)
	if err != nil {
		return err
	}
	got, err := local.Claimed(fs)
	if err == nil && got != p.marker {
		err = local.ErrNotOurs
	}
	return err
}

// exclude lists what in the folder belongs to others: the roots of other pairs, the program's home, and a storage in a folder.
func (p *pair) exclude() []string { return backup.Inside(p.root, p.c.occupied(p.root)) }

// occupied lists the folders that the program uses, except one.
func (c *Client) occupied(but string) []string {
	s := c.settings()
	out := []string{c.o.Home}
	if s.Storage.Dir != "" {
		out = append(out, s.Storage.Dir)
	}
	for _, x := range choices(s) {
		if x.root != but {
			out = append(out, x.root)
		}
	}
	return out
}

func (p *pair) told(e engine.Event) {
	switch e.Kind {
	case "uploaded", "changed", "downloaded", "replaced":
		p.c.mu.Lock()
		p.c.moved++
		p.c.mu.Unlock()
	}
	p.c.event(treedb.Event{Kind: e.Kind, Pair: p.name, Path: filepath.Join(p.root, filepath.FromSlash(e.Path)), Bytes: e.Bytes, Device: p.c.author(e.Kind)})
}

// author names this computer for what was done here; who did what came from the cloud is in the versions.
func (c *Client) author(kind string) string {
	switch kind {
	case "uploaded", "changed", "moved", "deleted", "restored":
		return c.settings().DeviceName
	}
	return ""
}

// cycle does everything that there is to do for the pair. What went wrong is in its status.
func (p *pair) cycle(ctx context.Context) error {
	p.mu.Lock()
	p.started, p.once = true, true
	p.mu.Unlock()
	err := p.with(ctx, func(ctx context.Context, e *engine.Engine) error {
		if !p.looks(e) {
			e.Mark()
		}
		return e.Cycle(ctx)
	})
	p.c.damaged(err)
	p.c.signal()
	return err
}

// looks tells whether an engine was made just now, and has looked at the whole folder: once for each.
func (p *pair) looks(e *engine.Engine) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	is := p.looked == e
	p.looked = nil
	return is
}

func (p *pair) tell(ctx context.Context, ops func(*merge.State) ([]merge.Op, error)) error {
	return p.with(ctx, func(ctx context.Context, e *engine.Engine) error { return e.Tell(ctx, ops) })
}

// fresh tells that the pair's engine keeps its view of the volume up to date by itself.
func (p *pair) fresh() bool {
	p.c.mu.Lock()
	running := p.c.running
	p.c.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	return running && p.started && p.eng != nil
}

// newMarker is what a Synced folder is marked with.
func newMarker() string {
	var b [8]byte
	_, _ = randomReader{}.Read(b[:])
	return hex.EncodeToString(b[:])
}
