package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/tree"
)

// movable is a clock that tests move on.
func movable() (clock func() time.Time, move func(time.Duration)) {
	now := time.UnixMilli(1_790_000_000_000)
	return func() time.Time { now = now.Add(time.Millisecond); return now }, func(d time.Duration) { now = now.Add(d) }
}

// two devices that show the same files.
func two(t *testing.T, files int) (a, b *pair) {
	h := newHouse(t)
	a, b = h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.many(files, "first")
	settle(a, b)
	if len(b.files()) != files {
		t.Fatalf("%d files arrived", len(b.files()))
	}
	return a, b
}

func (d *pair) answer(answer string) {
	d.t.Helper()
	if err := d.e.Answer(context.Background(), answer); err != nil {
		d.t.Fatal(err)
	}
}

// asks checks that the guard asks, in the state that a person sees.
func (d *pair) asks(down bool, deleted, rewritten int) {
	d.t.Helper()
	q := d.status().Question
	if q == nil {
		d.t.Fatalf("%s does not ask", d.name())
	}
	if q.Down != down || q.Tally.Deleted != deleted || q.Tally.Rewritten != rewritten || len(q.Samples) == 0 || len(q.Samples) > 10 {
		d.t.Errorf("%s asks %+v", d.name(), *q)
	}
	d.wants(engine.NeedsYou)
}

func (d *pair) removeMany(from, to int) {
	for i := from; i < to; i++ {
		d.remove(fmt.Sprintf("docs/f%03d", i))
	}
}

// TestMassDelete: a device that would delete much asks; everything else goes on; the answer is carried out, also after a restart.
func TestMassDelete(t *testing.T) {
	for _, answer := range []string{engine.Keep, engine.Apply} {
		for _, restart := range []string{"no", "before the answer", "after the answer"} {
			t.Run(answer+" "+restart, func(t *testing.T) {
				a, b := two(t, 60)
				a.removeMany(0, 55)
				a.write("new here", "made here meanwhile")
				b.write("new there", "made there meanwhile")
				b.ok()
				a.ok()
				a.asks(false, 55, 0)
				a.ok()
				b.ok()
				if got := len(b.files()); got != 62 || a.files()["new there"] == "" {
					t.Fatalf("%d files at b; a has %v", got, a.files())
				}
				if restart == "before the answer" {
					a.start()
					a.ok()
					a.asks(false, 55, 0)
				}
				a.answer(answer)
				if restart == "after the answer" {
					a.start()
				}
				settle(a, b)
				want := map[string]int{engine.Keep: 62, engine.Apply: 7}[answer]
				if len(a.files()) != want || len(b.files()) != want {
					t.Errorf("%d files at a and %d at b, want %d", len(a.files()), len(b.files()), want)
				}
				if answer == engine.Keep && a.files()["docs/f007"] != "first 7" || answer == engine.Apply && !b.holds("first 7") {
					t.Error("the bytes are not there")
				}
				a.wants(engine.UpToDate)
				b.wants(engine.UpToDate) // what a person confirmed there is not asked again here
				if a.status().Question != nil || b.status().Question != nil {
					t.Error("somebody still asks")
				}
			})
		}
	}
}

// TestMassRewrite: the same for contents. What is taken back stays in the safety folder.
func TestMassRewrite(t *testing.T) {
	for _, answer := range []string{engine.Keep, engine.Apply} {
		t.Run(answer, func(t *testing.T) {
			a, b := two(t, 60)
			for i := range 60 {
				a.write(fmt.Sprintf("docs/f%03d", i), fmt.Sprintf("encrypted %d", i))
			}
			a.ok()
			a.asks(false, 0, 60)
			b.ok()
			if b.files()["docs/f007"] != "first 7" {
				t.Fatal("it was told before the answer")
			}
			a.answer(answer)
			settle(a, b)
			want := map[string]string{engine.Keep: "first 7", engine.Apply: "encrypted 7"}[answer]
			if a.files()["docs/f007"] != want || b.files()["docs/f007"] != want || !a.holds("encrypted 7") {
				t.Errorf("%q at a, %q at b", a.files()["docs/f007"], b.files()["docs/f007"])
			}
			a.wants(engine.UpToDate)
			b.wants(engine.UpToDate)
		})
	}
}

