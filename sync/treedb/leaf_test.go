package treedb

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
)

// ofBefore makes a database as programs of before did, with a row of the table base for each row of two pairs.
func ofBefore(t *testing.T, rows [2][]*plan.Base) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	old, err := statedb.Open(path, migrations()[:4])
	if err != nil {
		t.Fatal(err)
	}
	err = old.Write(t.Context(), func(tx *sql.Tx) error {
		for i, all := range rows {
			id, err := named(tx, "pair", fmt.Sprint(i))
			if err != nil {
				return err
			}
			for _, b := range all {
				var e encoder
				e.begin()
				e.baseBody(b)
				entry := e.seal(slices.Concat(number(int64(b.ID)), number(int64(b.Parent))), []byte(b.Name))
				if _, err := tx.Exec("INSERT INTO base (pair, handle, parent, name, entry) VALUES (?, ?, ?, ?, ?)", id, int64(b.ID), int64(b.Parent), blob(b.Name), entry); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err = errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func rowsFrom(first, n, step int) (out []*plan.Base) {
	for i := range n {
		b := sample()
		b.ID, b.Name = plan.Handle(first+i*step), fmt.Sprint("file ", i)
		out = append(out, b)
	}
	return out
}

// What programs of before remembered is still there, and goes on as it does with those of today.
func TestRowsOfBeforeAreKept(t *testing.T) {
	want := [2][]*plan.Base{rowsFrom(1, 2*oldRows+5, 1), rowsFrom(-3, 200, 3)}
	path := ofBefore(t, want)
	for range 2 {
		db, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			got, err := db.Pair(fmt.Sprint(i)).Load(t.Context())
			if err != nil || !got.Base.Equal(plan.BasesOf(want[i]...)) {
				t.Fatalf("pair %d: %d rows of %d, %v", i, got.Base.Len(), len(want[i]), err)
			}
		}
		if err := db.Pair("1").Save(t.Context(), engine.Change{Drop: []plan.Handle{want[1][0].ID}}); err != nil {
			t.Fatal(err)
		}
		want[1] = want[1][1:]
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What cannot be moved whole is not moved at all.
func TestRottenRowsOfBefore(t *testing.T) {
	path := ofBefore(t, [2][]*plan.Base{rowsFrom(1, 2*oldRows, 1)})
	rot := func(text string) {
		db, err := statedb.Open(path, migrations()[:4])
		if errors.Is(err, statedb.ErrNewer) {
			db, err = statedb.Open(path, migrations())
		}
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.Exec(text)
			return err
		})
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	rot(fmt.Sprintf("UPDATE base SET parent = parent + 1 WHERE handle = %d", oldRows+7))
	if _, err := Open(path); !errors.Is(err, statedb.ErrDamaged) {
		t.Fatalf("Open = %v, want ErrDamaged", err)
	}
	rot(fmt.Sprintf("UPDATE base SET parent = parent - 1 WHERE handle = %d", oldRows+7))
	db, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.Pair("0").Load(t.Context())
	if err != nil || got.Base.Len() != 2*oldRows {
		t.Errorf("%d rows, %v", got.Base.Len(), err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
