package app

import (
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func (c *computer) effect(rule string) SkipEffect {
	c.t.Helper()
	got, err := c.SkipEffect(c.t.Context(), "Docs", rule)
	if err != nil {
		c.t.Fatal(err)
	}
	return got
}

// TestSkipEffect: a rule is told for what it leaves out beside the others, on the disk and of the copies.
func TestSkipEffect(t *testing.T) {
	a := newWorld(t).computer("A")
	docs := realDir(t)
	put(t, docs, map[string]string{"a.txt": "a", "b.log": "bb", "old/c.log": "ccc", "old/sub/d": "dddd", "x.tmp": "t", "old/.DS_Store": "junk"})
	a.addBackup(docs, "Docs", "*.tmp")
	if got := a.effect("*.log"); got != (SkipEffect{Extent: Extent{2, 5}}) {
		t.Errorf("before anything is sent: %+v", got)
	}
	a.once()
	put(t, docs, map[string]string{"new.log": "new"})
	for rule, want := range map[string]SkipEffect{
		"*.log": {Extent: Extent{3, 8}, Copies: Extent{2, 5}}, "old/": {Extent: Extent{2, 7}, Copies: Extent{2, 7}}, "*.tmp": {}, "*": {Extent: Extent{5, 13}, Copies: Extent{4, 10}},
		"!a.txt": {}, "": {Extent: Extent{1, 1}}, "# a remark": {},
	} {
		if d := cmp.Diff(want, a.effect(rule)); d != "" {
			t.Errorf("%q (-want +got)\n%s", rule, d)
		}
	}
	if _, err := a.SkipEffect(t.Context(), "Docs", "["); code(err) != CodeWrongUse || problemOf(err, "").Name != "[" {
		t.Errorf("a broken rule: %v", err)
	}
	if _, err := a.SkipEffect(t.Context(), "Nothing", ""); code(err) != CodeWrongUse {
		t.Errorf("no such backup: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.SkipEffect(ctx, "Docs", "*.log"); code(err) != CodeCanceled {
		t.Errorf("canceled: %v", err)
	}
	must(t, os.Rename(docs, docs+" away"))
	a.restart()
	if d := cmp.Diff(SkipEffect{Extent: Extent{2, 5}, Copies: Extent{2, 5}, NotHere: true}, a.effect("*.log")); d != "" {
		t.Errorf("without the drive (-want +got)\n%s", d)
	}
}

// TestSkipAlso: only copies of what the new rule leaves out go; those that were kept for an earlier one stay.
func TestSkipAlso(t *testing.T) {
	a := newWorld(t).computer("A")
	docs := realDir(t)
	files := map[string]string{"a.txt": "a", "b.log": "b", "cache/c": "c", "cache/d.log": "d", "keep/e.log": "e", "keep/f": "f"}
	put(t, docs, files)
	a.addBackup(docs, "Docs")
	a.once()
	also := func(rule string, toTrash bool, want SkipReport) {
		t.Helper()
		got, err := a.SkipAlso(t.Context(), "Docs", rule, toTrash)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s (-want +got)\n%s", rule, d)
		}
		a.once()
	}
	also("*.log", false, SkipReport{Name: "Docs", Skip: []string{"*.log"}, Kept: 3})
	also("*.log", true, SkipReport{Name: "Docs", Skip: []string{"*.log"}}) // it is there already: nothing is left out that was not
	also("f", false, SkipReport{Name: "Docs", Skip: []string{"*.log", "f"}, Kept: 1})
	if d := cmp.Diff(files, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
	also("cache/", true, SkipReport{Name: "Docs", Skip: []string{"*.log", "f", "cache/"}, Trashed: 2})
	if d := cmp.Diff(map[string]string{"a.txt": "a", "b.log": "b", "keep/e.log": "e", "keep/f": "f"}, a.inCloud("Docs")); d != "" {
		t.Errorf("the copies (-want +got)\n%s", d)
	}
	if trash, err := a.Trash(t.Context(), "backup", ""); err != nil || len(trash) != 1 {
		t.Errorf("%+v %v", trash, err)
	}
	same(t, docs, files)
	if _, err := a.SkipAlso(t.Context(), "Docs", "[", true); code(err) != CodeWrongUse {
		t.Errorf("a broken rule: %v", err)
	}
	also("*.x", true, SkipReport{Name: "Docs", Skip: []string{"*.log", "f", "cache/", "*.x"}})
}
