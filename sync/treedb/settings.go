package treedb

import (
	"context"
	"database/sql"
	"errors"
)

// Get returns the value that was put under key, nil when there is none.
func (db *DB) Get(ctx context.Context, key string) ([]byte, error) {
	var value []byte
	err := db.read(ctx, "get "+key, func(tx *sql.Tx) error {
		err := tx.QueryRow("SELECT value FROM setting WHERE key = ?", blob(key)).Scan(&value)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil && value == nil {
			value = []byte{} // it was put, and is empty
		}
		return err
	})
	return value, err
}

// Put makes a value durable under key before it returns; nil removes it. For the few small things that a home remembers.
func (db *DB) Put(ctx context.Context, key string, value []byte) error {
	return db.write(ctx, "put "+key, func(tx *sql.Tx) error {
		if value == nil {
			_, err := tx.Exec("DELETE FROM setting WHERE key = ?", blob(key))
			return err
		}
		_, err := tx.Exec("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", blob(key), value)
		return err
	})
}
