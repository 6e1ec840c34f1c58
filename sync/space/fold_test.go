package space

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// aFold is a device that has folded two batches and read a third one since, of another device.
func aFold(t *testing.T) (w *world, a, b *device) {
	w = newWorld(t)
	a, b = w.device(1), w.device(2)
	a.pull(Poll)
	a.save("one", "1")
	a.save("two", "2")
	a.save("one", "1 again")
	a.delete("two")
	b.pull(Poll)
	if err := b.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.save("three", "3")
	return w, a, b
}

// aLateBatch is that device with one more file of its own since, and a third device whose batch is older than that file and still to be published.
func aLateBatch(t *testing.T) (w *world, a, b, c *device, p *Pending) {
	w, a, b = aFold(t)
	c = w.device(3)
	c.pull(Poll)
	p, err := c.Prepare([]merge.Op{{Kind: merge.Create, Name: "four", Content: c.upload("four", "4")}}, false)
	if err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	b.save("five", "5")
	return w, a, b, c, p
}

// TestFold: what is folded shows what it showed, holds no operations, and is there after a start without a request.
func TestFold(t *testing.T) {
	w, a, b := aFold(t)
	if len(b.folded) < 4 || len(b.batches) > 1 {
		t.Errorf("%d batches folded, %d not", len(b.folded), len(b.batches))
	}
	again := w.restart(b)
	if len(again.folded) != len(b.folded) || again.Clock() != b.Clock() || fmt.Sprint(again.Heads()) != fmt.Sprint(b.Heads()) || again.DeviceName(1) != "PC 1" {
		t.Errorf("after a start %+v, before it %+v", again.Volume, b.Volume)
	}
	if got, want := again.show(), b.show(); got != want || len(again.State().Trash()) != 1 {
		t.Errorf("after a start it shows %s, before it %s", got, want)
	}
	again.pull(Poll)
	if n := again.net.count("get " + again.key(layout.History)); n != 0 {
		t.Errorf("read %d batches again: %v", n, again.net.requests)
	}
	a.pull(Poll)
	agree(t, a, again)
}

// TestLateBatchInAFold: a batch that is older than what was folded takes its place, without a checkpoint that holds it, and has it after the next start, too.
func TestLateBatchInAFold(t *testing.T) {
	w, a, b, c, p := aLateBatch(t)
	if err := b.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	b.net.forget()
	if b.Pull(t.Context(), Poll); b.folded != nil {
		t.Error("it is still folded")
	}
	if b.cache.volume(b.foldID()).name != "" {
		t.Error("the next start would begin without the late batch, were that damaged in the cache")
	}
	if n := b.net.count("get " + b.key(layout.History)); n != 1 {
		t.Errorf("read %d batches: %v", n, b.net.requests)
	}
	a.pull(Poll)
	c.pull(Poll)
	agree(t, a, b, c)
	again := w.restart(b)
	if got, want := again.show(), a.show(); got != want {
		t.Errorf("after a start it shows %s, not %s", got, want)
	}
}

// TestStartWithALateBatchInTheCache: a crash may come between the moment when a late batch is in the cache and the one when the fold is not any more.
func TestStartWithALateBatchInTheCache(t *testing.T) {
	w, a, b, c, p := aLateBatch(t)
	if err := b.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	stored := StoredBatch{ID: p.ID, Body: p.Body, Stored: w.clock().UnixNano()}
	if err := b.cache.SaveBatches(t.Context(), b.Volume.id, []StoredBatch{stored}); err != nil {
		t.Fatal(err)
	}
	again := w.restart(b)
	a.pull(Poll)
	if got, want := again.show(), a.show(); got != want {
		t.Errorf("after a start it shows %s, not %s", got, want)
	}
}

// TestFoldedCheckpointLeavesOutTheLastHour: what is in a fold is no older than it was.
func TestFoldedCheckpointLeavesOutTheLastHour(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("old", "1")
	w.pass(2 * time.Hour)
	a.save("young", "2")
	if err := a.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.forceCheckpoint(); err != nil {
		t.Fatal(err)
	}
	if a.start.Nodes.Len() != 1 || len(a.batches) != 1 {
		t.Errorf("%d nodes in the checkpoint, %d batches after it", a.start.Nodes.Len(), len(a.batches))
	}
}

