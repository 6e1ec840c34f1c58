package treedb

import (
	"database/sql"
	"errors"

	"elkjopcloud/sync/plan"
)

// Bits of an open act.
const (
	openDir = 1 << iota
	openFresh
	openExec
	openRow
)

// minOpen is the least that an open act takes, encoded.
const minOpen = 8

// opens writes acts that were begun, all that Open.Recover and the disk's side need to know of them.
func (e *encoder) opens(all []plan.Open) []byte {
	e.begin()
	e.uint(uint64(len(all)))
	for _, o := range all {
		e.byte(byte(o.Act))
		e.byte(bit(o.Dir, openDir) | bit(o.Fresh, openFresh) | bit(o.Version.Content.Exec, openExec) | bit(o.Base != nil, openRow))
		e.int(int64(o.ID))
		e.text(o.From)
		e.text(o.To)
		e.signature(o.Was)
		e.signature(o.Placed)
		e.stamp(o.Version.ID)
		if o.Base != nil {
			e.row(o.Base)
		}
	}
	return e.seal()
}

func bit(yes bool, b byte) byte {
	if yes {
		return b
	}
	return 0
}

func (d *decoder) opens() (all []plan.Open) {
	var from shelf
	for range d.count(minOpen) {
		var o plan.Open
		o.Act = plan.Act(d.byte())
		flags := d.byte()
		o.Dir, o.Fresh, o.Version.Content.Exec = flags&openDir != 0, flags&openFresh != 0, flags&openExec != 0
		o.ID, o.From, o.To = plan.Handle(d.int()), d.text(), d.text()
		o.Was, o.Placed, o.Version.ID = d.signature(), d.signature(), d.stamp()
		if flags&openRow != 0 {
			o.Base = d.row(&from)
		}
		all = append(all, o)
	}
	return all
}

func loadOpen(tx *sql.Tx, pair int64) ([]plan.Open, error) {
	var entry []byte
	err := tx.QueryRow("SELECT entry FROM open WHERE pair = ?", pair).Scan(&entry)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d, err := unseal(entry)
	if err != nil {
		return nil, err
	}
	all := d.opens()
	return all, d.err()
}

// open replaces the acts that are remembered.
func (c *change) open() error {
	if c.Open == nil {
		return nil
	}
	if len(c.Open) == 0 {
		_, err := c.tx.Exec("DELETE FROM open WHERE pair = ?", c.pair)
		return err
	}
	var e encoder
	_, err := c.tx.Exec("INSERT OR REPLACE INTO open (pair, entry) VALUES (?, ?)", c.pair, e.opens(c.Open))
	return err
}