// TestAnswerCovers: the answer to a question covers what was asked. What comes in between it and its being carried out is asked about.
func TestAnswerCovers(t *testing.T) {
	rewrite := func(a *pair, from, to int) {
		for i := from; i < to; i++ {
			a.write(fmt.Sprintf("docs/f%03d", i), fmt.Sprintf("encrypted %d", i))
		}
	}
	for name, x := range map[string]struct {
		then               func(a *pair)
		deleted, rewritten int
	}{
		"rewritten":    {func(a *pair) { rewrite(a, 150, 300) }, 150, 150},
		"more deleted": {func(a *pair) { a.removeMany(150, 280) }, 280, 0},
		"all deleted":  {func(a *pair) { a.removeMany(260, 300) }, 300, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := two(t, 300)
			first := 150
			if name == "all deleted" {
				first = 260
			}
			a.removeMany(0, first)
			a.ok()
			a.asks(false, first, 0)
			a.answer(engine.Apply)
			x.then(a)
			a.ok()
			a.asks(false, x.deleted, x.rewritten)
			b.ok()
			if got := b.files(); len(got) != 300 || got["docs/f299"] != "first 299" {
				t.Fatalf("b has %d files, %q", len(got), got["docs/f299"])
			}
			a.answer(engine.Apply)
			settle(a, b)
			if got := len(b.files()); got != 300-x.deleted {
				t.Errorf("%d files", got)
			}
			a.wants(engine.UpToDate)
			b.wants(engine.UpToDate)
		})
	}
	t.Run("in the middle", func(t *testing.T) {
		a, b := two(t, 300)
		a.removeMany(0, 140)
		a.ok()
		a.answer(engine.Apply)
		again := false
		a.faults.Decide(func(op, key string) faultstore.Fault {
			if op == objstore.OpPut && strings.HasSuffix(key, "/notice") && !again {
				again = true
				a.removeMany(140, 280)
				a.e.Mark("docs")
			}
			return faultstore.Fault{}
		})
		a.ok()
		a.faults.Decide(nil)
		a.asks(false, 140, 0)
		b.ok()
		if got := len(b.files()); !again || got != 160 {
			t.Errorf("%d files", got)
		}
	})
	t.Run("a few more", func(t *testing.T) {
		a, b := two(t, 300)
		a.removeMany(0, 150)
		a.ok()
		a.answer(engine.Apply)
		a.removeMany(150, 160)
		rewrite(a, 200, 210)
		settle(a, b)
		if got := b.files(); len(got) != 140 || got["docs/f205"] != "encrypted 205" {
			t.Errorf("%d files", len(got))
		}
	})
}

// TestEmptied: a root that is there and empties asks from five files on.
func TestEmptied(t *testing.T) {
	for n, ask := range map[int]bool{4: false, 5: true} {
		a, b := two(t, n)
		a.remove("docs")
		a.ok()
		if asked := a.status().Question != nil; asked != ask {
			t.Errorf("%d files: asked %v", n, asked)
		}
		settle(b)
		if got := len(b.files()); (got == n) != ask {
			t.Errorf("%d of %d files are left at b", got, n)
		}
	}
}

// TestBitByBit: deletions of a few minutes count together; later ones do not.
func TestBitByBit(t *testing.T) {
	for pause, ask := range map[time.Duration]bool{time.Minute: true, 11 * time.Minute: false} {
		clock, move := movable()
		h := newHouseAt(t, clock)
		a := h.synced(disktest.Options{})
		a.many(100, "first")
		a.ok()
		a.removeMany(0, 30)
		a.ok()
		move(pause)
		a.removeMany(30, 60)
		a.ok()
		if asked := a.status().Question != nil; asked != ask {
			t.Errorf("after %v: asked %v", pause, asked)
		}
	}
}

