package selection

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// volume is a state that a test builds batch by batch.
type volume struct {
	s *merge.State
	n int64
}

func (v *volume) apply(ops ...merge.Op) merge.Stamp {
	v.n++
	b := &merge.Batch{BatchID: merge.BatchID{Device: 1, Seq: uint64(v.n)}, Time: v.n, DeviceName: "PC", Ops: ops, Stored: v.n}
	v.s.Apply(b)
	return b.Stamp(0)
}

func create(parent merge.ID, name, hash string) merge.Op {
	c := tree.Content{Size: 1, Extents: []tree.Extent{{Key: "k", Length: 1}}}
	copy(c.Hash[:], hash)
	return merge.Op{Kind: merge.Create, Parent: parent, Name: name, Content: &c}
}

func example() (*volume, merge.ID) {
	v := &volume{s: merge.New()}
	d := v.apply(merge.Op{Kind: merge.Mkdir, Name: "d"})
	e := v.apply(merge.Op{Kind: merge.Mkdir, Parent: d, Name: "e"})
	v.apply(create(merge.ID{}, "top", "1"), create(d, "a", "2"), create(e, "b", "3"))
	return v, d
}

func paths(items []Item) []string {
	var out []string
	for _, i := range items {
		p := i.Path
		if i.Dir {
			p += "/"
		} else if i.Version.Content.Size != 1 {
			p += " without content"
		}
		out = append(out, p)
	}
	return out
}

func TestAt(t *testing.T) {
	v, _ := example()
	for path, want := range map[string][]string{
		"": {"top", "d/", "d/a", "d/e/", "d/e/b"}, "D": {"d/", "d/a", "d/e/", "d/e/b"}, "d/e": {"e/", "e/b"}, "d/A": {"a"}, "x": nil, "top/x": nil,
	} {
		items, ok := At(v.s, path)
		if d := cmp.Diff(want, paths(items)); d != "" || ok != (want != nil) {
			t.Errorf("%q: %v %s", path, ok, d)
		}
	}
}

func TestDeleteAndDeleted(t *testing.T) {
	v, d := example()
	ops := DeleteOps(v.s, "d")
	if len(ops) != 1 || len(ops[0].List) != 4 {
		t.Fatalf("%+v", ops)
	}
	v.apply(ops...)
	if items, _ := At(v.s, ""); cmp.Diff([]string{"top"}, paths(items)) != "" {
		t.Errorf("left: %v", paths(items))
	}
	if d := cmp.Diff([]string{"d/", "d/e/", "d/e/b", "d/a"}, paths(Deleted(v.s, d))); d != "" {
		t.Error(d)
	}
	if ops := DeleteOps(v.s, "d"); len(ops) != 0 {
		t.Errorf("deleted twice: %+v", ops)
	}
	v.apply(DeleteOps(v.s, "")...)
	if items, _ := At(v.s, ""); len(items) != 0 {
		t.Errorf("left: %v", paths(items))
	}
	if ops := DeleteOps(v.s, "none/x"); len(ops) != 0 {
		t.Errorf("%+v", ops)
	}
}

// TestDeleteLeavesWhatCameLater: what was put after the list was made stays, and so does its folder.
func TestDeleteLeavesWhatCameLater(t *testing.T) {
	v, d := example()
	ops := DeleteOps(v.s, "d")
	v.apply(create(d, "new", "4"))
	v.apply(ops...)
	items, _ := At(v.s, "")
	if d := cmp.Diff([]string{"top", "d/", "d/new"}, paths(items)); d != "" {
		t.Error(d)
	}
}

func TestDeleteMatching(t *testing.T) {
	for what, left := range map[string][]string{
		"":        {"top", "d/", "d/a", "d/e/", "d/e/b"},
		"a file":  {"top", "d/", "d/e/", "d/e/b"},
		"e":       {"top", "d/", "d/a"},
		"e and b": {"top", "d/", "d/a"},
		"d":       {"top"},
	} {
		v, _ := example()
		ops, files := DeleteMatching(v.s, func(path string, dir bool) bool {
			switch what {
			case "a file":
				return path == "d/a" && !dir
			case "e":
				return path == "d/e" && dir
			case "e and b":
				return path == "d/e" || path == "d/e/b"
			}
			return path == what
		})
		before, _ := At(v.s, "")
		v.apply(ops...)
		items, _ := At(v.s, "")
		if d := cmp.Diff(left, paths(items)); d != "" {
			t.Errorf("%s: %s", what, d)
		}
		if want := fileCount(before) - fileCount(items); files != want {
			t.Errorf("%s: %d files, want %d", what, files, want)
		}
	}
}

func fileCount(items []Item) (n int) {
	for _, i := range items {
		if !i.Dir {
			n++
		}
	}
	return n
}
