package engine_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
)

// failing makes a policy: operations on keys that contain part fail with a kind.
func failing(ops, part string, kind objstore.Kind) func(op, key string) faultstore.Fault {
	return func(op, key string) faultstore.Fault {
		if (ops == "" || slices.Contains(strings.Fields(ops), op)) && strings.Contains(key, part) {
			return faultstore.Fault{Action: faultstore.Before, Err: objstore.Errorf(kind, op, key, "injected")}
		}
		return faultstore.Fault{}
	}
}

// TestOneBadFileHere: a file that cannot be read, is open elsewhere, or never keeps still is a problem of its own; the others go up, and it
// follows as soon as it can be read.
func TestOneBadFileHere(t *testing.T) {
	for code, trouble := range map[string]func(d *pair) disktest.Fault{
		engine.CodeUnreadable: func(d *pair) disktest.Fault {
			return func(op, p string) error {
				if op == "open" && p == "docs/f003" {
					return refused{}
				}
				return nil
			}
		},
		engine.CodeBusy: func(d *pair) disktest.Fault {
			return func(op, p string) error {
				if op == "open" && p == "docs/f003" {
					return disk.ErrBusy
				}
				return nil
			}
		},
		engine.CodeChanging: func(d *pair) disktest.Fault {
			n := 0
			return func(op, p string) error {
				if op == "read" && p == "docs/f003" {
					n++
					return d.disk.WriteFile("docs/f003", fmt.Sprintf("never still %d", n))
				}
				return nil
			}
		},
	} {
		t.Run(code, func(t *testing.T) {
			h := newHouse(t)
			a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
			a.many(10, "first")
			a.disk.SetFaults(trouble(a), nil)
			for range 2 {
				a.ok()
				a.wants(engine.NeedsYou, code+" docs/f003")
			}
			b.ok()
			if got := len(b.files()); got != 9 {
				t.Errorf("%d files arrived", got)
			}
			a.disk.SetFaults(nil, nil)
			a.write("docs/f003", "still at last")
			settle(a, b)
			a.wants(engine.UpToDate)
			if b.files()["docs/f003"] != "still at last" {
				t.Error("it never came")
			}
		})
	}
}

// refused is what a disk says that does not let this program read.
type refused struct{}

func (refused) Error() string        { return "permission denied" }
func (refused) Is(target error) bool { return target == fs.ErrPermission }

// TestDeniedFolder: a folder that cannot be looked into is told; what is in it counts as there.
func TestDeniedFolder(t *testing.T) {
	a, b := two(t, 60)
	if err := a.disk.Deny("docs", true); err != nil {
		t.Fatal(err)
	}
	a.write("new", "x")
	a.ok()
	a.wants(engine.NeedsYou, engine.CodeUnreadable+" docs")
	b.ok()
	if len(b.files()) != 61 || a.status().Question != nil {
		t.Errorf("%d files at b", len(b.files()))
	}
	if err := a.disk.Deny("docs", false); err != nil {
		t.Fatal(err)
	}
	settle(a, b)
	a.wants(engine.UpToDate)
}

// TestOneBadFileThere: an object that is damaged or gone is a problem of its own; the others come down, and nothing half stands anywhere.
func TestOneBadFileThere(t *testing.T) {
	for code, fault := range map[string]func(op, key string) faultstore.Fault{
		engine.CodeDamaged: func(op, key string) faultstore.Fault {
			if op == objstore.OpGet && strings.Contains(key, "/f003/") {
				return faultstore.Fault{Action: faultstore.Corrupt, N: 2}
			}
			return faultstore.Fault{}
		},
		engine.CodeMissing: failing(objstore.OpGet, "/f003/", objstore.NotFound),
	} {
		t.Run(code, func(t *testing.T) {
			h := newHouse(t)
			a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
			a.oneByOne()
			a.many(10, "first")
			a.ok()
			b.faults.Decide(fault)
			for range 2 {
				b.ok()
				b.wants(engine.NeedsYou, code+" docs/f003")
				if got := len(b.files()); got != 9 {
					t.Errorf("%d files arrived", got)
				}
			}
			a.ok()
			if len(a.files()) != 10 {
				t.Error("what did not come was told as deleted")
			}
			b.faults.Decide(nil)
			settle(b, a)
			b.wants(engine.UpToDate)
			if !maps.Equal(a.files(), b.files()) {
				t.Errorf("%v", b.files())
			}
		})
	}
}

