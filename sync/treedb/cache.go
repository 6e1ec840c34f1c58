package treedb

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"

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
			whole                         inParts
		)
		add := func() error {
			id := merge.BatchID{Device: tree.Device(device), Seq: uint64(seq), Run: uint32(run)}
			if len(whole.body) == 0 || id != whole.id {
				all = whole.appendTo(all)
				whole = inParts{id: id, stored: stored, sum: sum}
			}
			whole.body = append(whole.body, bytes.Clone(body))
			return nil
		}
		err := scan(tx, add, []any{&device, &seq, &run, &stored, &sum, &body}, `SELECT device, seq, run, stored, sum, body FROM batch
			WHERE volume = (SELECT id FROM volume WHERE name = ?) ORDER BY device, seq, run, n`, blob(volume))
		all = whole.appendTo(all)
		return err
	})
	return all, err
}

// inParts is a batch as it lies in the database.
type inParts struct {
	id          merge.BatchID
	stored, sum int64
	body        [][]byte
}

// appendTo adds the batch, if it is what was saved.
func (p *inParts) appendTo(all []space.StoredBatch) []space.StoredBatch {
	if len(p.body) == 0 || p.sumOf() != p.sum {
		return all
	}
	body := p.body[0]
	if len(p.body) > 1 {
		body = bytes.Join(p.body, nil)
	}
	return append(all, space.StoredBatch{ID: p.id, Body: body, Stored: p.stored})
}

func (p *inParts) sumOf() int64 {
	var e encoder
	for _, n := range []int64{int64(p.id.Device), int64(p.id.Seq), int64(p.id.Run), p.stored} {
		e.fixed(n)
	}
	return int64(checksum(append([][]byte{e.b}, p.body...)...))
}

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
		type row struct {
			of   *inParts
			n    int
			body []byte
		}
		var rows []row
		for _, b := range bs {
			p := &inParts{id: b.ID, stored: b.Stored, body: inPieces(b.Body)}
			p.sum = p.sumOf()
			for n, body := range p.body {
				rows = append(rows, row{p, n, body})
			}
		}
		key := func(b merge.BatchID) []any { return []any{id, int64(b.Device), int64(b.Seq), int64(b.Run)} }
		err = each(ctx, tx, "DELETE FROM batch WHERE volume = ? AND device = ? AND seq = ? AND run = ?", len(bs), func(i int) []any { return key(bs[i].ID) })
		if err != nil {
			return err
		}
		return each(ctx, tx, "INSERT OR REPLACE INTO batch (volume, device, seq, run, n, stored, sum, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", len(rows), func(i int) []any {
			r := rows[i]
			return append(key(r.of.id), r.n, r.of.stored, r.of.sum, r.body)
		})
	})
}

// LoadCheckpoint hands the checkpoint that was saved last to read, if there is one. It is never in memory as a whole.
func (c *Cache) LoadCheckpoint(ctx context.Context, volume string, read func(name string, size int64, body io.Reader)) error {
	return c.db.read(ctx, "load the cached checkpoint", func(tx *sql.Tx) error {
		var (
			id, size, sum int64
			name          string
		)
		err := tx.QueryRow(`SELECT id, checkpoint, sum, (SELECT coalesce(sum(length(body)), 0) FROM part WHERE volume = id) FROM volume
			WHERE name = ?`, blob(volume)).Scan(&id, &name, &sum, &size)
		if errors.Is(err, sql.ErrNoRows) || err == nil && name == "" {
			return nil
		}
		if err != nil {
			return err
		}
		rows, err := tx.Query("SELECT body FROM part WHERE volume = ? ORDER BY n", id)
		if err != nil {
			return err
		}
		defer rows.Close()
		p := &parts{rows: rows, sum: beginPart(checksum([]byte(name)), size), want: uint32(sum)}
		read(name, size, p)
		return rows.Err()
	})
}

// parts reads one after the other what was saved in parts.
type parts struct {
	rows *sql.Rows
	left sql.RawBytes
	sum  uint32
	want uint32
}

// Read ends with space.ErrDamaged where the whole is not what was saved.
func (p *parts) Read(b []byte) (int, error) {
	for len(p.left) == 0 {
		if !p.rows.Next() {
			return 0, p.end()
		}
		if err := p.rows.Scan(&p.left); err != nil {
			return 0, err
		}
		p.sum = addToPart(p.sum, p.left)
	}
	n := copy(b, p.left)
	p.left = p.left[n:]
	return n, nil
}

func (p *parts) end() error {
	switch {
	case p.rows.Err() != nil:
		return p.rows.Err()
	case p.sum != p.want:
		return fmt.Errorf("%w: the cached checkpoint", space.ErrDamaged)
	}
	return io.EOF
}

// partSize is how much of a checkpoint, a batch or an intent is one row. What SQLite reads or writes at once, its memory keeps for the next time; so much
// fits into one of the pages of 64 KiB that its memory consists of.
const partSize = 60_000

// inPieces cuts a body into parts, of which there is one at least.
func inPieces(body []byte) [][]byte {
	if len(body) == 0 {
		return [][]byte{{}}
	}
	return slices.Collect(slices.Chunk(body, partSize))
}

// SaveCheckpoint replaces the checkpoint.
func (c *Cache) SaveCheckpoint(ctx context.Context, volume, name string, body []byte) error {
	return c.db.write(ctx, "cache a checkpoint", func(tx *sql.Tx) error {
		id, err := named(tx, "volume", volume)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM part WHERE volume = ?", id); err != nil {
			return err
		}
		all := slices.Collect(slices.Chunk(body, partSize))
		err = each(ctx, tx, "INSERT INTO part (volume, n, body) VALUES (?, ?, ?)", len(all), func(i int) []any { return []any{id, i, all[i]} })
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE volume SET checkpoint = ?, sum = ? WHERE id = ?", blob(name), int64(checksum([]byte(name), body)), id)
		return err
	})
}

// Forget drops all that is kept of a volume.
func (c *Cache) Forget(ctx context.Context, volume string) error {
	return c.db.write(ctx, "forget a volume's cache", func(tx *sql.Tx) error {
		for _, table := range []string{"batch", "part"} {
			_, err := tx.Exec("DELETE FROM "+table+" WHERE volume = (SELECT id FROM volume WHERE name = ?)", blob(volume))
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec("DELETE FROM volume WHERE name = ?", blob(volume))
		return err
	})
}
