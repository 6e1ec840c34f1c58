package merge

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const chain = `
	10 A: D = mkdir / d
	20 B <10A: f = create D f 1
	30 A <20B: v = put f f 2
	40 C <10A: g = create / g G
	50 B <30A <40C: delete g@
`

func TestBatchesWaitForWhatTheirWritersSaw(t *testing.T) {
	bs := parse(t, chain)
	l := NewLog(nil)
	if l.Add(bs[4]) || l.Add(bs[2], bs[1]) {
		t.Fatal("batches count without their parents")
	}
	if l.Counts(bs[2].BatchID) || !l.Has(bs[2].BatchID) {
		t.Error("a waiting batch is not here, or counts")
	}
	if d := cmp.Diff([]BatchID{bs[0].BatchID, bs[3].BatchID}, l.Missing()); d != "" {
		t.Errorf("missing: -want +got\n%s", d)
	}
	if l.Clock() != 50*60000 {
		t.Errorf("the clock is at %d and not after the newest batch here", l.Clock())
	}
	if !l.Add(bs[0]) || l.Add(bs[0]) {
		t.Error("a batch changes the state never or twice")
	}
	if got, want := dump(l.State()), "d/\nd/f 2"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if d := cmp.Diff([]BatchID{bs[2].BatchID}, l.Heads()); d != "" {
		t.Errorf("heads: -want +got\n%s", d)
	}
	l.Add(bs[3])
	if d := cmp.Diff([]BatchID{bs[4].BatchID}, l.Heads()); d != "" || len(l.Missing()) > 0 {
		t.Errorf("heads: -want +got\n%s\nmissing %v", d, l.Missing())
	}
	if got := len(l.Batches()); got != 5 || !slices.IsSortedFunc(l.Batches(), compareBatches) {
		t.Errorf("%d batches, or not in order", got)
	}
	anyOrder(t, bs)
}

