package treedb_test

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
	"elkjopcloud/sync/treedb"
)

func TestPairBeginsEmpty(t *testing.T) {
	db := open(t, temporary(t))
	if !db.Fresh() {
		t.Error("a new database is not Fresh")
	}
	if diff := gocmp.Diff(engine.Saved{}, load(t, db.Pair("Synced"))); diff != "" {
		t.Error(diff)
	}
	names, err := db.Pairs(context.Background())
	if err != nil || len(names) > 0 {
		t.Errorf("Load made a pair: %q, %v", names, err)
	}
}

// Names and paths are bytes of a disk; in an intent they must come back as they were, or Base would name a file that is not there.
func TestRawNamesSurvive(t *testing.T) {
	path := temporary(t)
	db := open(t, path)
	names := []string{"", "plain", "Ærlig talt.txt", "latin1-\xe6\xf8\xe5", "\xff\xfe\x00\x01", "e\u0301", "é", "\x00", "quote'\"", "\n"}
	var c engine.Change
	for i, n := range names {
		b := &plan.Base{ID: plan.Handle(i + 1), Name: n}
		c.Set = append(c.Set, b)
		c.Uploads = append(c.Uploads, engine.Upload{Path: n, Content: tree.Content{Hash: tree.Hash{byte(i)}}})
	}
	c.Intent = &engine.Intent{Key: "k\xff", Body: []byte("\x00\xff"), Commit: plan.Commit{Set: c.Set, Drop: []plan.Handle{77}}}
	save(t, db.Pair("p\xff"), c)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(c.Uploads, func(a, b engine.Upload) int { return strings.Compare(a.Path, b.Path) })
	want := engine.Saved{Base: plan.BasesOf(c.Set...), Intent: c.Intent, Uploads: c.Uploads}
	again := open(t, path)
	if again.Fresh() {
		t.Error("an existing database is Fresh")
	}
	if diff := gocmp.Diff(want, load(t, again.Pair("p\xff"))); diff != "" {
		t.Error(diff)
	}
}

