package space

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// pack sends small files in one object, as the program does, and returns what a batch says of each.
func (d *device) pack(files ...string) []tree.Content {
	d.w.t.Helper()
	fs := disktest.New(disktest.Options{})
	var ms []transfer.Member
	for i, text := range files {
		path := fmt.Sprintf("docs/f%d", i)
		if err := fs.WriteFile(path, text); err != nil {
			d.w.t.Fatal(err)
		}
		info, err := fs.Stat(path)
		if err != nil {
			d.w.t.Fatal(err)
		}
		meta := layout.Meta{Mtime: info.Mtime, Device: d.id, Exec: i == 1}.Map()
		delete(meta, "sha256")
		delete(meta, "path")
		ms = append(ms, transfer.Member{Path: path, Name: path, Want: info.Signature, Meta: meta})
	}
	var random [10]byte
	if _, err := io.ReadFull(d.me.Rand, random[:]); err != nil {
		d.w.t.Fatal(err)
	}
	key := layout.Bundle("docs", layout.NewULID(d.w.clock().UnixMilli(), random))
	var out []tree.Content
	for i, p := range transfer.New(d.net, transfer.Options{}).UploadTogether(d.w.t.Context(), fs, ms, func() string { return d.key(key) }, nil) {
		if p.Err != nil {
			d.w.t.Fatal(p.Err)
		}
		out = append(out, tree.Content{Hash: p.SHA256, Size: p.Size, Mtime: p.Mtime, Exec: i == 1, Extents: []tree.Extent{{Key: key, Offset: p.Ranges[0].Offset, Length: p.Size}}})
	}
	return out
}

// told tells the others of new files in docs.
func (d *device) told(cs []tree.Content, names ...string) {
	ops := []merge.Op{{Kind: merge.Mkdir, Name: "docs"}}
	at := d.Next()
	at.Index = 1
	for i, n := range names {
		ops = append(ops, merge.Op{Kind: merge.Create, Parent: at, Name: n, Content: &cs[i]})
	}
	p, err := d.PrepareAt(merge.Stamp{Time: at.Time, Device: at.Device, Run: at.Run}, ops, false)
	if err == nil {
		err = d.Publish(d.w.t.Context(), p)
	}
	if err != nil {
		d.w.t.Fatal(err)
	}
}

// TestFilesInZipsAreRebuilt: a volume that has lost its histories has them again, also when only some of a zip's files are named.
func TestFilesInZipsAreRebuilt(t *testing.T) {
	for _, named := range []int{0, 2} {
		w := newWorld(t)
		a := w.device(1)
		a.pull(Poll)
		a.told(a.pack("one", "two", "three"), "f0", "f1", "f2")
		want := a.show()
		exec := a.contentOf("docs", "f1")
		cs := []tree.Content{a.contentOf("docs", "f0"), exec, a.contentOf("docs", "f2")}
		for _, k := range w.keys(a.key(layout.Reserved)) {
			w.store.Delete(t.Context(), k)
		}
		b := w.device(2)
		if named > 0 {
			b.pull(Poll)
			b.told(cs[:named], "f0", "f1")
		}
		r, err := b.Rebuild(t.Context())
		if err != nil || r.Files != 3-named || len(r.Skipped) > 0 || b.show() != want {
			t.Errorf("%d named: %+v, %v: %s, it was %s", named, r, err, b.show(), want)
		}
		if c := b.contentOf("docs", "f1"); !c.Exec || c.Mtime != exec.Mtime || !slices.Equal(c.Extents, exec.Extents) {
			t.Errorf("%d named: %+v, it was %+v", named, c, exec)
		}
		b.intact()
		if r, err := b.Rebuild(t.Context()); err != nil || r.Files > 0 || len(r.Skipped) > 0 {
			t.Errorf("again: %+v, %v", r, err)
		}
	}
}

func (d *device) contentOf(dir, name string) tree.Content {
	d.w.t.Helper()
	n, ok := d.State().Root().Folder(dir).File(name)
	v, there := d.State().Version(n.Current)
	if !ok || !there {
		d.w.t.Fatalf("no %s in %s", name, dir)
	}
	return v.Content
}

// TestSpoiltZipsAreNotBelieved: what a zip says of a file counts only as far as its bytes prove it.
func TestSpoiltZipsAreNotBelieved(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(b []byte) []byte
		files int
	}{
		"one file's bytes": {func(b []byte) []byte { return bytes.Replace(b, []byte("secret"), []byte("sEcret"), 1) }, 2},
		"a comment":        {func(b []byte) []byte { return bytes.Replace(b, []byte(`"sha256"`), []byte(`"sha257"`), 1) }, 2},
		"a path outside":   {func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("docs/f0"), []byte("../../x")) }, 2},
		"its end":          {func(b []byte) []byte { return b[:len(b)-30] }, 0},
		"everything":       {func(b []byte) []byte { return bytes.Repeat([]byte("x"), len(b)) }, 0},
	} {
		w := newWorld(t)
		a := w.device(1)
		cs := a.pack("first", "the secret", "third")
		key := a.key(cs[0].Extents[0].Key)
		b, _ := w.store.Bytes(key)
		o, err := w.store.Head(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := put(t.Context(), w.store, key, c.spoil(bytes.Clone(b)), objstore.PutOptions{Meta: o.Meta}); err != nil {
			t.Fatal(err)
		}
		r, err := a.Rebuild(t.Context())
		if err != nil || r.Files != c.files || (len(r.Skipped) == 1) != (c.files == 0) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		a.intact()
	}
}

// TestZipStaysWhileAFileNeedsIt: the sweep deletes an object only when nothing in it is kept.
func TestZipStaysWhileAFileNeedsIt(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	a.told(a.pack("one", "two"), "f0", "f1")
	remove := func(name string) {
		n, _ := a.State().Root().Folder("docs").File(name)
		a.send(merge.Op{Kind: merge.Delete, List: []merge.Entry{{Node: n.ID, Version: n.Current, Place: n.Place}}})
	}
	sweeps := func() {
		for range 4 {
			w.pass(20 * day)
			a.sweep()
		}
	}
	remove("f0")
	sweeps()
	if w.contents() != 1 {
		t.Fatalf("%d objects", w.contents())
	}
	a.intact()
	remove("f1")
	sweeps()
	if w.contents() != 0 {
		t.Errorf("%d objects are left of what nobody needs", w.contents())
	}
}

// FuzzBundle: whatever stands in the store under the name of a zip, what is taken from it lies in it, has the bytes that it says, and a good path.
func FuzzBundle(f *testing.F) {
	z := transfer.NewZip()
	for i, text := range []string{"one", "two", ""} {
		sum := sha256.Sum256([]byte(text))
		if _, err := z.Add(transfer.Entry{Name: fmt.Sprintf("docs/f%d", i), Bytes: []byte(text), SHA256: sum, Mtime: 1_700_000_000_000_000_000, Meta: map[string]string{"mtime": "1.5"}}); err != nil {
			f.Fatal(err)
		}
	}
	b, _, err := z.Close()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)-5])
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, x := range filesIn(b) {
			e := x.content.Extents[0]
			if e.Offset < 0 || e.Length != x.content.Size || e.Offset+e.Length > int64(len(b)) || tree.Hash(sha256.Sum256(b[e.Offset:e.Offset+e.Length])) != x.content.Hash || tree.CheckPath(x.path) != nil {
				t.Errorf("%+v", x)
			}
		}
	})
}
