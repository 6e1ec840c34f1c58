package space

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// late lets device b prepare a batch, then a write on for hours and make a checkpoint, and then b's batch arrive.
func late(t *testing.T) (w *world, a, b *device, p *Pending) {
	w = newWorld(t)
	a, b = w.device(1), w.device(2)
	a.pull(Poll)
	a.save("first", "0")
	b.pull(Poll)
	p, err := b.Prepare([]merge.Op{{Kind: merge.Create, Name: "late", Content: b.upload("late", "l")}}, false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		w.pass(time.Hour)
		a.save(fmt.Sprint("file", i), "1")
	}
	w.pass(2 * time.Hour)
	if err := a.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Hour)
	a.save("file after", "2")
	return w, a, b, p
}

// TestLateBatchRings: whoever began with a checkpoint and then tells what is older than it rings the notice all the same, so that nobody has to list.
func TestLateBatchRings(t *testing.T) {
	w, a, b, p := late(t)
	b.pull(Poll)
	if err := b.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	b = w.restart(b)
	b.pull(List)
	if b.start == nil {
		t.Fatal("it did not begin with the checkpoint")
	}
	again, err := DecodePending(p.Key, p.Body)
	if err == nil {
		err = b.Publish(t.Context(), again)
	}
	if err != nil {
		t.Fatal(err)
	}
	if b.owed {
		t.Error("the notice is still to be put")
	}
	a.pull(Poll)
	if !strings.Contains(a.show(), "late=") {
		t.Errorf("the other device shows %s", a.show())
	}
	agree(t, a, b)
}

func TestLateBatchGoesBackBehindTheCheckpoint(t *testing.T) {
	w, a, b, p := late(t)
	c := w.device(3)
	c.pull(Poll)
	if c.start == nil {
		t.Fatal("it did not begin with the checkpoint")
	}
	if err := b.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*device{a, b, c} {
		d.pull(Poll)
	}
	fresh := w.device(4)
	fresh.pull(Poll)
	for _, d := range []*device{a, b, c, fresh, w.restart(c), w.restart(a)} {
		if !strings.Contains(d.show(), "late=") {
			t.Errorf("device %d shows %s", d.id, d.show())
		}
		agree(t, a, d)
		if ps := d.Problems(); len(ps) != 0 {
			t.Errorf("problems: %+v", ps)
		}
	}
	if err := a.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	after := w.device(5)
	after.pull(Poll)
	agree(t, a, after)
}

func TestLateBatchOlderThanTheHistories(t *testing.T) {
	w, a, b, p := late(t)
	for _, k := range w.keys(a.key(layout.DeviceHistory(1)) + "0000000001") {
		w.store.Delete(t.Context(), k)
	}
	if err := b.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	c := w.device(3)
	c.pull(Poll)
	c.pull(List)
	ps := c.Problems()
	if len(ps) != 1 || ps[0].Code != LateBatch {
		t.Errorf("problems: %+v", ps)
	}
	if s := c.show(); strings.Contains(s, "late") || !strings.Contains(s, "file after") {
		t.Errorf("shown: %s", s)
	}
	b.pull(List)
	b.save("after the late one", "3") // only b knows both
	w.pass(2 * time.Hour)
	c.pull(List)
	if s := c.show(); strings.Contains(s, "late") {
		t.Errorf("shown: %s", s)
	}
	if err := b.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	c.pull(List)
	agree(t, b, c)
	if ps := c.Problems(); len(ps) != 0 {
		t.Errorf("problems: %+v", ps)
	}
	a.pull(List)
	agree(t, a, c)
	if !strings.Contains(a.show(), "file after") {
		t.Errorf("shown: %s", a.show())
	}
}

func TestDamagedCheckpoints(t *testing.T) {
	for n := range 3 { // how many are damaged, the newest first
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld(t)
			a := w.device(1)
			a.pull(Poll)
			for i := range 2 {
				a.save(fmt.Sprint("file", i), "1")
				w.pass(2 * time.Hour)
				if err := a.forceCheckpoint(); err != nil {
					t.Fatal(err)
				}
			}
			a.save("after", "2")
			keys := w.keys(a.key(layout.Checkpoints))
			for i := range n {
				w.spoil(keys[len(keys)-1-i], flip)
			}
			b := w.device(2)
			b.pull(Poll)
			agree(t, a, b)
			if ps := b.Problems(); len(ps) != n || n > 0 && ps[0].Code != DamagedCheckpoint {
				t.Errorf("problems: %+v", ps)
			}
		})
	}
}

