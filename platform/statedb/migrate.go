package statedb

import (
	"context"
	"database/sql"
	"fmt"
)

// prepare checks the opened database and brings it to the newest version.
func (db *DB) prepare(migrations []string) error {
	ctx := context.Background()
	if err := db.Read(ctx, quickCheck); err != nil {
		return err
	}
	version, err := db.version(ctx)
	if err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("%w: it has version %d, this program knows %d", ErrNewer, version, len(migrations))
	}
	db.fresh = version == 0
	for ; version < len(migrations); version++ {
		if err := db.migrate(ctx, version, migrations[version]); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) version(ctx context.Context) (int, error) {
	var version int
	err := db.writer.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// migrate runs one step and records it in the same transaction: after a power cut it is either done or not begun.
func (db *DB) migrate(ctx context.Context, from int, script string) error {
	err := db.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, script); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", from+1))
		return err
	})
	if err != nil {
		return fmt.Errorf("migration %d: %w", from+1, err)
	}
	return nil
}

// quickCheck reads every page of the database once and looks at its structure.
func quickCheck(tx *sql.Tx) error {
	var verdict string
	if err := tx.QueryRow("PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	return nil
}
