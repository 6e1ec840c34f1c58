package app

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// inConflict is two computers that have changed f.txt at one time. A came first: its file has the name on both, B's is the copy. Both have a
// recycle bin, which is a folder.
func inConflict(t *testing.T) (a, b *computer, da, db string) {
	t.Helper()
	w := newWorld(t)
	a, b = w.computer("A"), w.computer("B")
	da, db = a.synced(), b.synced()
	for _, c := range []*computer{a, b} {
		bin := realDir(t)
		c.parts.trash = func(path string) error { return os.Rename(path, filepath.Join(bin, filepath.Base(path))) }
	}
	put(t, da, map[string]string{"d/f.txt": "old"})
	a.once()
	b.once()
	put(t, da, map[string]string{"d/f.txt": "from a"})
	put(t, db, map[string]string{"d/f.txt": "from b!"})
	a.once()
	b.once()
	a.once()
	return a, b, da, db
}

func (c *computer) conflicts() []Conflict {
	c.t.Helper()
	all, err := c.Conflicts(c.t.Context())
	must(c.t, err)
	return all
}

func TestConflictShowsBothSides(t *testing.T) {
	a, b, _, _ := inConflict(t)
	for _, tt := range []struct {
		c    *computer
		mine bool // the copy
	}{{a, false}, {b, true}} {
		all := tt.c.conflicts()
		if len(all) != 1 || all[0].Other == nil || tt.c.CountConflicts() != 1 {
			t.Fatalf("%+v", all)
		}
		x := all[0]
		if x.Original != "d/f.txt" || x.Device != "B" || x.Mine != tt.mine || x.Size != 7 || x.Other.Device != "A" || x.Other.Mine == tt.mine || x.Other.Size != 6 || x.Seen == x.Other.Seen {
			t.Errorf("%+v %+v", x, *x.Other)
		}
	}
}

// TestSettleConflict: one of the two stays under the name, on both computers; the other can be had from the recycle bin and from the cloud.
func TestSettleConflict(t *testing.T) {
	for _, tt := range []struct{ keep, stays, goes string }{{KeepOriginal, "from a", "from b!"}, {KeepCopy, "from b!", "from a"}} {
		t.Run(tt.keep, func(t *testing.T) {
			a, b, da, db := inConflict(t)
			var binned []string
			a.parts.trash = func(path string) error {
				text, err := os.ReadFile(path)
				binned = append(binned, string(text))
				return errors.Join(err, os.Remove(path))
			}
			must(t, a.SettleConflict(t.Context(), a.conflicts()[0], tt.keep))
			a.once()
			b.once()
			a.once()
			want := map[string]string{"d/f.txt": tt.stays}
			same(t, da, want)
			same(t, db, want)
			if !slices.Equal(binned, []string{tt.goes}) {
				t.Errorf("in the recycle bin: %q", binned)
			}
			if left := a.conflicts(); len(left) != 0 || a.CountConflicts() != 0 {
				t.Errorf("still listed: %+v", left)
			}
			inCloud(t, a, tt.goes)
		})
	}
}

// inCloud looks for a text in the Trash and among the versions of d/f.txt.
func inCloud(t *testing.T, c *computer, text string) {
	t.Helper()
	to := realDir(t)
	trash, err := c.Trash(t.Context(), "synced", "")
	must(t, err)
	for _, x := range trash {
		_, err := c.TrashRestore(t.Context(), []string{x.ID}, to)
		must(t, err)
	}
	versions, err := c.Versions(t.Context(), "Synced/d/f.txt")
	must(t, err)
	for _, v := range versions {
		must(t, c.RestoreVersion(t.Context(), "Synced/d/f.txt", v.ID, filepath.Join(to, v.ID)))
	}
	for _, got := range read(t, to) {
		if got == text {
			return
		}
	}
	t.Errorf("%q is neither in the Trash nor among the versions: %v", text, read(t, to))
}

