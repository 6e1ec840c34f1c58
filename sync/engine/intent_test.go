package engine_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
)

// batches counts the batch objects, contents the others.
func (h *house) objects() (batches, contents int) {
	for _, k := range h.store.Keys() {
		switch {
		case strings.Contains(k, "/history/"):
			batches++
		case !strings.Contains(k, ".volume/") && strings.Contains(k, "/"):
			contents++
		}
	}
	return batches, contents
}

// TestResent: a batch whose outcome is unknown is sent again as it was: it is there once, and nothing is uploaded a second time.
func TestResent(t *testing.T) {
	for name, fault := range map[string]faultstore.Action{"never sent": faultstore.Before, "answer lost": faultstore.After, "died before": faultstore.Crash, "died after": faultstore.CrashAfter} {
		for _, edit := range []bool{false, true} {
			h := newHouse(t)
			a, b := h.whole(), h.synced(disktest.Options{})
			a.many(5, "first")
			a.faults.Decide(func(op, key string) faultstore.Fault {
				if op == objstore.OpPut && strings.Contains(key, "/history/") {
					return faultstore.Fault{Action: fault}
				}
				return faultstore.Fault{}
			})
			if err := a.cycle(); err == nil {
				t.Fatalf("%s: it worked", name)
			}
			a.wants(engine.Offline, engine.CodeOffline)
			if a.memory.intent == nil || len(a.memory.base) > 0 {
				t.Errorf("%s: intent %v, %d rows in Base", name, a.memory.intent, len(a.memory.base))
			}
			a.faults.Revive()
			a.faults.Decide(nil)
			a.start()
			want := 1
			if edit {
				a.write("docs/f002", "changed in between")
				want = 2
			}
			settle(a, b)
			batches, contents := h.objects()
			if batches != want || contents != 4+want || !maps.Equal(a.files(), b.files()) || a.memory.intent != nil {
				t.Errorf("%s: %d batches, %d contents, b has %v", name, batches, contents, b.files())
			}
			a.wants(engine.UpToDate)
		}
	}
}

// TestStaleIntent: a batch that was never stored and is too old to be sent is planned anew.
func TestStaleIntent(t *testing.T) {
	clock, move := movable()
	h := newHouseAt(t, clock)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.many(3, "first")
	a.faults.Decide(failing("put", "/history/", objstore.Unreachable))
	if a.cycle() == nil {
		t.Fatal("it worked")
	}
	key := a.memory.intent.Key
	a.faults.Decide(nil)
	move(space.MaxLateness + time.Hour)
	a.start()
	settle(a, b)
	if len(b.files()) != 3 || a.memory.intent != nil {
		t.Errorf("b has %v", b.files())
	}
	if _, there := h.store.Bytes("Synced/" + key); there {
		t.Error("the old one was sent")
	}
	a.wants(engine.UpToDate)
}

// TestForeignIntent: where something else lies under a batch's name, nothing is overwritten and the changes are planned anew.
func TestForeignIntent(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.many(3, "first")
	a.faults.Decide(failing("put", "/history/", objstore.Unreachable))
	if a.cycle() == nil {
		t.Fatal("it worked")
	}
	key := "Synced/" + a.memory.intent.Key
	const foreign = "another computer's"
	if _, err := h.store.Put(t.Context(), key, strings.NewReader(foreign), int64(len(foreign)), objstore.PutOptions{}); err != nil {
		t.Fatal(err)
	}
	a.faults.Decide(nil)
	a.start()
	settle(a, b)
	if got, _ := h.store.Bytes(key); string(got) != foreign {
		t.Error("it was overwritten")
	}
	if len(b.files()) != 3 || a.memory.intent != nil {
		t.Errorf("b has %v", b.files())
	}
}

// TestUploadRemembered: a large file that was sent before its batch could be is not sent again after a restart, unless it changed, or so much later
// that its object may be swept.
func TestUploadRemembered(t *testing.T) {
	for _, x := range []struct {
		name  string
		wait  time.Duration
		edit  bool
		again int
	}{{"at once", 0, false, 0}, {"after a week", 7 * 24 * time.Hour, false, 0}, {"changed", 0, true, 1}, {"too late", space.MaxUploadAge + time.Hour, false, 1}} {
		t.Run(x.name, func(t *testing.T) {
			clock, move := movable()
			h := newHouseAt(t, clock)
			a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
			a.write("film", strings.Repeat("film ", 400_000))
			a.memory.fail = func(c engine.Change) error {
				if c.Intent != nil {
					return errors.New("the program dies")
				}
				return nil
			}
			if a.cycle() == nil {
				t.Fatal("it worked")
			}
			a.memory.fail = nil
			if len(a.memory.uploads) != 1 {
				t.Fatalf("%d uploads remembered", len(a.memory.uploads))
			}
			_, before := h.objects()
			move(x.wait)
			if x.edit {
				a.write("film", strings.Repeat("cut ", 400_000))
			}
			a.start()
			settle(a, b)
			_, after := h.objects()
			if after-before != x.again || !maps.Equal(a.files(), b.files()) || len(a.memory.uploads) != 0 {
				t.Errorf("%d sent again, %d remembered", after-before, len(a.memory.uploads))
			}
		})
	}
}

