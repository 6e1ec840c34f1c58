package treedb

import (
	"context"
	"database/sql"
	"errors"

	"elkjopcloud/platform/transfer"
)

// BlockLists remembers of which blocks large files are made; it implements transfer.BlockStore.
type BlockLists struct {
	db   *DB
	most int64
}

// Blocks returns the home's memory of blocks. It holds the newest lists, at most that many bytes of them.
func (db *DB) Blocks(most int64) *BlockLists { return &BlockLists{db, most} }

// LoadBlocks returns the blocks of a file, and whether they are known.
func (b *BlockLists) LoadBlocks(ctx context.Context, file [32]byte) (out transfer.Blocks, found bool, err error) {
	err = b.db.read(ctx, "load the blocks of a file", func(tx *sql.Tx) error {
		var entry []byte
		err := tx.QueryRow("SELECT entry FROM blocks WHERE file = ?", file[:]).Scan(&entry)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		d, err := unseal(entry, file[:])
		if err != nil {
			return err
		}
		out.Size = d.int()
		out.Sums = make([][32]byte, d.count(32))
		for i := range out.Sums {
			out.Sums[i] = d.hash()
		}
		found = true
		return d.err()
	})
	if err != nil {
		return transfer.Blocks{}, false, err
	}
	return out, found, nil
}

// SaveBlocks stores or replaces them. The oldest lists go when there are too many.
func (b *BlockLists) SaveBlocks(ctx context.Context, file [32]byte, list transfer.Blocks) error {
	return b.db.write(ctx, "save the blocks of a file", func(tx *sql.Tx) error {
		var e encoder
		e.begin()
		e.int(list.Size)
		e.uint(uint64(len(list.Sums)))
		for _, s := range list.Sums {
			e.hash(s)
		}
		entry := e.seal(file[:])
		if _, err := tx.Exec("INSERT OR REPLACE INTO blocks (file, size, entry) VALUES (?, ?, ?)", file[:], len(entry), entry); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM blocks WHERE id IN (SELECT id FROM (SELECT id, SUM(size) OVER (ORDER BY id DESC) AS most FROM blocks) WHERE most > ?)", b.most)
		return err
	})
}
