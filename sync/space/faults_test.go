package space

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// worker is a device that keeps what it has to send until it is sent, as the engine does.
type worker struct {
	*device
	faults *faultstore.Store
	kept   *Pending
	made   map[string]bool // names of files whose batch was kept
}

// TestRandomFaults lets three devices write over stores that fail in all ways. In the end all show all files, and each batch is there once.
func TestRandomFaults(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { randomFaults(t, seed) })
	}
}

func randomFaults(t *testing.T, seed uint64) {
	w := newWorld(t)
	rnd := rand.New(rand.NewPCG(seed, 7))
	rates := faultstore.Rates{Before: .05, After: .05, Hold: .03, Cut: .03, Corrupt: .03, Stale: .05, Crash: .02, CrashAfter: .02}
	var ws []*worker
	for i := range 3 {
		ws = append(ws, &worker{device: w.device(tree.Device(i + 1)), made: map[string]bool{}})
	}
	for i, x := range ws {
		x.faults = faultstore.New(w.store, holdWritesOnly(faultstore.Random(seed*10+uint64(i), rates)))
		x.net.Bucket = x.faults
	}
	for step := range 60 {
		x := ws[rnd.IntN(3)]
		if x.faults.Crashed() != nil || rnd.IntN(15) == 0 {
			x.reboot()
			continue
		}
		x.work(rnd, step)
		w.pass(time.Duration(rnd.IntN(90)) * time.Minute)
	}
	want := map[string]bool{}
	for _, x := range ws {
		x.faults.Land()
		x.reboot()
		x.faults.Decide(nil)
		x.flush(t)
		for name := range x.made {
			want[name] = true
		}
	}
	var all []*device
	for range 2 {
		for _, x := range ws {
			x.pull(List)
		}
	}
	for _, x := range append(ws, &worker{device: w.device(9)}) {
		x.pull(List)
		all = append(all, x.device)
		if ps := x.Problems(); len(ps) != 0 {
			t.Errorf("device %d: %+v", x.id, ps)
		}
	}
	agree(t, all...)
	for name := range want {
		all[3].node(name)
	}
	if got := len(all[3].State().Root().Files()); got != len(want) {
		t.Errorf("%d files, want %d: %s", got, len(want), all[3].show())
	}
}

// holdWritesOnly lets reads fail where they would be held.
func holdWritesOnly(policy func(op, key string) faultstore.Fault) func(op, key string) faultstore.Fault {
	return func(op, key string) faultstore.Fault {
		f := policy(op, key)
		if f.Action == faultstore.Hold && (op == objstore.OpGet || op == objstore.OpList) {
			f.Action = faultstore.Before
		}
		return f
	}
}

// reboot starts the program again; what was kept is sent first.
func (x *worker) reboot() {
	x.faults.Revive()
	d := x.w.restart(x.device)
	d.net.Bucket = x.faults
	x.device = d
	if x.kept != nil {
		p, err := DecodePending(x.kept.Key, x.kept.Body)
		if err != nil {
			x.w.t.Fatal(err)
		}
		x.kept = p
	}
}

func (x *worker) work(rnd *rand.Rand, step int) {
	ctx := x.w.t.Context()
	if _, err := x.Pull(ctx, How(rnd.IntN(2))); err != nil || !x.listed {
		return
	}
	if x.kept == nil {
		name := fmt.Sprintf("file %d of %d", step, x.id)
		p, err := x.Prepare([]merge.Op{{Kind: merge.Create, Name: name, Content: build(1)[0].Ops[1].Content}}, false)
		if err != nil {
			x.w.t.Fatal(err)
		}
		x.kept, x.made[name] = p, true
	}
	x.publish()
	if rnd.IntN(8) == 0 {
		_ = x.forceCheckpoint()
	}
}

func (x *worker) publish() {
	err := x.Publish(x.w.t.Context(), x.kept)
	switch {
	case err == nil:
		x.kept = nil
	case errors.Is(err, ErrForeign):
		x.w.t.Fatal(err)
	case errors.Is(err, ErrStale):
		delete(x.made, x.kept.Batch.Ops[0].Name)
		x.kept = nil
	}
}

func (x *worker) flush(t *testing.T) {
	t.Helper()
	for range 3 {
		if x.kept != nil {
			x.publish()
		}
	}
	if x.kept != nil {
		t.Fatalf("device %d cannot send", x.id)
	}
}
