package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
)

// running runs the pair until stop is called, which waits for the end.
func (d *pair) running(p engine.Pace) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.e.Run(ctx, p) }()
	return func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			d.t.Errorf("Run ended with %v", err)
		}
	}
}

// counter counts the requests of a device, and fails them all while it is told to.
type counter struct {
	n   atomic.Int64
	cut atomic.Bool
}

func (d *pair) counted() *counter {
	c := &counter{}
	d.faults.Decide(func(op, key string) faultstore.Fault {
		c.n.Add(1)
		if c.cut.Load() {
			return faultstore.Fault{Action: faultstore.Before}
		}
		return faultstore.Fault{}
	})
	return c
}

// after lets time pass, and everybody finish what there was to do then.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// TestRun: a change here wakes one device, the notice the other, within two looks.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
		defer a.running(engine.Pace{})()
		defer b.running(engine.Pace{})()
		after(3 * time.Second)
		a.write("f", "one")
		a.e.Mark("f")
		after(2 * time.Second)
		if b.files()["f"] != "one" {
			t.Errorf("after two seconds b has %v", b.files())
		}
		after(10 * time.Minute) // both are idle now
		b.write("g", "two")
		b.e.Mark("g")
		after(16 * time.Second)
		if a.files()["g"] != "two" {
			t.Errorf("after 16 seconds a has %v", a.files())
		}
		a.remove("f")
		a.e.Mark("f")
		after(2 * time.Second)
		if len(b.files()) != 1 {
			t.Errorf("b has %v", b.files())
		}
		a.wants(engine.UpToDate)
		b.wants(engine.UpToDate)
	})
}

// TestRunJustNow: right after something has moved the next thing is looked for twice a second, then once, then seldom.
func TestRunJustNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		defer a.running(engine.Pace{})()
		after(2 * time.Minute)
		a.write("f", "one")
		a.e.Mark("f")
		after(time.Second)
		c := a.counted()
		for _, x := range []struct {
			wait, least, most int
		}{{10, 18, 22}, {5, 0, 10}, {20, 18, 22}, {30, 0, 30}, {60, 3, 5}} {
			before := c.n.Load()
			after(time.Duration(x.wait) * time.Second)
			if n := int(c.n.Load() - before); n < x.least || n > x.most {
				t.Errorf("%d requests in %d seconds, want %d to %d", n, x.wait, x.least, x.most)
			}
		}
	})
}

// TestRunIdle: who has nothing to do asks seldom, and writes nothing.
func TestRunIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		a.write("f", "one")
		defer a.running(engine.Pace{})()
		after(5 * time.Minute)
		c, objects, saves := a.counted(), len(h.store.Keys()), a.memory.saves
		after(time.Hour)
		if n := c.n.Load(); n < 60*4 || n > 60*4+150 {
			t.Errorf("%d requests in an hour", n)
		}
		if len(h.store.Keys()) != objects || a.memory.saves != saves {
			t.Error("something was written")
		}
	})
}

// TestRunScans: what no watcher told of is found by the clock.
func TestRunScans(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		defer a.running(engine.Pace{})()
		after(time.Minute)
		a.write("f", "nobody told")
		after(time.Hour + time.Minute)
		if batches, _ := h.objects(); batches != 1 {
			t.Errorf("%d batches after an hour", batches)
		}
	})
}

// TestRunLists: a batch whose notice was lost is found within minutes.
func TestRunLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
		defer b.running(engine.Pace{})()
		after(time.Second)
		a.faults.Decide(failing("put", "notice", objstore.Unreachable))
		a.write("f", "one")
		_ = a.cycle()
		after(6 * time.Minute)
		if b.files()["f"] != "one" {
			t.Errorf("b has %v", b.files())
		}
	})
}

// TestRunBacksOff: while the store does not answer it is asked less and less often, the state says so, and when it answers all goes on.
func TestRunBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		defer a.running(engine.Pace{})()
		after(time.Second)
		c := a.counted()
		c.cut.Store(true)
		a.write("f", "one")
		a.e.Mark("f")
		after(time.Minute)
		first := c.n.Load()
		after(10 * time.Minute)
		if n := c.n.Load(); first < 3 || first > 12 || n-first > 45 {
			t.Errorf("%d requests in the first minute, %d in the ten after it", first, n-first)
		}
		a.wants(engine.Offline, engine.CodeOffline)
		c.cut.Store(false)
		after(16 * time.Second)
		a.wants(engine.UpToDate)
		if batches, _ := h.objects(); batches != 1 {
			t.Errorf("%d batches", batches)
		}
	})
}

// TestRunTriesAgain: a file that another program holds is tried again by the clock, as nothing may tell when it is free.
func TestRunTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		a.write("f", "one")
		var free atomic.Bool
		var tried atomic.Int64
		a.disk.SetFaults(func(op, p string) error {
			if op == "open" && p == "f" {
				tried.Add(1)
				if !free.Load() {
					return disk.ErrBusy
				}
			}
			return nil
		}, nil)
		defer a.running(engine.Pace{})()
		after(30 * time.Minute)
		a.wants(engine.NeedsYou, engine.CodeBusy+" f")
		if n := tried.Load(); n < 3 || n > 30 {
			t.Errorf("tried %d times in half an hour", n)
		}
		free.Store(true)
		after(15*time.Minute + time.Second)
		a.wants(engine.UpToDate)
	})
}

// TestRunPaused: while paused nothing is asked and nothing sent; resuming does what is there at once.
func TestRunPaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		defer a.running(engine.Pace{})()
		after(time.Second)
		a.e.Pause()
		after(time.Minute)
		c := a.counted()
		a.write("f", "one")
		a.e.Mark("f")
		after(time.Hour)
		if n := c.n.Load(); n > 0 {
			t.Errorf("%d requests while paused", n)
		}
		a.wants(engine.Paused)
		a.e.Resume()
		after(time.Second)
		a.wants(engine.UpToDate)
		if batches, _ := h.objects(); batches != 1 {
			t.Errorf("%d batches", batches)
		}
	})
}

// TestRunAnswered: an answer is carried out at once.
func TestRunAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		a.many(60, "first")
		defer a.running(engine.Pace{})()
		after(time.Second)
		a.remove("docs")
		a.e.Mark("docs")
		after(time.Second)
		a.asks(false, 60, 0)
		a.answer(engine.Keep)
		after(time.Second)
		a.wants(engine.UpToDate)
		if len(a.files()) != 60 {
			t.Errorf("%d files", len(a.files()))
		}
	})
}

// TestRunUnplugged: a drive that comes back is found without anybody telling.
func TestRunUnplugged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.synced(disktest.Options{})
		a.many(10, "first")
		defer a.running(engine.Pace{})()
		after(time.Second)
		a.disk.Unplug()
		a.e.Mark()
		after(time.Minute)
		a.wants(engine.NotConnected, engine.CodeNoRoot)
		a.disk.Replug()
		after(16 * time.Second)
		a.wants(engine.UpToDate)
	})
}

// TestRunOthersLook: what somebody else has read of the volume, a sweep for one, still reaches the disk.
func TestRunOthersLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
		defer b.running(engine.Pace{})()
		after(3 * time.Second)
		a.write("f", "one")
		a.ok()
		if err := b.e.Alone(func() error { _, err := b.v.Pull(t.Context(), space.Poll); return err }); err != nil {
			t.Fatal(err)
		}
		after(2 * time.Second)
		if b.files()["f"] != "one" {
			t.Errorf("b has %v", b.files())
		}
	})
}
