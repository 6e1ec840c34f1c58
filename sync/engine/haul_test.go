package engine_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
)

// slow is a pair for which every file whose name begins with "huge" is huge, and takes hours each way.
func (h *house) slow() *pair {
	d := h.add(disktest.Options{}, "Synced", engine.Options{Huge: 100})
	d.faults.Decide(func(op, key string) faultstore.Fault {
		if (op == objstore.OpPut || op == objstore.OpGet) && strings.Contains(key, "/huge") {
			<-time.After(2 * time.Hour)
		}
		return faultstore.Fault{}
	})
	return d
}

// huge is the content of such a file.
func huge(text string) string { return strings.Repeat(text, 100) }

// save writes a file as a person does, and the watcher tells.
func (d *pair) save(path, content string) {
	d.t.Helper()
	d.write(path, content)
	d.e.Mark(path)
}

// besides plays two computers that run, as slow, in a bubble of time.
func besides(t *testing.T, play func(a, b *pair)) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a, b := h.slow(), h.slow()
		defer a.running(engine.Pace{})()
		defer b.running(engine.Pace{})()
		play(a, b)
	})
}

func (d *pair) shows(path, content string) {
	d.t.Helper()
	if got := d.files()[path]; got != content {
		d.t.Errorf("%s has %.20q for %s, want %.20q", d.name(), got, path, content)
	}
}

// TestHugePassed: what changes here and elsewhere while a huge file is sent, and then while it is fetched, is at once on the other computer; nothing
// is said to be safe meanwhile.
func TestHugePassed(t *testing.T) {
	besides(t, func(a, b *pair) {
		a.save("huge", huge("film"))
		after(time.Minute)
		for i, d := range []*pair{a, b} { // a sends, then b fetches
			d.wants(engine.Working)
			if s := d.status(); s.PendingFiles != 1 || s.PendingBytes != 400 {
				t.Errorf("%+v", s)
			}
			text := strings.Repeat("x", i+1)
			a.save("from a", text)
			b.save("from b", text)
			after(20 * time.Second)
			b.shows("from a", text)
			a.shows("from b", text)
			d.wants(engine.Working)
			after(2 * time.Hour)
		}
		b.shows("huge", huge("film"))
		a.wants(engine.UpToDate)
		b.wants(engine.UpToDate)
	})
}

// TestHugeUnwanted: what is deleted, renamed or written anew while it is sent or fetched ends as the person left it.
func TestHugeUnwanted(t *testing.T) {
	for name, x := range map[string]struct {
		act  func(a *pair)
		want map[string]string
	}{
		"deleted": {func(a *pair) { a.remove("huge") }, map[string]string{}},
		"renamed": {func(a *pair) {
			if err := a.disk.Move("huge", "huge too"); err != nil {
				a.t.Fatal(err)
			}
		}, map[string]string{"huge too": huge("film")}},
		"changed": {func(a *pair) { a.write("huge", huge("fine")) }, map[string]string{"huge": huge("fine")}},
		"small":   {func(a *pair) { a.write("huge", "cut") }, map[string]string{"huge": "cut"}},
	} {
		for when, wait := range map[string]time.Duration{"while it is sent": time.Hour, "while it is fetched": 3 * time.Hour} {
			t.Run(name+" "+when, func(t *testing.T) {
				besides(t, func(a, b *pair) {
					a.save("huge", huge("film"))
					after(wait)
					x.act(a)
					a.e.Mark("huge", "huge too")
					after(12 * time.Hour)
					for _, d := range []*pair{a, b} {
						d.wants(engine.UpToDate)
						if len(d.files()) != len(x.want) {
							t.Errorf("%s has %d files", d.name(), len(d.files()))
						}
						for p, c := range x.want {
							d.shows(p, c)
						}
						for p := range d.disk.Tree() {
							if strings.Contains(p, "stage/") && !strings.HasSuffix(p, "/") {
								t.Errorf("%s keeps %s", d.name(), p)
							}
						}
					}
				})
			})
		}
	}
}

