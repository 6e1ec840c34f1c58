package treedb_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
	"elkjopcloud/sync/treedb"
)

func batch(device uint64, seq uint64, body string) space.StoredBatch {
	return space.StoredBatch{ID: merge.BatchID{Device: tree.Device(device), Seq: seq, Run: math.MaxUint32}, Body: []byte(body), Stored: int64(seq) * 10}
}

func batches(t *testing.T, c space.Cache, volume string) []space.StoredBatch {
	t.Helper()
	all, err := c.LoadBatches(t.Context(), volume)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b space.StoredBatch) int {
		return cmp.Or(cmp.Compare(a.ID.Device, b.ID.Device), cmp.Compare(a.ID.Seq, b.ID.Seq))
	})
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The cache on disk and the one in memory give the same answers.
func TestCacheIsLikeTheOneInMemory(t *testing.T) {
	path := temporary(t)
	caches := []space.Cache{open(t, path).Cache(), &space.MemCache{}}
	for _, c := range caches {
		must(t, c.SaveBatches(t.Context(), "v", nil))
		must(t, c.SaveBatches(t.Context(), "v", []space.StoredBatch{batch(math.MaxUint64, 1, "one"), batch(1, math.MaxUint64, "\x00\xff"), batch(2, 2, "old")}))
		must(t, c.SaveBatches(t.Context(), "v", []space.StoredBatch{batch(2, 2, "new")}))
		must(t, c.SaveBatches(t.Context(), "other\xff", []space.StoredBatch{batch(2, 2, "other")}))
		must(t, c.SaveCheckpoint(t.Context(), "v", "first", []byte("1")))
		must(t, c.SaveCheckpoint(t.Context(), "v", "second", long))
		must(t, c.SaveCheckpoint(t.Context(), "other\xff", "longer", append(long, long...)))
		must(t, c.SaveCheckpoint(t.Context(), "other\xff", "empty", nil))
		must(t, c.SaveCheckpoint(t.Context(), "gone", "x", []byte("3")))
		must(t, c.SaveBatches(t.Context(), "gone", []space.StoredBatch{batch(2, 2, "gone")}))
		must(t, c.Forget(t.Context(), "gone"))
		must(t, c.Forget(t.Context(), "never was"))
	}
	again := open(t, path).Cache()
	for _, v := range []string{"v", "other\xff", "gone", "never was"} {
		if diff := gocmp.Diff(batches(t, caches[1], v), batches(t, again, v)); diff != "" {
			t.Errorf("%s: %s", v, diff)
		}
		if got, want := checkpoint(t, again, v), checkpoint(t, caches[1], v); got != want {
			t.Errorf("%s: checkpoint %.40q, want %.40q", v, got, want)
		}
	}
}

// What rotted in the cache is read from the store again; the rest stays.
func TestRottenCacheEntriesAreAbsent(t *testing.T) {
	path := temporary(t)
	db := open(t, path)
	must(t, db.Cache().SaveBatches(t.Context(), "v", []space.StoredBatch{batch(1, 1, "rots"), batch(1, 2, "stays"), batch(1, 3, "rots too")}))
	must(t, db.Cache().SaveCheckpoint(t.Context(), "v", "name", []byte("body")))
	must(t, db.Close())
	tamper(t, path, "UPDATE batch SET body = x'00' WHERE seq = 1")
	tamper(t, path, "UPDATE batch SET stored = 5 WHERE seq = 3")
	tamper(t, path, "UPDATE part SET body = x'00'")
	c := open(t, path).Cache()
	if diff := gocmp.Diff([]space.StoredBatch{batch(1, 2, "stays")}, batches(t, c, "v")); diff != "" {
		t.Error(diff)
	}
	if got := checkpoint(t, c, "v"); got != "name, damaged" {
		t.Errorf("checkpoint %q", got)
	}
}

// long has several parts, no two of them equal.
var long = func() (b []byte) {
	for n := range 50_000 {
		b = fmt.Appendf(b, "%d ", n)
	}
	return b
}()

