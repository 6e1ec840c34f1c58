package app

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lines are folders as "path state here/all", in bytes.
func (c *computer) lines(all []Folder, err error) string {
	c.t.Helper()
	must(c.t, err)
	var out []string
	for _, f := range all {
		line := f.Path + " " + f.State
		if f.HereBytes != f.Bytes {
			line += " not all"
		}
		if f.Remains {
			line += " remains"
		}
		out = append(out, strings.TrimSpace(line))
	}
	return strings.Join(out, ", ")
}

func (c *computer) folds(want string) {
	c.t.Helper()
	if got := c.lines(c.Folders(c.t.Context())); got != want {
		c.t.Errorf("folders are %s, want %s", got, want)
	}
}

// TestFolders: what is off goes from one computer's disk, also when its program starts again or loses its database, stays on the other's, and comes back.
func TestFolders(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	all := map[string]string{"top": "t", "p/f": "1", "p/d/x/a": "22", "p/d/y/b": "333", "q/c": "4444"}
	put(t, da, all)
	a.once()
	b.once()
	b.folds("on, p on, p/d on, p/d/x on, p/d/y on, q on")
	put(t, db, map[string]string{"p/d/x/new": "told first", "p/d/y/half.part": "stays"})
	if got := b.lines(b.KeepFolders(t.Context(), nil, []string{"p/d", filepath.Join(db, "q")})); got != "partly not all, p partly not all, p/d off not all, p/d/x off not all, p/d/y off not all, q off not all" {
		t.Error(got)
	}
	b.once()
	here := map[string]string{"top": "t", "p/f": "1", "p/d/y/half.part": "stays"}
	same(t, db, here)
	b.folds("partly not all, p partly not all, p/d off not all remains, p/d/x off not all, p/d/y off not all remains, q off not all")
	b.restart()
	b.once()
	same(t, db, here)
	for _, f := range []string{"state.db", "state.db-wal", "state.db-shm"} {
		must(t, os.RemoveAll(filepath.Join(b.home, f)))
	}
	b.restart()
	b.once()
	same(t, db, here)
	a.once()
	all["p/d/x/new"] = "told first"
	same(t, da, all)
	if s := b.Status(); s.State != StateSafe {
		t.Errorf("%s", show(s))
	}
	if got := b.lines(b.KeepFolders(t.Context(), []string{"p/d/x"}, nil)); got != "partly not all, p partly not all, p/d partly not all, p/d/x on, p/d/y off not all remains, q off not all" {
		t.Error(got)
	}
	b.once()
	here["p/d/x/a"], here["p/d/x/new"] = "22", "told first"
	same(t, db, here)
	_, err := b.KeepFolders(t.Context(), []string{""}, nil)
	must(t, err)
	b.once()
	maps.Copy(here, all)
	same(t, db, here)
}

// TestFoldersWhileRunning: a choice counts at once.
func TestFoldersWhileRunning(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	da := a.synced()
	put(t, da, map[string]string{"d/a": "1", "keep": "k"})
	a.once()
	stop := a.running()
	defer stop()
	_, err := a.KeepFolders(t.Context(), nil, []string{"d"})
	must(t, err)
	until(t, "the folder has gone", func() bool { _, err := os.Stat(filepath.Join(da, "d")); return os.IsNotExist(err) })
	_, err = a.KeepFolders(t.Context(), []string{"d"}, nil)
	must(t, err)
	until(t, "the folder is back", func() bool { _, err := os.Stat(filepath.Join(da, "d", "a")); return err == nil })
}

