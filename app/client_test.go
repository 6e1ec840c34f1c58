package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/disk/volume"
	"elkjopcloud/sync/engine"
)

func TestSyncedBothWays(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	files := map[string]string{"one.txt": "1", "dir/two.txt": "2", "empty/": "", "æøå.txt": "3"}
	put(t, da, files)
	a.once()
	b.once()
	same(t, db, files)

	must(t, os.Rename(filepath.Join(db, "dir"), filepath.Join(db, "renamed")))
	must(t, os.Remove(filepath.Join(db, "one.txt")))
	put(t, db, map[string]string{"new.txt": "4"})
	b.once()
	a.once()
	same(t, da, map[string]string{"renamed/two.txt": "2", "empty/": "", "æøå.txt": "3", "new.txt": "4"})

	b.once()
	for _, c := range []*computer{a, b} {
		c.count.Reset()
		c.once()
		if n := c.count.Counts().Writes(); n != 0 {
			t.Errorf("a cycle with nothing to do wrote %d times: %v", n, c.count.Counts().Requests)
		}
	}
}

func TestConflictKeepsBoth(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	put(t, da, map[string]string{"f.txt": "old"})
	a.once()
	b.once()
	put(t, da, map[string]string{"f.txt": "from a"})
	put(t, db, map[string]string{"f.txt": "from b!"})
	a.once()
	b.once()
	a.once()
	got := read(t, da)
	if len(got) != 2 || got["f.txt"] != "from a" {
		t.Errorf("%v", got)
	}
	same(t, db, got)
	conflicts, err := b.Conflicts(t.Context())
	if err != nil || len(conflicts) != 1 || conflicts[0].Original != "f.txt" || conflicts[0].Device != "B" {
		t.Errorf("%v %v", conflicts, err)
	}
}

func TestBackupTrashVersionsAndTime(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "first", "b/c.txt": "c", "b/d.txt": "d"})
	a.addBackup(docs, "Docs")
	a.once()
	w.pass(time.Hour)
	then := w.now()
	w.pass(time.Hour)
	put(t, docs, map[string]string{"a.txt": "second!"})
	must(t, os.RemoveAll(filepath.Join(docs, "b")))
	a.once()

	past := filepath.Join(realDir(t), "past")
	r, err := a.RestoreBackup(t.Context(), "Docs", past, then, nil)
	must(t, err)
	if r.Files != 3 || len(r.Problems) > 0 {
		t.Errorf("%+v", r)
	}
	same(t, past, map[string]string{"a.txt": "first", "b/c.txt": "c", "b/d.txt": "d"})

	trash, err := a.Trash(t.Context(), "backup", "")
	must(t, err)
	if len(trash) != 1 || trash[0].Path != "A/Docs/b" || trash[0].DeletedBy != "A" || trash[0].Size != 2 {
		t.Fatalf("%+v", trash)
	}
	elsewhere := realDir(t)
	_, err = a.TrashRestore(t.Context(), []string{trash[0].ID}, elsewhere)
	must(t, err)
	same(t, elsewhere, map[string]string{"b/c.txt": "c", "b/d.txt": "d"})
	a.sent()
	_, err = a.TrashRestore(t.Context(), []string{trash[0].ID}, "")
	must(t, err)
	same(t, docs, map[string]string{"a.txt": "second!", "b/c.txt": "c", "b/d.txt": "d"})
	a.once()
	if sent := a.sent(); len(sent) > 0 {
		t.Errorf("sent again to restore from the trash: %v", sent)
	}
	if left, err := a.Trash(t.Context(), "", ""); err != nil || len(left) != 0 {
		t.Errorf("%v %v", left, err)
	}

	path := filepath.Join(docs, "a.txt")
	versions, err := a.Versions(t.Context(), path)
	must(t, err)
	if len(versions) != 2 || !versions[0].Current || versions[1].Size != 5 {
		t.Fatalf("%+v", versions)
	}
	to := filepath.Join(realDir(t), "old.txt")
	must(t, a.RestoreVersion(t.Context(), "Backup/Docs/a.txt", versions[1].ID, to))
	if b, _ := os.ReadFile(to); string(b) != "first" {
		t.Errorf("%q", b)
	}
	if err := a.RestoreVersion(t.Context(), path, versions[1].ID, to); code(err) != CodeExists {
		t.Errorf("an existing file was not refused: %v", err)
	}
	put(t, docs, map[string]string{"a.txt": "unsent"})
	must(t, a.RestoreVersion(t.Context(), path, versions[1].ID, ""))
	same(t, docs, map[string]string{"a.txt": "first", "b/c.txt": "c", "b/d.txt": "d"})
	if _, err := os.Lstat(filepath.Join(docs, ".elkjop")); err == nil {
		t.Error("our own folder was left in the backed-up one")
	}
	versions, err = a.Versions(t.Context(), path)
	if err != nil || len(versions) != 4 {
		t.Errorf("what stood there was not sent first: %+v %v", versions, err)
	}
}