// TestTell: what a person asks for is told like every batch, and does not wait for a scan.
func TestTell(t *testing.T) {
	a, b := two(t, 3)
	a.remove("docs/f001")
	settle(a, b)
	restore := func(*merge.State) ([]merge.Op, error) { return a.v.RestoreOps(a.v.Trash(space.TrashFilter{})[0].ID) }
	a.faults.Decide(failing("put", "/history/", objstore.Unreachable))
	if err := a.e.Tell(t.Context(), restore); objstore.KindOf(err) != objstore.Unreachable {
		t.Errorf("offline: %v", err)
	}
	a.faults.Decide(nil)
	a.start() // what was asked for is not forgotten
	settle(a, b)
	if len(a.files()) != 3 || !maps.Equal(a.files(), b.files()) {
		t.Errorf("a %v, b %v", a.files(), b.files())
	}
	batches, _ := a.objects()
	if err := a.e.Tell(t.Context(), func(*merge.State) ([]merge.Op, error) { return nil, nil }); err != nil {
		t.Error(err)
	}
	wrong := errors.New("no such thing")
	if err := a.e.Tell(t.Context(), func(*merge.State) ([]merge.Op, error) { return nil, wrong }); !errors.Is(err, wrong) {
		t.Error(err)
	}
	if after, _ := a.objects(); after != batches {
		t.Error("nothing was told, in a batch")
	}
}

// TestPause: nothing is done while paused, also when the pause begins in the middle of a cycle.
func TestPause(t *testing.T) {
	a, b := two(t, 3)
	a.write("new", "x")
	a.e.Pause()
	a.ok()
	b.ok()
	a.wants(engine.Paused)
	if len(b.files()) != 3 {
		t.Error("it went on")
	}
	a.e.Resume()
	paused := false
	a.disk.SetFaults(func(op, p string) error {
		if !paused {
			paused = true
			a.e.Pause()
		}
		return nil
	}, nil)
	if err := a.cycle(); err != nil {
		t.Fatal(err)
	}
	a.disk.SetFaults(nil, nil)
	a.wants(engine.Paused)
	a.e.Resume()
	settle(a, b)
	a.wants(engine.UpToDate)
	if len(b.files()) != 4 {
		t.Error("it did not go on")
	}
}

// TestPauseLongWork: a pause does not wait until everything is sent.
func TestPauseLongWork(t *testing.T) {
	h := newHouse(t)
	a := h.add(disktest.Options{}, "Synced", engine.Options{Chunk: 2})
	b := h.add(disktest.Options{}, "Synced", engine.Options{Window: 2})
	a.many(100, "first")
	sent := 0
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpPut && strings.Contains(key, "/docs/") {
			if sent++; sent == 3 {
				a.e.Pause()
			}
		}
		return faultstore.Fault{}
	})
	a.ok()
	a.wants(engine.Paused)
	if sent > 20 {
		t.Errorf("%d files were sent", sent)
	}
	a.e.Resume()
	a.ok()
	got := 0
	b.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpGet && strings.Contains(key, "/docs/") {
			if got++; got == 3 {
				b.e.Pause()
			}
		}
		return faultstore.Fault{}
	})
	b.ok()
	b.wants(engine.Paused)
	if got > 20 {
		t.Errorf("%d files came", got)
	}
	b.e.Resume()
	settle(b)
	b.wants(engine.UpToDate)
	if len(b.files()) != 100 {
		t.Errorf("%d files came in the end", len(b.files()))
	}
}

// TestCanceled: a stopped cycle waits, says nothing is wrong, and the next one goes on.
func TestCanceled(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.oneByOne()
	a.many(20, "first")
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if n++; n == 10 {
			cancel()
		}
		return faultstore.Fault{}
	})
	if err := a.e.Cycle(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	a.wants(engine.Waiting)
	a.start()
	settle(a, b)
	if len(b.files()) != 20 {
		t.Errorf("%d files came", len(b.files()))
	}
}

// TestCache: after a restart only what is new is read.
func TestCache(t *testing.T) {
	h := newHouse(t)
	a := h.synced(disktest.Options{})
	for i := range 5 {
		a.write("f", strings.Repeat("x", i))
		a.ok()
	}
	a.start()
	read := 0
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpGet && strings.Contains(key, "/history/") {
			read++
		}
		return faultstore.Fault{}
	})
	a.ok()
	if read > 0 {
		t.Errorf("%d batches were read again", read)
	}
}
