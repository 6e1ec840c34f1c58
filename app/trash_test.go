package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestTrashFiles: a folder that was deleted is shown by its files, one of which, or all of which, can be brought back. What stands there by now is kept.
func TestTrashFiles(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "b/c.txt": "cc", "b/deep/d.txt": "ddd", "empty/gone": "x", "stays": "y"})
	a.addBackup(docs, "Docs")
	a.once()
	must(t, os.Remove(filepath.Join(docs, "empty", "gone")))
	a.once()
	w.pass(time.Hour)
	for _, name := range []string{"a.txt", "b", "empty"} {
		must(t, os.RemoveAll(filepath.Join(docs, name)))
	}
	a.once()

	all := func() map[string]TrashItem {
		t.Helper()
		items, err := a.TrashFiles(t.Context())
		must(t, err)
		if !slices.IsSortedFunc(items, func(x, y TrashItem) int { return y.DeletedAt.Compare(x.DeletedAt) }) {
			t.Error("the newest are not first")
		}
		out := map[string]TrashItem{}
		for _, x := range items {
			out[x.Path] = x
		}
		return out
	}
	got := all()
	c, d, alone, empty := got["A/Docs/b/c.txt"], got["A/Docs/b/deep/d.txt"], got["A/Docs/a.txt"], got["A/Docs/empty"]
	if len(got) != 5 || c.Size != 2 || d.Size != 3 || c.Whole == "" || c.Whole != d.Whole || alone.Whole != "" || alone.DeletedBy != "A" || c.DeletedAt.IsZero() {
		t.Fatalf("%+v", got)
	}
	if !empty.Dir || empty.Whole != "" || c.Dir {
		t.Errorf("an empty folder is %+v, a file %+v", empty, c)
	}
	whole, err := a.Trash(t.Context(), "", "")
	if err != nil || !slices.ContainsFunc(whole, func(x TrashItem) bool { return x.ID == c.Whole && x.Dir && x.Path == "A/Docs/b" && x.Size == 5 }) {
		t.Errorf("%+v %v, want %s", whole, err, c.Whole)
	}

	put(t, docs, map[string]string{"b/c.txt": "new"})
	r, err := a.TrashRestore(t.Context(), []string{c.ID, c.ID}, "")
	if err != nil || r.Files != 1 {
		t.Errorf("%+v %v", r, err)
	}
	a.once()
	found, err := filepath.Glob(filepath.Join(docs, "b", "*.txt"))
	must(t, err)
	held := map[string]bool{}
	for _, name := range found {
		b, err := os.ReadFile(name)
		must(t, err)
		held[string(b)] = true
	}
	if len(held) != 2 || !held["new"] || !held["cc"] {
		t.Errorf("b holds %v in %v", held, found)
	}
	left := all()["A/Docs/b/deep/d.txt"] // of a folder of its own now: b is there again
	if left.ID != d.ID || left.Whole == "" || len(all()) != 4 {
		t.Fatalf("left: %+v", all())
	}
	_, err = a.TrashRestore(t.Context(), []string{left.Whole}, "")
	must(t, err)
	if b, _ := os.ReadFile(filepath.Join(docs, "b", "deep", "d.txt")); string(b) != "ddd" {
		t.Errorf("d.txt is %q", b)
	}
	n, err := a.TrashDelete(t.Context(), []string{alone.ID})
	if _, again := a.TrashRestore(t.Context(), []string{alone.ID}, ""); err != nil || n != 1 || again == nil || len(all()) != 2 {
		t.Errorf("%d %v %v: %+v", n, err, again, all())
	}
}

// TestTrashFilesWithoutStorage: nothing is said about a trash that cannot be looked into.
func TestTrashFilesWithoutStorage(t *testing.T) {
	w := newWorld(t)
	c := &computer{t: t, w: w, home: realDir(t)}
	c.start()
	if all, err := c.TrashFiles(t.Context()); code(err) != CodeNotSetUp || all != nil {
		t.Errorf("%v %v", all, err)
	}
}

// TestPutBackMany: many of one folder, one by one, and something that is not in the trash among them.
func TestPutBackMany(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	files := map[string]string{"stays": ""}
	for i := range 40 {
		files[fmt.Sprintf("b/%03d", i)] = fmt.Sprint(i)
	}
	put(t, docs, files)
	a.addBackup(docs, "Docs")
	a.once()
	must(t, os.RemoveAll(filepath.Join(docs, "b")))
	a.once()
	all, err := a.TrashFiles(t.Context())
	must(t, err)
	var ids []string
	for _, x := range all {
		ids = append(ids, x.ID)
	}
	if _, err := a.TrashRestore(t.Context(), append(slices.Clone(ids), ids[0]+"7"), ""); code(err) != CodeWrongUse {
		t.Errorf("something that is not there: %v", err)
	}
	r, err := a.TrashRestore(t.Context(), ids, "")
	if err != nil || r.Files != 40 {
		t.Errorf("%d of %d: %v", r.Files, len(all), err)
	}
	same(t, docs, files)
}

// TestTrashedBytes: what lies in the Trash is told, of folders too, and no more when it is back, deleted for ever, or over.
func TestTrashedBytes(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a": "12345", "d/b": "123", "d/e/c": "12", "stays": "x"})
	a.addBackup(docs, "Docs")
	a.once()
	in := func(want int64, when string) {
		t.Helper()
		a.weigh() // as Run does every minute
		if got := a.Status().Trashed; got != want {
			t.Errorf("%s: %d bytes, not %d", when, got, want)
		}
	}
	in(0, "at first")
	must(t, os.Remove(filepath.Join(docs, "a")))
	must(t, os.RemoveAll(filepath.Join(docs, "d")))
	a.once()
	in(10, "deleted")
	all, err := a.TrashFiles(t.Context())
	must(t, err)
	for _, x := range all {
		if filepath.Base(x.Path) == "b" {
			_, err = a.TrashRestore(t.Context(), []string{x.ID}, "")
			must(t, err)
		}
	}
	a.once()
	in(7, "one of them back")
	for _, x := range all {
		if x.Size == 2 {
			_, err = a.TrashDelete(t.Context(), []string{x.ID})
			must(t, err)
		}
	}
	_, err = a.TrashFiles(t.Context())
	must(t, err)
	in(5, "one of them gone for ever")
	w.pass(32 * 24 * time.Hour)
	a.once()
	in(0, "a month later")
}
