package treedb

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Cache keeps what was read of the volumes; it implements space.Cache. An entry that is not what was written counts as one that
// is not there: it is read from the store again.
type Cache struct{ db *DB }

// Cache returns the home's cache of all volumes.
func (db *DB) Cache() *Cache { return &Cache{db} }

// LoadBatches returns the batches of a volume, in any order.
func (c *Cache) LoadBatches(ctx context.Context, volume string) ([]space.StoredBatch, error) {
	var all []space.StoredBatch
	err := c.db.read(ctx, "load cached batches", func(tx *sql.Tx) error {
		var (
			device, seq, run, stored, sum int64
			body                          sql.RawBytes
		)
		add := func() error {
			if int64(checksum(batchColumns(device, seq, run, stored), body)) == sum {
				id := merge.BatchID{Device: tree.Device(device), Seq: uint64(seq), Run: uint32(run)}
				all = append(all, space.StoredBatch{ID: id, Body: bytes.Clone(body), Stored: stored})
			}
			return nil
		}
		return scan(tx, add, []any{&device, &seq, &run, &stored, &sum, &body}, `SELECT device, seq, run, stored, sum, body FROM batch
			WHERE volume = (SELECT id FROM volume WHERE name = ?)`, blob(volume))
	})
	return all, err
}

// batchColumns are a batch row's numbers as its checksum takes them.
func batchColumns(numbers ...int64) []byte {
	var e encoder
	for _, n := range numbers {
		e.fixed(n)
	}
	return e.b
}

const saveBatch = "INSERT OR REPLACE INTO batch (volume, device, seq, run, stored, sum, body) VALUES (?, ?, ?, ?, ?, ?, ?)"

// SaveBatches adds batches, all or none; one of the same ID is replaced.
func (c *Cache) SaveBatches(ctx context.Context, volume string, bs []space.StoredBatch) error {
	if len(bs) == 0 {
		return nil
	}
	return c.db.write(ctx, "cache batches", func(tx *sql.Tx) error {
		id, err := named(tx, "volume", volume)
		if err != nil {
			return err
		}
		return each(ctx, tx, saveBatch, len(bs), func(i int) []any {
			b := bs[i]
			device, seq, run := int64(b.ID.Device), int64(b.ID.Seq), int64(b.ID.Run)
			sum := checksum(batchColumns(device, seq, run, b.Stored), b.Body)
			return []any{id, device, seq, run, b.Stored, int64(sum), blob(b.Body)}
		})
	})
}

// LoadCheckpoint returns the checkpoint that was saved last; an empty name when there is none.
func (c *Cache) LoadCheckpoint(ctx context.Context, volume string) (name string, body []byte, err error) {
	err = c.db.read(ctx, "load the cached checkpoint", func(tx *sql.Tx) error {
		var sum int64
		err := tx.QueryRow("SELECT checkpoint, body, sum FROM volume WHERE name = ?", blob(volume)).Scan(&name, &body, &sum)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil && int64(checksum([]byte(name), body)) != sum {
			name, body = "", nil
		}
		return err
	})
	return name, body, err
}

// SaveCheckpoint replaces the checkpoint.
func (c *Cache) SaveCheckpoint(ctx context.Context, volume, name string, body []byte) error {
	return c.db.write(ctx, "cache a checkpoint", func(tx *sql.Tx) error {
		id, err := named(tx, "volume", volume)
		if err != nil {
			return err
		}
		sum := int64(checksum([]byte(name), body))
		_, err = tx.Exec("UPDATE volume SET checkpoint = ?, body = ?, sum = ? WHERE id = ?", blob(name), blob(body), sum, id)
		return err
	})
}

// Forget drops all that is kept of a volume.
func (c *Cache) Forget(ctx context.Context, volume string) error {
	return c.db.write(ctx, "forget a volume's cache", func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM batch WHERE volume = (SELECT id FROM volume WHERE name = ?)", blob(volume))
		if err != nil {
			return err
		}
		_, err = tx.Exec("DELETE FROM volume WHERE name = ?", blob(volume))
		return err
	})
}
