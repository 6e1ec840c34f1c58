package app

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inCloud are the files that a restore of a backup brings.
func (c *computer) inCloud(name string) map[string]string {
	c.t.Helper()
	to := filepath.Join(realDir(c.t), "out")
	if _, err := c.RestoreBackup(c.t.Context(), name, to, time.Time{}, nil); err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, to)
}

func (c *computer) skips(want SkipReport, add, remove []string, toTrash bool) {
	c.t.Helper()
	got, err := c.SkipRules(c.t.Context(), want.Name, add, remove, toTrash)
	if err != nil {
		c.t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		c.t.Fatalf("(-want +got)\n%s", d)
	}
}

// settles waits until everything is safe and so many files are backed up.
func (c *computer) settles(files int) {
	c.t.Helper()
	until(c.t, fmt.Sprintf("%d files are backed up", files), func() bool {
		s := c.Status()
		return s.State == StateSafe && s.Pairs[0].Files == files
	})
}

func TestSkipRulesKeep(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	files := map[string]string{"a.txt": "a", "b.log": "b", "cache/c": "c", "cache/d/e.log": "e", "keep/cache.txt": "k"}
	put(t, docs, files)
	a.addBackup(docs, "Docs", "*.tmp")
	a.once()
	a.skips(SkipReport{Name: "Docs", Skip: []string{"*.tmp"}}, nil, nil, false)
	rules := []string{"*.tmp", "*.log", "cache/"}
	a.skips(SkipReport{Name: "Docs", Skip: rules, Kept: 3}, []string{"*.log", "cache/", "*.tmp"}, nil, false)
	put(t, docs, map[string]string{"b.log": "changed", "new.log": "new"})
	must(t, os.Remove(filepath.Join(docs, "cache", "c")))
	a.restart()
	a.once()
	if d := cmp.Diff(files, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}

	a.sent()
	a.skips(SkipReport{Name: "Docs", Skip: []string{"*.tmp"}}, nil, []string{"cache/", "*.log"}, false)
	a.once()
	now := map[string]string{"a.txt": "a", "b.log": "changed", "new.log": "new", "cache/d/e.log": "e", "keep/cache.txt": "k"}
	if d := cmp.Diff(now, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
	if sent := a.sent(); len(sent) != 2 {
		t.Errorf("sent: %v", sent)
	}
}

func TestSkipRulesToTrash(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "b.log": "b", "cache/d/e": "e", "cache/f/": ""})
	a.addBackup(docs, "Docs")
	a.once()
	a.skips(SkipReport{Name: "Docs", Skip: []string{"*.log"}, Kept: 1}, []string{"*.log"}, nil, false)
	a.once()
	a.skips(SkipReport{Name: "Docs", Skip: []string{"*.log", "cache/"}, Trashed: 2}, []string{"cache/"}, nil, true)
	a.once()
	if d := cmp.Diff(map[string]string{"a.txt": "a"}, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
	if b, err := a.Backups(t.Context()); err != nil || b[0].Files != 1 {
		t.Errorf("%+v %v", b, err)
	}
	trash, err := a.Trash(t.Context(), "backup", "")
	if err != nil || len(trash) != 2 {
		t.Errorf("%+v %v", trash, err)
	}
	same(t, docs, map[string]string{"a.txt": "a", "b.log": "b", "cache/d/e": "e", "cache/f/": ""})

	a.sent()
	a.skips(SkipReport{Name: "Docs", Skip: []string{}}, nil, []string{"*.log", "cache/"}, false)
	a.restart()
	a.once()
	if sent := a.sent(); len(sent) > 0 {
		t.Errorf("sent again: %v", sent)
	}
	if d := cmp.Diff(map[string]string{"a.txt": "a", "b.log": "b", "cache/d/e": "e", "cache/f/": ""}, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
	a.count.Reset()
	a.once()
	if n := a.count.Counts().Writes(); n != 0 {
		t.Errorf("a cycle with nothing to do wrote %d times", n)
	}
}

func TestSkipRulesWhileRunning(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "b.log": "b"})
	a.addBackup(docs, "Docs")
	defer a.running()()
	a.settles(2)
	a.skips(SkipReport{Name: "Docs", Skip: []string{"*.log"}, Trashed: 1}, []string{"*.log"}, nil, true)
	a.settles(1)
	put(t, docs, map[string]string{"c.log": "c", "d.txt": "d"})
	a.settles(2)
	a.skips(SkipReport{Name: "Docs", Skip: []string{}}, nil, []string{"*.log"}, false)
	a.settles(4)
}

func TestSkipRulesWrongUse(t *testing.T) {
	w := newWorld(t)
	a := w.computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a"})
	a.addBackup(docs, "Docs", "*.log")
	for what, f := range map[string]func() error{
		"no such backup": func() error { _, err := a.SkipRules(t.Context(), "Nothing", []string{"*.o"}, nil, false); return err },
		"no such rule":   func() error { _, err := a.SkipRules(t.Context(), "Docs", nil, []string{"*.o"}, false); return err },
		"a broken rule": func() error {
			_, err := a.SkipRules(t.Context(), "Docs", []string{"["}, []string{"*.log"}, false)
			return err
		},
	} {
		if err := f(); code(err) != CodeWrongUse {
			t.Errorf("%s: %v", what, err)
		}
	}
	a.skips(SkipReport{Name: "Docs", Skip: []string{"*.log"}}, nil, nil, false)
}