func TestDeviceThatWasAwayGoesOnFromALaterCheckpoint(t *testing.T) {
	w := newWorld(t)
	a, away := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("first", "0")
	away.pull(Poll)
	for i := range 5 {
		a.save(fmt.Sprint("file", i), "1")
	}
	w.pass(2 * time.Hour)
	if err := a.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	for _, k := range w.keys(a.key(layout.History)) {
		w.store.Delete(t.Context(), k)
	}
	a.save("after", "2")
	away = w.restart(away)
	away.pull(Poll)
	agree(t, a, away)
	if ps := away.Problems(); len(ps) != 0 {
		t.Errorf("problems: %+v", ps)
	}
	away.save("back again", "3")
	a.pull(Poll)
	agree(t, a, away)
}

// TestSweptUnread: the last batches of a volume were swept while a device was away that had not read them, and nothing in the store names them any more.
func TestSweptUnread(t *testing.T) {
	for _, hint := range []bool{true, false} {
		w := newWorld(t)
		a, away := w.device(1), w.device(2)
		a.pull(Poll)
		a.save("first", "0")
		a.save("gone", "1")
		away.pull(Poll)
		a.delete("gone")
		others := []*device{a}
		for i := range tree.Device(4) {
			d := w.device(10 + i)
			d.pull(List)
			others = append(others, d)
		}
		for _, d := range others {
			w.pass(2 * time.Hour)
			if err := d.forceCheckpoint(); err != nil {
				t.Fatal(err)
			}
		}
		w.pass(40 * day)
		a.sweep()
		w.pass(day + day/8)
		a.sweep()
		if n := len(w.keys(a.key(layout.History))); n > 0 {
			t.Fatalf("%d batches are left", n)
		}
		if !hint {
			_ = w.store.Delete(t.Context(), a.key(layout.Notice))
		}
		for range 2 {
			away = w.restart(away)
			away.net.forget()
			away.pull(Poll)
			agree(t, a, away)
			if ps := away.Problems(); len(ps) != 0 {
				t.Errorf("problems: %+v", ps)
			}
		}
		if n := away.net.count("get " + away.key(layout.Checkpoints)); n != 0 {
			t.Errorf("the checkpoint was read again, %d times", n)
		}
	}
}

func TestManyBatchesAreSkippedByACheckpoint(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("first", "0")
	b.pull(Poll)
	for range worthBatches + manyBatches {
		a.send(merge.Op{Kind: merge.Mkdir, Name: "d"})
	}
	w.pass(2 * time.Hour)
	if err := a.Checkpoint(t.Context(), w.clock()); err != nil || len(w.keys(a.key(layout.Checkpoints))) != 1 {
		t.Fatalf("checkpoint: %v, %v", err, w.keys(a.key(layout.Checkpoints)))
	}
	a.save("last", "1")
	b.net.forget()
	b.pull(List)
	agree(t, a, b)
	if n := b.net.count("get"); n > 5 {
		t.Errorf("%d reads", n)
	}
	if err := b.Checkpoint(t.Context(), w.clock()); err != nil || len(w.keys(a.key(layout.Checkpoints))) != 1 {
		t.Errorf("a second checkpoint: %v", err)
	}
	again := w.restart(a)
	agree(t, a, again)
	again.pull(Poll)
	if n := again.net.count("get " + again.key(layout.History)); n != 0 {
		t.Errorf("read %d batches again", n)
	}
}

func TestCheckpointLeavesOutTheLastHour(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("old", "1")
	w.pass(2 * time.Hour)
	a.save("young", "2")
	if err := a.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	if a.start.Nodes.Len() != 1 || len(a.batches) != 1 {
		t.Errorf("%d nodes in the checkpoint, %d batches after it", a.start.Nodes.Len(), len(a.batches))
	}
}

func TestBatchThatContradictsItselfIsSetAside(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	p := a.save("good", "1")
	bad := &merge.Batch{BatchID: merge.BatchID{Device: 7, Seq: 1, Run: 1}, Time: 5, Parents: []merge.BatchID{p.ID}, Ops: []merge.Op{{Kind: merge.Mkdir, Name: "x"}}}
	body, err := EncodeBatch(bad)
	if err != nil {
		t.Fatal(err)
	}
	put(t.Context(), w.store, a.key(layout.Batch(bad.BatchID)), body, objstore.PutOptions{})
	b := w.device(2)
	for range 2 {
		b.pull(List)
		agree(t, a, b)
		if ps := b.Problems(); len(ps) != 1 || ps[0].Code != RefusedBatch {
			t.Errorf("problems: %+v", ps)
		}
	}
	b.sweep()
}