// checkpoint returns what is kept of a volume.
func checkpoint(t *testing.T, c space.Cache, volume string) (got string) {
	t.Helper()
	must(t, c.LoadCheckpoint(t.Context(), volume, func(name string, size int64, body io.Reader) {
		b, err := io.ReadAll(body)
		switch {
		case errors.Is(err, space.ErrDamaged):
			got = name + ", damaged"
		case err != nil || int64(len(b)) != size:
			t.Errorf("%d bytes of %d: %v", len(b), size, err)
		default:
			got = name + ": " + string(b)
		}
	}))
	return got
}

// Parts that are missing, or in another order, are no checkpoint.
func TestCheckpointOfOtherParts(t *testing.T) {
	for _, harm := range []string{"DELETE FROM part WHERE n = 2", "DELETE FROM part WHERE n = 0", "UPDATE part SET n = 999 WHERE n = 1", "UPDATE volume SET checkpoint = x'00'"} {
		path := temporary(t)
		db := open(t, path)
		must(t, db.Cache().SaveCheckpoint(t.Context(), "v", "name", long))
		must(t, db.Close())
		tamper(t, path, harm)
		if got := checkpoint(t, open(t, path).Cache(), "v"); !strings.HasSuffix(got, ", damaged") {
			t.Errorf("%s: %.40q", harm, got)
		}
	}
}

// A batch of several parts is as it was saved, or not there: also when it takes the place of one that had more of them.
func TestBatchInParts(t *testing.T) {
	for _, size := range []int{8, 59_999, 60_000, 60_001, 120_000, len(long)} {
		path := temporary(t)
		db := open(t, path)
		want := []space.StoredBatch{batch(1, 1, string(long[:size])), batch(1, 2, "between"), batch(2, 2, string(long[7:size]))}
		must(t, db.Cache().SaveBatches(t.Context(), "v", []space.StoredBatch{batch(1, 1, string(long)), batch(2, 2, "short")}))
		must(t, db.Cache().SaveBatches(t.Context(), "v", want))
		must(t, db.Close())
		again := open(t, path)
		if diff := gocmp.Diff(want, batches(t, again.Cache(), "v"), gocmp.Comparer(bytes.Equal)); diff != "" {
			t.Errorf("%d bytes: %.300s", size, diff)
		}
		must(t, again.Cache().Forget(t.Context(), "v"))
		if left := batches(t, again.Cache(), "v"); len(left) > 0 {
			t.Errorf("%d bytes: %d batches were not forgotten", size, len(left))
		}
	}
}

func TestBatchOfOtherParts(t *testing.T) {
	for _, harm := range []string{
		"DELETE FROM batch WHERE seq = 2 AND n = 0", "DELETE FROM batch WHERE seq = 2 AND n = 3", "DELETE FROM batch WHERE seq = 2 AND n = (SELECT max(n) FROM batch)",
		"UPDATE batch SET n = 999 WHERE seq = 2 AND n = 1", "UPDATE batch SET body = x'00' WHERE seq = 2 AND n = 1",
	} {
		path := temporary(t)
		db := open(t, path)
		must(t, db.Cache().SaveBatches(t.Context(), "v", []space.StoredBatch{batch(1, 1, "before"), batch(1, 2, string(long)), batch(1, 3, "after")}))
		must(t, db.Close())
		tamper(t, path, harm)
		if diff := gocmp.Diff([]space.StoredBatch{batch(1, 1, "before"), batch(1, 3, "after")}, batches(t, open(t, path).Cache(), "v"), gocmp.Comparer(bytes.Equal)); diff != "" {
			t.Errorf("%s: %.300s", harm, diff)
		}
	}
}