// TestAllOfARoundBad: when none of the files that are planned at once can be had, the others come all the same.
func TestAllOfARoundBad(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.add(disktest.Options{}, "Synced", engine.Options{Most: 3})
	a.oneByOne()
	a.many(10, "first")
	a.ok()
	bad := 0
	b.faults.Decide(func(op, key string) faultstore.Fault {
		for n := range 4 {
			if op == objstore.OpGet && strings.Contains(key, fmt.Sprintf("/f00%d/", n)) {
				bad++
				return faultstore.Fault{Action: faultstore.Before, Err: objstore.Errorf(objstore.NotFound, op, key, "injected")}
			}
		}
		return faultstore.Fault{}
	})
	b.ok()
	if got := len(b.files()); got != 6 || bad == 0 {
		t.Errorf("%d files arrived, %d were refused", got, bad)
	}
	b.faults.Decide(nil)
	settle(b, a)
	if !maps.Equal(a.files(), b.files()) {
		t.Errorf("%v", b.files())
	}
}

// TestAllOfAPlanBad: when none of the files that are planned at once can be read, the others go up all the same.
func TestAllOfAPlanBad(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.many(20, "first")
	a.disk.SetFaults(func(op, p string) error {
		if op == "open" && strings.HasPrefix(p, "docs/f00") {
			return refused{}
		}
		return nil
	}, nil)
	a.ok()
	b.ok()
	if got := len(b.files()); got != 10 || len(a.codes()) != 10 {
		t.Errorf("%d files arrived, problems %q", got, a.codes())
	}
	a.disk.SetFaults(nil, nil)
	settle(a, b)
	if a.wants(engine.UpToDate); !maps.Equal(a.files(), b.files()) {
		t.Errorf("%v", b.files())
	}
}

// TestMovedAndUnreadable: a file that cannot be read has moved all the same, so that what stands in its old place now is no conflict.
func TestMovedAndUnreadable(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("plan", "old")
	a.ok()
	b.ok()
	if err := a.disk.Rename("plan", "last year"); err != nil {
		t.Fatal(err)
	}
	a.write("last year", "odd") // as long as what the volume has, so that it is read before anything is planned
	a.write("plan", "new")
	a.disk.SetFaults(func(op, p string) error {
		if op == "open" && p == "last year" {
			return refused{}
		}
		return nil
	}, nil)
	a.ok()
	a.wants(engine.NeedsYou, engine.CodeUnreadable+" last year")
	b.ok()
	if want := map[string]string{"plan": "new", "last year": "old"}; !maps.Equal(b.files(), want) {
		t.Errorf("%v", b.files())
	}
	a.disk.SetFaults(nil, nil)
	settle(a, b)
	if a.wants(engine.UpToDate); !maps.Equal(a.files(), b.files()) || len(b.files()) != 2 {
		t.Errorf("%v", b.files())
	}
}

// TestOthersBetweenBatches: while a long plan is told, batch after batch, what others tell comes in between.
func TestOthersBetweenBatches(t *testing.T) {
	h := newHouse(t)
	a := h.add(disktest.Options{}, "Synced", engine.Options{Most: 1000, Chunk: 1})
	b := h.synced(disktest.Options{})
	a.many(200, "first")
	batches, after := 0, 0
	a.faults.Decide(func(op, key string) faultstore.Fault {
		if op == objstore.OpPut && strings.Contains(key, "/history/") {
			switch batches++; {
			case batches == 2:
				b.write("theirs", "x")
				b.ok()
			case batches > 2 && a.files()["theirs"] == "":
				after++
			}
		}
		return faultstore.Fault{}
	})
	a.ok()
	if batches < 4 || after > 0 || a.files()["theirs"] != "x" {
		t.Errorf("it came %d batches late, of %d", after, batches)
	}
	settle(b, a)
	if !maps.Equal(a.files(), b.files()) || len(b.files()) != 201 {
		t.Errorf("%d files", len(b.files()))
	}
}