func TestHeadsOfTwoBranches(t *testing.T) {
	bs := parse(t, "1 A: mkdir / a \n 2 B <1A: mkdir / b \n 3 C <1A: mkdir / c")
	l := NewLog(nil)
	l.Add(bs...)
	if d := cmp.Diff([]BatchID{bs[1].BatchID, bs[2].BatchID}, l.Heads()); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestALongChainInTheWorstOrder(t *testing.T) {
	var bs []*Batch
	for i := range 20000 {
		b := &Batch{BatchID: BatchID{Device: 1, Seq: uint64(i + 1), Run: 1}, Time: int64(i + 1), Ops: []Op{{Kind: Mkdir, Name: "d"}}}
		if i > 0 {
			b.Parents = []BatchID{bs[i-1].BatchID}
		}
		bs = append(bs, b)
	}
	l := NewLog(nil)
	for _, b := range slices.Backward(bs) {
		l.Add(b)
	}
	if len(l.Batches()) != len(bs) || len(l.State().Root().Folder("d").Members()) != len(bs) {
		t.Errorf("%d of %d batches count", len(l.Batches()), len(bs))
	}
}

func TestCheckpointOfEveryTime(t *testing.T) {
	bs := parse(t, chain)
	all := NewLog(nil)
	all.Add(bs...)
	for cut := 0; cut <= 6; cut++ {
		before := int64(cut*10+5) * 60000
		c := all.Checkpoint(before)
		l := NewLog(c)
		for _, b := range bs {
			if got, want := l.Counts(b.BatchID), b.Time < before; got != want {
				t.Errorf("checkpoint before %d: batch of %d counts: %v", before, b.Time, got)
			}
		}
		slices.Reverse(bs)
		l.Add(bs...)
		if d := cmp.Diff(full(all.State()), full(l.State())); d != "" {
			t.Errorf("checkpoint before %d: -want +got\n%s", before, d)
		}
		if d := cmp.Diff(all.Heads(), l.Heads()); d != "" || l.Clock() != all.Clock() || len(l.Late()) > 0 {
			t.Errorf("checkpoint before %d: clock %d, late %v, heads: -want +got\n%s", before, l.Clock(), l.Late(), d)
		}
		if d := cmp.Diff(all.Checkpoint(1<<40), l.Checkpoint(1<<40)); d != "" {
			t.Errorf("checkpoint of the checkpoint before %d: -want +got\n%s", before, d)
		}
	}
}

func TestLateBatches(t *testing.T) {
	bs := parse(t, chain+"35 D <10A: mkdir / late \n 60 D <35D: mkdir / after")
	before := NewLog(nil)
	before.Add(bs[:5]...)
	l := NewLog(before.Checkpoint(1 << 40))
	want := dump(l.State())
	if l.Add(bs[6], bs[5]) || l.Add(bs[5]) || dump(l.State()) != want {
		t.Error("a late batch, or what follows it, counts")
	}
	if d := cmp.Diff([]BatchID{bs[5].BatchID}, l.Late()); d != "" {
		t.Errorf("late: -want +got\n%s", d)
	}
	if len(l.Missing()) > 0 || !l.Has(bs[5].BatchID) {
		t.Errorf("missing %v, though all are here", l.Missing())
	}
	l = NewLog(before.Checkpoint(30 * 60000))
	l.Add(bs...)
	if len(l.Late()) > 0 || dump(l.State()) != want+"\nafter/\nlate/" && dump(l.State()) != lines(want+"\nafter/\nlate/") {
		t.Errorf("from an earlier checkpoint: late %v\n%s", l.Late(), dump(l.State()))
	}
}

// A batch that waits for one that is lost never counts for anybody: it is not late, however old it is.
func TestAnOldBatchWithoutItsParentsWaits(t *testing.T) {
	bs := parse(t, chain+"35 D <10A: mkdir / lost \n 36 D <35D: mkdir / after")
	before := NewLog(nil)
	before.Add(bs[:5]...)
	l := NewLog(before.Checkpoint(1 << 40))
	l.Add(bs[6])
	if d := cmp.Diff([]BatchID{bs[5].BatchID}, l.Missing()); d != "" || len(l.Late()) > 0 {
		t.Errorf("late %v, missing: -want +got\n%s", l.Late(), d)
	}
}

func TestRefusedBatches(t *testing.T) {
	bs := parse(t, "10 A: f = create / f 1 \n 20 A <10A: put f f 2 \n 5 B <10A: delete f@ \n 30 B <5B: mkdir / d")
	for p := range orders(bs, nil) {
		l := NewLog(nil)
		for _, b := range p {
			l.Add(b)
		}
		if d := cmp.Diff([]BatchID{bs[2].BatchID}, l.Refused()); d != "" || dump(l.State()) != "f 2" {
			t.Errorf("order %v: %s, refused: -want +got\n%s", names(p), dump(l.State()), d)
		}
		if d := cmp.Diff([]BatchID{bs[1].BatchID}, l.Heads()); d != "" {
			t.Errorf("order %v: heads -want +got\n%s", names(p), d)
		}
	}
}

// A device that uses one stamp twice harms its own batches only: everybody takes the one of the lower number.
func TestOneStampTwice(t *testing.T) {
	bs := parse(t, "10 A: f = create / f 1; D = mkdir / d; put f f 2 \n 10 A: mkdir / x; create / g 3; put f f 4 \n 20 B: create D h H")
	anyOrder(t, bs)
	if got, want := dump(foldAll(t, bs)), "d/\nd/h H\nf 2"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCovers(t *testing.T) {
	l := NewLog(nil)
	for _, r := range []struct {
		run  uint32
		seqs []uint64
	}{{1, []uint64{3, 1, 2}}, {2, []uint64{4, 5, 9, 7, 8}}, {9, []uint64{6}}} {
		for _, q := range r.seqs {
			l.Add(&Batch{BatchID: BatchID{Device: 7, Seq: q, Run: r.run}, Time: int64(q)})
		}
	}
	c := l.Checkpoint(100)
	want := []Progress{{Run{7, 1}, 1, 3}, {Run{7, 2}, 4, 5}, {Run{7, 2}, 7, 9}, {Run{7, 9}, 6, 6}}
	if d := cmp.Diff(want, c.Seen); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	for run := uint32(0); run < 11; run++ {
		for q := uint64(0); q < 11; q++ {
			id := BatchID{Device: 7, Seq: q, Run: run}
			if c.Covers(id) != l.Counts(id) || c.Covers(BatchID{Device: 6, Seq: q, Run: run}) || c.Covers(BatchID{Device: 8, Seq: q, Run: run}) {
				t.Errorf("run %d, batch %d: covered %v, counts %v", run, q, c.Covers(id), l.Counts(id))
			}
		}
	}
	l = NewLog(c)
	l.Add(&Batch{BatchID: BatchID{Device: 7, Seq: 6, Run: 2}, Time: 200})
	if d := cmp.Diff([]Progress{{Run{7, 1}, 1, 3}, {Run{7, 2}, 4, 9}, {Run{7, 9}, 6, 6}}, l.Checkpoint(1000).Seen); d != "" {
		t.Errorf("after the gap is filled: -want +got\n%s", d)
	}
}