func TestContinueBackupUploadsNothing(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	files := map[string]string{"a.txt": "first", "b/c.txt": "c"}
	da, db := realDir(t), realDir(t)
	put(t, da, files)
	put(t, db, files)
	a.addBackup(da, "Docs")
	a.once()
	info, err := b.ContinueBackup(t.Context(), "A/Docs", db)
	must(t, err)
	if info.Name != "Docs" || info.Volume != "Backup/A/Docs" {
		t.Errorf("%+v", info)
	}
	b.sent()
	b.once()
	if sent := b.sent(); len(sent) > 0 {
		t.Errorf("sent again: %v", sent)
	}
	if n := b.Status().Pairs[0].Files; n != 2 {
		t.Errorf("%d files adopted", n)
	}
}

func TestRestoreOfAnotherComputer(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da := realDir(t)
	put(t, da, map[string]string{"a.txt": "first", "b/c.txt": "c", "e/": ""})
	a.addBackup(da, "Docs")
	a.once()
	to := realDir(t)
	put(t, to, map[string]string{"c.txt": "mine", "b/c.txt": "other"})
	r, err := b.RestoreBackup(t.Context(), "a/docs/b", to, time.Time{}, nil)
	must(t, err)
	if r.Files != 1 || len(r.Renamed) != 1 {
		t.Errorf("%+v", r)
	}
	got := read(t, to)
	if got["b/c.txt"] != "other" || got["c.txt"] != "mine" || len(got) != 3 {
		t.Errorf("%v", got)
	}
	for range 2 {
		if r, err = b.RestoreBackup(t.Context(), "A/Docs", to, time.Time{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if r.Files != 0 || r.Present != 2 {
		t.Errorf("the second run wrote again: %+v", r)
	}
	if _, err := b.RestoreBackup(t.Context(), "Nothing", to, time.Time{}, nil); code(err) != CodeWrongUse {
		t.Errorf("%v", err)
	}
}

func TestNestedRoots(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "inner/b.txt": "b", "Synced/c.txt": "c"})
	a.addBackup(docs, "Docs")
	a.addBackup(filepath.Join(docs, "inner"), "")
	must(t, a.SetSynced(t.Context(), filepath.Join(docs, "Synced")))
	a.once()
	for name, want := range map[string]map[string]string{"Docs": {"a.txt": "a"}, "inner": {"b.txt": "b"}} {
		to := realDir(t)
		_, err := a.RestoreBackup(t.Context(), name, to, time.Time{}, nil)
		must(t, err)
		same(t, to, want)
	}
	if _, err := a.AddBackup(t.Context(), filepath.Join(docs, "inner"), "again", nil); code(err) != CodeWrongUse {
		t.Errorf("one folder was taken twice: %v", err)
	}
	if _, err := a.AddBackup(t.Context(), a.home, "", nil); code(err) != CodeWrongUse {
		t.Errorf("the home was taken: %v", err)
	}
}

func TestANewInnerRootTakesNothingFromTheOuterOne(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "inner/b.txt": "b"})
	a.addBackup(docs, "Docs")
	a.once()
	a.addBackup(filepath.Join(docs, "inner"), "")
	a.once()
	trash, err := a.Trash(t.Context(), "", "")
	if err != nil || len(trash) != 0 {
		t.Errorf("%+v %v", trash, err)
	}
}

