package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/engine"
)

// listed writes items as "path size", folders with "/".
func listed(items []Item, err error) string {
	if err != nil {
		return code(err)
	}
	var out []string
	for _, i := range items {
		path := i.Path
		if i.Dir {
			path += "/"
		}
		out = append(out, fmt.Sprint(path, " ", i.Size))
	}
	return strings.Join(out, ", ")
}

func (c *computer) getBack(part Part, to string) RestoreReport {
	c.t.Helper()
	r, err := c.GetBack(c.t.Context(), part, to, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// backed is a computer with a backup of some files.
func backed(t *testing.T, files map[string]string) (c *computer, root string) {
	t.Helper()
	c, root = newWorld(t).computer("A"), realDir(t)
	put(t, root, files)
	c.addBackup(root, "Docs")
	c.once()
	return c, root
}

func TestBackupList(t *testing.T) {
	a, docs := backed(t, map[string]string{"b.txt": "bb", "A.txt": "a", "sub/deep/x": "xxx", "sub/y": "y", "none/": ""})
	look := func() {
		t.Helper()
		for path, want := range map[string]string{
			"": "none/ 0, sub/ 4, A.txt 1, b.txt 2", "sub": "sub/deep/ 3, sub/y 1", "SUB/Deep": "SUB/Deep/x 3", "none": "", "gone": CodeWrongUse, "b.txt": CodeWrongUse,
		} {
			if got := listed(a.BackupList(t.Context(), "Docs", path)); got != want {
				t.Errorf("%q: %s", path, got)
			}
		}
		if got := listed(a.BackupList(t.Context(), "Nothing", "")); got != CodeWrongUse {
			t.Errorf("of no backup: %s", got)
		}
	}
	look()
	a.restart()
	must(t, os.Rename(docs, docs+" away")) // as if its drive were not connected
	look()
}

func TestBackupFind(t *testing.T) {
	a, _ := backed(t, map[string]string{"Report.odt": "1", "old/report.odt": "22", "reports/x": "3", "y": "4"})
	for text, want := range map[string]string{"REPORT": "old/report.odt 2, reports/ 0, Report.odt 1", "nothing": "", "y": "y 1"} {
		if got := listed(a.BackupFind(t.Context(), "docs", text)); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.BackupFind(ctx, "Docs", "x"); code(err) != CodeCanceled {
		t.Errorf("canceled: %v", err)
	}
}

// TestBackupOfAnotherComputer: it is looked at and got back, and nothing is written where its files are from.
func TestBackupOfAnotherComputer(t *testing.T) {
	w := newWorld(t)
	a, b := w.computer("A"), w.computer("B")
	docs := realDir(t)
	put(t, docs, map[string]string{"sub/x": "x", "y": "yy"})
	a.addBackup(docs, "Docs")
	a.once()
	if got := listed(b.BackupList(t.Context(), "A/Docs", "")); got != "sub/ 1, y 2" {
		t.Errorf("listed %s", got)
	}
	for _, name := range []string{"A", "A/Nothing", "A/Docs/sub", "Docs"} {
		if _, err := b.BackupList(t.Context(), name, ""); code(err) != CodeWrongUse {
			t.Errorf("%s: %v", name, err)
		}
	}
	to := realDir(t)
	if r := b.getBack(Part{Backup: "A/Docs", Paths: []string{"y", "sub"}}, to); r.Files != 2 {
		t.Errorf("%+v", r)
	}
	same(t, to, map[string]string{"sub/x": "x", "y": "yy"})
	if _, err := b.GetBack(t.Context(), Part{Backup: "A/Docs"}, "", nil); code(err) != CodeWrongUse {
		t.Errorf("in place: %v", err)
	}
	put(t, docs, map[string]string{"y": "changed"})
	a.once()
	if all, err := b.BackupVersions(t.Context(), "A/Docs", "y"); err != nil || len(all) != 2 || all[1].Size != 2 || all[1].Device != "A" || !all[0].Current {
		t.Errorf("%+v %v", all, err)
	}
}

// TestGetBackInPlace: what is missing comes back under its own name, what is there is kept beside it, and the backup has all of it.
func TestGetBackInPlace(t *testing.T) {
	a, docs := backed(t, map[string]string{"lost/x": "x", "same": "s", "other": "cloud's"})
	must(t, os.RemoveAll(filepath.Join(docs, "lost")))
	put(t, docs, map[string]string{"other": "mine"})
	var told []Progress
	r, err := a.GetBack(t.Context(), Part{Backup: "Docs"}, "", func(p Progress) { told = append(told, p) })
	must(t, err)
	if r.Files != 2 || r.Present != 1 || len(r.Renamed) != 1 || r.To != docs || len(told) != 3 || told[2].FilesTotal != 3 {
		t.Fatalf("%+v %+v", r, told)
	}
	beside, err := filepath.Rel(docs, r.Renamed[0])
	must(t, err)
	want := map[string]string{"lost/x": "x", "same": "s", "other": "mine", beside: "cloud's"}
	same(t, docs, want)
	a.once()
	if d := cmp.Diff(want, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
	if trash, err := a.Trash(t.Context(), "", ""); err != nil || len(trash) > 0 {
		t.Errorf("%+v %v", trash, err)
	}
}

func TestGetBackVersion(t *testing.T) {
	a, docs := backed(t, map[string]string{"d/f.txt": "one"})
	for _, now := range []string{"second", "the third"} {
		put(t, docs, map[string]string{"d/f.txt": now})
		a.once()
	}
	all, err := a.BackupVersions(t.Context(), "Docs", "d/f.txt")
	must(t, err)
	if len(all) != 3 || all[0].Size != 9 || all[2].Size != 3 || all[2].Device != "A" {
		t.Fatalf("%+v", all)
	}
	first := Part{Backup: "Docs", Paths: []string{"d/f.txt"}, Version: all[2].ID}
	to := realDir(t)
	a.getBack(first, to)
	same(t, to, map[string]string{"f.txt": "one"})
	r := a.getBack(first, "")
	if len(r.Renamed) != 1 || filepath.Dir(r.Renamed[0]) != filepath.Join(docs, "d") {
		t.Fatalf("%+v", r)
	}
	same(t, docs, map[string]string{"d/f.txt": "the third", "d/" + filepath.Base(r.Renamed[0]): "one"})
	if r := a.getBack(first, ""); r.Files != 0 || r.Present != 1 {
		t.Errorf("once more: %+v", r)
	}
	must(t, os.RemoveAll(filepath.Join(docs, "d")))
	if r := a.getBack(first, ""); len(r.Renamed) != 0 {
		t.Errorf("where there is nothing: %+v", r)
	}
	same(t, docs, map[string]string{"d/f.txt": "one"})
	for what, part := range map[string]Part{
		"no such version": {Backup: "Docs", Paths: []string{"d/f.txt"}, Version: "x"}, "no such file": {Backup: "Docs", Paths: []string{"g"}, Version: all[2].ID},
		"no such path": {Backup: "Docs", Paths: []string{"g"}}, "no such backup": {Backup: "Nothing"},
	} {
		if _, err := a.GetBack(t.Context(), part, to, nil); code(err) != CodeWrongUse {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := a.BackupVersions(t.Context(), "Docs", "d"); code(err) != CodeWrongUse {
		t.Errorf("versions of a folder: %v", err)
	}
}

// TestGetBackWithoutTheDrive: elsewhere it works, and in place it says why not.
func TestGetBackWithoutTheDrive(t *testing.T) {
	a, docs := backed(t, map[string]string{"d/f.txt": "one", "g": "g"})
	must(t, os.Rename(docs, docs+" away"))
	for range 2 {
		to := realDir(t)
		a.getBack(Part{Backup: "Docs", Paths: []string{"d"}}, to)
		same(t, to, map[string]string{"d/f.txt": "one"})
		if _, err := a.GetBack(t.Context(), Part{Backup: "Docs"}, "", nil); code(err) != engine.CodeNoRoot {
			t.Errorf("in place: %v", err)
		}
		a.restart() // and once more, without an engine
	}
	if _, err := os.Lstat(docs); err == nil {
		t.Error("the folder was made")
	}
}

// TestGetBackWhileRunning: what somebody asks for while the client works is done, and becomes safe again.
func TestGetBackWhileRunning(t *testing.T) {
	a, docs := backed(t, map[string]string{"f": "one"})
	put(t, docs, map[string]string{"f": "the second"})
	a.once()
	stop := a.running()
	defer stop()
	a.settles(1)
	all, err := a.BackupVersions(t.Context(), "Docs", "f")
	must(t, err)
	r := a.getBack(Part{Backup: "Docs", Paths: []string{"f"}, Version: all[1].ID}, "")
	a.settles(2)
	if got := listed(a.BackupFind(t.Context(), "Docs", filepath.Base(r.Renamed[0]))); !slices.Contains(strings.Fields(got), "3") {
		t.Errorf("the backup has %q", got)
	}
}
