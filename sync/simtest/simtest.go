// Package simtest runs whole clients against one another: several devices with disks in memory, one store, a person at each device, and
// faults, crashes and power cuts at every request and every disk write. One seed is one run, and gives the same run always. After it,
// everything that the product promises is checked.
//
// Reading order: simtest.go (a run), computer.go (the parts of one start), device.go (one computer), faults.go (what goes wrong), user.go (what people do), off.go (what they keep off
// their computers),
// long.go (months), memory.go (what a device
// remembers), check.go (what must hold).
package simtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Options of a run. The zero value is an ordinary one.
type Options struct {
	Devices int  // 3 where 0
	Steps   int  // 40 where 0
	Calm    bool // no faults, crashes or power cuts
	Long    bool // months: computers away, clocks far off, trash, versions and sweeps
	Alone   bool // only the person at device 0 does anything, so that nothing can be in conflict
	// Huge is the size from which files are moved beside the cycles, here at once; 0 for none.
	Huge int64
	// Packed sends small files together as soon as two wait.
	Packed bool
	// Cut sends of a file that was changed only the blocks in which it was, of a few bytes each.
	Cut bool
	// Most and Fold are engine.Options.Most and space.Writer.Fold. Where they are 0, as in the program, a run is too small for either.
	Most, Fold int
	// Choosing lets people change what is kept on their computers, at any time.
	Choosing bool
	// Eager plants a bug: Base is committed before the batch is sent.
	Eager bool
	// Moments are those of a former run of the same seed, of which some may be left out: only these steps are made, each with the dice as they fell then.
	// The last one is that of the end.
	Moments []Moment
	// Trace keeps a line for everything that happens.
	Trace bool
}

// Moment is the state of the dice before a step.
type Moment []byte

// World is one run.
type World struct {
	opt     Options
	dice    *rand.PCG
	rng     *rand.Rand // of dice
	moments []Moment
	now     time.Time
	store   *memstore.Store
	devices []*device
	seen    contents
	quiet   bool
	swept   bool            // batches were deleted
	excused map[string]bool // conflict copies that one person's own folders made, by name
	serial  int
	trace   []string
	faults  []string
	reached map[string]int // what the run came by, for the coverage
}

// Result of a run.
type Result struct {
	Seed    uint64
	Faults  []string // what did not hold; none is good
	Trace   []string
	Reached map[string]int
	Moments []Moment // of each step, and of the end
}

// Run makes one run.
func Run(seed uint64, o Options) Result {
	if o.Devices == 0 {
		o.Devices = 3
	}
	if o.Steps == 0 {
		o.Steps = 40
	}
	dice := rand.NewPCG(seed, 0x9e3779b97f4a7c15)
	w := &World{opt: o, dice: dice, rng: rand.New(dice), now: time.UnixMilli(1_790_000_000_000), seen: newContents(), reached: map[string]int{}, excused: map[string]bool{}}
	w.store = memstore.New(func() time.Time { return w.now })
	if _, err := space.Create(context.Background(), w.store); err != nil {
		w.fault("make the space: %v", err)
		return w.result(seed)
	}
	for i := range o.Devices {
		w.devices = append(w.devices, w.newDevice(i))
	}
	w.steps()
	for _, d := range w.devices {
		d.away = time.Time{}
	}
	w.settle()
	w.check()
	if o.Choosing && len(w.faults) == 0 {
		w.allOn()
	}
	if o.Long && len(w.faults) == 0 {
		w.afterwards()
	}
	return w.result(seed)
}

func (w *World) result(seed uint64) Result {
	return Result{Seed: seed, Faults: w.faults, Trace: w.trace, Reached: w.reached, Moments: w.moments}
}

// steps makes the steps of the run, or those that are wanted.
func (w *World) steps() {
	if w.opt.Moments == nil {
		for range w.opt.Steps {
			w.remember()
			w.step()
		}
		w.remember()
		return
	}
	for i, m := range w.opt.Moments {
		if err := w.dice.UnmarshalBinary(m); err != nil {
			panic(err) // it is no Moment
		}
		if i < len(w.opt.Moments)-1 {
			w.step()
		}
	}
}

func (w *World) remember() {
	m, err := w.dice.MarshalBinary()
	if err != nil {
		panic(err) // it never fails
	}
	w.moments = append(w.moments, m)
}

func (w *World) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *World) log(format string, args ...any) {
	if w.opt.Trace {
		w.trace = append(w.trace, fmt.Sprintf(format, args...))
	}
}

func (w *World) p(x float64) bool { return w.rng.Float64() < x }

func (w *World) next() int { w.serial++; return w.serial }

// tick lets a little time go by.
func (w *World) tick() { w.now = w.now.Add(time.Duration(1+w.rng.IntN(50)) * time.Millisecond) }

// step is one thing that happens: somebody does something, or a device works.
func (w *World) step() {
	w.tick()
	if w.p(0.05) {
		w.now = w.now.Add(time.Duration(w.rng.IntN(3600)) * time.Second)
	}
	d := w.devices[w.rng.IntN(len(w.devices))]
	if w.opt.Long && w.longStep(d) {
		return
	}
	if w.opt.Choosing && !d.off() && w.p(0.12) {
		d.choose()
		return
	}
	switch {
	case w.p(0.55):
		d.person()
	case w.p(0.04) && !w.opt.Calm && !w.opt.Alone:
		d.loseDatabase()
	case w.p(0.05) && !w.opt.Calm:
		d.plug()
	default:
		d.work()
	}
}

// settle lets everybody work without faults until nobody has anything to do.
func (w *World) settle() {
	w.quiet = true
	for _, d := range w.devices {
		d.calm()
	}
	for range 30 {
		did := false
		for _, d := range w.devices {
			if d.off() {
				continue
			}
			w.tick()
			before := d.writes()
			if err := d.cycle(); err != nil {
				w.fault("device %d cannot work although nothing is wrong: %v", d.id, err)
				return
			}
			did = did || d.writes() != before || d.answer()
		}
		if !did {
			return
		}
	}
	w.fault("the devices never come to rest")
}

// answer says yes to the guard, if it asks: whatever a person did in these runs was meant.
func (d *device) answer() bool {
	if d.engine.Status().Question == nil {
		return false
	}
	d.w.reached["guard asked"]++
	if err := d.engine.Answer(context.Background(), engine.Apply); err != nil {
		d.w.fault("device %d: answer the guard: %v", d.id, err)
	}
	return true
}

// hashOf is the name under which a content is looked for.
func hashOf(content string) tree.Hash { return sum(content) }
