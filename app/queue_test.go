package app

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/objstore"
)

// TestQueue: what moves comes before what waits, and of that first what a person wants first. Whoever asks for what does not wait hears so.
func TestQueue(t *testing.T) {
	a := newWorld(t).computer("A")
	docs, synced := realDir(t), a.synced()
	a.addBackup(docs, "Docs")
	files := map[string]string{}
	for i := range 1100 { // more than go with the first batch
		files[fmt.Sprintf("deep/f%04d", i)] = fmt.Sprint("file ", i)
	}
	files["deep/z\u0301.txt"] = "a name in letters that are put together"
	put(t, docs, files)
	put(t, synced, map[string]string{"s.txt": "s"})
	last, other := filepath.Join(docs, "deep", "f1099"), filepath.Join(realDir(t), "x")
	apart := filepath.Join(docs, "deep", "z\u0301.txt")
	refused := func(path, why string) {
		t.Helper()
		if p := problemOf(a.First(t.Context(), path), ""); p == nil || p.Code != CodeWrongUse || p.Why != why || p.Name != filepath.Base(path) {
			t.Errorf("first %s: %+v", path, p)
		}
	}
	refused(last, "not-waiting") // nothing works yet

	held, asked, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	a.parts.store = objstore.WithHooks(a.count, objstore.Hooks{Around: func(ctx context.Context, call objstore.Call, act objstore.Act) error {
		if call.Op == objstore.OpPut && strings.HasPrefix(call.Key, "Backup/") && strings.HasSuffix(call.Key, ".zip") {
			once.Do(func() { close(held) })
			<-asked
		}
		return act(ctx)
	}})
	a.unlink()
	go func() { ended <- a.Once(t.Context(), nil) }()
	select {
	case <-held:
	case err := <-ended:
		t.Fatalf("it ended before anything was sent: %v", err)
	}
	must(t, a.First(t.Context(), last))
	must(t, a.First(t.Context(), apart))
	refused(filepath.Join(docs, "deep"), "not-waiting")
	refused(other, "folder-gone")
	q, err := a.Queue(t.Context())
	close(asked)
	must(t, err)
	must(t, <-ended)
	var mine []Transfer
	for _, x := range q {
		if x.Pair == "Docs" {
			mine = append(mine, x)
		}
	}
	if len(mine) != 1101 {
		t.Fatalf("%d in the queue", len(mine))
	}
	name := func(i int) string { return filepath.Join(docs, "deep", fmt.Sprintf("f%04d", i)) }
	want := []Transfer{
		{Pair: "Docs", Path: name(0), Up: true, Bytes: 6, Moving: true}, {Pair: "Docs", Path: name(999), Up: true, Bytes: 8, Moving: true},
		{Pair: "Docs", Path: last, Up: true, Bytes: 9, First: true}, {Pair: "Docs", Path: apart, Up: true, Bytes: 39, First: true}, {Pair: "Docs", Path: name(1000), Up: true, Bytes: 9},
	}
	if d := cmp.Diff(want, []Transfer{mine[0], mine[999], mine[1000], mine[1001], mine[1002]}); d != "" {
		t.Errorf("the queue (-want +got)\n%s", d)
	}
	if s := a.Status(); s.State != StateSafe {
		t.Errorf("in the end: %s", show(s))
	}
	if q, err := a.Queue(t.Context()); err != nil || len(q) > 0 {
		t.Errorf("after all was sent: %v, %v", q, err)
	}
	refused(last, "not-waiting")
}
