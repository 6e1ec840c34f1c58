// Package treedb keeps what the core must remember between two runs, in one SQLite file per home: the base tree, the intent and the
// untold uploads of every pair, what was read of the volumes, the multipart uploads that were begun, and the history that people read.
// Except for the intents, all of it is a cache of what disk and cloud can tell again.
//
// Reading order: treedb.go (the database), schema.go (its tables), pair.go (what a pair loads and saves), base.go, intent.go and upload.go
// (its rows), leaf.go (where those of Base lie), codec.go (how values become bytes), cache.go, journal.go, blocks.go, activity.go, settings.go.
package treedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"elkjopcloud/platform/statedb"
)

// Memory is the path of a database that lives only in memory, one per Open, gone at Close.
const Memory = statedb.Memory

// DB is one open database. It is safe for concurrent use: one writes, while up to four read.
type DB struct{ state *statedb.DB }

// Open opens the database at path, and makes it when it is missing; its folder must exist. Errors are those of statedb: ErrNewer when a newer
// program made the file (it was not touched), ErrDamaged when it must be set aside first (statedb.SetAside), ErrFull, ErrBusy,
// fs.ErrPermission.
func Open(path string) (*DB, error) {
	state, err := statedb.Open(path, migrations())
	if err != nil {
		return nil, err
	}
	db := &DB{state}
	if err := db.moveRows(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Fresh tells whether this Open made the database: nothing is remembered, so every pair begins by comparing disk and cloud.
func (db *DB) Fresh() bool { return db.state.Fresh() }

// Close waits for running transactions and closes the database.
func (db *DB) Close() error { return db.state.Close() }

// write runs fn as one durable transaction, or nothing of it.
func (db *DB) write(ctx context.Context, what string, fn func(tx *sql.Tx) error) error {
	if err := db.state.Write(ctx, fn); err != nil {
		return fmt.Errorf("%s: %w", what, told(ctx, err))
	}
	return nil
}

// read runs fn on one snapshot.
func (db *DB) read(ctx context.Context, what string, fn func(tx *sql.Tx) error) error {
	if err := db.state.Read(ctx, fn); err != nil {
		return fmt.Errorf("%s: %w", what, told(ctx, err))
	}
	return nil
}

// told makes sure that a step which the context ended says so: the transaction may already have been rolled back below it.
func told(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("%w: %w", context.Cause(ctx), err)
}

// each runs a prepared statement for every i below n. It stops when the context ends.
func each(ctx context.Context, tx *sql.Tx, statement string, n int, args func(i int) []any) error {
	if n == 0 {
		return nil
	}
	prepared, err := tx.Prepare(statement)
	if err != nil {
		return err
	}
	defer prepared.Close()
	for i := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := prepared.Exec(args(i)...); err != nil {
			return err
		}
	}
	return nil
}

// scan runs a query and calls row after every row that was scanned into dest.
func scan(tx *sql.Tx, row func() error, dest []any, query string, args ...any) error {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// blob is what is bound for bytes: nil slices are empty ones, never NULL.
func blob[T string | []byte](b T) []byte {
	if len(b) == 0 {
		return []byte{}
	}
	return []byte(b)
}