func TestSkipRules(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "b.iso": "b"})
	a.addBackup(docs, "Docs", "*.iso")
	a.once()
	to := realDir(t)
	_, err := a.RestoreBackup(t.Context(), "Docs", to, time.Time{}, nil)
	must(t, err)
	same(t, to, map[string]string{"a.txt": "a"})
	skipped, err := a.SkippedIn(t.Context(), "docs")
	if err != nil || len(skipped) != 1 || !strings.HasSuffix(skipped[0].Path, "b.iso") {
		t.Errorf("%v %v", skipped, err)
	}
	if _, err := a.AddBackup(t.Context(), realDir(t), "x", []string{"[z-"}); code(err) != CodeWrongUse {
		t.Errorf("a broken rule was taken: %v", err)
	}
}

func TestMissingDrive(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	root := filepath.Join(realDir(t), "drive")
	put(t, root, map[string]string{"a.txt": "a", "b.txt": "b"})
	a.addBackup(root, "Drive")
	synced := a.synced()
	put(t, synced, map[string]string{"s.txt": "s"})
	a.once()

	away := func(dir string) func() {
		must(t, os.Rename(dir, dir+"-away"))
		return func() { _ = os.Remove(dir); must(t, os.Rename(dir+"-away", dir)) }
	}
	id := ""
	for _, p := range a.pairs {
		if p.root == root {
			id = p.volumeID
		}
	}
	lasting := volume.Lasting(id)
	for name, mount := range map[string]bool{"gone": false, "an empty folder": true} {
		back1, back2 := away(root), away(synced)
		if mount {
			must(t, os.MkdirAll(root, 0o700))
			must(t, os.MkdirAll(synced, 0o700))
		}
		for _, fresh := range []bool{false, true} {
			if fresh {
				a.restart()
			}
			a.try()
			s := a.Status()
			backup := engine.CodeNoRoot
			if mount && lasting {
				backup = engine.CodeGuard // the drive is there, and what was in the folder is not
			}
			if s.State != StateNeedsYou || len(s.Problems) != 2 || s.Problems[0].Code != engine.CodeNoRoot || s.Problems[1].Code != backup {
				t.Errorf("%s, after a restart %v: %s", name, fresh, show(s))
			}
		}
		if trash, err := a.Trash(t.Context(), "", ""); err != nil || len(trash) != 0 {
			t.Fatalf("%s: deleted %+v %v", name, trash, err)
		}
		back1()
		back2()
		a.once()
		same(t, root, map[string]string{"a.txt": "a", "b.txt": "b"})
		same(t, synced, map[string]string{"s.txt": "s"})
	}
}

// TestRebuildIndex: the next start compares everything anew and sends nothing twice; what happened before is still told, and nothing is a problem.
func TestRebuildIndex(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs, synced := realDir(t), a.synced()
	put(t, docs, map[string]string{"a.txt": "a", "b/c.txt": "c"})
	put(t, synced, map[string]string{"s.txt": "s"})
	a.addBackup(docs, "Docs")
	a.once()
	before, err := a.Activity(t.Context(), 0)
	must(t, err)
	must(t, a.RebuildIndex(t.Context()))
	a.restart()
	if s := a.Status(); s.State == StateSafe || len(s.Problems) > 0 {
		t.Errorf("before anything is compared: %s", show(s))
	}
	after, err := a.Activity(t.Context(), 0)
	must(t, err)
	if len(after) != len(before)+1 || after[0].Kind != "rebuilt" || !slices.EqualFunc(after[1:], before, func(x, y ActivityItem) bool { return x.Path == y.Path && x.Time.Equal(y.Time) }) {
		t.Errorf("it happened %v, and before %v", after, before)
	}
	a.once()
	if sent := a.sent(); len(sent) > 0 {
		t.Errorf("sent again: %v", sent)
	}
	a.restart()
	if again, err := a.Activity(t.Context(), 0); err != nil || len(again) != len(after) {
		t.Errorf("made anew once more: %v, %v", again, err)
	}
	a.once()
	same(t, synced, map[string]string{"s.txt": "s"})
	same(t, docs, map[string]string{"a.txt": "a", "b/c.txt": "c"})
}

