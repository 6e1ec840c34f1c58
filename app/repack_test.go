package app

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRoomComesBack: small files that were sent together and deleted leave the storage some weeks later, though some of them are kept, and those stay whole.
func TestRoomComesBack(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	files := map[string]string{}
	for i := range 40 {
		files[fmt.Sprintf("f%02d.txt", i)] = strings.Repeat(fmt.Sprintf("text %d ", i), 500)
	}
	put(t, docs, files)
	a.addBackup(docs, "Docs")
	a.once()
	size := func() (n int64) {
		for _, k := range w.store.Keys() {
			if strings.HasSuffix(k, ".zip") {
				o, err := w.store.Head(t.Context(), k)
				must(t, err)
				n += o.Size
			}
		}
		return n
	}
	before := size()
	if before == 0 {
		t.Fatalf("nothing was sent together: %v", w.store.Keys())
	}
	kept := maps.Clone(files)
	for i := range 30 {
		name := fmt.Sprintf("f%02d.txt", i)
		must(t, os.Remove(filepath.Join(docs, name)))
		delete(kept, name)
	}
	a.once()
	for range 80 {
		w.pass(24 * time.Hour)
		a.once()
		must(t, a.Sweep(t.Context()))
	}
	if after := size(); after == 0 || after*3 > before {
		t.Errorf("%d bytes of %d are left", after, before)
	}
	if got := a.inCloud("Docs"); !maps.Equal(got, kept) {
		t.Errorf("%d files in the cloud", len(got))
	}
	if r, err := a.Check(t.Context(), true, nil); err != nil || r.Missing+r.Damaged > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
