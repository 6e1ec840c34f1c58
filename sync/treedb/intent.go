package treedb

import (
	"database/sql"
	"errors"
	"slices"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// minRow is the least that a row of a commit takes, encoded.
const minRow = 3

// intent writes what Base becomes, and the uploads that are told; key and body have columns of their own.
func (e *encoder) intent(in *engine.Intent) []byte {
	e.begin()
	e.uint(uint64(len(in.Commit.Set)))
	for _, b := range in.Commit.Set {
		e.row(b)
	}
	e.uint(uint64(len(in.Commit.Drop)))
	for _, h := range in.Commit.Drop {
		e.int(int64(h))
	}
	e.uint(uint64(len(in.Told)))
	for _, h := range in.Told {
		e.hash(h)
	}
	return e.seal([]byte(in.Key), in.Body)
}

func (d *decoder) commit() (c plan.Commit) {
	var from shelf
	for range d.count(minRow) {
		c.Set = append(c.Set, d.row(&from))
	}
	for range d.count(1) {
		c.Drop = append(c.Drop, plan.Handle(d.int()))
	}
	return c
}

func (d *decoder) hashes() (all []tree.Hash) {
	for range d.count(len(tree.Hash{})) {
		all = append(all, d.hash())
	}
	return all
}

func loadIntent(tx *sql.Tx, pair int64) (*engine.Intent, error) {
	var key, body, entry []byte
	err := tx.QueryRow("SELECT key, body, entry FROM intent WHERE pair = ?", pair).Scan(&key, &body, &entry)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for kind, to := range []*[]byte{&body, &entry} {
		var part sql.RawBytes
		add := func() error { *to = append(*to, part...); return nil }
		if err := scan(tx, add, []any{&part}, "SELECT part FROM intentpart WHERE pair = ? AND kind = ? ORDER BY n", pair, kind); err != nil {
			return nil, err
		}
	}
	d, err := unseal(entry, key, body)
	if err != nil {
		return nil, err
	}
	in := &engine.Intent{Key: string(key), Body: body, Commit: d.commit(), Told: d.hashes()}
	return in, d.err()
}

// intent removes before it sets: a new intent stays, whatever else the change says.
func (c *change) intent() error {
	if c.Intent == nil && !c.ClearIntent {
		return nil
	}
	for _, table := range []string{"intent", "intentpart"} {
		if _, err := c.tx.Exec("DELETE FROM "+table+" WHERE pair = ?", c.pair); err != nil {
			return err
		}
	}
	if c.Intent == nil {
		return nil
	}
	if _, err := c.tx.Exec("INSERT INTO intent (pair, key, body, entry) VALUES (?, ?, x'', x'')", c.pair, blob(c.Intent.Key)); err != nil {
		return err
	}
	var e encoder
	for kind, whole := range [][]byte{c.Intent.Body, e.intent(c.Intent)} {
		parts := slices.Collect(slices.Chunk(whole, partSize))
		err := each(c.ctx, c.tx, "INSERT INTO intentpart (pair, kind, n, part) VALUES (?, ?, ?, ?)", len(parts), func(n int) []any { return []any{c.pair, kind, n, parts[n]} })
		if err != nil {
			return err
		}
	}
	return nil
}