// TestRebuildWithoutHistory: that the history cannot be read keeps nobody from starting.
func TestRebuildWithoutHistory(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	synced := a.synced()
	put(t, synced, map[string]string{"s.txt": "s"})
	a.once()
	must(t, a.RebuildIndex(t.Context()))
	must(t, a.Close())
	stopped, stop := context.WithCancel(t.Context())
	stop() // so that nothing can be read or written
	c, err := New(stopped, Options{Home: a.home, Parts: a.parts, Log: slog.New(slog.DiscardHandler), Now: w.now, System: "test"})
	must(t, err)
	must(t, c.Close())
	a.start()
	a.once()
	if sent := a.sent(); len(sent) > 0 {
		t.Errorf("sent again: %v", sent)
	}
	if _, err := os.Stat(filepath.Join(a.home, rebuildName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is to be made anew once more: %v", err)
	}
	same(t, synced, map[string]string{"s.txt": "s"})
}

func TestDamagedDatabase(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs, synced := realDir(t), a.synced()
	put(t, docs, map[string]string{"a.txt": "a", "b/c.txt": "c"})
	put(t, synced, map[string]string{"s.txt": "s"})
	a.addBackup(docs, "Docs")
	a.once()
	must(t, a.Close())
	for _, n := range []string{databaseName + "-wal", databaseName + "-shm"} {
		_ = os.Remove(filepath.Join(a.home, n))
	}
	must(t, os.WriteFile(filepath.Join(a.home, databaseName), []byte("this is no database, and it is long enough to be looked at as one"), 0o600))
	a.start()
	s := a.Status()
	if s.State == StateSafe || len(s.Problems) != 1 || s.Problems[0].Code != CodeSetAside {
		t.Errorf("nothing was said: %s", show(s))
	}
	a.sent()
	a.once()
	if sent := a.sent(); len(sent) > 0 {
		t.Errorf("sent again after the loss of the database: %v", sent)
	}
	if s := a.Status(); len(s.Problems) != 1 || s.Problems[0].Code != CodeSetAside {
		t.Errorf("it was mended without a word: %s", show(s))
	}
	a.restart()
	if s := a.Status(); s.State != StateSafe || len(s.Problems) != 0 {
		t.Errorf("what was mended and told is told again: %s", show(s))
	}
	same(t, synced, map[string]string{"s.txt": "s"})
	aside, _ := filepath.Glob(filepath.Join(a.home, databaseName+".damaged-*"))
	if len(aside) == 0 {
		t.Error("the damaged database is gone")
	}
}

func TestRemoveBackup(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "b/c.txt": "c"})
	a.addBackup(docs, "Docs")
	a.once()
	must(t, a.RemoveBackup(t.Context(), "Docs", false))
	a.addBackup(docs, "Docs")
	if got := a.settings().Backups[0].VolumePrefix; got != "Backup/A/Docs" {
		t.Errorf("a folder that was backed up before went to %q", got)
	}
	a.once()
	must(t, a.RemoveBackup(t.Context(), "Docs", true))
	a.once()
	trash, err := a.Trash(t.Context(), "backup", "")
	if err != nil || len(trash) != 2 {
		t.Fatalf("%+v %v", trash, err)
	}
	same(t, docs, map[string]string{"a.txt": "a", "b/c.txt": "c"})
	n, err := a.TrashEmpty(t.Context())
	if err != nil || n != 2 {
		t.Errorf("%d %v", n, err)
	}
	if trash, err = a.Trash(t.Context(), "", ""); err != nil || len(trash) != 0 {
		t.Errorf("%+v %v", trash, err)
	}
}

