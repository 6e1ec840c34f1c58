package treedb

import (
	"bytes"
	"database/sql"
	"io"
	"path/filepath"
	"testing"

	"elkjopcloud/platform/statedb"
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
