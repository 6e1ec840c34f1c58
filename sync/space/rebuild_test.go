package space

import (
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

func TestVolumeIsRebuiltFromItsContent(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.save("letter.txt", "one")
	a.save("letter.txt", "two")
	dir := a.send(merge.Op{Kind: merge.Mkdir, Name: "docs"}).Batch.Stamp(0)
	a.send(merge.Op{Kind: merge.Create, Parent: dir, Name: "report.odt", Content: a.upload("docs/report.odt", "report")})
	put(t.Context(), w.store, a.key(layout.Bundle("docs", layout.NewULID(1, [10]byte{}))), []byte("zip"), objstore.PutOptions{})
	want := a.show()
	for _, k := range w.keys(a.key(layout.Reserved)) {
		w.store.Delete(t.Context(), k)
	}
	b := w.device(2)
	r, err := b.Rebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b.show() != want || r.Files != 2 || r.Versions != 3 || len(r.Skipped) != 1 {
		t.Errorf("rebuilt %+v: %s, it was %s", r, b.show(), want)
	}
	if vs := b.Versions(b.node("letter.txt").ID); len(vs) != 2 {
		t.Errorf("versions: %+v", vs)
	}
	b.intact()
	again, err := b.Rebuild(t.Context())
	if err != nil || again.Files != 0 || b.show() != want {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestRebuildGoesOnAfterACrash(t *testing.T) {
	for at := 0; ; at++ {
		w := newWorld(t)
		a := w.device(1)
		a.upload("a/one", "1")
		a.upload("a/two", "2")
		fired := cutAt(a.net, at, at%2 == 0)
		_, _ = a.Rebuild(t.Context())
		if !*fired {
			break
		}
		a = w.restart(a)
		if _, err := a.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := a.show(); strings.Count(s, "=") != 2 || strings.Contains(s, "conflicted") {
			t.Fatalf("crash at %d: %s", at, s)
		}
	}
}
