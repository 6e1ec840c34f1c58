package app

import (
	"runtime"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

// Memory is given back after the first cycle, and then once for all cycles of a minute, also when no other comes.
func TestRelief(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r relief
		start := time.Now()
		last := func() time.Duration {
			synctest.Wait()
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.last.Sub(start)
		}
		for i, step := range []struct {
			at    time.Duration // in half minutes
			cycle bool
			last  time.Duration
		}{{0, true, 0}, {1, true, 0}, {1, true, 0}, {2, false, 2}, {3, false, 2}, {5, false, 2}, {6, true, 6}, {7, false, 6}, {20, false, 6}, {21, true, 21}, {22, true, 21}, {24, true, 23}} {
			time.Sleep(step.at*reliefEvery/2 - time.Since(start))
			if step.cycle {
				r.rested()
			}
			if got := last(); got != step.last*reliefEvery/2 {
				t.Errorf("step %d: last given back after %v", i, got)
			}
		}
		time.Sleep(2 * reliefEvery)
	})
}

func TestGarbagePercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 600, 1 << 20: 600, 24 << 20: 100, 64 << 20: 37, 96 << 20: 25, 128 << 20: 25, 256 << 20: 12, 1 << 30: 10} {
		if got := garbagePercent(live); got != want {
			t.Errorf("%d MiB: %d", live>>20, got)
		}
	}
}

// TestMostHeld: what may be held is more than what is in use with the garbage that may lie about, and no less than a beginning takes.
func TestMostHeld(t *testing.T) {
	for _, live := range []uint64{0, 10 << 20, 100 << 20, 1 << 30} {
		percent := garbagePercent(live)
		if got, least := mostHeld(live, percent), int64(live+live*uint64(percent)/100); got < least+min(least/6, 48<<20) || got > least+min(least/4, 48<<20)+16<<20 {
			t.Errorf("%d MiB in use, %d %%: %d MiB", live>>20, percent, got>>20)
		}
	}
}

// TestThrift: while the program begins, each collection says how much garbage the next one waits for; once it has rested that is a share.
func TestThrift(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	var x thriftiness
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	x.mu.Lock()
	x.started = true
	x.follow()
	x.mu.Unlock()
	held := make([]byte, 48<<20)
	for i := 0; percent() == 100; i++ { // finalizers run beside
		if i > 1000 {
			t.Fatal("nothing follows a collection")
		}
		runtime.GC()
	}
	if got := percent(); got < garbageShare || got > 50 {
		t.Errorf("with 48 MiB in use: %d", got)
	}
	runtime.KeepAlive(held)
	x.rest()
	if got := percent(); got != garbageRest {
		t.Errorf("at rest: %d", got)
	}
	runtime.GC()
	x.collected()
	if got := percent(); got != garbageRest {
		t.Errorf("later: %d", got)
	}
}