func TestSettleConflictKeepBoth(t *testing.T) {
	a, b, da, _ := inConflict(t)
	before := read(t, da)
	must(t, a.SettleConflict(t.Context(), a.conflicts()[0], KeepBoth))
	a.once()
	if left := a.conflicts(); len(left) != 0 || len(before) != 2 {
		t.Errorf("%v, still listed: %+v", before, left)
	}
	same(t, da, before)
	a.restart()
	if left := a.conflicts(); len(left) != 0 {
		t.Errorf("listed again after a restart: %+v", left)
	}
	if len(b.conflicts()) != 1 {
		t.Error("the other computer's user did not choose yet")
	}
	if c := code(a.SettleConflict(t.Context(), Conflict{ID: "1-1-1-1"}, KeepBoth)); c != CodeSinceSeen {
		t.Errorf("a conflict that there is not: %q", c)
	}
	if c := code(a.SettleConflict(t.Context(), Conflict{}, "neither")); c != CodeWrongUse {
		t.Errorf("a word that means nothing: %q", c)
	}
}

// TestSettleConflictOnlyWhatWasSeen: whatever happened since somebody looked, nothing is touched.
func TestSettleConflictOnlyWhatWasSeen(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, a, b *computer, da, db string, seen *Conflict)
		code string
	}{
		{"the file was changed here", func(t *testing.T, _, _ *computer, da, _ string, _ *Conflict) {
			put(t, da, map[string]string{"d/f.txt": "newer!"})
		}, CodeSinceSeen},
		{"the copy was changed here, same size and time", func(t *testing.T, _, _ *computer, da, _ string, seen *Conflict) {
			path := filepath.Join(da, filepath.FromSlash(seen.Path))
			put(t, da, map[string]string{seen.Path: "from B!"})
			must(t, os.Chtimes(path, seen.Modified, seen.Modified))
		}, CodeSinceSeen},
		{"the copy is gone", func(t *testing.T, _, _ *computer, da, _ string, seen *Conflict) {
			must(t, os.Remove(filepath.Join(da, filepath.FromSlash(seen.Path))))
		}, CodeSinceSeen},
		{"the file was changed elsewhere", func(t *testing.T, _, b *computer, _, db string, _ *Conflict) {
			put(t, db, map[string]string{"d/f.txt": "newer from b"})
			b.once()
		}, CodeSinceSeen},
		{"the copy was renamed elsewhere", func(t *testing.T, _, b *computer, _, db string, seen *Conflict) {
			must(t, os.Rename(filepath.Join(db, filepath.FromSlash(seen.Path)), filepath.Join(db, "d", "mine.txt")))
			b.once()
		}, CodeSinceSeen},
		{"the bin does not take it", func(_ *testing.T, a, _ *computer, _, _ string, _ *Conflict) {
			a.parts.trash = func(string) error { return errors.New("no bin") }
		}, CodeBinRefused},
		{"somebody saw no other file", func(_ *testing.T, _, _ *computer, _, _ string, seen *Conflict) { seen.Other = nil }, CodeSinceSeen},
	} {
		for _, keep := range []string{KeepCopy, KeepOriginal} {
			t.Run(tt.name+", "+keep, func(t *testing.T) {
				a, b, da, db := inConflict(t)
				seen := a.conflicts()[0]
				tt.do(t, a, b, da, db, &seen)
				before := read(t, da)
				if got := code(a.SettleConflict(t.Context(), seen, keep)); got != tt.code {
					t.Errorf("it says %q", got)
				}
				same(t, da, before)
			})
		}
	}
}

// TestConflictWithoutOriginal: the file was deleted, its copy is still listed, and can be kept.
func TestConflictWithoutOriginal(t *testing.T) {
	a, _, da, _ := inConflict(t)
	must(t, os.Remove(filepath.Join(da, "d", "f.txt")))
	a.once()
	all := a.conflicts()
	if len(all) != 1 || all[0].Other != nil || all[0].Original != "d/f.txt" {
		t.Fatalf("%+v", all)
	}
	must(t, a.SettleConflict(t.Context(), all[0], KeepBoth))
	if left := a.conflicts(); len(left) != 0 {
		t.Errorf("%+v", left)
	}
}