func TestGuardAsks(t *testing.T) {
	for _, answer := range []string{"keep", "apply"} {
		t.Run(answer, func(t *testing.T) {
			w := newWorld(t)
			a := w.computer("A")
			synced := a.synced()
			files := map[string]string{}
			for i := range 120 {
				files[filepath.Join("d", string(rune('a'+i%26))+strings.Repeat("x", i/26))] = "content " + string(rune('0'+i%10))
			}
			put(t, synced, files)
			a.once()
			must(t, os.RemoveAll(filepath.Join(synced, "d")))
			put(t, synced, map[string]string{"left.txt": "x"})
			a.try()
			s := a.Status()
			if s.State != StateNeedsYou || s.Pairs[0].Question == nil || s.Pairs[0].Question.Deleted != len(files) {
				t.Fatalf("%s", show(s))
			}
			a.restart()
			if q := a.Status().Pairs[0].Question; q == nil {
				t.Error("the question is forgotten by a restart")
			}
			must(t, a.Answer(t.Context(), "synced", answer))
			a.once()
			want := map[string]string{"left.txt": "x"}
			if answer == "keep" {
				for k, v := range files {
					want[k] = v
				}
			}
			same(t, synced, want)
			if err := a.Answer(t.Context(), "Synced", answer); code(err) != CodeWrongUse {
				t.Errorf("an answer without a question: %v", err)
			}
		})
	}
}

func TestPause(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a"})
	a.addBackup(docs, "Docs")
	must(t, a.Pause(t.Context(), time.Hour))
	a.restart()
	a.try()
	if s := a.Status(); s.State != StatePaused || s.PausedUntil.IsZero() {
		t.Errorf("%s", show(s))
	}
	w.pass(2 * time.Hour)
	a.once()
	if n := a.Status().Pairs[0].Files; n != 1 {
		t.Errorf("%d files", n)
	}
}

// TestStatusAfterAPause: a run that did nothing but wait does not make later ones say that it is paused, or that there are no files.
func TestStatusAfterAPause(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a"})
	a.addBackup(docs, "Docs")
	a.once()
	a.restart()
	must(t, a.Pause(t.Context(), 0))
	a.try()
	if s := a.Status(); s.State != StatePaused || s.Pairs[0].Files != 1 {
		t.Errorf("%+v", s)
	}
	a.restart()
	must(t, a.Resume(t.Context()))
	if s := a.Status(); s.State != StateWorking || s.Pairs[0].Files != 1 {
		t.Errorf("%+v", s)
	}
}

func TestStatusOfANewRun(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a"})
	a.addBackup(docs, "Docs")
	if s := a.Status(); s.State == StateSafe {
		t.Errorf("safe before anything was done: %s", show(s))
	}
	a.once()
	want := a.Status()
	a.restart()
	got := a.Status()
	if d := cmp.Diff(want.Pairs[0].Files, got.Pairs[0].Files); d != "" || got.State != StateSafe {
		t.Errorf("%s %s", d, show(got))
	}
	items, err := a.Activity(t.Context(), 0)
	if err != nil || len(items) != 1 || items[0].Kind != "uploaded" || items[0].Device != "A" {
		t.Errorf("%+v %v", items, err)
	}
}

func TestNotSetUp(t *testing.T) {
	c := &computer{t: t, w: newWorld(t), home: realDir(t)}
	c.start()
	_, errDevice := c.Device(t.Context())
	_, errTrash := c.Trash(t.Context(), "", "")
	_, errAdd := c.AddBackup(t.Context(), c.home, "", nil)
	for i, err := range []error{errDevice, errTrash, errAdd, c.Once(t.Context(), nil), c.SetSynced(t.Context(), c.home)} {
		if code(err) != CodeNotSetUp {
			t.Errorf("%d: %v", i, err)
		}
	}
	if s := c.Status(); s.State != StateNeedsYou {
		t.Errorf("%s", show(s))
	}
}

func TestSafetyFolderIsEmptiedInTheEnd(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	da, db := a.synced(), b.synced()
	put(t, da, map[string]string{"f.txt": "f", "g.txt": "g"})
	a.once()
	b.once()
	must(t, os.Remove(filepath.Join(da, "f.txt")))
	a.once()
	b.once()
	kept := func() int {
		files, err := filepath.Glob(filepath.Join(db, ".elkjop", "kept", "*", "*"))
		must(t, err)
		return len(files)
	}
	if kept() != 1 {
		t.Errorf("%d files kept after another computer's deletion", kept())
	}
	w.pass(40 * 24 * time.Hour)
	b.once()
	if kept() != 0 {
		t.Errorf("%d files kept for ever", kept())
	}
}
