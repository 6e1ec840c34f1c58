package space

import (
	"strings"
	"testing"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

func TestTwoDevicesSeeWhatEachOtherDid(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	a.save("letter.txt", "one")
	b.pull(Poll)
	agree(t, a, b)
	b.save("letter.txt", "two")
	a.pull(Poll)
	agree(t, a, b)
	if n := a.node("letter.txt"); len(a.State().Versions(n.ID)) != 2 {
		t.Errorf("versions: %v", a.State().Versions(n.ID))
	}
}

func TestPollCostsTwoRequestsPerChangeAndOneWithout(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("a", "1")
	b.pull(Poll)
	a.save("a", "2")
	b.net.forget()
	b.pull(Poll)
	if n := b.net.count(""); n != 2 {
		t.Errorf("%d requests for a change: %v", n, b.net.requests)
	}
	b.net.forget()
	if changed, err := b.Pull(t.Context(), Poll); changed || err != nil || b.net.count("") != 1 {
		t.Errorf("changed %v, %v, requests %v", changed, err, b.net.requests)
	}
	agree(t, a, b)
}

func TestPollFillsGaps(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	for _, s := range []string{"1", "2", "3", "4"} {
		a.save("file"+s, s)
	}
	b.pull(Poll)
	agree(t, a, b)
	a = w.restart(a)
	a.pull(Poll)
	a.save("file5", "5")
	b.pull(Poll)
	agree(t, a, b)
}

func TestLostNoticeIsFoundByListAndPutAgainByItsWriter(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	a.save("seen", "0")
	b.pull(Poll)
	a.net.before = func(op, key string) error {
		if op == "put" && strings.HasSuffix(key, layout.Notice) {
			return errCut
		}
		return nil
	}
	a.save("hidden", "1")
	if changed, err := b.Pull(t.Context(), Poll); changed || err != nil {
		t.Fatalf("poll saw it: %v, %v", changed, err)
	}
	b.pull(List)
	agree(t, a, b)
	a.save("hidden too", "2")
	a.net.before = nil
	a.pull(Poll)
	b.pull(Poll)
	agree(t, a, b)
}

func TestTwoNoticesAtOnce(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.device(1), w.device(2), w.device(3)
	for _, d := range []*device{a, b, c} {
		d.pull(Poll)
	}
	a.save("from a", "1")
	b.pull(Poll)
	c.pull(Poll)
	// b rings between a's reading and a's writing of the notice.
	once := false
	a.net.before = func(op, key string) error {
		if op == "put" && strings.HasSuffix(key, layout.Notice) && !once {
			once = true
			b.save("from b", "2")
		}
		return nil
	}
	a.save("from a too", "3")
	b.pull(Poll) // sees that its own is missing
	for range 2 {
		a.pull(Poll)
		b.pull(Poll)
		c.pull(Poll)
	}
	agree(t, a, b, c)
	if got := len(c.State().Root().Files()); got != 3 {
		t.Errorf("c shows %s", c.show())
	}
}

func TestDamagedNoticeIsReplaced(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	a.save("one", "1")
	w.spoil(a.key(layout.Notice), func([]byte) []byte { return []byte("{no") })
	b.pull(Poll)
	a.pull(Poll)
	b.pull(Poll)
	agree(t, a, b)
}

func TestStaleNoticeAndStaleListing(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("one", "1")
	b.pull(Poll)
	old, _ := w.store.Bytes(a.key(layout.Notice))
	a.save("two", "2")
	a.save("three", "3")
	b.net.list = func(_ string, objects []objstore.Object) []objstore.Object {
		var out []objstore.Object
		for _, o := range objects {
			if !strings.Contains(o.Key, "0000000002-") { // the listing lacks the second batch
				out = append(out, o)
			}
		}
		return out
	}
	b.pull(List)
	agree(t, a, b) // the third names it as its parent
	w.spoil(a.key(layout.Notice), func([]byte) []byte { return old })
	a.pull(Poll)
	b.net.list = nil
	a.save("four", "4")
	b.pull(Poll)
	agree(t, a, b)
}

func TestRestartReadsOnlyWhatIsNew(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	for _, s := range []string{"1", "2", "3"} {
		a.save("file"+s, s)
	}
	b.pull(Poll)
	b = w.restart(b)
	agree(t, a, b)
	a.save("new", "4")
	b.pull(Poll)
	if n := b.net.count("get " + b.key(layout.History)); n != 1 {
		t.Errorf("read %d batches: %v", n, b.net.requests)
	}
	agree(t, a, b)
}

func TestDamagedCacheIsReadAgain(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("one", "1")
	a.save("two", "2")
	b.pull(Poll)
	for id, s := range b.cache.volumes[b.id2()].batches {
		if id.Seq == 1 {
			s.Body = flip(s.Body)
			b.cache.volumes[b.id2()].batches[id] = s
		}
	}
	b = w.restart(b)
	if got := b.show(); got != "" && !folding {
		t.Errorf("shown without the first batch: %s", got)
	}
	b.pull(Poll)
	agree(t, a, b)
	b.cache = &MemCache{}
	b = w.restart(b)
	b.pull(Poll)
	agree(t, a, b)
}

func (d *device) id2() string { return d.Volume.id }

func TestDamagedBatchIsAProblemAndNeverAbsence(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(w *world, key string)
		code Code
	}{
		{"flipped", func(w *world, key string) { w.spoil(key, flip) }, DamagedBatch},
		{"cut", func(w *world, key string) { w.spoil(key, func(b []byte) []byte { return b[:len(b)/2] }) }, DamagedBatch},
		{"empty", func(w *world, key string) { w.spoil(key, func([]byte) []byte { return nil }) }, DamagedBatch},
		{"gone", func(w *world, key string) {
			if err := w.store.Delete(w.t.Context(), key); err != nil {
				w.t.Fatal(err)
			}
		}, MissingBatch},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			a, b, other := w.device(1), w.device(2), w.device(3)
			a.pull(Poll)
			other.pull(Poll)
			a.save("good", "1")
			bad := a.save("bad", "2")
			a.save("depends", "3")
			other.save("independent", "4")
			body, _ := w.store.Bytes(a.key(bad.Key))
			c.do(w, a.key(bad.Key))
			b.pull(Poll)
			if s := b.show(); !strings.Contains(s, "good") || !strings.Contains(s, "independent") || strings.Contains(s, "depends") {
				t.Errorf("shown: %s", s)
			}
			ps := b.Problems()
			if len(ps) != 1 || ps[0].Code != c.code || ps[0].Key != a.key(bad.Key) {
				t.Fatalf("problems: %v", ps)
			}
			b.pull(Poll)
			put(t.Context(), w.store, a.key(bad.Key), body, objstore.PutOptions{})
			b.pull(List)
			a.pull(List)
			agree(t, a, b)
			if ps := b.Problems(); len(ps) != 0 {
				t.Errorf("problems remain: %v", ps)
			}
		})
	}
}