func anyUnfinished() *rapid.Generator[transfer.Unfinished] {
	part := rapid.Custom(func(t *rapid.T) transfer.StoredPart {
		return transfer.StoredPart{Number: rapid.Int().Draw(t, "number"), Size: rapid.Int64().Draw(t, "size"), ETag: anyName().Draw(t, "etag"), Prefix: anyHash().Draw(t, "prefix")}
	})
	return rapid.Custom(func(t *rapid.T) transfer.Unfinished {
		u := transfer.Unfinished{Key: anyName().Draw(t, "key"), UploadID: anyName().Draw(t, "id"), Path: anyName().Draw(t, "path"), PartSize: rapid.Int64().Draw(t, "part size")}
		s := anySignature().Draw(t, "signature")
		u.Signature = disk.Signature{Size: s.Size, Mtime: s.Mtime, Ctime: s.Ctime, ID: disk.FileID{Number: s.Number, Birth: s.Birth}}
		if m := rapid.MapOfN(anyName(), anyName(), 0, 4).Draw(t, "meta"); len(m) > 0 {
			u.Meta = m
		}
		if rapid.Bool().Draw(t, "started") {
			u.Started = time.Unix(rapid.Int64Range(-1e10, 1e10).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		}
		u.Parts = list(t, part, 5)
		u.Completing, u.Sum = rapid.Bool().Draw(t, "completing"), anyHash().Draw(t, "sum")
		return u
	})
}

func TestJournalRoundTrip(t *testing.T) {
	j := open(t, treedb.Memory).Journal()
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.MapOfN(anyName(), anyUnfinished(), 0, 4).Draw(rt, "entries")
		for id, u := range want {
			must(t, j.Save(t.Context(), id, transfer.Unfinished{Key: "before", Parts: make([]transfer.StoredPart, 9)}))
			must(t, j.Save(t.Context(), id, u))
			got, ok, err := j.Load(t.Context(), id)
			if diff := gocmp.Diff(u, got); diff != "" || !ok || err != nil {
				rt.Fatal(ok, err, diff)
			}
		}
		all, err := j.All(t.Context())
		if diff := gocmp.Diff(want, all); diff != "" || err != nil {
			rt.Fatal(err, diff)
		}
		for id := range maps.Keys(want) {
			must(t, j.Forget(t.Context(), id))
			must(t, j.Forget(t.Context(), id))
			if _, ok, err := j.Load(t.Context(), id); ok || err != nil {
				rt.Fatalf("%q is still there: %v", id, err)
			}
		}
	})
}

func event(i int, age time.Duration) treedb.Event {
	return treedb.Event{Time: time.Now().Add(-age).Truncate(0), Kind: "uploaded", Pair: "Synced", Path: fmt.Sprintf("docs/%d-\xff.txt", i), Bytes: int64(i), Device: "Kari's PC", Message: "message"}
}

func page(t *testing.T, a *treedb.Activity, before int64, limit int, search string) []treedb.Event {
	t.Helper()
	all, err := a.Page(t.Context(), before, limit, search)
	must(t, err)
	return all
}