// TestFoldThatDoesNotFit: a start does without a fold that is damaged, or that is not of what else is in the cache.
func TestFoldThatDoesNotFit(t *testing.T) {
	cut := func(c *MemCache, id string) { f := c.volume(id + ":fold"); f.body = f.body[:len(f.body)-1] }
	for name, spoil := range map[string]func(c *MemCache, id string){
		"cut":          cut,
		"empty":        func(c *MemCache, id string) { c.volume(id + ":fold").body = nil },
		"flipped":      func(c *MemCache, id string) { f := c.volume(id + ":fold"); f.body = flip(bytes.Clone(f.body)) },
		"other format": func(c *MemCache, id string) { c.volume(id + ":fold").name = "fold 0" },
		"of another checkpoint": func(c *MemCache, id string) {
			f := c.volume(id + ":fold")
			s, h, err := decodeFold(bytes.NewReader(f.body))
			if err != nil {
				t.Fatal(err)
			}
			f.body, _ = encodeFold(s, "other", h.Batches)
		},
		"without its batches": func(c *MemCache, id string) {
			for b := range c.volume(id).batches {
				if b.Seq == 1 && b.Device == 1 {
					delete(c.volume(id).batches, b)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := aFold(t)
			spoil(b.cache, b.Volume.id)
			again := w.restart(b)
			if again.folded != nil {
				t.Error("it began with the fold")
			}
			again.pull(Poll)
			a.pull(Poll)
			agree(t, a, again)
		})
	}
}

// TestFoldDamagedAtEveryByte: whatever happens to a fold, it is what it was or damaged.
func TestFoldDamagedAtEveryByte(t *testing.T) {
	_, _, b := aFold(t)
	body := b.cache.volume(b.foldID()).body
	want, _, err := decodeFold(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := range body {
		for _, bad := range [][]byte{body[:i], append(append(bytes.Clone(body[:i]), body[i]^0x11), body[i+1:]...)} {
			s, _, err := decodeFold(bytes.NewReader(bad))
			if err == nil && (!s.Nodes.Equal(want.Nodes) || !s.Versions.Equal(want.Versions)) || err != nil && !isDamaged(err) {
				t.Errorf("byte %d: %v", i, err)
			}
		}
	}
}

// TestFoldThatCannotBeTakenApart: when the cache has lost what is in a fold, no checkpoint is made that would lack the last hour's caution, and a late batch
// is placed with the store's help.
func TestFoldThatCannotBeTakenApart(t *testing.T) {
	w, a, b, c, p := aLateBatch(t)
	if err := b.Fold(t.Context()); err != nil {
		t.Fatal(err)
	}
	*b.cache = MemCache{}
	w.pass(2 * time.Hour)
	if err := b.forceCheckpoint(); err == nil {
		t.Error("a checkpoint was made")
	}
	if err := c.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	b.pull(Poll)
	a.pull(Poll)
	c.pull(Poll)
	agree(t, a, b, c)
}

// TestFoldFormat: where this fails because rows are written otherwise, foldFormat must become another one.
func TestFoldFormat(t *testing.T) {
	if foldFormat != "fold 1" {
		t.Fatal("the sum below is of fold 1")
	}
	var out bytes.Buffer
	s := everything()
	body, err := encodeFold(s, "c", []folded{{ID: merge.BatchID{Device: 1, Seq: 2, Run: 3}, Time: 4, Stored: 5, Ops: 6}})
	if err != nil {
		t.Fatal(err)
	}
	u, err := newUnpacker(bytes.NewReader(body), maxFold)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if _, err := io.Copy(&out, u); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(out.Bytes())
	if got := hex.EncodeToString(sum[:8]); got != "cfe56a4dd4862f4b" {
		t.Errorf("%d bytes with the sum %s", out.Len(), got)
	}
	back, h, err := decodeFold(bytes.NewReader(body))
	if err != nil || !back.Nodes.Equal(s.Nodes) || !back.Versions.Equal(s.Versions) || h.Batches[0].Ops != 6 || back.Names[1] != s.Names[1] {
		t.Errorf("%v: %+v", err, back)
	}
}

// everything is a checkpoint in which each thing is written in each way.
func everything() Snapshot {
	st := func(t, i int) merge.Stamp { return merge.Stamp{Time: int64(t), Device: 1, Run: 2, Index: uint32(i)} }
	c := &merge.Checkpoint{
		Last: st(9, 9), Heads: []merge.BatchID{{Device: 1, Seq: 1, Run: 2}}, Seen: []merge.Progress{{Run: merge.Run{Device: 1, Run: 2}, From: 1, Seq: 1}},
		Aliases: [][2]merge.ID{{st(1, 1), st(1, 2)}}, Equal: [][2]merge.Stamp{{st(1, 3), st(1, 4)}}, Left: []merge.Left{{Key: "k", Stored: 7}},
	}
	for i, n := range []merge.Node{
		{Name: "a", Dir: true}, {Name: "b"}, {Name: "c", Deleted: true, DeletedBy: st(8, 1), DeletedAt: 77}, {Name: "d", Purged: true, Deleted: true, Confirmed: true},
		{Name: "e (2)", Plain: "e"}, {Name: "f", Place: st(8, 2)}, {Name: "g", Current: st(8, 3)},
	} {
		n.ID = st(1, i)
		if n.Place.IsZero() {
			n.Place = n.ID
		}
		if n.Current.IsZero() && !n.Dir {
			n.Current = n.ID
		}
		c.Nodes.Append(&n)
	}
	for i, v := range []merge.Version{
		{Content: tree.Content{Size: 4, Mtime: -5, Exec: true, Extents: []tree.Extent{{Key: "x", Length: 4}}}},
		{Node: st(1, 0), Base: st(1, 1), Stored: 1, Confirmed: true, Content: tree.Content{Size: 6, Extents: []tree.Extent{{Key: "x", Offset: 1, Length: 4}, {Key: "y", Length: 2}}}},
		{},
	} {
		v.ID = st(2, i)
		if v.Node.IsZero() {
			v.Node = v.ID
		}
		v.Content.Hash = sha256.Sum256([]byte{byte(i)})
		c.Versions.Append(&v)
	}
	return Snapshot{c, map[tree.Device]string{1: "PC"}}
}

// brokenCache fails its n-th call, and all after it.
type brokenCache struct {
	*MemCache
	left int
}

var errDisk = errors.New("the disk is full")

func (c *brokenCache) fails() bool { c.left--; return c.left < 0 }

func (c *brokenCache) LoadBatches(ctx context.Context, volume string) ([]StoredBatch, error) {
	if c.fails() {
		return nil, errDisk
	}
	return c.MemCache.LoadBatches(ctx, volume)
}

func (c *brokenCache) SaveBatches(ctx context.Context, volume string, bs []StoredBatch) error {
	if c.fails() {
		return errDisk
	}
	return c.MemCache.SaveBatches(ctx, volume, bs)
}

func (c *brokenCache) LoadCheckpoint(ctx context.Context, volume string, read func(string, int64, io.Reader)) error {
	if c.fails() {
		return errDisk
	}
	return c.MemCache.LoadCheckpoint(ctx, volume, read)
}

func (c *brokenCache) SaveCheckpoint(ctx context.Context, volume, name string, body []byte) error {
	if c.fails() {
		return errDisk
	}
	return c.MemCache.SaveCheckpoint(ctx, volume, name, body)
}

func (c *brokenCache) Forget(ctx context.Context, volume string) error {
	if c.fails() {
		return errDisk
	}
	return c.MemCache.Forget(ctx, volume)
}

// TestFoldOnAFullDisk: wherever the cache begins to fail, while a fold is made, taken apart for a late batch or for a checkpoint, and begun with, the device shows what
// the others show as soon as the disk works again, and after a start, too.
func TestFoldOnAFullDisk(t *testing.T) {
	for n := 0; ; n++ {
		w, a, b, c, p := aLateBatch(t)
		broken := &brokenCache{b.cache, n}
		b.Volume.cache = broken
		errs := []error{b.Fold(t.Context()), c.Publish(t.Context(), p)}
		_, err := b.Pull(t.Context(), Poll)
		errs = append(errs, err)
		w.pass(2 * time.Hour)
		errs = append(errs, b.forceCheckpoint(), b.Fold(t.Context()), b.Load(t.Context()))
		done := broken.left >= 0
		b.Volume.cache = b.cache
		again := w.restart(b)
		for _, d := range []*device{a, b, c, again} {
			d.pull(List)
		}
		agree(t, a, b, c, again)
		if t.Failed() {
			t.Fatalf("failing from call %d on: %v", n, errs)
		}
		if done {
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
			return
		}
	}
}
