package app

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"elkjopcloud/app/config"
)

// many are more files than may go at once without a question, and two below.
func many(dir string) map[string]string {
	out := map[string]string{dir + "/x/a": "22", dir + "/y/b": "333"}
	for i := range 120 {
		out[fmt.Sprintf("%s/%03d", dir, i)] = fmt.Sprint(dir, " number ", i)
	}
	return out
}

// below takes the files of one folder out, without its name.
func below(files map[string]string, dir string) map[string]string {
	out := map[string]string{}
	for name, text := range files {
		if rel, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(rel) {
			out[rel] = text
		}
	}
	return out
}

// TestKeepAside: a folder that is kept here without being synced has left Synced with all its files, also those that were never sent; the cloud and the other
// computer have all that was sent, nothing is in the Trash, nobody is asked, and it can come again.
func TestKeepAside(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	all := many("d")
	maps.Copy(all, many("p/e"))
	all["top"] = "t"
	put(t, da, all)
	a.once()
	b.once()
	put(t, filepath.Dir(db), map[string]string{"d/own": "was there before", "d 2": "a file"})
	late := map[string]string{"d/late": "never sent", "d/half.part": "skipped", "d/x/a": "changed, not sent"}
	put(t, db, late)
	places, err := b.KeepAside(t.Context(), []string{"d", filepath.Join(db, "p", "e")})
	must(t, err)
	beside := filepath.Dir(db)
	if want := []string{filepath.Join(beside, "d 3"), filepath.Join(beside, "e")}; !slices.Equal(places, want) {
		t.Fatalf("moved to %q, not %q", places, want)
	}
	kept := maps.Clone(all)
	maps.Copy(kept, late)
	moved := func(when string) {
		t.Helper()
		t.Log(when)
		same(t, places[0], below(kept, "d"))
		same(t, places[1], below(kept, "p/e"))
		same(t, filepath.Join(beside, "d"), map[string]string{"own": "was there before"})
	}
	moved("at once")
	b.once()
	same(t, db, map[string]string{"top": "t", "p/": ""})
	b.folds("partly not all, d off not all, d/x off not all, d/y off not all, p partly not all, p/e off not all, p/e/x off not all, p/e/y off not all")
	b.restart()
	b.once()
	same(t, db, map[string]string{"top": "t", "p/": ""})
	a.once()
	same(t, da, all)
	trash, err := a.Trash(t.Context(), "", "")
	must(t, err)
	if len(trash) > 0 {
		t.Errorf("in the Trash: %v", trash)
	}
	put(t, places[0], map[string]string{"x/a": "only here"})
	kept["d/x/a"] = "only here"
	_, err = b.KeepFolders(t.Context(), []string{"d", "p/e"}, nil)
	must(t, err)
	b.once()
	same(t, db, all)
	moved("after they came again")
	if places, err := b.KeepAside(t.Context(), []string{"d"}); err != nil || !slices.Equal(places, []string{filepath.Join(beside, "d 4")}) {
		t.Errorf("once more: %q, %v", places, err)
	}
	b.once()
	if places, err := b.KeepAside(t.Context(), []string{"d"}); err != nil || len(places) > 0 {
		t.Errorf("what was done is done again: %q, %v", places, err)
	}
}

// TestKeepAsideWhileRunning: the engine, which looks at the folder all the time, takes neither the folder nor its absence for something to do.
func TestKeepAsideWhileRunning(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	all := many("d")
	put(t, da, all)
	a.once()
	b.once()
	stop := b.running()
	defer stop()
	until(t, "it is up to date", func() bool { return b.Status().State == StateSafe })
	places, err := b.KeepAside(t.Context(), []string{"d"})
	must(t, err)
	put(t, db, map[string]string{"after": "1"})
	all["after"] = "1"
	until(t, "what comes after is sent", func() bool { // perhaps first when it is made, and then when it is written
		a.try()
		text, err := os.ReadFile(filepath.Join(da, "after"))
		return err == nil && string(text) == "1"
	})
	same(t, da, all)
	same(t, places[0], below(all, "d"))
	same(t, db, map[string]string{"after": "1"})
}

