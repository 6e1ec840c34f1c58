package statedb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/statedb"
)

// notes is a schema of two versions: a table, then a column.
func notes() []string {
	return []string{
		"CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL); CREATE TABLE tag (note INTEGER NOT NULL REFERENCES note(id))",
		"ALTER TABLE note ADD COLUMN done INTEGER NOT NULL DEFAULT 0",
	}
}

func open(t *testing.T, path string) *statedb.DB {
	t.Helper()
	db, err := statedb.Open(path, notes())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func add(db *statedb.DB, text string) error {
	return db.Write(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO note (text) VALUES (?)", text)
		return err
	})
}

func texts(t *testing.T, db *statedb.DB) []string {
	t.Helper()
	var all []string
	err := db.Read(context.Background(), func(tx *sql.Tx) (err error) {
		all, err = query(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func query(tx *sql.Tx) ([]string, error) {
	rows, err := tx.Query("SELECT text FROM note ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// places are the two kinds of database; whatever holds for one holds for the other.
func places(t *testing.T) map[string]string {
	return map[string]string{
		"file":   filepath.Join(t.TempDir(), "state.db"),
		"memory": statedb.Memory,
	}
}

func TestWriteStoresAllOrNothing(t *testing.T) {
	for name, path := range places(t) {
		t.Run(name, func(t *testing.T) {
			db := open(t, path)
			if err := add(db, "kept"); err != nil {
				t.Fatal(err)
			}
			cause := errors.New("second thoughts")
			err := db.Write(context.Background(), func(tx *sql.Tx) error {
				if _, err := tx.Exec("INSERT INTO note (text) VALUES ('dropped')"); err != nil {
					return err
				}
				return cause
			})
			if !errors.Is(err, cause) {
				t.Errorf("Write = %v, want the function's own error", err)
			}
			if diff := cmp.Diff([]string{"kept"}, texts(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPanicRollsBack(t *testing.T) {
	for name, path := range places(t) {
		t.Run(name, func(t *testing.T) {
			db := open(t, path)
			func() {
				defer func() { _ = recover() }()
				_ = db.Write(context.Background(), func(tx *sql.Tx) error {
					_, _ = tx.Exec("INSERT INTO note (text) VALUES ('half')")
					panic("bug")
				})
			}()
			if got := texts(t, db); len(got) != 0 {
				t.Errorf("stored %q", got)
			}
			if err := add(db, "next"); err != nil {
				t.Errorf("the writer is blocked: %v", err)
			}
		})
	}
}

func TestReadStoresNothing(t *testing.T) {
	for name, path := range places(t) {
		t.Run(name, func(t *testing.T) {
			db := open(t, path)
			err := db.Read(context.Background(), func(tx *sql.Tx) error {
				_, err := tx.Exec("INSERT INTO note (text) VALUES ('sneaked in')")
				return err
			})
			if path != statedb.Memory && !errors.Is(err, fs.ErrPermission) {
				t.Errorf("Read = %v, want a refusal", err)
			}
			if got := texts(t, db); len(got) != 0 {
				t.Errorf("stored %q", got)
			}
		})
	}
}

func TestReadSeesOneState(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	if err := add(db, "one"); err != nil {
		t.Fatal(err)
	}
	err := db.Read(context.Background(), func(tx *sql.Tx) error {
		before, err := query(tx)
		if err != nil {
			return err
		}
		if err := add(db, "two"); err != nil { // the writer does not wait for readers
			return err
		}
		after, err := query(tx)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("the snapshot moved: %s", diff)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"one", "two"}, texts(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestWritersWaitForEachOther(t *testing.T) {
	for name, path := range places(t) {
		t.Run(name, func(t *testing.T) {
			db := open(t, path)
			var group sync.WaitGroup
			for worker := range 8 {
				group.Go(func() {
					for i := range 10 {
						if err := add(db, fmt.Sprint(worker, i)); err != nil {
							t.Error(err)
						}
					}
				})
			}
			group.Wait()
			if got := len(texts(t, db)); got != 80 {
				t.Errorf("%d notes, want 80", got)
			}
		})
	}
}

func TestForeignKeysHold(t *testing.T) {
	for name, path := range places(t) {
		t.Run(name, func(t *testing.T) {
			err := open(t, path).Write(context.Background(), func(tx *sql.Tx) error {
				_, err := tx.Exec("INSERT INTO tag (note) VALUES (99)")
				return err
			})
			if err == nil {
				t.Error("a tag of no note was stored")
			}
		})
	}
}

func TestCancelledContext(t *testing.T) {
	for name, path := range places(t) {
		t.Run(name, func(t *testing.T) {
			db := open(t, path)
			if err := add(db, "before"); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			err := db.Write(ctx, func(tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO note (text) VALUES ('during')")
				cancel()
				return err
			})
			if !errors.Is(err, context.Canceled) && !errors.Is(err, sql.ErrTxDone) {
				t.Errorf("Write = %v, want context.Canceled", err)
			}
			if diff := cmp.Diff([]string{"before"}, texts(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInterruptedQueryNamesTheContext(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "state.db"))
	ctx, cancel := context.WithCancel(context.Background())
	err := db.Read(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			cancel()
		}
		return rows.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Read = %v, want context.Canceled", err)
	}
	if got := texts(t, db); len(got) != 0 {
		t.Errorf("the reader is broken afterwards: %q", got)
	}
}

func TestNamesAreTakenLiterally(t *testing.T) {
	for _, name := range []string{"a b.db", "what?.db", "50%41.db", "a#b.db", "æøå é.db", "file:x.db", "a&_pragma=query_only(1).db"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db := open(t, filepath.Join(dir, name))
			if err := add(db, "x"); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 1 || entries[0].Name() != name {
				t.Errorf("files after Close: %v %v", entries, err)
			}
		})
	}
}

func TestMemoryDatabasesAreApart(t *testing.T) {
	a, b := open(t, statedb.Memory), open(t, statedb.Memory)
	if err := add(a, "only in a"); err != nil {
		t.Fatal(err)
	}
	if got := texts(t, b); len(got) != 0 {
		t.Errorf("b has %q", got)
	}
}

func BenchmarkWrite(b *testing.B) {
	db, err := statedb.Open(filepath.Join(b.TempDir(), "state.db"), notes())
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for b.Loop() {
		if err := add(db, "x"); err != nil {
			b.Fatal(err)
		}
	}
}
