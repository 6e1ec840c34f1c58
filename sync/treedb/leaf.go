package treedb

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"elkjopcloud/sync/plan"
)

// leafBits says which rows of Base are kept in one: those whose handles differ in so many of their last bits. It is read whole, and written whole when
// one of them changes. All of Base is read and written so in a third of the time that a row of SQLite for each takes.
const leafBits = 6

func leafOf(h plan.Handle) int64 { return int64(h) >> leafBits }

// leaf writes the rows of a leaf, by handle. Its number is part of the checksum.
func (e *encoder) leaf(n int64, rows []*plan.Base) []byte {
	e.begin()
	e.uint(uint64(len(rows)))
	for _, b := range rows {
		e.row(b)
	}
	return e.seal(number(n))
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// readLeaf hands the rows of a leaf to add. row makes room for each.
func readLeaf(n int64, entry []byte, row func() *plan.Base, from *shelf, add func(*plan.Base)) error {
	d, err := unseal(entry, number(n))
	if err != nil {
		return err
	}
	for range d.count(minRow) {
		b := row()
		d.rowTo(b, from)
		if d.bad = d.bad || leafOf(b.ID) != n; d.bad {
			break
		}
		add(b)
	}
	return d.err()
}

// loadBase returns all rows of a pair, by handle.
func loadBase(tx *sql.Tx, pair int64) (*plan.Bases, error) {
	var (
		n     any // the driver's int64: database/sql converts nothing
		entry sql.RawBytes
		from  shelf
		b     plan.Base // the next one takes its memory
	)
	all := plan.BasesOf()
	row := func() *plan.Base {
		b = plan.Base{}
		return &b
	}
	add := func() error {
		at, ok := n.(int64)
		if !ok {
			at = math.MinInt64 // which no leaf is
		}
		return readLeaf(at, entry, row, &from, all.Append)
	}
	err := scan(tx, add, []any{&n, &entry}, "SELECT n, entry FROM leaf WHERE pair = ? ORDER BY n", pair)
	return all, err
}

// baseChange is a row that is set, or dropped.
type baseChange struct {
	id  plan.Handle
	row *plan.Base // nil: dropped
}

// base stores what is set and dropped. The last word on a row counts, and a drop is the last.
func (c *change) base() error {
	all := make([]baseChange, 0, len(c.Set)+len(c.Drop))
	for _, b := range c.Set {
		all = append(all, baseChange{b.ID, b})
	}
	for _, h := range c.Drop {
		all = append(all, baseChange{h, nil})
	}
	slices.SortStableFunc(all, func(a, b baseChange) int { return cmp.Compare(a.id, b.id) })
	if len(all) == 0 {
		return nil
	}
	l, err := newLeaves(c.tx, c.pair)
	if err != nil {
		return err
	}
	defer l.close()
	for len(all) > 0 {
		n := leafOf(all[0].id)
		end := slices.IndexFunc(all, func(x baseChange) bool { return leafOf(x.id) != n })
		if end < 0 {
			end = len(all)
		}
		if err := errors.Join(c.ctx.Err(), l.change(n, all[:end])); err != nil {
			return err
		}
		all = all[end:]
	}
	return nil
}

// leaves changes leaves of one pair.
type leaves struct {
	pair           int64
	get, put, drop *sql.Stmt
	e              encoder
}

func newLeaves(tx *sql.Tx, pair int64) (l *leaves, err error) {
	l = &leaves{pair: pair}
	for stmt, text := range map[**sql.Stmt]string{
		&l.get:  "SELECT entry FROM leaf WHERE pair = ? AND n = ?",
		&l.put:  "INSERT OR REPLACE INTO leaf (pair, n, entry) VALUES (?, ?, ?)",
		&l.drop: "DELETE FROM leaf WHERE pair = ? AND n = ?",
	} {
		if *stmt, err = tx.Prepare(text); err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

func (l *leaves) close() {
	for _, s := range []*sql.Stmt{l.get, l.put, l.drop} {
		if s != nil {
			_ = s.Close()
		}
	}
}

// read returns the rows of a leaf, none when there is no such one.
func (l *leaves) read(n int64) (rows []*plan.Base, err error) {
	var entry []byte
	switch err := l.get.QueryRow(l.pair, n).Scan(&entry); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	var from shelf
	err = readLeaf(n, entry, from.base, &from, func(b *plan.Base) { rows = append(rows, b) })
	return rows, err
}

// change changes rows of one leaf, which come by handle.
func (l *leaves) change(n int64, changes []baseChange) error {
	rows, err := l.read(n)
	if err != nil {
		return err
	}
	for _, c := range changes {
		i, there := slices.BinarySearchFunc(rows, c.id, func(b *plan.Base, h plan.Handle) int { return cmp.Compare(b.ID, h) })
		switch {
		case c.row != nil && there:
			rows[i] = c.row
		case c.row != nil:
			rows = slices.Insert(rows, i, c.row)
		case there:
			rows = slices.Delete(rows, i, i+1)
		}
	}
	if len(rows) == 0 {
		_, err = l.drop.Exec(l.pair, n)
	} else {
		_, err = l.put.Exec(l.pair, n, l.e.leaf(n, rows))
	}
	return err
}

// oldRows is how many rows of the table base are moved at a time.
const oldRows = 10_000

// moveRows moves what programs of before kept in the table base, a row for each, to leaves.
func (db *DB) moveRows() error {
	ctx := context.Background()
	there := false
	err := db.read(ctx, "look for rows of before", func(tx *sql.Tx) error {
		return tx.QueryRow("SELECT EXISTS (SELECT 1 FROM base)").Scan(&there)
	})
	if err != nil || !there {
		return err
	}
	return db.write(ctx, "move rows of before", func(tx *sql.Tx) error {
		for {
			pair, rows, err := someOldRows(tx)
			if err != nil || len(rows) == 0 {
				return err
			}
			c := &change{ctx: ctx, tx: tx, pair: pair}
			c.Set = rows
			if err := c.base(); err != nil {
				return err
			}
			if _, err := tx.Exec("DELETE FROM base WHERE pair = ? AND handle <= ?", pair, int64(rows[len(rows)-1].ID)); err != nil {
				return err
			}
		}
	})
}

// someOldRows returns the first rows of a pair.
func someOldRows(tx *sql.Tx) (pair int64, rows []*plan.Base, err error) {
	var (
		handle, parent int64
		name, entry    sql.RawBytes
		from           shelf
	)
	if err := tx.QueryRow("SELECT pair FROM base LIMIT 1").Scan(&pair); errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	} else if err != nil {
		return 0, nil, err
	}
	add := func() error {
		d, err := unseal(entry, slices.Concat(number(handle), number(parent)), name)
		if err != nil {
			return err
		}
		b := from.base()
		b.ID, b.Parent, b.Name = plan.Handle(handle), plan.Handle(parent), string(name)
		d.baseBody(b, &from)
		rows = append(rows, b)
		return d.err()
	}
	err = scan(tx, add, []any{&handle, &parent, &name, &entry}, "SELECT handle, parent, name, entry FROM base WHERE pair = ? ORDER BY handle LIMIT ?", pair, oldRows)
	return pair, rows, err
}
