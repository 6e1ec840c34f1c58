package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRemovedRootIsNoticed(t *testing.T) {
	tr := newTree(t)
	tr.mkdir("sub/deep")
	tr.watch(Options{})
	tr.must(os.RemoveAll(tr.root))
	for !errors.Is(tr.w.Degraded(), errRootGone) {
		if _, _, err := tr.w.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// More happens than the kernel's queue holds while nobody reads it; the files are in no event, and yet covered.
func TestKernelOverflow(t *testing.T) {
	tr := newTree(t)
	tr.mkdir("sub")
	held := func(ctx context.Context, to target) (source, error) {
		src, err := openSource(ctx, to)
		return &late{source: src, storm: func() {
			tr.write("sub/f0")
			tr.write("sub/f1")
			for i := range 40_000 { // in turns: equal events in a row are one
				tr.must(os.Chmod(tr.path(fmt.Sprint("sub/f", i%2)), 0o600))
			}
			tr.mkdir("sub/made/meanwhile")
		}}, err
	}
	w, err := watchWith(t.Context(), tr.root, Options{}, held)
	tr.must(err)
	t.Cleanup(w.Close)
	tr.w = w
	for all := false; !all; {
		if _, all, err = w.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tr.must(w.Degraded())
	tr.write("sub/made/meanwhile/file")
	tr.covered("sub/made/meanwhile/file")
}

// late lets a storm pass before the first event is read.
type late struct {
	source
	storm func()
}

func (l *late) run(ctx context.Context) error {
	l.storm()
	l.storm = func() {}
	return l.source.run(ctx)
}

func TestFolders(t *testing.T) {
	id := func(n uint64) folderID { return folderID{1, n} }
	f := newFolders(id(0))
	for i, path := range []string{"a", "a/b", "a/b/c", "d"} {
		if !f.add(path, id(uint64(i+1))) {
			t.Fatalf("%s was not added", path)
		}
	}
	if f.add("no/parent", id(9)) {
		t.Error("a folder without a parent was added")
	}
	if f.find("") != f.root || f.find("a/b/c") == nil || f.find("a/c") != nil || f.byID[id(3)].path() != "a/b/c" {
		t.Error("folders are not found where they are")
	}
	if diff := cmp.Diff([]string{"a/b", "a/b/c"}, f.remove(f.find("a/b"))); diff != "" {
		t.Error(diff)
	}
	if f.find("a/b") != nil || f.byID[id(3)] != nil || f.find("a") == nil || f.find("d") == nil {
		t.Error("not exactly a/b was removed")
	}
}

func BenchmarkSetUp(b *testing.B) {
	root := b.TempDir()
	for i := range 10_000 {
		if err := os.MkdirAll(fmt.Sprintf("%s/%d/%d", root, i/100, i%100), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		w, err := Watch(b.Context(), root, Options{})
		if err != nil {
			b.Fatal(err)
		}
		w.Close()
	}
}