// TestDiskFull: what still fits comes; the rest is a problem until there is room.
func TestDiskFull(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{Capacity: 4000})
	a.many(5, "first")
	a.write("big", strings.Repeat("x", 8000))
	a.ok()
	for range 2 {
		b.ok()
		b.wants(engine.NeedsYou, engine.CodeDiskFull+" big")
		if got := len(b.files()); got != 5 {
			t.Errorf("%d files came", got)
		}
	}
	b.disk.SetCapacity(20000)
	settle(b, a)
	b.wants(engine.UpToDate)
	if !maps.Equal(a.files(), b.files()) {
		t.Errorf("%d files at b", len(b.files()))
	}
}

// TestDiskFullReplacing: the old file stays whole while the new one does not fit.
func TestDiskFullReplacing(t *testing.T) {
	for _, o := range []disktest.Options{{Capacity: 4000}, {Capacity: 4000, NoExchange: true}} {
		h := newHouse(t)
		a, b := h.synced(disktest.Options{}), h.synced(o)
		a.write("f", "old")
		settle(a, b)
		a.write("f", strings.Repeat("x", 8000))
		a.ok()
		b.ok()
		b.wants(engine.NeedsYou, engine.CodeDiskFull+" f")
		if b.files()["f"] != "old" {
			t.Errorf("%.20q stands there", b.files()["f"])
		}
		settle(a)
		if len(a.files()["f"]) != 8000 {
			t.Error("the old one went back")
		}
	}
}

// TestCloudFull: said once for each file, and for the whole when not even that can be told; nothing is lost, and it goes on when there is room.
func TestCloudFull(t *testing.T) {
	for name, fault := range map[string]func(op, key string) faultstore.Fault{
		"one file": failing("put", "/f003/", objstore.Full),
		"no batch": failing("put", "/history/", objstore.Full),
	} {
		h := newHouse(t)
		a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
		if name == "one file" {
			a.oneByOne()
		}
		a.many(10, "first")
		a.faults.Decide(fault)
		err := a.cycle()
		if name == "one file" {
			a.wants(engine.NeedsYou, engine.CodeCloudFull+" docs/f003")
		} else {
			a.wants(engine.NeedsYou, engine.CodeCloudFull)
		}
		if (err == nil) != (name == "one file") {
			t.Errorf("%s: %v", name, err)
		}
		a.faults.Decide(nil)
		settle(a, b)
		a.wants(engine.UpToDate)
		if len(b.files()) != 10 {
			t.Errorf("%s: %d files came", name, len(b.files()))
		}
	}
}

// TestStops: what concerns the whole store stops the cycle at any request, with the state and the one problem that say so; when it is over, all is well.
func TestStops(t *testing.T) {
	for _, x := range []struct {
		kind  objstore.Kind
		state engine.State
		code  string
	}{
		{objstore.KeyRefused, engine.NeedsYou, engine.CodeKeyRefused}, {objstore.Denied, engine.NeedsYou, engine.CodeDenied},
		{objstore.ClockSkew, engine.NeedsYou, engine.CodeClock}, {objstore.Untrusted, engine.NeedsYou, engine.CodeUntrusted},
		{objstore.NoBucket, engine.NeedsYou, engine.CodeNoBucket}, {objstore.NotAStore, engine.Offline, engine.CodeNotAStore},
		{objstore.Unreachable, engine.Offline, engine.CodeOffline}, {objstore.Busy, engine.Offline, engine.CodeServerBusy},
	} {
		for step := 0; ; step++ {
			a, b := two(t, 3)
			b.write("mine", "x")
			b.remove("docs/f002")
			a.write("docs/f001", "changed")
			a.write("new", "y")
			a.ok()
			n, hit := 0, false
			b.faults.Decide(func(op, key string) faultstore.Fault {
				if n++; n > step && !strings.HasSuffix(key, "notice") {
					hit = true
					return faultstore.Fault{Action: faultstore.Before, Err: objstore.Errorf(x.kind, op, key, "injected")}
				}
				return faultstore.Fault{}
			})
			before := len(b.files())
			err := b.cycle()
			if !hit {
				break
			}
			if objstore.KindOf(err) != x.kind {
				t.Errorf("%v at %d: %v", x.kind, step, err)
			}
			b.wants(x.state, x.code)
			if len(b.files()) < before {
				t.Errorf("%v at %d: files went", x.kind, step)
			}
			b.faults.Decide(nil)
			settle(b, a)
			b.wants(engine.UpToDate)
			if len(a.files()) != 4 || !maps.Equal(a.files(), b.files()) {
				t.Errorf("%v at %d: a %v, b %v", x.kind, step, a.files(), b.files())
			}
		}
	}
}