// TestMovesDoNotAsk: whatever is moved is still there.
func TestMovesDoNotAsk(t *testing.T) {
	for name, o := range map[string]disktest.Options{"plain": {}, "no birth": {NoBirth: true}} {
		for _, how := range []string{"the folder", "each file", "copied and removed"} {
			h := newHouse(t)
			a, b := h.synced(o), h.synced(disktest.Options{})
			a.many(120, "first")
			settle(a, b)
			switch how {
			case "the folder":
				if err := a.disk.Move("docs", "papers"); err != nil {
					t.Fatal(err)
				}
			default:
				for i := range 120 {
					from, to := fmt.Sprintf("docs/f%03d", i), fmt.Sprintf("papers/f%03d", i)
					if how == "each file" {
						if err := a.disk.Move(from, to); err != nil {
							t.Fatal(err)
						}
						continue
					}
					a.write(to, a.files()[from])
					a.remove(from)
				}
			}
			puts := len(a.store.Keys())
			a.ok()
			b.ok()
			if a.status().Question != nil || b.status().Question != nil || b.files()["papers/f007"] != "first 7" || len(b.files()) != 120 {
				t.Errorf("%s, %s: asked %v %v, %d files", name, how, a.status().Question, b.status().Question, len(b.files()))
			}
			if got := len(a.store.Keys()) - puts; got > 2 {
				t.Errorf("%s, %s: %d new objects", name, how, got)
			}
		}
	}
}

// apart makes a device that was away while another one deleted much, bit by bit, so that nobody was asked there.
func apart(t *testing.T) (a, b *pair) {
	clock, move := movable()
	h := newHouseAt(t, clock)
	a, b = h.synced(disktest.Options{}), h.synced(disktest.Options{})
	a.many(200, "first")
	settle(a, b)
	for _, from := range []int{0, 30, 60} {
		a.removeMany(from, from+30)
		a.ok()
		move(11 * time.Minute)
	}
	if a.status().Question != nil {
		t.Fatal("it asked where the files were deleted")
	}
	return a, b
}

// TestMassDeleteDown: much that others took away asks here.
func TestMassDeleteDown(t *testing.T) {
	for _, answer := range []string{engine.Keep, engine.Apply} {
		t.Run(answer, func(t *testing.T) {
			a, b := apart(t)
			a.write("new there", "x")
			a.ok()
			b.write("new here", "y")
			b.ok()
			b.asks(true, 90, 0)
			if len(b.files()) != 202 {
				t.Fatalf("%d files at b", len(b.files()))
			}
			b.start()
			b.ok()
			b.asks(true, 90, 0)
			b.answer(answer)
			settle(b, a)
			want := map[string]int{engine.Keep: 202, engine.Apply: 112}[answer]
			if len(a.files()) != want || len(b.files()) != want || !b.holds("first 7") {
				t.Errorf("%d files at a, %d at b, want %d", len(a.files()), len(b.files()), want)
			}
			a.wants(engine.UpToDate)
			b.wants(engine.UpToDate)
		})
	}
}

// TestBothWays: when both sides took much away, one question follows the other, and each answer counts.
func TestBothWays(t *testing.T) {
	a, b := apart(t)
	b.removeMany(100, 170)
	b.ok()
	b.asks(false, 70, 0)
	b.ok()
	b.asks(false, 70, 0)
	b.answer(engine.Apply)
	b.ok()
	b.asks(true, 90, 0)
	b.answer(engine.Apply)
	settle(b, a)
	if len(a.files()) != 40 || len(b.files()) != 40 {
		t.Errorf("%d files at a, %d at b", len(a.files()), len(b.files()))
	}
	a.wants(engine.UpToDate)
	b.wants(engine.UpToDate)
}

// TestUndone: when the files come back by themselves, the question goes.
func TestUndone(t *testing.T) {
	a, _ := two(t, 60)
	if err := a.disk.Move("docs", ".Trash-1000/docs"); err != nil {
		t.Fatal(err)
	}
	a.ok()
	a.asks(false, 60, 0)
	if err := a.disk.Move(".Trash-1000/docs", "docs"); err != nil {
		t.Fatal(err)
	}
	a.ok()
	a.wants(engine.UpToDate)
	if a.status().Question != nil || len(a.memory.guard) != 0 {
		t.Errorf("still asked: %s", a.memory.guard)
	}
	if err := a.e.Answer(t.Context(), engine.Keep); err == nil || !strings.Contains(err.Error(), "no open question") {
		t.Errorf("an answer without a question: %v", err)
	}
}

// TestWrongAnswer: nothing happens by it.
func TestWrongAnswer(t *testing.T) {
	a, b := two(t, 60)
	a.removeMany(0, 60)
	a.ok()
	if err := a.e.Answer(t.Context(), "yes"); err == nil {
		t.Error("it was taken")
	}
	a.ok()
	a.asks(false, 60, 0)
	b.ok()
	if len(b.files()) != 60 {
		t.Errorf("%d files are left", len(b.files()))
	}
}

