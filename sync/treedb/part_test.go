package treedb

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"math"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
)

// A checkpoint that was kept as one piece is still there, whatever its size is.
func TestCheckpointOfBeforeIsKept(t *testing.T) {
	for _, size := range []int{0, 1, partSize - 1, partSize, partSize + 1, 3*partSize + 5} {
		path, body := filepath.Join(t.TempDir(), "state.db"), bytes.Repeat([]byte{7}, size)
		old, err := statedb.Open(path, migrations()[:3])
		if err != nil {
			t.Fatal(err)
		}
		err = old.Write(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.Exec("INSERT INTO volume (name, checkpoint, body, sum) VALUES (?, ?, ?, ?), (x'01', x'', x'', 0)", blob("v"), blob("name"), blob(body), int64(checksum([]byte("name"), body)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		err = db.Cache().LoadCheckpoint(t.Context(), "v", func(name string, n int64, r io.Reader) {
			if got, err = io.ReadAll(r); err != nil || name != "name" || n != int64(size) {
				t.Errorf("%d bytes: %q, %d bytes, %v", size, name, n, err)
			}
		})
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%d bytes: %d bytes, %v", size, len(got), err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A batch that was kept as one row is still there, whatever its size is.
func TestBatchOfBeforeIsKept(t *testing.T) {
	path, want := filepath.Join(t.TempDir(), "state.db"), []space.StoredBatch{
		{ID: merge.BatchID{Device: math.MaxUint64, Seq: 1, Run: math.MaxUint32}, Body: bytes.Repeat([]byte{7}, 3*partSize), Stored: 7},
		{ID: merge.BatchID{Device: 1, Seq: 1}, Stored: -1},
		{ID: merge.BatchID{Device: 1, Seq: 2}, Body: []byte("short")},
	}
	old, err := statedb.Open(path, migrations()[:5])
	if err != nil {
		t.Fatal(err)
	}
	err = old.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO volume (id, name) VALUES (4, ?)", blob("v"))
		for _, b := range want {
			device, seq, run := int64(b.ID.Device), int64(b.ID.Seq), int64(b.ID.Run)
			var head encoder
			for _, n := range []int64{device, seq, run, b.Stored} {
				head.fixed(n)
			}
			_, err2 := tx.Exec("INSERT INTO batch (volume, device, seq, run, stored, sum, body) VALUES (4, ?, ?, ?, ?, ?, ?)",
				device, seq, run, b.Stored, int64(checksum(head.b, b.Body)), blob(b.Body))
			err = errors.Join(err, err2)
		}
		return err
	})
	if err = errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.Cache().LoadBatches(t.Context(), "v")
	if diff := gocmp.Diff(want, got, gocmp.Comparer(bytes.Equal)); diff != "" || err != nil {
		t.Errorf("%v\n%.300s", err, diff)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// An intent that was kept as one row is still there: it was sent, perhaps, and must be confirmed as it is. The next one takes its place.
func TestIntentOfBeforeIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	want := &engine.Intent{Key: "key", Body: bytes.Repeat([]byte{7}, 3*partSize), Commit: plan.Commit{Set: []*plan.Base{{ID: 3, Name: "a"}}, Drop: []plan.Handle{9}}}
	old, err := statedb.Open(path, migrations()[:5])
	if err != nil {
		t.Fatal(err)
	}
	err = old.Write(t.Context(), func(tx *sql.Tx) error {
		var e encoder
		_, err := tx.Exec("INSERT INTO pair (id, name) VALUES (4, ?)", blob("p"))
		_, err2 := tx.Exec("INSERT INTO intent (pair, key, body, entry) VALUES (4, ?, ?, ?)", blob(want.Key), want.Body, e.intent(want))
		return errors.Join(err, err2)
	})
	if err = errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, next := range []*engine.Intent{{Key: "next", Body: []byte("short")}, nil} {
		got, err := db.Pair("p").Load(t.Context())
		if diff := gocmp.Diff(want, got.Intent, gocmp.Comparer(bytes.Equal)); diff != "" || err != nil {
			t.Fatalf("%v\n%.300s", err, diff)
		}
		if err := db.Pair("p").Save(t.Context(), engine.Change{Intent: next, ClearIntent: true}); err != nil {
			t.Fatal(err)
		}
		want = next
	}
	if got, err := db.Pair("p").Load(t.Context()); got.Intent != nil || err != nil {
		t.Errorf("%v %v", got.Intent, err)
	}
}