// TestDatabaseFails: without the database nothing is told and nothing removed; what was done on the disk is found again.
func TestDatabaseFails(t *testing.T) {
	for step := 0; ; step++ {
		a, b := two(t, 3)
		b.write("mine", "x")
		a.write("docs/f001", "changed")
		a.remove("docs/f002")
		a.ok()
		n := 0
		b.memory.fail = func(engine.Change) error {
			if n++; n > step {
				return errors.New("database is locked")
			}
			return nil
		}
		err := b.cycle()
		b.memory.fail = nil
		if err == nil && n <= step {
			break
		}
		if err == nil || b.status().State != engine.NeedsYou {
			t.Errorf("at %d: %v, %s", step, err, b.status().State)
		}
		if step%2 == 0 {
			b.start()
		}
		settle(b, a)
		b.wants(engine.UpToDate)
		if len(a.files()) != 3 || !maps.Equal(a.files(), b.files()) {
			t.Errorf("at %d: a %v, b %v", step, a.files(), b.files())
		}
	}
}

// TestNamesThatDoNotFit: a name that the disk cannot hold is told, and is no deletion.
func TestNamesThatDoNotFit(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{WindowsNames: true, CaseInsensitive: true, NoExec: true})
	a.write("what?/f", "x")
	a.write("CON", "y")
	a.write("fits", "z")
	settle(a, b)
	b.wants(engine.NeedsYou, engine.CodeName+" CON", engine.CodeName+" what?")
	if len(a.files()) != 3 || len(b.files()) != 1 {
		t.Errorf("a %v, b %v", a.files(), b.files())
	}
	a.wants(engine.UpToDate)
}

// TestNamesThatTheDriverRefuses: a disk that tells only when it is asked is believed; what was to stand in a folder that it does not take is
// no trouble of its own.
func TestNamesThatTheDriverRefuses(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{StrictDriver: true})
	a.write("what?/f", "x")
	a.write("what?/deep/f", "x")
	a.write("CON", "y")
	a.write("fits", "z")
	settle(a, b)
	b.wants(engine.NeedsYou, engine.CodeName+" CON", engine.CodeName+" what?")
	if len(a.files()) != 4 || len(b.files()) != 1 {
		t.Errorf("a %v, b %v", a.files(), b.files())
	}
	a.wants(engine.UpToDate)
	if err := errors.Join(a.disk.Rename("CON", "con2"), a.disk.Rename("what?", "what")); err != nil {
		t.Fatal(err)
	}
	settle(a, b)
	b.wants(engine.UpToDate)
	if !maps.Equal(a.files(), b.files()) {
		t.Errorf("a %v, b %v", a.files(), b.files())
	}
}

// TestNoRightToWrite: a folder in which this program may not write is told so, not as one that cannot be read; the others go on.
func TestNoRightToWrite(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("closed/f", "x")
	a.write("fits", "z")
	a.ok()
	b.disk.SetFaults(func(op, p string) error {
		if op == "mkdir" && p == "closed" {
			return refused{}
		}
		return nil
	}, nil)
	b.ok()
	b.wants(engine.NeedsYou, engine.CodeReadOnly+" closed")
	b.disk.SetFaults(nil, nil)
	settle(b, a)
	b.wants(engine.UpToDate)
	if !maps.Equal(a.files(), b.files()) {
		t.Errorf("a %v, b %v", a.files(), b.files())
	}
}

// TestNoExec: a disk without execute bits takes none away.
func TestNoExec(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.add(disktest.Options{NoExec: true}, "Synced", engine.Options{NoExec: true})
	a.write("run.sh", "#!/bin/sh")
	if err := a.disk.SetExec("run.sh", true); err != nil {
		t.Fatal(err)
	}
	settle(a, b)
	b.write("run.sh", "#!/bin/bash")
	settle(b, a)
	if i, err := a.disk.Stat("run.sh"); err != nil || !i.Exec || a.files()["run.sh"] != "#!/bin/bash" {
		t.Errorf("%+v, %v, %v", i, a.files(), err)
	}
	a.wants(engine.UpToDate)
	b.wants(engine.UpToDate)
	puts := len(a.store.Keys())
	settle(a, b)
	if len(a.store.Keys()) != puts {
		t.Error("they tell each other for ever")
	}
}
