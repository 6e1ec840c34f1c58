package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/engine"
)

// needs returns the problems as "code path", the paths below a folder.
func (c *computer) needs(root string) []string {
	c.t.Helper()
	c.try()
	out := []string{}
	for _, p := range c.Status().Problems {
		rel, err := filepath.Rel(root, p.Path)
		must(c.t, err)
		out = append(out, p.Code+" "+rel)
	}
	return out
}

// TestTwoComputersMakeOneBackup: each hears of what the other one changed, nobody writes over it unasked, and taking over ends it.
func TestTwoComputersMakeOneBackup(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := realDir(t), realDir(t)
	put(t, da, map[string]string{"f": "one", "g": "g", "d/h": "h"})
	put(t, db, map[string]string{"f": "one", "g": "g", "d/h": "h"})
	a.addBackup(da, "Docs")
	a.once()
	_, err := b.ContinueBackup(t.Context(), "A/Docs", db)
	must(t, err)
	b.once()
	put(t, da, map[string]string{"f": "by a!"})
	must(t, os.RemoveAll(filepath.Join(da, "d")))
	a.once()
	if d := cmp.Diff([]string{engine.CodeElsewhere + " f"}, b.needs(db)); d != "" {
		t.Errorf("B's problems (-want +got)\n%s", d)
	}
	if p := b.Status().Problems[0]; !strings.Contains(p.Action, `elkjop backup continue "A/Docs"`) {
		t.Errorf("what to do: %s", p.Action)
	}
	if d := cmp.Diff(map[string]string{"f": "by a!", "g": "g", "d/h": "h"}, b.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
	for _, c := range []*computer{a, b, a, b} {
		c.try()
		c.count.Reset()
		c.try()
		if n := c.count.Counts().Writes(); n != 0 {
			t.Errorf("a cycle with nothing to do wrote %d times", n)
		}
	}

	if _, err := b.ContinueBackup(t.Context(), "A/Docs", realDir(t)); code(err) != CodeWrongUse {
		t.Errorf("another folder for the same backup: %v", err)
	}
	_, err = b.ContinueBackup(t.Context(), "A/Docs", db)
	must(t, err)
	b.once()
	if d := cmp.Diff([]string{engine.CodeElsewhere + " f"}, a.needs(da)); d != "" {
		t.Errorf("A's problems (-want +got)\n%s", d)
	}
	same(t, da, map[string]string{"f": "by a!", "g": "g"})
	if versions, err := b.Versions(t.Context(), filepath.Join(db, "f")); err != nil || len(versions) != 3 {
		t.Errorf("%+v %v", versions, err)
	}
	must(t, a.RemoveBackup(t.Context(), "Docs", true))
	b.once()
	if d := cmp.Diff(map[string]string{"f": "one", "g": "g", "d/h": "h"}, b.inCloud("Docs")); d != "" {
		t.Errorf("the copies, after another computer threw them away (-want +got)\n%s", d)
	}
}

// TestTrashRestoreWhere: what is put back is on the disk that it was on, or is said to be in the cloud alone.
func TestTrashRestoreWhere(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	docs := realDir(t)
	put(t, docs, map[string]string{"f": "one", "g": "g"})
	a.addBackup(docs, "Docs")
	a.once()
	id := func() string {
		t.Helper()
		must(t, os.Remove(filepath.Join(docs, "f")))
		a.once()
		trash, err := a.Trash(t.Context(), "", "")
		if err != nil || len(trash) != 1 {
			t.Fatalf("%+v %v", trash, err)
		}
		return trash[0].ID
	}
	r, err := a.TrashRestore(t.Context(), []string{id()}, "")
	if err != nil || r.Files != 1 || r.CloudOnly != 0 {
		t.Errorf("%+v %v", r, err)
	}
	same(t, docs, map[string]string{"f": "one", "g": "g"})

	r, err = b.TrashRestore(t.Context(), []string{id()}, "")
	if err != nil || r.Files != 1 || r.CloudOnly != 1 {
		t.Errorf("%+v %v", r, err)
	}
	a.once()
	same(t, docs, map[string]string{"g": "g"})
	if d := cmp.Diff(map[string]string{"f": "one", "g": "g"}, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
}
