package treedb_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/treedb"
)

// tamper changes a database behind the back of treedb, which must not have it open.
func tamper(t *testing.T, path, statement string, args ...any) {
	t.Helper()
	var version int
	steps := make([]string, 6) // as many as treedb has: none is run
	db, err := statedb.Open(path, steps)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(context.Background(), func(tx *sql.Tx) error {
		if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		_, err := tx.Exec(statement, args...)
		return err
	})
	if err = errors.Join(err, db.Close()); err != nil || version != len(steps) {
		t.Fatalf("tamper with version %d: %v", version, err)
	}
}

func closed(t *testing.T, c engine.Change) string {
	t.Helper()
	path := temporary(t)
	db := open(t, path)
	save(t, db.Pair("p"), c)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whichever part of a change cannot be stored, nothing of it is.
func TestFailedSaveLeavesNothing(t *testing.T) {
	triggers := map[string]string{
		"base":   "BEFORE INSERT ON leaf WHEN NEW.n = 0",
		"drop":   "BEFORE DELETE ON leaf WHEN OLD.n = 1",
		"intent": "BEFORE INSERT ON intent",
		"part":   "BEFORE INSERT ON intentpart WHEN NEW.n = 1",
		"upload": "BEFORE INSERT ON upload",
		"told":   "BEFORE DELETE ON upload",
		"guard":  "BEFORE UPDATE ON pair",
	}
	for name, when := range triggers {
		t.Run(name, func(t *testing.T) {
			path := closed(t, generation(1))
			tamper(t, path, "CREATE TRIGGER fault "+when+" BEGIN SELECT RAISE(ABORT, 'planted fault'); END")
			p := open(t, path).Pair("p")
			c := generation(2)
			c.NoUploads = append(c.NoUploads, c.Uploads[0].Content.Hash)
			for h := range plan.Handle(16) {
				c.Drop = append(c.Drop, 64+h) // all of a leaf
			}
			if err := p.Save(t.Context(), c); err == nil || !strings.Contains(err.Error(), "planted fault") {
				t.Fatalf("Save = %v, want the fault", err)
			}
			if n := generationOf(t, load(t, p)); n != 1 {
				t.Errorf("generation %d after a failed Save, want 1", n)
			}
		})
	}
}

func TestEndedContextStoresNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := open(t, temporary(t)).Pair("p")
	save(t, p, generation(1))
	if err := p.Save(ctx, generation(2)); !errors.Is(err, context.Canceled) {
		t.Errorf("Save = %v, want context.Canceled", err)
	}
	if _, err := p.Load(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Load = %v, want context.Canceled", err)
	}
	if n := generationOf(t, load(t, p)); n != 1 {
		t.Errorf("generation %d, want 1", n)
	}
}

// A row that is not what was written is told, never planned from.
func TestRottenRowsAreDamage(t *testing.T) {
	changes := map[string]string{
		"a byte of a leaf":    "UPDATE leaf SET entry = CAST(substr(entry, 1, 20) || x'ff' || substr(entry, 22) AS BLOB)",
		"another leaf":        "UPDATE leaf SET n = n + 1000",
		"a leaf without name": "UPDATE leaf SET n = 'x' WHERE n = 0",
		"cut leaf":            "UPDATE leaf SET entry = x'01' WHERE n = 0",
		"empty leaf":          "UPDATE leaf SET entry = x'' WHERE n = 0",
		"bytes of the intent": "UPDATE intent SET body = x'00'",
		"a part is missing":   "DELETE FROM intentpart WHERE kind = 0 AND n = 1",
		"a part is another":   "UPDATE intentpart SET part = x'00' WHERE kind = 0 AND n = 1",
		"a part has moved":    "UPDATE intentpart SET n = 999 WHERE kind = 0 AND n = 1",
		"no entry":            "DELETE FROM intentpart WHERE kind = 1",
		"key of the intent":   "UPDATE intent SET key = x'00'",
		"path of an upload":   "UPDATE upload SET path = x'00'",
		"hash of an upload":   "UPDATE upload SET hash = zeroblob(31) || x'01'",
	}
	for name, statement := range changes {
		t.Run(name, func(t *testing.T) {
			path := closed(t, generation(1))
			tamper(t, path, statement)
			got, err := open(t, path).Pair("p").Load(t.Context())
			if !errors.Is(err, statedb.ErrDamaged) {
				t.Errorf("Load = %v, want ErrDamaged", err)
			}
			if diff := gocmp.Diff(engine.Saved{}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDamagedFile(t *testing.T) {
	path := closed(t, engine.Change{Set: manyRows(5000)})
	b := read(t, path)
	copy(b[len(b)/2:], bytes.Repeat([]byte{0xa5}, 9000))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := treedb.Open(path); !errors.Is(err, statedb.ErrDamaged) {
		t.Fatalf("Open = %v, want ErrDamaged", err)
	}
	aside, err := statedb.SetAside(path)
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, path)
	if !db.Fresh() || load(t, db.Pair("p")).Base.Len() > 0 {
		t.Error("the new database is not empty")
	}
	if !bytes.Equal(b, read(t, aside)) {
		t.Error("the damaged file was changed")
	}
}

func TestNewerDatabaseIsLeftAlone(t *testing.T) {
	path := closed(t, generation(1))
	tamper(t, path, "PRAGMA user_version = 1000")
	before := read(t, path)
	if _, err := treedb.Open(path); !errors.Is(err, statedb.ErrNewer) {
		t.Errorf("Open = %v, want ErrNewer", err)
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("the file was changed")
	}
}

// While one writes, several read, and each sees whole changes in rising order; the other pairs' rows are not touched.
func TestReadersBesideAWriter(t *testing.T) {
	db := open(t, temporary(t))
	save(t, db.Pair("p"), generation(1))
	save(t, db.Pair("other"), generation(9))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for last := 0; ctx.Err() == nil; {
				s, err := db.Pair("p").Load(context.Background())
				n := len(s.Guard)
				if err == nil {
					_, err = fmt.Sscan(string(s.Guard), &n)
				}
				if err != nil || n < last || s.Intent.Key != string(s.Guard) || s.Base.Sorted()[0].Name != s.Base.Sorted()[79].Name {
					t.Errorf("after %d: %d, %v", last, n, err)
					return
				}
				last = n
			}
		})
	}
	for n := range 30 {
		save(t, db.Pair("p"), generation(n+2))
	}
	stop()
	readers.Wait()
	if n := generationOf(t, load(t, db.Pair("other"))); n != 9 {
		t.Errorf("the other pair has generation %d", n)
	}
}

// Writers wait for each other and lose nothing.
func TestManyWriters(t *testing.T) {
	db := open(t, temporary(t))
	var writers sync.WaitGroup
	for i := range 8 {
		writers.Go(func() {
			for n := range 10 {
				if err := db.Pair(fmt.Sprint(i)).Save(t.Context(), generation(n+1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	for i := range 8 {
		if n := generationOf(t, load(t, db.Pair(fmt.Sprint(i)))); n != 10 {
			t.Errorf("pair %d has generation %d", i, n)
		}
	}
}
