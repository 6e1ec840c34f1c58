package space

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// remove deletes a file in docs.
func (d *device) remove(name string) merge.Node {
	d.w.t.Helper()
	n, ok := d.State().Root().Folder("docs").File(name)
	if !ok {
		d.w.t.Fatalf("no docs/%s", name)
	}
	d.send(merge.Op{Kind: merge.Delete, List: []merge.Entry{{Node: n.ID, Version: n.Current, Place: n.Place}}})
	return n
}

// sweepDaily sweeps and repacks once a day, and lets others read of it.
func (d *device) sweepDaily(days int, others ...*device) (sparse int) {
	d.w.t.Helper()
	for range days {
		d.w.pass(day)
		r := d.sweep()
		sparse += len(r.Sparse)
		if ops, err := d.Repack(d.w.t.Context(), r); err != nil {
			d.w.t.Fatal(err)
		} else if len(ops) > 0 {
			d.send(ops...)
		}
		for _, o := range others {
			o.pull(List)
		}
	}
	return sparse
}

func texts(n int) (names, contents []string) {
	for i := range n {
		names, contents = append(names, fmt.Sprintf("f%d", i)), append(contents, fmt.Sprintf("text %d %s", i, strings.Repeat("x", 200)))
	}
	return names, contents
}

// TestRepack: when most of a zip's files are kept no more, the rest moves and the old one goes; every device finds the bytes, also as they were before.
func TestRepack(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	names, contents := texts(10)
	cs := a.pack(contents...)
	a.told(cs, names...)
	b.pull(List)
	whole := w.clock()
	w.pass(day)
	for _, n := range names[:7] {
		a.remove(n)
	}
	if got := a.sweepDaily(30, b); got > 0 || w.contents() != 1 {
		t.Fatalf("%d objects, %d were sparse while the trash keeps all", w.contents(), got)
	}
	if got := a.sweepDaily(6, b); got == 0 || w.contents() != 2 {
		t.Fatalf("%d objects, %d were sparse", w.contents(), got)
	}
	now := a.contentOf("docs", "f8").Extents[0]
	if now.Key == cs[0].Extents[0].Key || b.contentOf("docs", "f8").Extents[0] != now {
		t.Errorf("it lies in %v and %v", now, b.contentOf("docs", "f8").Extents)
	}
	old := w.restart(b)
	a.sweepDaily(5, b)
	if w.contents() != 1 {
		t.Fatalf("%d objects are left", w.contents())
	}
	for _, d := range []*device{a, b, w.device(3), old} {
		d.pull(List)
		d.intact()
		if d.show() != a.show() {
			t.Errorf("device %d shows %s", d.id, d.show())
		}
	}
	s, err := a.At(t.Context(), whole)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := s.Root().Folder("docs").File("f8")
	if v, _ := s.Version(n.Current); v.Content.Extents[0] != now {
		t.Errorf("as it was then, it lies in %v", v.Content.Extents)
	}
	if got := a.sweepDaily(40); got > 0 || w.contents() != 1 {
		t.Errorf("%d were sparse again", got)
	}
}

