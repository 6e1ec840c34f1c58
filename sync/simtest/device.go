package simtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// device is one computer: its disk, what it remembers, and the program, which may die at any moment.
type device struct {
	w       *World
	id      int
	tree    tree.Device
	name    string
	skew    time.Duration
	disk    *disktest.Disk
	memory  *Memory
	cache   *space.MemCache
	journal *transfer.MemJournal
	blocks  *transfer.MemBlocks
	faults  *faults
	engine  *engine.Engine
	away    time.Time       // switched off until then
	rested  time.Time       // when it last had worked to the end, or began for the first time
	late    bool            // it once came back after longer than the Trash keeps things, and knew what the others had forgotten
	pulled  bool            // the drive is out
	loose   map[string]bool // written since the disk was last settled
	runs    int
	ahead   bool              // the program was started just now, and begins with reading everything at once
	notHere map[merge.ID]bool // folders that the person keeps off it; replaced as a whole
}

func (w *World) newDevice(i int) *device {
	opt := disktest.Options{UserSyncs: true, Now: func() int64 { return w.now.UnixNano() }}
	switch w.rng.IntN(6) {
	case 0:
		opt.CaseInsensitive, opt.FormInsensitive = true, true
	case 1:
		opt.NoBirth = true
	case 2:
		opt.NoExchange = true
	}
	if w.opt.Long {
		opt.ReuseNumbers = w.p(0.5)
	}
	d := &device{w: w, id: i, tree: tree.Device(1000 + i), name: fmt.Sprintf("PC%d", i), disk: disktest.New(opt),
		skew: time.Duration(w.rng.IntN(7200)-3600) * time.Second, memory: newMemory(w.opt.Eager), cache: &space.MemCache{}, journal: &transfer.MemJournal{}, blocks: &transfer.MemBlocks{}, loose: map[string]bool{}}
	if w.opt.Long && w.p(0.3) {
		d.skew *= 240
	}
	d.faults = newFaults(d)
	d.disk.SetFaults(d.faults.before, d.faults.after)
	if err := local.Claim(d.disk, d.name); err != nil {
		w.fault("claim the root: %v", err)
	}
	d.disk.Settle()
	d.start()
	return d
}

// start starts the program: everything that was only in its memory is gone.
func (d *device) start() {
	d.runs++
	d.ahead = d.runs%2 == 0
	d.faults.disarm()
	vol, _ := layout.ParseVolume("Synced")
	c := Computer{Device: d.tree, Name: d.name, Run: uint32(d.id*10000 + d.runs), Volume: vol, Disk: d.disk, Bucket: d.faults.bucket(d.w.store), Cache: d.cache,
		Store: d.faults.store(d.memory), Now: func() time.Time { return d.w.now.Add(d.skew) }, KeyTime: func() time.Time { return d.w.now }}
	n := 0
	c.Count = func() int { n++; return n }
	c.Random = func() string { return fmt.Sprintf("%d-%d", d.runs, c.Count()) }
	c.Transfer.Journal = d.journal
	if d.w.opt.Cut {
		c.Transfer.Blocks, c.Transfer.BlocksFrom, c.Transfer.Block = d.blocks, 1, 4
	}
	c.Engine.Chunk, c.Engine.Window, c.Engine.Huge = 3, 4, d.w.opt.Huge
	if d.w.opt.Packed {
		c.Few, c.Engine.Chunk = 1, 6
	}
	c.Engine.Most, c.Fold = d.w.opt.Most, d.w.opt.Fold
	c.Engine.Beside = func(move func()) { move() }
	e, err := c.Start(context.Background())
	if err != nil {
		d.w.fault("start: %v", err)
		return
	}
	d.engine = e
	if d.w.opt.Choosing {
		d.keepOff(d.notHere)
	}
}

// work lets the device do a cycle, which may be cut short by anything.
func (d *device) work() {
	if d.off() {
		return
	}
	d.faults.arm()
	err := d.cycle()
	d.w.log("device %d worked: %v", d.id, err)
	if d.faults.dead() {
		d.die()
	} else if d.w.p(0.1) && !d.w.opt.Calm {
		d.w.log("device %d is restarted", d.id)
		d.start()
	}
}

func (d *device) cycle() error {
	if d.ahead {
		d.ahead = false
		if err := d.engine.Ahead(context.Background(), true, func(context.Context) error { return nil }); err != nil {
			return err
		}
	} else {
		d.engine.Mark()
	}
	if d.rested.IsZero() {
		d.rested = d.w.now // what it has learnt when it is stopped now is as old as that
	}
	if d.w.now.Sub(d.rested) > 30*day {
		d.late = true
	}
	err := d.engine.Cycle(context.Background())
	if err == nil {
		d.rested = d.w.now
	}
	d.look()
	return err
}

// die ends the program; sometimes the whole computer loses power.
func (d *device) die() {
	d.w.reached["crash"]++
	if d.w.p(0.4) {
		d.powerCut()
	}
	d.start()
}

func (d *device) powerCut() {
	d.w.log("device %d loses power", d.id)
	d.w.reached["power cut"]++
	d.disk.PowerCut(rand.New(rand.NewPCG(d.w.rng.Uint64(), 1)))
	// What was written into a folder that was not durable itself is nobody's promise.
	here := d.contents()
	for c := range d.loose {
		if here[c] == 0 {
			d.w.seen.take(c, d.w.now)
		}
	}
	d.loose = map[string]bool{}
}

// calm ends all trouble.
func (d *device) calm() {
	d.faults.disarm()
	if d.pulled {
		d.plug()
	}
	d.disk.Settle()
	d.start()
}

// plug pulls the drive out, or puts it in again.
func (d *device) plug() {
	if d.pulled {
		d.disk.Replug()
	} else {
		d.w.reached["unplugged"]++
		if d.w.p(0.5) {
			d.disk.Unplug()
		} else {
			d.disk.UnplugHard()
		}
	}
	d.pulled = !d.pulled
	d.w.log("device %d drive out: %v", d.id, d.pulled)
}

// loseDatabase forgets what the device remembered. An intent that is lost with it may have been sent or not; both are well.
func (d *device) loseDatabase() {
	d.w.log("device %d loses its database", d.id)
	d.w.reached["database lost"]++
	d.memory.Forget()
	d.cache, d.journal, d.blocks = &space.MemCache{}, &transfer.MemJournal{}, &transfer.MemBlocks{}
	d.start()
}

// look checks what a person would see now: nothing but whole files that somebody wrote.
func (d *device) look() {
	if d.pulled {
		return
	}
	for path, c := range d.disk.Tree() {
		if strings.HasSuffix(path, "/") || strings.HasPrefix(path, local.Own+"/") {
			continue
		}
		if !d.w.seen.written[c] {
			d.w.fault("device %d shows %s with bytes that nobody wrote: %q", d.id, path, c)
		}
	}
}

// writes counts what the device has written anywhere.
func (d *device) writes() int { return d.faults.writes }
