package treedb_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
	"elkjopcloud/sync/treedb"
)

// What the others ask of this package.
var (
	_ engine.Store     = (*treedb.Pair)(nil)
	_ space.Cache      = (*treedb.Cache)(nil)
	_ transfer.Journal = (*treedb.Journal)(nil)
)

func open(t testing.TB, path string) *treedb.DB {
	t.Helper()
	db, err := treedb.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func temporary(t testing.TB) string { return filepath.Join(t.TempDir(), "state.db") }

func save(t testing.TB, s engine.Store, c engine.Change) {
	t.Helper()
	if err := s.Save(context.Background(), c); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, s engine.Store) engine.Saved {
	t.Helper()
	got, err := s.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// manyRows makes n rows as they are after a first backup: each file made by one operation, 100 files a folder.
func manyRows(n int) []*plan.Base {
	rows := make([]*plan.Base, n)
	for i := range rows {
		made := stamp(i + 1)
		b := &plan.Base{ID: plan.Handle(i + 1), Parent: plan.Handle(i / 100 * 100), Name: fmt.Sprintf("IMG_%06d, summer.jpeg", i), Nodes: []plan.Member{{ID: made, Place: made}}}
		b.Disk = plan.Signature{Size: int64(i) * 4711, Mtime: 1_790_000_000_000_000_000 + int64(i), Ctime: 1_790_000_000_000_000_000, Number: uint64(i) + 1<<20, Birth: 1_780_000_000_000_000_000}
		if b.Dir = i%100 == 0; !b.Dir {
			b.Version, b.Hash = made, tree.Hash{byte(i), byte(i >> 8), byte(i >> 16), 1}
		}
		rows[i] = b
	}
	return rows
}

func stamp(i int) tree.Stamp {
	return tree.Stamp{Time: 1_790_000_000_000, Device: 0xfedc_ba98_7654_3210, Run: 0xdead_beef, Index: uint32(i)}
}

// Generators of everything that may be stored, the odd values too.

func anyName() *rapid.Generator[string] {
	raw := rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 40), func(b []byte) string { return string(b) })
	return rapid.OneOf(raw, rapid.String(), rapid.SampledFrom([]string{"", "æøå.txt", "\xff\xfe", "a\x00b", "'; DROP TABLE base; --"}))
}

func anyStamp() *rapid.Generator[tree.Stamp] {
	full := rapid.Custom(func(t *rapid.T) tree.Stamp {
		return tree.Stamp{Time: rapid.Int64().Draw(t, "time"), Device: tree.Device(rapid.Uint64().Draw(t, "device")), Run: rapid.Uint32().Draw(t, "run"), Index: rapid.Uint32().Draw(t, "index")}
	})
	return rapid.OneOf(full, rapid.SampledFrom([]tree.Stamp{{}, stamp(1), stamp(2)}))
}

func anyHash() *rapid.Generator[tree.Hash] {
	return rapid.Map(rapid.ByteRange(0, 3), func(b byte) tree.Hash { return tree.Hash{0: b, 31: b} })
}

func anySignature() *rapid.Generator[plan.Signature] {
	return rapid.Custom(func(t *rapid.T) plan.Signature {
		n := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{0, math.MinInt64, math.MaxInt64}))
		return plan.Signature{Size: n.Draw(t, "size"), Mtime: n.Draw(t, "mtime"), Ctime: n.Draw(t, "ctime"), Number: rapid.Uint64().Draw(t, "number"), Birth: n.Draw(t, "birth"), Exec: rapid.Bool().Draw(t, "exec")}
	})
}

func anyBase() *rapid.Generator[*plan.Base] {
	member := rapid.Custom(func(t *rapid.T) plan.Member {
		return plan.Member{ID: anyStamp().Draw(t, "node"), Place: anyStamp().Draw(t, "place")}
	})
	return rapid.Custom(func(t *rapid.T) *plan.Base {
		b := &plan.Base{
			ID: plan.Handle(rapid.Int64Range(-3, 20).Draw(t, "id")), Parent: plan.Handle(rapid.Int64().Draw(t, "parent")),
			Name: anyName().Draw(t, "name"), Dir: rapid.Bool().Draw(t, "dir"), Version: anyStamp().Draw(t, "version"),
			Hash: anyHash().Draw(t, "hash"), Disk: anySignature().Draw(t, "disk"),
		}
		b.Nodes = list(t, member, 20)
		return b
	})
}

func anyUpload() *rapid.Generator[engine.Upload] {
	extent := rapid.Custom(func(t *rapid.T) tree.Extent {
		return tree.Extent{Key: anyName().Draw(t, "key"), Offset: rapid.Int64().Draw(t, "offset"), Length: rapid.Int64().Draw(t, "length")}
	})
	return rapid.Custom(func(t *rapid.T) engine.Upload {
		c := tree.Content{Hash: anyHash().Draw(t, "hash"), Size: rapid.Int64().Draw(t, "size"), Mtime: rapid.Int64().Draw(t, "mtime"), Exec: rapid.Bool().Draw(t, "exec")}
		c.Extents = list(t, extent, 4)
		return engine.Upload{Path: anyName().Draw(t, "path"), Disk: anySignature().Draw(t, "disk"), Content: c}
	})
}

func anyOpen() *rapid.Generator[plan.Open] {
	return rapid.Custom(func(t *rapid.T) plan.Open {
		var o plan.Open
		o.Act, o.Dir, o.Fresh = plan.Act(rapid.IntRange(0, 6).Draw(t, "act")), rapid.Bool().Draw(t, "dir"), rapid.Bool().Draw(t, "fresh")
		o.ID, o.From, o.To = plan.Handle(rapid.Int64().Draw(t, "id")), anyName().Draw(t, "from"), anyName().Draw(t, "to")
		o.Was, o.Placed = anySignature().Draw(t, "was"), anySignature().Draw(t, "placed")
		o.Version.ID, o.Version.Content.Exec = anyStamp().Draw(t, "version"), rapid.Bool().Draw(t, "exec")
		if rapid.Bool().Draw(t, "has a row") {
			o.Base = anyBase().Draw(t, "row")
		}
		return o
	})
}

func anyIntent() *rapid.Generator[*engine.Intent] {
	return rapid.Custom(func(t *rapid.T) *engine.Intent {
		handle := rapid.Map(rapid.Int64(), func(n int64) plan.Handle { return plan.Handle(n) })
		return &engine.Intent{
			Key: anyName().Draw(t, "key"), Body: list(t, rapid.Byte(), 50),
			Commit: plan.Commit{Set: list(t, anyBase(), 5), Drop: list(t, handle, 5)}, Told: list(t, anyHash(), 5),
		}
	})
}

// list draws up to n things; none is nil.
func list[T any](t *rapid.T, of *rapid.Generator[T], n int) []T {
	all := rapid.SliceOfN(of, 0, n).Draw(t, "list")
	if len(all) == 0 {
		return nil
	}
	return all
}