func TestFailedRequestsLoseNothing(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	for _, s := range []string{"1", "2", "3", "4", "5"} {
		a.save("file"+s, s)
	}
	for n := 1; ; n++ {
		left := n
		b.net.mu.Lock()
		b.net.before = func(string, string) error {
			if left--; left < 0 {
				return errCut
			}
			return nil
		}
		b.net.mu.Unlock()
		if _, err := b.Pull(t.Context(), Poll); err == nil {
			break
		}
		if n > 50 {
			t.Fatal("it never gets through")
		}
	}
	agree(t, a, b)
}

func TestNewerBatchStopsWritingAndNothingElse(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("old", "1")
	id := merge.BatchID{Device: 9, Seq: 1, Run: 9}
	body, err := pack([]byte(`{"format":2,"d":"0000000000000009","s":"one"}`))
	if err != nil {
		t.Fatal(err)
	}
	put(t.Context(), w.store, a.key(layout.Batch(id)), body, objstore.PutOptions{})
	b.pull(List)
	if ps := b.Problems(); len(ps) != 1 || ps[0].Code != NewerFormat {
		t.Errorf("problems: %v", ps)
	}
	if !strings.Contains(b.show(), "old") {
		t.Errorf("shown: %s", b.show())
	}
	if _, err := b.Prepare([]merge.Op{{Kind: merge.Mkdir, Name: "x"}}, false); err == nil {
		t.Error("it writes into a volume that it does not understand")
	}
}

func TestOldImageOfADiskGoesOnWhereItsDeviceWas(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("one", "1")
	image := &MemCache{}
	bs, _ := a.cache.LoadBatches(t.Context(), a.Volume.id)
	image.SaveBatches(t.Context(), a.Volume.id, bs)
	a.save("two", "2")
	a.save("three", "3")
	a.cache = image
	a = w.restart(a)
	a.pull(Poll)
	b.pull(Poll)
	agree(t, a, b)
	if p := a.save("four", "4"); p.ID.Seq != 4 {
		t.Errorf("it goes on with number %d", p.ID.Seq)
	}
	b.pull(Poll)
	agree(t, a, b)
	if ps := a.Problems(); len(ps) != 0 {
		t.Errorf("problems: %v", ps)
	}
}

func TestTwoCopiesOfOneDisk(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("before", "0")
	twin := &device{id: 1, cache: &MemCache{}}
	bs, _ := a.cache.LoadBatches(t.Context(), a.Volume.id)
	twin.cache.SaveBatches(t.Context(), a.Volume.id, bs)
	twin = w.restart(twin)
	twin.pull(Poll)
	a.save("from a", "1")
	twin.save("from the twin", "2")
	other := w.device(3)
	other.pull(Poll)
	for range 2 {
		a.pull(Poll)
		twin.pull(Poll)
		other.pull(Poll)
	}
	agree(t, a, twin, other)
	if n := len(other.State().Root().Files()); n != 3 {
		t.Errorf("shown: %s", other.show())
	}
	found := 0
	for _, d := range []*device{a, twin} {
		for _, p := range d.Problems() {
			if p.Code == ClonedDevice {
				found++
			}
		}
	}
	if found == 0 {
		t.Error("nobody noticed")
	}
	if ps := other.Problems(); len(ps) != 0 {
		t.Errorf("problems: %v", ps)
	}
}

func TestDuplicatesAndOrderDoNotMatter(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	b.pull(Poll)
	for i := range 6 {
		d := []*device{a, b}[i%2]
		d.save("same name", string(rune('a'+i)))
		w.pass(time.Second)
		if i == 3 {
			a.pull(Poll)
		}
	}
	for range 3 {
		a.pull(List)
		b.pull(List)
	}
	c := w.device(3)
	c.pull(Poll)
	agree(t, a, b, c)
}

// TestLongWithoutAListing: the notice may be lost, or never have been written. Whoever has read nothing else for long looks at the histories.
func TestLongWithoutAListing(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	a.save("file", "1")
	b.pull(Poll)
	hint, _ := w.store.Bytes(a.key(layout.Notice))
	a.delete("file")
	put(t.Context(), w.store, a.key(layout.Notice), []byte(hint), objstore.PutOptions{})
	b.pull(Poll)
	if b.show() == a.show() {
		t.Fatal("the notice was not needed")
	}
	w.pass(listEvery)
	b.pull(Poll)
	agree(t, a, b)
	b.net.forget()
	b.pull(Poll)
	if n := b.net.count("list"); n != 0 {
		t.Errorf("listed again at once, %d times", n)
	}
}