func TestActivityPages(t *testing.T) {
	a := open(t, temporary(t)).Activity()
	must(t, a.Append(t.Context()))
	var want []treedb.Event
	for i := range 25 {
		want = append(want, event(i+1, time.Hour))
	}
	must(t, a.Append(t.Context(), want[:20]...))
	must(t, a.Append(t.Context(), want[20:]...))
	var got []treedb.Event
	for before := int64(0); ; before = got[len(got)-1].ID {
		p := page(t, a, before, 10, "")
		if len(p) == 0 {
			break
		}
		got = append(got, p...)
	}
	slices.Reverse(want)
	for i := range want {
		want[i].ID = got[i].ID
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !slices.IsSortedFunc(got, func(a, b treedb.Event) int { return cmp.Compare(b.ID, a.ID) }) {
		t.Error("not newest first")
	}
}

func TestActivitySearch(t *testing.T) {
	a := open(t, temporary(t)).Activity()
	must(t, a.Append(t.Context(),
		treedb.Event{Time: time.Now(), Path: "Bilder/BLÅBÆR 100%.jpg", Kind: "uploaded", Pair: "Pictures", Device: "Kari's PC"},
		treedb.Event{Time: time.Now(), Path: "docs/a_b.txt", Kind: "deleted", Pair: "Synced", Message: "Removed by Ola"}))
	tests := map[string]int{"": 2, "blåbær": 1, "bla\u030aBÆR": 1, "100%": 1, "%": 1, "_": 1, "DELETED": 1, "removed BY": 1, "kari": 1, "pictures": 1, "nowhere": 0, "jpg\npictures": 1, "'": 1}
	for search, want := range tests {
		if got := len(page(t, a, 0, 10, search)); got != want {
			t.Errorf("%q: %d events, want %d", search, got, want)
		}
	}
	if got := page(t, a, 0, 1, ""); len(got) != 1 || !strings.HasPrefix(got[0].Path, "docs") {
		t.Errorf("the limit gave %v", got)
	}
}

func TestOldActivityIsPruned(t *testing.T) {
	a := open(t, treedb.Memory).Activity()
	must(t, a.Append(t.Context(), event(1, treedb.ActivityAge-time.Hour), event(2, treedb.ActivityAge+time.Hour), event(3, 0)))
	if got := page(t, a, 0, 10, ""); len(got) != 2 || got[0].Bytes != 3 || got[1].Bytes != 1 {
		t.Errorf("after 90 days: %v", got)
	}
}

func TestSettings(t *testing.T) {
	path := temporary(t)
	db := open(t, path)
	must(t, db.Put(t.Context(), "a", []byte("\x00\xff")))
	must(t, db.Put(t.Context(), "empty", []byte{}))
	must(t, db.Put(t.Context(), "gone", []byte("x")))
	must(t, db.Put(t.Context(), "gone", nil))
	must(t, db.Put(t.Context(), "a", []byte("\xff\x00")))
	must(t, db.Close())
	db = open(t, path)
	for key, want := range map[string][]byte{"a": []byte("\xff\x00"), "empty": {}, "gone": nil, "": nil} {
		got, err := db.Get(t.Context(), key)
		if diff := gocmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v %s", key, err, diff)
		}
	}
}

// TestBlocks: what was kept last is there again; what rotted is an error, and the oldest lists go when there are too many.
func TestBlocks(t *testing.T) {
	path := temporary(t)
	file := func(n int) [32]byte { return [32]byte{byte(n)} }
	list := func(n int) transfer.Blocks { return transfer.Blocks{Size: 1 << 20, Sums: make([][32]byte, n)} }
	db := open(t, path)
	b := db.Blocks(10_000)
	for n := range 20 {
		must(t, b.SaveBlocks(t.Context(), file(n), list(30)))
		must(t, b.SaveBlocks(t.Context(), file(0), list(31+n)))
	}
	for n := range 20 {
		got, ok, err := b.LoadBlocks(t.Context(), file(n))
		want := 30
		if n == 0 {
			want = 50
		}
		if kept := n == 0 || n > 11; err != nil || ok != kept || ok && (len(got.Sums) != want || got.Size != 1<<20) {
			t.Errorf("%d: %v, %v, %d sums", n, ok, err, len(got.Sums))
		}
	}
	must(t, b.SaveBlocks(t.Context(), file(0), list(1000)))
	if _, ok, err := b.LoadBlocks(t.Context(), file(0)); ok || err != nil {
		t.Errorf("a list larger than the room: %v, %v", ok, err)
	}
	must(t, b.SaveBlocks(t.Context(), file(1), transfer.Blocks{Size: 7, Sums: [][32]byte{file(5), file(6)}}))
	must(t, db.Close())
	tamper(t, path, "UPDATE blocks SET entry = zeroblob(90) WHERE size < 100")
	if _, ok, err := open(t, path).Blocks(10_000).LoadBlocks(t.Context(), file(1)); ok || err == nil {
		t.Errorf("a rotten list: %v, %v", ok, err)
	}
}
