package merge

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// at returns the live file at a path.
func at(t *testing.T, s *State, path string) Node {
	t.Helper()
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i], path[i+1:]
	}
	n, ok := s.Root().Find(dir).File(name)
	if !ok {
		t.Fatalf("no file at %q in\n%s", path, dump(s))
	}
	return n
}

func history(s *State, id ID) string {
	var out []string
	for _, v := range s.Versions(id) {
		out = append(out, v.Content.Extents[0].Key)
	}
	return strings.Join(out, " ")
}

func TestHistories(t *testing.T) {
	for _, c := range []struct{ name, batches, path, want string }{
		{"of edits", "1 A: f = create / a 0 \n 2 A: v = put f f 1 \n 3 B: put f v 2", "a", "2 1 0"},
		{"of a copy: what both had", "1 A: f = create / a 0 \n 2 A: put f f 1 \n 3 B: v = put f f 2 \n 4 B: w = put f v 3; move f@w / c", "c", "3 2 0"},
		{"of a file moved onto the same content: what both were", `
			1 A: f = create / a 0
			2 A: put f f x
			3 B: g = create / b 1
			4 B: v = put g g 2
			5 B: w = put g v x
			6 B: move g@w / a`, "a", "x 2 1 0"},
		{"of a file restored onto the same content", `
			1 A: f = create / a 0
			2 A: v = put f f x
			3 A: delete f@v
			4 B: create / a x
			5 A: restore f@v`, "a", "x 0"},
		{"of one that became one that became another", `
			1 A: f = create / a 0; g = create / b 1; h = create / c 2
			2 A: f1 = put f f x; g1 = put g g x; h1 = put h h x
			3 A: move f@f1 / b
			4 A: move g@g1 / c`, "c", "x 2 1 0"},
		{"of the same new file", "1 A: create / a 0 \n 2 B: g = create / a 0 \n 3 B: put g g 1", "a", "1 0"},
		{"of a new file that was edited before it was sent", "1 A: create / a x \n 2 B: g = create / a 0; put g g x", "a", "x 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bs := parse(t, c.batches)
			s := foldAll(t, bs)
			if got := history(s, at(t, s, c.path).ID); got != c.want {
				t.Errorf("%q instead of %q", got, c.want)
			}
			l := NewLog(nil)
			l.Add(bs...)
			for _, b := range bs {
				r := NewLog(l.Checkpoint(b.Time + 1))
				r.Add(bs...)
				if d := cmp.Diff(full(s), full(r.State())); d != "" {
					t.Errorf("through the checkpoint after %d: -want +got\n%s", b.Time, d)
				}
			}
		})
	}
}

func TestTrashShowsWhatWasDeletedTogetherAsOne(t *testing.T) {
	s := foldAll(t, parse(t, docs+"6 A: i = create S i I \n 7 A: delete f@ \n"+deleteDocs+"21 A: delete i@ S D"))
	var got []string
	for _, n := range s.Trash() {
		got = append(got, s.Path(n.ID))
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{"docs", "docs/f", "docs/g", "docs/s/h"}, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	s = foldAll(t, parse(t, docs+deleteDocs+"22 A: purge D"))
	got = nil
	for _, n := range s.Trash() {
		got = append(got, s.Path(n.ID))
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{"docs/f", "docs/g", "docs/s"}, got); d != "" {
		t.Errorf("after the purge of the folder: -want +got\n%s", d)
	}
}

func TestReading(t *testing.T) {
	bs := parse(t, docs+"6 B: E = mkdir / Docs; y = create E y Y \n 7 B: z = create D g G \n 8 A: delete f@")
	s := foldAll(t, bs)
	d := s.Root().Find("DOCS")
	if d == nil || len(d.Members()) != 2 || d.Name() != "docs" || d.Parent() != s.Root() || s.Root().Parent() != nil || s.Root().Path() != "" {
		t.Fatalf("docs is %+v", d)
	}
	if s.Root().Find("") != s.Root() || s.Root().Find("docs/S").Path() != "docs/s" || s.Root().Find("docs/s/t") != nil || s.Root().Find("x/y") != nil {
		t.Error("Find finds what is not there, or not what is")
	}
	if _, ok := d.File("F"); ok {
		t.Error("a deleted file is shown")
	}
	f, y, z := bs[1].Stamp(0), bs[5].Stamp(1), bs[6].Stamp(0)
	if s.Path(y) != "docs/y" || s.Path(f) != "docs/f" || s.Path(z) != "docs/g" || s.Path(ID{}) != "" {
		t.Errorf("paths %q %q %q", s.Path(y), s.Path(f), s.Path(z))
	}
	if s.Live(f) || !s.Live(y) || s.Live(z) || s.FolderOf(y) != d || s.FolderOf(f) != nil || s.FolderOf(z) != d {
		t.Error("wrong about what is live")
	}
	if n, ok := s.Node(z); !ok || n.ID != bs[2].Stamp(0) || s.Holder(z, z) != n.ID || s.Resolve(z) != n.Current {
		t.Errorf("the new file that met equal content is %+v", n)
	}
	if v, ok := s.Version(z); !ok || v.ID != bs[2].Stamp(0) || v.Stored != 3 {
		t.Errorf("its version is %+v", v)
	}
	if _, ok := s.Version(Stamp{Time: 99}); ok || s.Versions(d.Members()[0].ID) != nil || s.Versions(Stamp{Time: 99}) != nil || s.Below(Stamp{Time: 99}) != nil {
		t.Error("something is known of nothing")
	}
	if below := s.Below(bs[0].Stamp(0)); len(below) != 3 || below[0].Name != "f" || !below[0].Deleted || below[0].DeletedAt != 8 {
		t.Errorf("below docs: %+v", below)
	}
	n, v := 0, 0
	for range s.Nodes {
		n++
	}
	for range s.AllVersions {
		v++
	}
	if n != 7 || v != 5 {
		t.Errorf("%d nodes and %d versions", n, v)
	}
	for range s.Nodes {
		break
	}
	for range s.AllVersions {
		break
	}
}
