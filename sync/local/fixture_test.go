package local

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"elkjopcloud/platform/disk/disktest"
	"elkjopcloud/platform/disk/ignore"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/memstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// world is a root in memory, a volume's contents, and a replica over both.
type world struct {
	t     *testing.T
	disk  *disktest.Disk
	store *memstore.Store
	r     *Replica
	n     uint64
}

const day = "2026-11-22"

func newWorld(t *testing.T, o disktest.Options) *world {
	w := &world{t: t, disk: disktest.New(o), store: memstore.New(nil)}
	w.start()
	return w
}

// start is a start of the program: what was only in memory is gone.
func (w *world) start() {
	rules, err := ignore.New(ignore.Synced, []string{"*.skipme"})
	if err != nil {
		w.t.Fatal(err)
	}
	run, n := w.n, 0
	w.n++
	w.r = New(Options{
		FS: w.disk, Rules: rules, Transfer: transfer.New(w.store, transfer.Options{Parallel: 1}), Prefix: "Synced/",
		Random: func() string { n++; return fmt.Sprintf("%d-%d", run, n) }, Today: func() string { return day }, Parallel: 1,
		Beside: func(name string, try int) string { return fmt.Sprintf("%s (copy %d)", name, try) },
	})
}

// version puts content into the store and returns the version of it.
func (w *world) version(content string) merge.Version {
	w.n++
	key := fmt.Sprintf("c/%d", w.n)
	if _, err := w.store.Put(w.t.Context(), "Synced/"+key, strings.NewReader(content), int64(len(content)), objstore.PutOptions{}); err != nil {
		w.t.Fatal(err)
	}
	v := merge.Version{ID: merge.Stamp{Time: int64(w.n), Device: 1}}
	v.Content = tree.Content{Hash: sha256.Sum256([]byte(content)), Size: int64(len(content)), Mtime: 1_700_000_000_000_000_000 + int64(w.n)}
	if content != "" {
		v.Content.Extents = []tree.Extent{{Key: key, Length: v.Content.Size}}
	}
	return v
}

func (w *world) write(path, content string) plan.Signature {
	w.t.Helper()
	if err := w.disk.WriteFile(path, content); err != nil {
		w.t.Fatal(err)
	}
	return w.sig(path)
}

func (w *world) sig(path string) plan.Signature {
	w.t.Helper()
	i, err := w.disk.Stat(path)
	if err != nil {
		w.t.Fatal(err)
	}
	return signature(i)
}

// user does what people do; it cannot fail.
func (w *world) user(err error) {
	if err != nil {
		w.t.Errorf("what the user does: %v", err)
	}
}

// at reads a file.
func (w *world) at(path string) string {
	c, err := w.disk.ReadFile(path)
	if err != nil {
		return "nothing"
	}
	return c
}

// all returns what the files in the root hold, our own folder included, as content → paths.
func (w *world) all() map[string][]string {
	out := map[string][]string{}
	for p, c := range w.disk.Tree() {
		if !strings.HasSuffix(p, "/") {
			out[c] = append(out[c], p)
		}
	}
	return out
}

func base(id plan.Handle, name string, v merge.Version) *plan.Base {
	return &plan.Base{ID: id, Name: name, Version: v.ID, Hash: v.Content.Hash}
}

func (w *world) replaceAct(path string, was plan.Signature, v merge.Version) plan.Down {
	return plan.Down{Act: plan.Replace, ID: 1, From: path, Was: was, Version: v, Base: base(1, path, v)}
}

// knows makes the question whether the volume has a content.
func knows(contents ...string) func(tree.Hash) bool {
	m := map[tree.Hash]bool{}
	for _, c := range contents {
		m[sha256.Sum256([]byte(c))] = true
	}
	return func(h tree.Hash) bool { return m[h] }
}

func nothing(string) bool { return false }

func (w *world) recover(known ...string) {
	w.t.Helper()
	if err := w.r.Recover(context.Background(), knows(known...), nothing); err != nil {
		w.t.Errorf("recover: %v", err)
	}
}

var errDead = errors.New("the program is dead")