// TestRepackForgotten: operations that are never told cost nothing but an object that is swept.
func TestRepackForgotten(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	names, contents := texts(10)
	a.told(a.pack(contents...), names...)
	for _, n := range names[:7] {
		a.remove(n)
	}
	for range 40 {
		w.pass(day)
		if r := a.sweep(); len(r.Sparse) > 0 {
			if _, err := a.Repack(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if w.contents() != 2 {
		t.Fatalf("%d objects", w.contents())
	}
	a = w.restart(a)
	a.sweepDaily(80)
	a.intact()
	if w.contents() != 1 {
		t.Errorf("%d objects are left", w.contents())
	}
}

// TestRepackAgainstALateBatch: whoever names the old place of some bytes, because it had not read of the new one, finds them there.
func TestRepackAgainstALateBatch(t *testing.T) {
	w := newWorld(t)
	a, b := w.device(1), w.device(2)
	a.pull(Poll)
	names, contents := texts(10)
	a.told(a.pack(contents...), names...)
	for _, n := range names[:7] {
		a.remove(n)
	}
	for repacked := false; !repacked; {
		w.pass(day)
		r := a.sweep()
		if len(r.Sparse) == 0 {
			b.pull(List)
			continue
		}
		ops, err := a.Repack(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		c := b.contentOf("docs", "f9")
		late, err := b.Prepare([]merge.Op{{Kind: merge.Create, Name: "copy", Content: &c}}, false)
		if err != nil {
			t.Fatal(err)
		}
		a.send(ops...)
		a.sweepDaily(1)
		a = w.restart(a) // which may begin with a checkpoint that has the new place
		a.pull(List)
		w.pass(day * 9 / 10)
		if err := b.Publish(t.Context(), late); err != nil {
			t.Fatal(err)
		}
		repacked = true
	}
	a.sweepDaily(10, b)
	a.intact()
	b.intact()
	if got := b.node("copy"); got.ID.IsZero() {
		t.Error("no copy")
	}
}

// TestRepackOnlyWhatIsRight: a zip in which something kept is not as it should be stays as it is.
func TestRepackOnlyWhatIsRight(t *testing.T) {
	for name, spoil := range map[string]func(w *world, key string){
		"damaged": func(w *world, key string) {
			b, _ := w.store.Bytes(key)
			w.store.Foreign(key, strings.Replace(string(b), "text 8", "tExt 8", 1))
		},
		"gone":         func(w *world, key string) { w.store.ForeignDelete(key) },
		"most is kept": func(*world, string) {},
		"no zip":       func(w *world, key string) { w.store.Foreign(key, strings.Repeat("z", 5000)) },
	} {
		w := newWorld(t)
		a := w.device(1)
		a.pull(Poll)
		names, contents := texts(10)
		cs := a.pack(contents...)
		a.told(cs, names...)
		key := cs[0].Extents[0].Key
		spoil(w, a.key(key))
		ops, err := a.Repack(t.Context(), SweepReport{Sparse: []string{key}, gone: func(merge.Node) bool { return true }})
		if err != nil || len(ops) > 0 || w.contents() > 1 {
			t.Errorf("%s: %d operations, %d objects, %v", name, len(ops), w.contents(), err)
		}
	}
}

// TestRepackSplits: many zips become few, none much larger than it should be, and each says what is in it.
func TestRepackSplits(t *testing.T) {
	w := newWorld(t)
	a := w.device(1)
	a.pull(Poll)
	var sparse []string
	var names []string
	var cs []tree.Content
	for i := range 5 {
		var contents []string
		for j := range 8 {
			contents = append(contents, strings.Repeat(fmt.Sprintf("%d %d ", i, j), 1<<17))
		}
		p := a.pack(contents...)
		sparse = append(sparse, p[0].Extents[0].Key)
		cs = append(cs, p[:3]...)
		names = append(names, fmt.Sprint("a", i), fmt.Sprint("b", i), fmt.Sprint("c", i))
	}
	a.told(cs, names...)
	net := errors.New("cut")
	a.net.before = func(op, key string) error {
		if op == "put" {
			return &objstore.Error{Kind: objstore.Unreachable, Op: op, Err: net}
		}
		return nil
	}
	if ops, err := a.Repack(t.Context(), SweepReport{Sparse: sparse, gone: func(merge.Node) bool { return true }}); !errors.Is(err, net) || len(ops) > 0 {
		t.Errorf("without a network: %d operations, %v", len(ops), err)
	}
	a.net.before = nil
	ops, err := a.Repack(t.Context(), SweepReport{Sparse: sparse, gone: func(merge.Node) bool { return true }})
	if err != nil || len(ops) != len(names) {
		t.Fatalf("%d operations, %v", len(ops), err)
	}
	a.send(ops...)
	a.intact()
	var keys []string
	for _, n := range names {
		keys = append(keys, a.contentOf("docs", n).Extents[0].Key)
	}
	slices.Sort(keys)
	if keys = slices.Compact(keys); len(keys) != 2 {
		t.Errorf("%d new objects", len(keys))
	}
	for _, k := range keys {
		o, err := w.store.Head(t.Context(), a.key(k))
		c, ok := layout.ParseContent(k)
		if err != nil || o.Meta["members"] == "" || o.Meta["path"] != "docs" || c.Path != "docs" || !ok {
			t.Errorf("%s: %v, %v", k, o.Meta, err)
		}
	}
	for _, k := range w.keys(a.key(layout.Reserved)) {
		w.store.Delete(t.Context(), k)
	}
	b := w.device(2)
	if r, err := b.Rebuild(t.Context()); err != nil || r.Files == 0 {
		t.Errorf("rebuilt %+v, %v", r, err)
	}
}
