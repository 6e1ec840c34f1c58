package engine_test

import (
	"context"
	"errors"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/sync/engine"
)

// ahead starts the program as one that reads everything at once, and lets the test do something before its first cycle.
func (d *pair) ahead(volume func(context.Context) error) error {
	d.start()
	return d.e.Ahead(context.Background(), true, volume)
}

func (d *pair) load(ctx context.Context) error { return d.v.Load(ctx) }

// What Ahead has seen is not looked at again; what is marked after it is, and nothing of it is lost.
func TestAhead(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("d/old", "1")
	settle(a, b)
	a.write("d/before", "2")
	looked := 0
	a.disk.SetFaults(func(op, path string) error {
		if path == "d" && op == "readdir" {
			looked++
		}
		return nil
	}, nil)
	if err := a.ahead(a.load); err != nil {
		t.Fatal(err)
	}
	a.write("d/after", "3")
	a.e.Mark("d/after")
	if err := a.e.Cycle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if looked != 1 {
		t.Errorf("the folder was read %d times", looked)
	}
	settle(b)
	if got := b.files(); got["d/before"] != "2" || got["d/after"] != "3" {
		t.Errorf("the other has %q", got)
	}
}

// Where Ahead could not do all, the cycle does it.
func TestAheadFails(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("d/a", "1")
	settle(a, b)
	a.write("d/new", "2")
	broken := errors.New("broken")
	a.disk.SetFaults(func(op, path string) error { return broken }, nil)
	a.memory.broken = broken
	if err := a.ahead(func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Fatalf("the volume's error is %v", err)
	}
	a.disk.SetFaults(nil, nil)
	a.memory.broken = nil
	if err := a.e.Cycle(context.Background()); err != nil {
		t.Fatal(err)
	}
	settle(b)
	if got := b.files(); got["d/a"] != "1" || got["d/new"] != "2" {
		t.Errorf("the other has %q", got)
	}
}

// A file that a crash left on its way in our own folder comes back after Ahead has looked at its place, and is not told as deleted.
func TestAheadOfAnInterruptedExchange(t *testing.T) {
	h := newHouse(t)
	a, b := h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.write("d/a", "1")
	settle(a, b)
	for _, dir := range []string{".elkjop", ".elkjop/replaced"} {
		_ = a.disk.Mkdir(dir)
	}
	if err := a.disk.Rename("d/a", ".elkjop/replaced/old-7"); err != nil {
		t.Fatal(err)
	}
	a.write(".elkjop/replaced/path-7", "d/a")
	if err := a.ahead(a.load); err != nil {
		t.Fatal(err)
	}
	if err := a.e.Cycle(context.Background()); err != nil {
		t.Fatal(err)
	}
	settle(b)
	if x, y := a.files(), b.files(); x["d/a"] != "1" || y["d/a"] != "1" {
		t.Errorf("here %q, there %q", x, y)
	}
	a.wants(engine.UpToDate)
}
