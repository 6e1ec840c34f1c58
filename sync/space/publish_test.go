package space

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// TestCrashAtEveryRequestOfPublish kills the program before and after each request; the next run publishes what it kept.
func TestCrashAtEveryRequestOfPublish(t *testing.T) {
	for _, lost := range []bool{false, true} {
		for at := 0; ; at++ {
			w := newWorld(t)
			a, b := w.device(1), w.device(2)
			a.pull(Poll)
			a.save("first", "0")
			content := a.upload("second", "1")
			p, err := a.Prepare([]merge.Op{{Kind: merge.Create, Name: "second", Content: content}}, false)
			if err != nil {
				t.Fatal(err)
			}
			fired := cutAt(a.net, at, lost)
			_ = a.Publish(t.Context(), p)
			a = w.restart(a)
			a.pull(Poll)
			kept, err := DecodePending(p.Key, p.Body)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := a.Publish(t.Context(), kept); err != nil {
					t.Fatalf("again after a crash at %d: %v", at, err)
				}
			}
			b.pull(Poll)
			agree(t, a, b)
			if got := len(b.State().Root().Files()); got != 2 || len(w.keys(a.key(layout.History))) != 2 {
				t.Fatalf("crash at %d: %s", at, b.show())
			}
			if !*fired {
				if at != 4 {
					t.Errorf("publish takes %d requests", at)
				}
				break
			}
		}
	}
}

// cutAt lets the n-th request from now fail, and all after it.
func cutAt(n *network, at int, lost bool) (fired *bool) {
	fired = new(bool)
	fail := func(string, string) error {
		if at--; at < 0 {
			*fired = true
			return errCut
		}
		return nil
	}
	if lost {
		n.after = fail
	} else {
		n.before = fail
	}
	return fired
}

func TestUnknownOutcomeIsSentAgainAndNothingElse(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	p, err := a.Prepare([]merge.Op{{Kind: merge.Mkdir, Name: "x"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	a.net.before = func(string, string) error { return errCut }
	if err := a.Publish(t.Context(), p); err == nil {
		t.Fatal("published without a network")
	}
	if _, err := a.Prepare([]merge.Op{{Kind: merge.Mkdir, Name: "y"}}, false); !errors.Is(err, ErrUnconfirmed) {
		t.Errorf("another batch: %v", err)
	}
	a.net.before = nil
	if err := a.Publish(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if q := a.send(merge.Op{Kind: merge.Mkdir, Name: "y"}); q.ID.Seq != 2 {
		t.Errorf("the next has number %d", q.ID.Seq)
	}
}

func TestWhatWasNeverSentMayBeDropped(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	old, err := a.Prepare([]merge.Op{{Kind: merge.Mkdir, Name: "x"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	p := a.send(merge.Op{Kind: merge.Mkdir, Name: "y"})
	if p.ID.Seq != 1 || p.ID != old.ID {
		t.Errorf("numbers %v and %v", old.ID, p.ID)
	}
	if err := a.Publish(t.Context(), old); !errors.Is(err, ErrMoved) {
		t.Errorf("the dropped one: %v", err)
	}
	if a.show() != "y/" {
		t.Errorf("shown: %s", a.show())
	}
}

func TestOtherBytesUnderTheNameAreNotOverwritten(t *testing.T) {
	for _, meta := range []bool{true, false} {
		w := newWorld(t)
		a := w.device(1)
		a.pull(Poll)
		p, err := a.Prepare([]merge.Op{{Kind: merge.Mkdir, Name: "x"}}, false)
		if err != nil {
			t.Fatal(err)
		}
		foreign := []byte("what another computer wrote")
		o := objstore.PutOptions{}
		if meta {
			o.Meta = map[string]string{hashName: sum(foreign)}
		}
		put(t.Context(), w.store, a.key(p.Key), foreign, o)
		again, err := DecodePending(p.Key, p.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Publish(t.Context(), again); !errors.Is(err, ErrForeign) {
			t.Errorf("published: %v", err)
		}
		if got, _ := w.store.Bytes(a.key(p.Key)); string(got) != string(foreign) {
			t.Error("it was overwritten")
		}
	}
}

func TestStaleBatchIsNotSentButFoundWhenItWasStored(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	p, err := a.Prepare([]merge.Op{{Kind: merge.Mkdir, Name: "x"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	w.pass(MaxLateness + time.Hour)
	a = w.restart(a)
	a.pull(Poll)
	again, _ := DecodePending(p.Key, p.Body)
	if err := a.Publish(t.Context(), again); !errors.Is(err, ErrStale) || len(w.keys(a.key(layout.History))) != 0 {
		t.Errorf("published: %v", err)
	}
	put(t.Context(), w.store, a.key(p.Key), p.Body, objstore.PutOptions{})
	if err := a.Publish(t.Context(), again); err != nil || a.show() != "x/" {
		t.Errorf("it is there: %v, shown %s", err, a.show())
	}
}

func TestStampsAndParents(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	b.me.Now = func() time.Time { return w.clock().Add(-time.Hour) } // its clock is behind
	pa := a.save("a", "1")
	b.pull(Poll)
	at := b.Next()
	pb, err := b.PrepareAt(at, []merge.Op{{Kind: merge.Mkdir, Name: "x"}}, true)
	if err != nil {
		t.Fatal(err)
	}
	if pb.Batch.Time <= pa.Batch.Time || len(pb.Batch.Parents) != 1 || pb.Batch.Parents[0] != pa.ID || !pb.Batch.Confirmed {
		t.Errorf("after %+v comes %+v", pa.Batch, pb.Batch)
	}
	if pb.Batch.Stamp(0) != (merge.Stamp{Time: at.Time, Device: at.Device, Run: at.Run, Index: 1}) {
		t.Errorf("stamp %v, promised %v", pb.Batch.Stamp(0), at)
	}
	a.save("b", "2")
	b.pull(Poll)
	if _, err := b.PrepareAt(at, nil, false); !errors.Is(err, ErrMoved) {
		t.Errorf("an old stamp: %v", err)
	}
	if !strings.HasPrefix(pa.Key, layout.DeviceHistory(1)) {
		t.Errorf("key %s", pa.Key)
	}
}

// A computer whose clock is days behind sends as others do: batches are stamped by the store's clock, once it is known.
func TestClockDaysBehind(t *testing.T) {
	w := newWorld(t)
	s, err := Open(t.Context(), w.store)
	if err != nil {
		t.Fatal(err)
	}
	v := s.Volume(synced, &MemCache{}, Writer{Device: 1, Run: 1, Name: "PC", Zone: func() int { return 0 }, Now: func() time.Time { return w.clock().Add(-5 * 24 * time.Hour) },
		Rand: rand.NewChaCha8([32]byte{1})})
	if err := v.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Pull(t.Context(), Poll); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		p, err := v.Prepare([]merge.Op{{Kind: merge.Mkdir, Name: fmt.Sprint(i)}}, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Publish(t.Context(), p); err != nil {
			t.Fatalf("batch %d: %v", i, err)
		}
	}
}