// TestSyncedWithout: whoever joins what others have, without some folders, never fetches anything of them, also not when the program starts again or a later change
// of one comes; what lies there under the name of one is told to the others before it goes.
func TestSyncedWithout(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), filepath.Join(realDir(t), "Synced")
	all := map[string]string{"p/d/x/a": "22", "q/c": "4444"}
	put(t, da, all)
	a.once()
	wanted := map[string]string{"top": "t", "p/f": "1", "r/g/h": "666666"}
	put(t, da, wanted)
	a.once()
	if got := b.lines(b.FoldersInCloud(t.Context())); got != "on, p on, p/d on, p/d/x on, q on, r on, r/g on" {
		t.Error(got)
	}
	if err := b.SetSyncedWithout(t.Context(), db, []string{"p/d", "gone"}); code(err) != CodeNoFolder {
		t.Errorf("a folder that is not there: %v", err)
	}
	if _, err := os.Stat(db); !os.IsNotExist(err) || b.settings().Synced != nil {
		t.Fatalf("something was done all the same: %v", err)
	}
	put(t, db, map[string]string{"q/own": "55555"})
	must(t, b.SetSyncedWithout(t.Context(), db, []string{"p/d", "q"}))
	b.once()
	same(t, db, wanted)
	b.folds("partly not all, p partly not all, p/d off not all, p/d/x off not all, q off not all, r on, r/g on")
	put(t, da, map[string]string{"p/d/x/a": "22 and more", "p/d/z/new": "7777777"})
	a.once()
	b.restart()
	b.once()
	same(t, db, wanted)
	fetched := 0
	for _, k := range b.gets {
		if strings.HasPrefix(k, "Synced/p/d/") || strings.HasPrefix(k, "Synced/q/") {
			t.Errorf("%s was fetched", k)
		}
		if strings.HasPrefix(k, "Synced/") && !strings.HasPrefix(k, "Synced/.volume/") {
			fetched++
		}
	}
	if fetched != len(wanted) {
		t.Errorf("%d files were fetched: %q", fetched, b.gets)
	}
	maps.Copy(all, wanted)
	maps.Copy(all, map[string]string{"p/d/x/a": "22 and more", "p/d/z/new": "7777777", "q/own": "55555"})
	same(t, da, all)

	// The same folder again with another choice is the other choice.
	must(t, b.SetSyncedWithout(t.Context(), db, []string{"r"}))
	b.once()
	delete(all, "r/g/h")
	same(t, db, all)
	must(t, b.SetSynced(t.Context(), db)) // which says nothing of folders
	b.once()
	same(t, db, all)
}

// TestFoldersWrong: what is no folder, and no Synced folder at all, is said; nothing is changed.
func TestFoldersWrong(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	var p *Problem
	if _, err := a.Folders(t.Context()); !errors.As(err, &p) || p.Code != CodeNotSetUp {
		t.Errorf("without a folder: %v", err)
	}
	put(t, a.synced(), map[string]string{"d/a": "1"})
	a.once()
	for _, path := range []string{"nothing", "d/a", "", "../d"} {
		if _, err := a.KeepFolders(t.Context(), nil, []string{"d", path}); !errors.As(err, &p) || p.Code != CodeNoFolder {
			t.Errorf("%q: %v", path, err)
		}
	}
	a.folds("on, d on")
}

// TestOffElsewhere: a conflict that is not on this computer is not asked about here, and what is put back where it is off is in the cloud only.
func TestOffElsewhere(t *testing.T) {
	a, b, _, db := inConflict(t)
	_, err := b.KeepFolders(t.Context(), nil, []string{"d"})
	must(t, err)
	b.once()
	same(t, db, map[string]string{})
	if len(a.conflicts()) != 1 || len(b.conflicts()) != 0 || b.CountConflicts() != 0 {
		t.Errorf("%d conflicts at a, %d at b", len(a.conflicts()), len(b.conflicts()))
	}
	must(t, a.SettleConflict(t.Context(), a.conflicts()[0], KeepOriginal))
	a.once()
	items, err := b.Trash(t.Context(), "synced", "")
	must(t, err)
	if len(items) != 1 {
		t.Fatalf("%d things in the trash", len(items))
	}
	r, err := b.TrashRestore(t.Context(), []string{items[0].ID}, "")
	if err != nil || r.Files != 1 || r.CloudOnly != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	same(t, db, map[string]string{})
}
