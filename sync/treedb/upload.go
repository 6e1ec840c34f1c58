package treedb

import (
	"database/sql"

	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/tree"
)

// minExtent is the least that an extent takes, encoded.
const minExtent = 3

// upload writes what an upload's row has no columns for.
func (e *encoder) upload(u *engine.Upload) []byte {
	e.begin()
	e.signature(u.Disk)
	var exec byte
	if u.Content.Exec {
		exec = flagExec
	}
	e.byte(exec)
	e.int(u.Content.Size)
	e.fixed(u.Content.Mtime)
	e.uint(uint64(len(u.Content.Extents)))
	for _, x := range u.Content.Extents {
		e.text(x.Key)
		e.int(x.Offset)
		e.int(x.Length)
	}
	return e.seal(u.Content.Hash[:], []byte(u.Path))
}

func (d *decoder) content() (c tree.Content) {
	c.Exec = d.byte()&flagExec != 0
	c.Size, c.Mtime = d.int(), d.fixed()
	for range d.count(minExtent) {
		c.Extents = append(c.Extents, tree.Extent{Key: d.text(), Offset: d.int(), Length: d.int()})
	}
	return c
}

// loadUploads returns all rows of a pair, by path.
func loadUploads(tx *sql.Tx, pair int64) ([]engine.Upload, error) {
	var hash, path, entry sql.RawBytes
	var all []engine.Upload
	add := func() error {
		d, err := unseal(entry, hash, path)
		if err != nil {
			return err
		}
		u := engine.Upload{Path: string(path), Disk: d.signature(), Content: d.content()}
		copy(u.Content.Hash[:], hash)
		all = append(all, u)
		return d.err()
	}
	err := scan(tx, add, []any{&hash, &path, &entry},
		"SELECT hash, path, entry FROM upload WHERE pair = ? ORDER BY path", pair)
	return all, err
}

const (
	setUpload  = "INSERT OR REPLACE INTO upload (pair, hash, path, entry) VALUES (?, ?, ?, ?)"
	dropUpload = "DELETE FROM upload WHERE pair = ? AND hash = ?"
)

func (c *change) uploads() error {
	var e encoder
	err := each(c.ctx, c.tx, setUpload, len(c.Uploads), func(i int) []any {
		u := &c.Uploads[i]
		return []any{c.pair, u.Content.Hash[:], blob(u.Path), e.upload(u)}
	})
	if err != nil {
		return err
	}
	return each(c.ctx, c.tx, dropUpload, len(c.NoUploads), func(i int) []any { return []any{c.pair, c.NoUploads[i][:]} })
}