func TestSaveRules(t *testing.T) {
	row := func(id plan.Handle, name string) *plan.Base { return &plan.Base{ID: id, Name: name} }
	up := func(path string, h byte) engine.Upload {
		return engine.Upload{Path: path, Content: tree.Content{Hash: tree.Hash{h}}}
	}
	first, second := &engine.Intent{Key: "1", Body: []byte("one")}, &engine.Intent{Key: "2", Body: []byte("two")}
	tests := []struct {
		name    string
		changes []engine.Change
		want    engine.Saved
	}{
		{"nothing", []engine.Change{{}}, engine.Saved{}},
		{"a row is replaced", []engine.Change{{Set: []*plan.Base{row(1, "a"), row(2, "b")}}, {Set: []*plan.Base{row(1, "c")}}}, engine.Saved{Base: plan.BasesOf(row(1, "c"), row(2, "b"))}},
		{"the last of equal rows counts", []engine.Change{{Set: []*plan.Base{row(1, "a"), row(1, "b")}}}, engine.Saved{Base: plan.BasesOf(row(1, "b"))}},
		{"drop, absent ones too", []engine.Change{{Set: []*plan.Base{row(1, "a"), row(2, "b")}}, {Drop: []plan.Handle{1, 9}}}, engine.Saved{Base: plan.BasesOf(row(2, "b"))}},
		{"drop wins over set", []engine.Change{{Set: []*plan.Base{row(1, "a")}, Drop: []plan.Handle{1}}}, engine.Saved{}},
		{"an intent stays", []engine.Change{{Intent: first}, {}}, engine.Saved{Intent: first}},
		{"an intent is cleared", []engine.Change{{Intent: first}, {ClearIntent: true}}, engine.Saved{}},
		{"an intent is replaced", []engine.Change{{Intent: first}, {Intent: second}}, engine.Saved{Intent: second}},
		{"the next intent is not cleared", []engine.Change{{Intent: first}, {Intent: second, ClearIntent: true}}, engine.Saved{Intent: second}},
		{"uploads of equal content", []engine.Change{{Uploads: []engine.Upload{up("a", 1), up("b", 1), up("c", 2)}}}, engine.Saved{Uploads: []engine.Upload{up("a", 1), up("b", 1), up("c", 2)}}},
		{"a path has one upload", []engine.Change{{Uploads: []engine.Upload{up("a", 1)}}, {Uploads: []engine.Upload{up("a", 2)}}, {NoUploads: []tree.Hash{{1}}}}, engine.Saved{Uploads: []engine.Upload{up("a", 2)}}},
		{"told uploads go", []engine.Change{{Uploads: []engine.Upload{up("a", 1), up("b", 1), up("c", 2)}}, {NoUploads: []tree.Hash{{1}, {9}}}}, engine.Saved{Uploads: []engine.Upload{up("c", 2)}}},
		{"open acts stay", []engine.Change{{Open: []plan.Open{{Placed: plan.Signature{Number: 1}}}}, {}}, engine.Saved{Open: []plan.Open{{Placed: plan.Signature{Number: 1}}}}},
		{"open acts are replaced", []engine.Change{{Open: make([]plan.Open, 2)}, {Open: make([]plan.Open, 1)}}, engine.Saved{Open: make([]plan.Open, 1)}},
		{"open acts end", []engine.Change{{Open: make([]plan.Open, 2)}, {Open: []plan.Open{}}}, engine.Saved{}},
		{"the guard stays", []engine.Change{{Guard: []byte("?")}, {}}, engine.Saved{Guard: []byte("?")}},
		{"joined stays", []engine.Change{{Joined: true}, {}}, engine.Saved{Joined: true}},
		{"the guard goes", []engine.Change{{Guard: []byte("?")}, {Guard: []byte{}}}, engine.Saved{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := open(t, treedb.Memory).Pair("p")
			for _, c := range tt.changes {
				save(t, p, c)
			}
			if diff := gocmp.Diff(tt.want, load(t, p)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is loaded is one's own: appending to the members of one row does not write into those of the next.
func TestLoadedRowsShareNothing(t *testing.T) {
	p := open(t, treedb.Memory).Pair("p")
	save(t, p, engine.Change{Set: manyRows(300)})
	got := load(t, p).Base
	for _, b := range got.All {
		_ = append(b.Nodes, plan.Member{ID: stamp(999)})
	}
	if diff := gocmp.Diff(manyRows(300), got.Sorted()); diff != "" {
		t.Error(diff)
	}
}

func TestPairsAreSeparate(t *testing.T) {
	ctx := context.Background()
	db := open(t, temporary(t))
	one := engine.Change{Set: manyRows(3), Intent: &engine.Intent{Key: "1", Body: []byte("1")}, Uploads: []engine.Upload{{Path: "1"}}, Open: make([]plan.Open, 1), Guard: []byte("1")}
	two := engine.Change{Set: manyRows(5), Intent: &engine.Intent{Key: "2", Body: []byte("2")}, Uploads: []engine.Upload{{Path: "2"}}, Open: make([]plan.Open, 2), Guard: []byte("2")}
	save(t, db.Pair("one"), one)
	save(t, db.Pair("two"), two)
	check := func(name string, c engine.Change) {
		t.Helper()
		want := engine.Saved{Base: plan.BasesOf(c.Set...), Intent: c.Intent, Uploads: c.Uploads, Open: c.Open, Guard: c.Guard}
		if diff := gocmp.Diff(want, load(t, db.Pair(name))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	check("one", one)
	check("two", two)
	if err := db.RenamePair(ctx, "one", "two"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("RenamePair onto another = %v, want fs.ErrExist", err)
	}
	if err := db.RenamePair(ctx, "none", "three"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("RenamePair of nothing = %v, want fs.ErrNotExist", err)
	}
	if err := errors.Join(db.RenamePair(ctx, "one", "three"), db.RenamePair(ctx, "three", "three")); err != nil {
		t.Fatal(err)
	}
	check("three", one)
	check("one", engine.Change{})
	if err := errors.Join(db.RemovePair(ctx, "three"), db.RemovePair(ctx, "never was")); err != nil {
		t.Fatal(err)
	}
	check("three", engine.Change{})
	check("two", two)
	save(t, db.Pair("three"), engine.Change{Guard: []byte("new")})
	check("three", engine.Change{Guard: []byte("new")})
	names, err := db.Pairs(ctx)
	if diff := gocmp.Diff([]string{"three", "two"}, names); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// model is a Store of maps.
type model struct {
	base    map[plan.Handle]*plan.Base
	uploads map[string]engine.Upload
	saved   engine.Saved
}

func (m *model) save(c engine.Change) {
	for _, b := range c.Set {
		m.base[b.ID] = b
	}
	for _, h := range c.Drop {
		delete(m.base, h)
	}
	for _, u := range c.Uploads {
		m.uploads[u.Path] = u
	}
	for _, h := range c.NoUploads {
		maps.DeleteFunc(m.uploads, func(_ string, u engine.Upload) bool { return u.Content.Hash == h })
	}
	if c.ClearIntent || c.Intent != nil {
		m.saved.Intent = c.Intent
	}
	if c.Open != nil {
		m.saved.Open = c.Open
	}
	if c.Guard != nil {
		m.saved.Guard = c.Guard
	}
	m.saved.Joined = m.saved.Joined || c.Joined
}

func (m *model) load() engine.Saved {
	out := m.saved
	out.Base = plan.BasesOf(slices.Collect(maps.Values(m.base))...)
	for _, k := range slices.Sorted(maps.Keys(m.uploads)) {
		out.Uploads = append(out.Uploads, m.uploads[k])
	}
	if len(out.Guard) == 0 {
		out.Guard = nil
	}
	if len(out.Open) == 0 {
		out.Open = nil
	}
	return out
}

// Any changes, in any order, on two pairs: what is loaded is what a store of maps holds.
func TestAnyChangesRoundTrip(t *testing.T) {
	db := open(t, treedb.Memory)
	rapid.Check(t, func(t *rapid.T) {
		pairs := [2]*model{}
		for i, name := range []string{"a", "b"} {
			pairs[i] = &model{base: map[plan.Handle]*plan.Base{}, uploads: map[string]engine.Upload{}}
			if err := db.RemovePair(context.Background(), name); err != nil {
				t.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 5).Draw(t, "changes") {
			which := rapid.IntRange(0, 1).Draw(t, "pair")
			c := anyChange(t)
			pairs[which].save(c)
			if err := db.Pair([]string{"a", "b"}[which]).Save(context.Background(), c); err != nil {
				t.Fatal(err)
			}
		}
		for i, name := range []string{"a", "b"} {
			got, err := db.Pair(name).Load(context.Background())
			if diff := gocmp.Diff(pairs[i].load(), got); diff != "" || err != nil {
				t.Fatalf("%s: %v %s", name, err, diff)
			}
		}
	})
}

func anyChange(t *rapid.T) engine.Change {
	c := engine.Change{Set: list(t, anyBase(), 6), Uploads: list(t, anyUpload(), 3), NoUploads: list(t, anyHash(), 2), ClearIntent: rapid.Bool().Draw(t, "clear")}
	for _, h := range rapid.SliceOfN(rapid.Int64Range(-3, 20), 0, 4).Draw(t, "drop") {
		c.Drop = append(c.Drop, plan.Handle(h))
	}
	if rapid.Bool().Draw(t, "sets an intent") {
		c.Intent = anyIntent().Draw(t, "intent")
	}
	if rapid.Bool().Draw(t, "sets the guard") {
		c.Guard = rapid.SliceOfN(rapid.Byte(), 0, 5).Draw(t, "guard")
	}
	c.Joined = rapid.IntRange(0, 9).Draw(t, "joined") == 0
	if rapid.Bool().Draw(t, "sets open acts") {
		c.Open = append([]plan.Open{}, list(t, anyOpen(), 3)...)
	}
	slices.SortStableFunc(c.Set, func(a, b *plan.Base) int { return cmp.Compare(a.ID, b.ID) })
	return c
}
