package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// running lets a computer run until the returned function is called.
func (c *computer) running() (stop func()) {
	ctx, cancel := context.WithCancel(c.t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	return func() {
		c.t.Helper()
		cancel()
		if err := <-done; err != nil {
			c.t.Errorf("Run: %v", err)
		}
	}
}

// until looks again and again until ok, for half a minute at most.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s: it did not happen", what)
		}
	}
}

func there(path, content string) func() bool {
	return func() bool {
		b, err := os.ReadFile(path)
		return err == nil && string(b) == content
	}
}

func TestRun(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	stopA, stopB := a.running(), b.running()
	until(t, "both begin", func() bool { return a.Status().State == StateSafe && b.Status().State == StateSafe })

	put(t, da, map[string]string{"dir/f.txt": "one"})
	until(t, "a new file", there(filepath.Join(db, "dir/f.txt"), "one"))
	put(t, db, map[string]string{"dir/f.txt": "two!"})
	until(t, "a change", there(filepath.Join(da, "dir/f.txt"), "two!"))
	until(t, "all is told", func() bool { return a.Status().State == StateSafe && b.Status().State == StateSafe })
	must(t, os.Rename(filepath.Join(da, "dir"), filepath.Join(da, "moved")))
	until(t, "a rename", there(filepath.Join(db, "moved/f.txt"), "two!"))

	docs := realDir(t)
	put(t, docs, map[string]string{"d.txt": "d"})
	a.addBackup(docs, "Docs")
	until(t, "a backup that is added while it runs", func() bool {
		s := a.Status()
		return s.State == StateSafe && len(s.Pairs) == 2 && s.Pairs[1].Files == 1
	})
	must(t, a.RemoveBackup(t.Context(), "Docs", false))
	must(t, a.Once(t.Context(), nil))
	if s := a.Status(); len(s.Pairs) != 1 || s.State != StateSafe {
		t.Errorf("%s", show(s))
	}
	if err := a.Run(t.Context()); code(err) != CodeAnotherInstance {
		t.Errorf("a second Run: %v", err)
	}
	must(t, os.Remove(filepath.Join(db, "moved/f.txt")))
	until(t, "a deletion", func() bool { _, err := os.Lstat(filepath.Join(da, "moved/f.txt")); return os.IsNotExist(err) })
	trash, err := a.Trash(t.Context(), "synced", "")
	if err != nil || len(trash) != 1 {
		t.Fatalf("%+v %v", trash, err)
	}
	_, err = a.TrashRestore(t.Context(), []string{trash[0].ID}, "")
	must(t, err)
	until(t, "what comes back", there(filepath.Join(da, "moved/f.txt"), "two!"))
	until(t, "what comes back, there", there(filepath.Join(db, "moved/f.txt"), "two!"))
	stopA()
	stopB()
}

func TestRunStopsWhileTheStorageIsAway(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	a.parts.err = context.DeadlineExceeded
	a.unlink()
	stop := a.running()
	until(t, "it says so", func() bool { return a.Status().State == StateOffline })
	stop()
}