// TestKeepAsideAtOnce: a program that has just begun looks first.
func TestKeepAsideAtOnce(t *testing.T) {
	b := newWorld(t).computer("B")
	db := b.synced()
	put(t, db, map[string]string{"d/x/a": "1", "top": "t"})
	b.once()
	put(t, db, map[string]string{"d/late": "2"})
	b.restart()
	places, err := b.KeepAside(t.Context(), []string{"d"})
	must(t, err)
	same(t, places[0], map[string]string{"x/a": "1", "late": "2"})
	same(t, db, map[string]string{"top": "t"})
}

// TestKeepAsideRefused: then the folder is where it was, and is on.
func TestKeepAsideRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		before func(t *testing.T, b *computer, db string)
		paths  []string
		code   string
	}{
		"no folder":        {nil, []string{"nothing"}, CodeNoFolder},
		"all of Synced":    {nil, []string{""}, CodeNoFolder},
		"a file":           {nil, []string{"top"}, CodeNoFolder},
		"every name taken": {func(t *testing.T, _ *computer, db string) { takeNames(t, filepath.Dir(db)) }, []string{"d"}, CodeExists},
		"a backup in it":   {func(t *testing.T, b *computer, db string) { b.addBackup(filepath.Join(db, "d", "x"), "inner") }, []string{"d"}, CodeWrongUse},
		"it is not here": {func(t *testing.T, _ *computer, db string) {
			must(t, os.Rename(filepath.Join(db, "d"), filepath.Join(realDir(t), "elsewhere")))
		}, []string{"d"}, CodeNotThere},
		"not up to date": {func(t *testing.T, b *computer, _ string) {
			b.restart()
			must(t, b.Pause(t.Context(), time.Hour))
		}, []string{"d"}, CodeNotAllHere},
	} {
		t.Run(name, func(t *testing.T) {
			b := newWorld(t).computer("B")
			db := b.synced()
			put(t, db, map[string]string{"d/x/a": "1", "top": "t"})
			b.once()
			if tt.before != nil {
				tt.before(t, b, db)
			}
			was := read(t, db)
			if places, err := b.KeepAside(t.Context(), tt.paths); code(err) != tt.code || len(places) > 0 {
				t.Errorf("%q, %s: %v", places, code(err), err)
			}
			same(t, db, was)
			if off := b.settings().Synced.Off; len(off) > 0 {
				t.Errorf("off: %q", off)
			}
		})
	}
	b := newWorld(t).computer("B")
	if _, err := b.KeepAside(t.Context(), []string{"d"}); code(err) != CodeNotSetUp {
		t.Errorf("without a Synced folder: %v", err)
	}
}

// takeNames makes files of all names that "d" could get.
func takeNames(t *testing.T, dir string) {
	files := map[string]string{"d": ""}
	for n := range mostAsides {
		files[fmt.Sprint("d ", n+1)] = ""
	}
	put(t, dir, files)
}

// TestKeepAsideInterrupted: who is cut off after the choice was written and before the folder was moved loses nothing: the folder goes as one that is off.
func TestKeepAsideInterrupted(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	all := many("d")
	put(t, da, all)
	a.once()
	b.once()
	u, err := b.syncedVolume(t.Context())
	must(t, err)
	was, now, err := b.writeOff(u, "d")
	must(t, err)
	b.restart()
	b.once()
	same(t, db, map[string]string{})
	a.once()
	same(t, da, all)

	must(t, b.change(func(s *config.Settings) error { s.Synced.Off = append(s.Synced.Off, now[0].String()); return nil }))
	must(t, b.unwriteOff(was, now)) // somebody has chosen something else meanwhile
	if off := b.settings().Synced.Off; len(off) != len(now)+1 {
		t.Errorf("what was chosen meanwhile is lost: %q", off)
	}
}

// TestKeepAsideWhileChecking: what was noticed a moment ago is looked at first. Nobody is told to come again because of it.
func TestKeepAsideWhileChecking(t *testing.T) {
	b := newWorld(t).computer("B")
	db := b.synced()
	put(t, db, map[string]string{"d/x/a": "1", "top": "t"})
	b.once()
	put(t, db, map[string]string{"d/late": "2"})
	b.pairs[0].current().Mark("d/late")
	places, err := b.KeepAside(t.Context(), []string{"d"})
	must(t, err)
	same(t, places[0], map[string]string{"x/a": "1", "late": "2"})
	same(t, db, map[string]string{"top": "t"})
}