// TestHugePaused: a pause stops a huge file at once; afterwards it goes on.
func TestHugePaused(t *testing.T) {
	besides(t, func(a, b *pair) {
		a.save("huge", huge("film"))
		after(time.Hour)
		a.e.Pause()
		after(10 * time.Hour)
		a.wants(engine.Paused)
		if batches, _ := a.objects(); batches != 0 {
			t.Error("it was told during the pause")
		}
		a.e.Resume()
		after(8 * time.Hour)
		a.wants(engine.UpToDate)
		b.shows("huge", huge("film"))
	})
}

// TestHugeAtOnce: a Cycle ends only when the huge files are there too; in a first sync they are compared like all others.
func TestHugeAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.slow()
		for _, name := range []string{"huge 1", "huge 2", "huge 3", "huge 4", "huge 5"} {
			a.write(name, huge(name))
		}
		a.write("small", "s")
		a.ok()
		a.wants(engine.UpToDate)
		b := h.slow()
		b.ok()
		b.wants(engine.UpToDate)
		if len(b.files()) != 6 {
			t.Errorf("%d files", len(b.files()))
		}
	})
}

// TestHugeNeverStill: a huge file that changes whenever it is read is a problem of its own, and no endless work.
func TestHugeNeverStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.slow()
		a.write("huge", huge("0"))
		n := 0
		a.disk.SetFaults(func(op, p string) error {
			if op == "read" && p == "huge" {
				n++
				return a.disk.WriteFile("huge", huge(string(rune('a'+n%20))))
			}
			return nil
		}, nil)
		a.ok()
		a.wants(engine.NeedsYou, engine.CodeChanging+" huge")
		if n > 10 {
			t.Errorf("read %d times", n)
		}
		a.disk.SetFaults(nil, nil)
		a.ok()
		a.wants(engine.UpToDate)
	})
}

// TestHugeCutOff: a failure of the network while a huge file moves ends the cycle, which says so.
func TestHugeCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a := h.slow()
		a.write("huge", huge("film"))
		a.faults.Decide(failing(objstore.OpPut, "/huge", objstore.Unreachable))
		if err := a.cycle(); objstore.KindOf(err) != objstore.Unreachable {
			t.Error(err)
		}
		a.wants(engine.Offline, engine.CodeOffline)
		a.faults.Decide(nil)
		a.ok()
		a.wants(engine.UpToDate)
	})
}

// TestHugeArrivesInBetween: what arrives after the hauls were looked at, and before the marks of paths are taken, is not forgotten.
func TestHugeArrivesInBetween(t *testing.T) {
	h := newHouse(t)
	a := h.add(disktest.Options{}, "Synced", engine.Options{Huge: 100, Beside: func(move func()) { move() }})
	b := h.add(disktest.Options{}, "Synced", engine.Options{Huge: 100, Beside: func(move func()) { move() }})
	a.write("huge", huge("film"))
	a.ok()
	b.ok()
	b.shows("huge", huge("film"))
}

// TestHugeDiskFull: a huge file for which there is no room is a problem of its own; what else comes is placed, and it follows when there is room.
func TestHugeDiskFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouseAt(t, time.Now)
		a, b := h.slow(), h.slow()
		a.write("huge", huge("film"))
		a.ok()
		a.write("small", "s")
		a.ok()
		full := true
		b.disk.SetFaults(func(op, p string) error {
			if full && op == "write" && strings.Contains(p, "incoming/") && len(b.files()) > 0 { // the small one has its place
				return disk.ErrFull
			}
			return nil
		}, nil)
		_ = b.cycle()
		b.wants(engine.NeedsYou, engine.CodeDiskFull+" huge")
		b.shows("small", "s")
		full = false
		b.ok()
		b.wants(engine.UpToDate)
		b.shows("huge", huge("film"))
	})
}