// TestBackupKeep: a backup brings back what was deleted when a person says so, and only then.
func TestBackupKeep(t *testing.T) {
	a := newHouse(t).backup(disktest.Options{})
	a.many(60, "first")
	a.write("other", "stays")
	a.ok()
	a.remove("docs")
	a.ok()
	a.asks(false, 60, 0)
	if len(a.files()) != 1 {
		t.Fatal("it came back unasked")
	}
	a.answer(engine.Keep)
	settle(a)
	if len(a.files()) != 61 || a.files()["docs/f007"] != "first 7" {
		t.Errorf("%d files", len(a.files()))
	}
	a.wants(engine.UpToDate)
	if len(a.disk.Tree()) != 62 {
		t.Errorf("the folder has more than the files and their folder: %v", a.disk.Tree())
	}
}

// TestBackupKeepInterrupted: what is being brought back when the network goes, the program ends, or somebody pauses, is brought back later.
func TestBackupKeepInterrupted(t *testing.T) {
	for _, how := range []string{"network", "restart", "pause"} {
		a := newHouse(t).backup(disktest.Options{})
		a.opt.Window = 10
		a.oneByOne()
		a.many(60, "first")
		a.write("other", "stays")
		a.ok()
		a.remove("docs")
		a.ok()
		a.answer(engine.Keep)
		got := 0
		a.faults.Decide(func(op, key string) faultstore.Fault {
			if op != objstore.OpGet || !strings.Contains(key, "/f0") {
				return faultstore.Fault{}
			}
			if got++; got == 20 && how == "pause" {
				a.e.Pause()
			}
			if got > 20 && how != "pause" {
				return faultstore.Fault{Action: faultstore.Before}
			}
			return faultstore.Fault{}
		})
		if err := a.cycle(); (err == nil) != (how == "pause") {
			t.Fatalf("%s: %v", how, err)
		}
		a.faults.Decide(nil)
		if how == "restart" {
			a.start()
		}
		a.e.Resume()
		settle(a)
		if len(a.files()) != 61 || a.files()["docs/f007"] != "first 7" {
			t.Errorf("%s: %d files", how, len(a.files()))
		}
		a.wants(engine.UpToDate)
	}
}

// TestGuardLeavesNothingWaiting: what was let through beside a question is sent, and not shown as still to be sent.
func TestGuardLeavesNothingWaiting(t *testing.T) {
	a := newHouse(t).synced(disktest.Options{})
	a.many(60, "first")
	a.ok()
	a.remove("docs")
	a.write("other", "new")
	a.ok()
	a.asks(false, 60, 0)
	if s := a.status(); s.PendingFiles != 0 || s.PendingBytes != 0 {
		t.Errorf("%d files, %d bytes to go", s.PendingFiles, s.PendingBytes)
	}
}

// TestBackupEmptied: a backed-up folder on a known drive that its user has emptied, be it of one file, is a question; files that come meanwhile are sent.
func TestBackupEmptied(t *testing.T) {
	for _, answer := range []string{engine.Keep, engine.Apply, "they came back"} {
		t.Run(answer, func(t *testing.T) {
			h := newHouse(t)
			a := h.add(disktest.Options{}, fmt.Sprintf("Backup/%s/docs", tree.Device(1001)), engine.Options{UpOnly: true, Known: true})
			a.write("letter", "the only one")
			a.ok()
			a.remove("letter")
			a.ok()
			a.start()
			a.ok()
			a.asks(false, 1, 0)
			if got := a.cloudFiles(); len(got) != 1 {
				t.Fatalf("the volume has %v before anybody has answered", got)
			}
			want := 1
			switch answer {
			case engine.Apply:
				want = 0
				a.answer(answer)
			case engine.Keep:
				a.answer(answer)
			default:
				a.write("letter", "the only one")
			}
			settle(a)
			a.wants(engine.UpToDate)
			if got := a.cloudFiles(); len(got) != want || len(a.files()) != want {
				t.Errorf("the volume has %v, the disk %v", got, a.files())
			}
		})
	}
}
