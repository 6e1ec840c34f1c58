package treedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"elkjopcloud/sync/engine"
)

// Pair is what is remembered for one local root and one volume; it implements engine.Store. Everything is found by the pair's name in
// every call, so that a Pair may be made before the pair exists.
type Pair struct {
	db   *DB
	name string
}

// Pair returns the store of the pair with that name, any bytes. Nothing is stored before the first Save.
func (db *DB) Pair(name string) *Pair { return &Pair{db, name} }

// Load returns everything that was saved, as of one moment: Base by handle, uploads by path (the last one of each). It is empty for a
// pair that was never saved. ErrDamaged means that a row is not what was written: set the database aside rather than plan from it.
func (p *Pair) Load(ctx context.Context) (engine.Saved, error) {
	var out engine.Saved
	err := p.db.read(ctx, "load pair "+p.name, func(tx *sql.Tx) error {
		var id int64
		err := tx.QueryRow("SELECT id, guard, joined FROM pair WHERE name = ?", blob(p.name)).Scan(&id, &out.Guard, &out.Joined)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return load(tx, id, &out)
	})
	if err != nil {
		return engine.Saved{}, err
	}
	if len(out.Guard) == 0 {
		out.Guard = nil
	}
	return out, nil
}

func load(tx *sql.Tx, pair int64, out *engine.Saved) (err error) {
	if out.Base, err = loadBase(tx, pair); err != nil {
		return fmt.Errorf("base: %w", err)
	}
	if out.Intent, err = loadIntent(tx, pair); err != nil {
		return fmt.Errorf("intent: %w", err)
	}
	if out.Uploads, err = loadUploads(tx, pair); err != nil {
		return fmt.Errorf("uploads: %w", err)
	}
	if out.Open, err = loadOpen(tx, pair); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	return nil
}

// change is a Change on its way into a transaction.
type change struct {
	engine.Change
	ctx  context.Context
	tx   *sql.Tx
	pair int64
}

// Save makes the whole change durable before it returns, or nothing of it. What one change both sets and drops is dropped: a row too few
// costs a comparison or an upload, one too many could delete a file. An intent that is both set and cleared is set.
func (p *Pair) Save(ctx context.Context, c engine.Change) error {
	return p.db.write(ctx, "save pair "+p.name, func(tx *sql.Tx) error {
		id, err := named(tx, "pair", p.name)
		if err != nil {
			return err
		}
		step := &change{c, ctx, tx, id}
		for _, do := range []func() error{step.base, step.intent, step.uploads, step.open, step.guard, step.joined} {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *change) guard() error {
	if c.Guard == nil {
		return nil
	}
	_, err := c.tx.Exec("UPDATE pair SET guard = ? WHERE id = ?", c.Guard, c.pair)
	return err
}

func (c *change) joined() error {
	if !c.Joined {
		return nil
	}
	_, err := c.tx.Exec("UPDATE pair SET joined = 1 WHERE id = ?", c.pair)
	return err
}

// named returns the id of the row with that name in the table pair or volume, and makes it when there is none.
func named(tx *sql.Tx, table, name string) (int64, error) {
	var id int64
	err := tx.QueryRow("SELECT id FROM "+table+" WHERE name = ?", blob(name)).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	err = tx.QueryRow("INSERT INTO "+table+" (name) VALUES (?) RETURNING id", blob(name)).Scan(&id)
	return id, err
}

// Pairs returns the names of all pairs that were ever saved and not removed, in the order of their bytes.
func (db *DB) Pairs(ctx context.Context) ([]string, error) {
	var all []string
	err := db.read(ctx, "list pairs", func(tx *sql.Tx) error {
		var name sql.RawBytes
		add := func() error { all = append(all, string(name)); return nil }
		return scan(tx, add, []any{&name}, "SELECT name FROM pair ORDER BY name")
	})
	return all, err
}

// RemovePair forgets a pair, its intent included; one that is not there is fine. Its engine must have stopped for good: a batch that was sent
// and not confirmed is not sent again. Files, volume and the history that people read stay.
func (db *DB) RemovePair(ctx context.Context, name string) error {
	return db.write(ctx, "remove pair "+name, func(tx *sql.Tx) error {
		for _, table := range []string{"leaf", "intent", "intentpart", "upload", "open"} {
			_, err := tx.Exec("DELETE FROM "+table+" WHERE pair = (SELECT id FROM pair WHERE name = ?)", blob(name))
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec("DELETE FROM pair WHERE name = ?", blob(name))
		return err
	})
}

// RenamePair gives all that is remembered of a pair another name, which must be free (else fs.ErrExist). Its engine must have
// stopped, or it would begin anew under the old name. fs.ErrNotExist when nothing was ever saved under the old name.
func (db *DB) RenamePair(ctx context.Context, from, to string) error {
	return db.write(ctx, "rename pair "+from, func(tx *sql.Tx) error {
		var taken bool
		err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM pair WHERE name = ?)", blob(to)).Scan(&taken)
		if err != nil {
			return err
		}
		if taken && from != to {
			return fmt.Errorf("%s: %w", to, fs.ErrExist)
		}
		result, err := tx.Exec("UPDATE pair SET name = ? WHERE name = ?", blob(to), blob(from))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fs.ErrNotExist)
		}
		return nil
	})
}
