package treedb

import (
	"context"
	"database/sql"
	"math"
	"strings"
	"time"

	"elkjopcloud/sync/tree"
)

// What the history keeps at most.
const (
	ActivityAge  = 90 * 24 * time.Hour
	ActivityRows = 100_000
)

// Event is one thing that happened, as the history tells it to people.
type Event struct {
	ID      int64 // set by Append, rising
	Time    time.Time
	Kind    string
	Pair    string
	Path    string // the bytes on the disk
	Bytes   int64
	Device  string // name of the computer that did it
	Message string
}

// Activity is the history that people read, of all pairs.
type Activity struct {
	db   *DB
	most int // rows
}

// Activity returns the home's history.
func (db *DB) Activity() *Activity { return &Activity{db, ActivityRows} }

// together is how many events go in one statement: each takes its time, whatever is in it.
const together = 64

const (
	addEvent  = "INSERT INTO activity (time, kind, pair, path, bytes, device, message, folded) VALUES "
	pruneTime = "DELETE FROM activity WHERE time < ?"
	pruneRows = "DELETE FROM activity WHERE id <= (SELECT max(id) FROM activity) - ?"
)

// Append adds events in their order, all or none, in one transaction: collect many rather than call often. What is older than ActivityAge by this
// computer's clock, or beyond ActivityRows, is removed with it.
func (a *Activity) Append(ctx context.Context, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	return a.db.write(ctx, "append to the history", func(tx *sql.Tx) error {
		if err := addEvents(ctx, tx, events); err != nil {
			return err
		}
		if _, err := tx.Exec(pruneTime, time.Now().Add(-ActivityAge).UnixNano()); err != nil {
			return err
		}
		_, err := tx.Exec(pruneRows, a.most)
		return err
	})
}

func addEvents(ctx context.Context, tx *sql.Tx, events []Event) error {
	whole := len(events) / together * together
	err := each(ctx, tx, statement(together), whole/together, func(i int) (args []any) {
		for _, e := range events[i*together:][:together] {
			args = append(args, e.columns()...)
		}
		return args
	})
	if err != nil {
		return err
	}
	rest := events[whole:]
	return each(ctx, tx, statement(1), len(rest), func(i int) []any { return rest[i].columns() })
}

// statement adds n events.
func statement(n int) string {
	return addEvent + strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?), ", n), ", ")
}

func (e *Event) columns() []any {
	folded := tree.Fold(e.Path + "\n" + e.Pair + "\n" + e.Message + "\n" + e.Device + "\n" + e.Kind)
	return []any{e.Time.UnixNano(), blob(e.Kind), blob(e.Pair), blob(e.Path), e.Bytes, blob(e.Device), blob(e.Message), blob(folded)}
}

// Page returns up to limit events, newest first: those before the event with the id before (0 begins with the newest) of which path, pair,
// message, device or kind contains search, whatever its case.
func (a *Activity) Page(ctx context.Context, before int64, limit int, search string) ([]Event, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	var all []Event
	err := a.db.read(ctx, "read the history", func(tx *sql.Tx) error {
		var e Event
		var at int64
		add := func() error {
			e.Time = time.Unix(0, at)
			all = append(all, e)
			return nil
		}
		dest := []any{&e.ID, &at, &e.Kind, &e.Pair, &e.Path, &e.Bytes, &e.Device, &e.Message}
		return scan(tx, add, dest, `SELECT id, time, kind, pair, path, bytes, device, message FROM activity
			WHERE id < ?1 AND (?2 = x'' OR instr(folded, ?2) > 0) ORDER BY id DESC LIMIT ?3`,
			before, blob(tree.Fold(search)), max(limit, 0))
	})
	return all, err
}
