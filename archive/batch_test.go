package archive

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/selection"
	"elkjopcloud/sync/tree"
)

func TestNumbered(t *testing.T) {
	long := strings.Repeat("ø", 127)
	for _, c := range []struct {
		name string
		n    int
		want string
	}{
		{"a.txt", 1, "a.txt"}, {"a.txt", 2, "a (2).txt"}, {"a", 12, "a (12)"}, {".profile", 2, ".profile (2)"},
		{long + ".jpg", 3, strings.Repeat("ø", 123) + " (3).jpg"},
	} {
		got := numbered(c.name, c.n)
		if got != c.want || tree.CheckName(got) != nil {
			t.Errorf("%s %d: %q (%d bytes)", c.name, c.n, got, len(got))
		}
	}
}

func content(hash string) tree.Content {
	c := tree.Content{Size: 1, Extents: []tree.Extent{{Key: hash, Length: 1}}}
	copy(c.Hash[:], hash)
	return c
}

// add applies what a batch of these files makes, and returns where they are.
func add(s *merge.State, seq int64, folders []string, files ...*found) []string {
	m := &merge.Batch{BatchID: merge.BatchID{Device: 1, Seq: uint64(seq)}, Time: seq, DeviceName: "PC", Stored: seq}
	at := m.Stamp(0)
	at.Index = 0
	b := &batch{at: at, s: s, have: liveIn(s), made: map[string]merge.ID{}, files: map[string]tree.Hash{}}
	var placed []string
	for _, f := range folders {
		b.folder(f)
	}
	for _, f := range files {
		b.file(f)
		placed = append(placed, f.placed)
	}
	m.Ops = b.ops
	s.Apply(m)
	return placed
}

func TestBatchKeepsWhatIsThere(t *testing.T) {
	s := merge.New()
	got := add(s, 1, []string{"d", "d/e"}, &found{target: "d/e/f.txt", content: content("1")}, &found{target: "top.txt", content: content("2")})
	if d := cmp.Diff([]string{"d/e/f.txt", "top.txt"}, got); d != "" {
		t.Error(d)
	}
	got = add(s, 2, []string{"D"},
		&found{target: "d/e/f.txt", content: content("1")}, // the same again
		&found{target: "D/E/F.txt", content: content("3")}, // others of its name
		&found{target: "d/e/F.TXT", content: content("4")},
		&found{target: "d/e", content: content("5")}, // a file where a folder is
		&found{target: "x.txt", content: content("2"), reused: true},
		&found{target: "y.txt", content: content("9"), reused: true}, // its bytes are gone meanwhile
	)
	want := []string{"d/e/f.txt", "D/E/F (2).txt", "d/e/F (3).TXT", "d/e (2)", "x.txt", ""}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	items, _ := selection.At(s, "")
	var paths []string
	for _, i := range items {
		paths = append(paths, i.Path)
	}
	if d := cmp.Diff([]string{"top.txt", "x.txt", "d", "d/e (2)", "d/e", "d/e/F (2).txt", "d/e/F (3).TXT", "d/e/f.txt"}, paths); d != "" {
		t.Error(d)
	}
}
