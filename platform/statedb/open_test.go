package statedb_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/platform/statedb"
)

func TestOpenMigratesStepByStep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	first, err := statedb.Open(path, notes()[:1])
	if err != nil {
		t.Fatal(err)
	}
	if !first.Fresh() {
		t.Error("a new database is not Fresh")
	}
	if err := add(first, "old note"); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := open(t, path)
	if second.Fresh() {
		t.Error("an existing database is Fresh")
	}
	if diff := cmp.Diff([]string{"old note"}, texts(t, second)); diff != "" {
		t.Error(diff)
	}
	err = second.Read(context.Background(), func(tx *sql.Tx) error {
		return tx.QueryRow("SELECT done FROM note").Scan(new(int))
	})
	if err != nil {
		t.Errorf("the second migration is missing: %v", err)
	}
}

func TestFailedMigrationLeavesThePreviousVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	bad := append(notes(), "CREATE TABLE extra (id INTEGER); SELECT no_such_function()")
	if _, err := statedb.Open(path, bad); err == nil || !strings.Contains(err.Error(), "migration 3") {
		t.Fatalf("Open = %v, want a failure that names the migration", err)
	}
	db, err := statedb.Open(path, append(notes(), "CREATE TABLE extra (id INTEGER)"))
	if err != nil {
		t.Fatalf("half a migration was kept: %v", err)
	}
	_ = db.Close()
}

func TestOpenRefusesANewerDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := statedb.Open(path, notes()[:1]); !errors.Is(err, statedb.ErrNewer) {
		t.Errorf("Open = %v, want ErrNewer", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the newer database was changed (%v)", err)
	}
}

// filled makes a database of some pages and returns its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	db := open(t, path)
	for range 20 {
		if err := add(db, strings.Repeat("long text ", 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDamagedDatabaseIsSetAsideAndMadeAnew(t *testing.T) {
	damage := map[string]func(content []byte) []byte{
		"not a database":  func([]byte) []byte { return []byte(strings.Repeat("this is a letter to my aunt\n", 100)) },
		"header lost":     func(c []byte) []byte { clear(c[:100]); return c },
		"first page lost": func(c []byte) []byte { clear(c[100:4096]); return c },
		"middle lost":     func(c []byte) []byte { clear(c[8192:40960]); return c },
		"end cut off":     func(c []byte) []byte { return c[:len(c)/2] },
	}
	for name, harm := range damage {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			content = harm(content)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := statedb.Open(path, notes()); !errors.Is(err, statedb.ErrDamaged) {
				t.Fatalf("Open = %v, want ErrDamaged", err)
			}
			aside, err := statedb.SetAside(path)
			if err != nil {
				t.Fatal(err)
			}
			if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, content) {
				t.Errorf("the damaged bytes were not kept (%v)", err)
			}
			if db := open(t, path); !db.Fresh() || len(texts(t, db)) != 0 {
				t.Error("the database was not made anew")
			}
		})
	}
}

func TestDamageFoundLaterIsNamed(t *testing.T) {
	path := filled(t)
	db := open(t, path)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(content[4096:])
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	err = db.Read(context.Background(), func(tx *sql.Tx) error {
		_, err := query(tx)
		return err
	})
	if !errors.Is(err, statedb.ErrDamaged) {
		t.Errorf("Read = %v, want ErrDamaged", err)
	}
}

func TestSetAsideTakesTheLogAlong(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.WriteFile(path+suffix, []byte("content"+suffix), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	aside, err := statedb.SetAside(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		got, err := os.ReadFile(aside + suffix)
		if err != nil || string(got) != "content"+suffix {
			t.Errorf("%s: %q %v", suffix, got, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 3 {
		t.Errorf("left over: %v %v", entries, err)
	}
}

func TestSetAsideOfNothing(t *testing.T) {
	if _, err := statedb.SetAside(filepath.Join(t.TempDir(), "none.db")); err != nil {
		t.Error(err)
	}
}

// A log without its database must not come back to life in the next one.
func TestOrphanedLogIsDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	db := open(t, path)
	if err := add(db, "in the log"); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(path + "-wal")
	if err != nil || len(log) == 0 {
		t.Fatalf("no log to test with: %d bytes, %v", len(log), err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
		t.Fatal(err)
	}
	if db := open(t, path); !db.Fresh() || len(texts(t, db)) != 0 {
		t.Error("the old log was read into a new database")
	}
}

// What a kill leaves behind: the database and its log, copied while open, hold everything committed.
func TestCommitsSurviveAKill(t *testing.T) {
	path, copied := filepath.Join(t.TempDir(), "state.db"), filepath.Join(t.TempDir(), "copy.db")
	db := open(t, path)
	for _, text := range []string{"one", "two", "three"} {
		if err := add(db, text); err != nil {
			t.Fatal(err)
		}
	}
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"one", "two", "three"}, texts(t, open(t, copied))); diff != "" {
		t.Error(diff)
	}
}

func TestOpenInAMissingFolder(t *testing.T) {
	if _, err := statedb.Open(filepath.Join(t.TempDir(), "no", "state.db"), notes()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open = %v, want fs.ErrNotExist", err)
	}
}

func TestFullDatabaseIsNamedAndKeepsWhatItHas(t *testing.T) {
	for name, path := range places(t) {
		t.Run(name, func(t *testing.T) {
			db := open(t, path)
			if err := add(db, "kept"); err != nil {
				t.Fatal(err)
			}
			err := db.Write(context.Background(), func(tx *sql.Tx) error {
				if _, err := tx.Exec("PRAGMA max_page_count = 1"); err != nil {
					return err
				}
				_, err := tx.Exec("INSERT INTO note (text) VALUES (?)", strings.Repeat("x", 1<<20))
				return err
			})
			if !errors.Is(err, statedb.ErrFull) {
				t.Errorf("Write = %v, want ErrFull", err)
			}
			if diff := cmp.Diff([]string{"kept"}, texts(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
