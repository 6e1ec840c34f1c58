package space

import (
	"bytes"
	"crypto/sha256"
	"strconv"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
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

// part stores the changed bytes of a version with its recipe, and returns its content.
func (d *device) part(path, text string, earlier *tree.Content, from int64, changed string) *tree.Content {
	d.w.t.Helper()
	was := earlier.Extents[0]
	c := tree.Content{Hash: sha256.Sum256([]byte(text)), Size: int64(len(text)), Mtime: d.w.clock().UnixNano(), Exec: true, Extents: []tree.Extent{
		{Key: was.Key, Length: from}, {Length: int64(len(changed))}, {Key: was.Key, Offset: from + int64(len(changed)), Length: was.Length - from - int64(len(changed))},
	}}
	recipe := layout.Recipe(c)
	meta := layout.Meta{Path: path, Mtime: c.Mtime, Device: d.id}.Map()
	delete(meta, "sha256")
	meta[transfer.Recipe] = strconv.Itoa(len(recipe))
	key := layout.Part(path, layout.NewULID(d.w.clock().UnixMilli(), [10]byte{9}))
	put(d.w.t.Context(), d.net, d.key(key), append([]byte(changed), recipe...), objstore.PutOptions{Meta: meta})
	c.Extents[1].Key = key
	return &c
}

// TestRebuildChangedBlocks: a version that is made of an earlier one and of changed blocks comes back, unless a piece of it is gone.
func TestRebuildChangedBlocks(t *testing.T) {
	for name, x := range map[string]struct {
		spoil func(a *device, whole, part string)
		want  string
	}{
		"all there":      {func(*device, string, string) {}, "0123X56789"},
		"the whole gone": {func(a *device, whole, _ string) { a.w.store.Delete(t.Context(), whole) }, ""},
		"cut":            {func(a *device, whole, _ string) { a.w.spoil(whole, func(b []byte) []byte { return b[:9] }) }, "012345678"},
		"not a recipe": {func(a *device, _, part string) {
			a.w.spoil(part, func(b []byte) []byte { return bytes.Repeat([]byte{'x'}, len(b)) })
		}, "0123456789"},
	} {
		w := newWorld(t)
		a := w.device(1)
		a.pull(Poll)
		one := a.upload("film", "0123456789")
		a.send(merge.Op{Kind: merge.Create, Name: "film", Content: one})
		two := a.part("film", "0123X56789", one, 4, "X")
		n := a.node("film")
		a.send(merge.Op{Kind: merge.Put, Node: n.ID, Version: n.Current, Content: two})
		a.intact()
		x.spoil(a, a.key(one.Extents[0].Key), a.key(two.Extents[1].Key))
		for _, k := range w.keys(a.key(layout.Reserved)) {
			w.store.Delete(t.Context(), k)
		}
		b := w.device(2)
		r, err := b.Rebuild(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if x.want == "" {
			if r.Files != 0 || len(r.Skipped) != 1 {
				t.Errorf("%s: %+v", name, r)
			}
			continue
		}
		v, _ := b.State().Version(b.node("film").Current)
		if name == "cut" { // the sum beside it is that of all ten
			if len(v.Content.Extents) != 1 || len(r.Skipped) != 1 {
				t.Errorf("%s: %+v, %+v", name, v, r)
			}
			continue
		}
		if v.Content.Hash != sha256.Sum256([]byte(x.want)) || v.Content.Exec != (name == "all there") {
			t.Errorf("%s: %+v", name, v.Content)
		}
		b.intact()
		if again, err := b.Rebuild(t.Context()); err != nil || again.Files != 0 {
			t.Errorf("%s: again %+v, %v", name, again, err)
		}
	}
}
