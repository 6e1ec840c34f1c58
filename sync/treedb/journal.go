package treedb

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/transfer"
)

// Journal keeps the multipart uploads that were begun; it implements transfer.Journal.
type Journal struct{ db *DB }

// Journal returns the home's journal of multipart uploads.
func (db *DB) Journal() *Journal { return &Journal{db} }

// Load returns the entry, and whether there is one.
func (j *Journal) Load(ctx context.Context, id string) (u transfer.Unfinished, found bool, err error) {
	err = j.db.read(ctx, "load an unfinished upload", func(tx *sql.Tx) error {
		var entry []byte
		err := tx.QueryRow("SELECT entry FROM journal WHERE id = ?", blob(id)).Scan(&entry)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		found = true
		u, err = decodeUnfinished(id, entry)
		return err
	})
	if err != nil {
		return transfer.Unfinished{}, false, err
	}
	return u, found, nil
}

// Save stores or replaces the entry.
func (j *Journal) Save(ctx context.Context, id string, u transfer.Unfinished) error {
	return j.db.write(ctx, "save an unfinished upload", func(tx *sql.Tx) error {
		var e encoder
		_, err := tx.Exec("INSERT OR REPLACE INTO journal (id, entry) VALUES (?, ?)", blob(id), e.unfinished(id, &u))
		return err
	})
}

// Forget removes the entry; an absent one is no error.
func (j *Journal) Forget(ctx context.Context, id string) error {
	return j.db.write(ctx, "forget an unfinished upload", func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM journal WHERE id = ?", blob(id))
		return err
	})
}

// All returns every entry by id.
func (j *Journal) All(ctx context.Context) (map[string]transfer.Unfinished, error) {
	all := map[string]transfer.Unfinished{}
	err := j.db.read(ctx, "list unfinished uploads", func(tx *sql.Tx) error {
		var id, entry sql.RawBytes
		add := func() (err error) {
			all[string(id)], err = decodeUnfinished(string(id), entry)
			return err
		}
		return scan(tx, add, []any{&id, &entry}, "SELECT id, entry FROM journal")
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (e *encoder) unfinished(id string, u *transfer.Unfinished) []byte {
	e.begin()
	for _, s := range []string{u.Key, u.UploadID, u.Path} {
		e.text(s)
	}
	e.diskSignature(u.Signature)
	e.int(u.PartSize)
	e.uint(uint64(len(u.Meta)))
	for _, k := range slices.Sorted(maps.Keys(u.Meta)) {
		e.text(k)
		e.text(u.Meta[k])
	}
	e.time(u.Started)
	e.parts(u.Parts)
	var completing byte
	if u.Completing {
		completing = 1
	}
	e.byte(completing)
	e.hash(u.Sum)
	e.int(u.Size)
	return e.seal([]byte(id))
}

func (e *encoder) diskSignature(s disk.Signature) {
	e.int(s.Size)
	e.fixed(s.Mtime)
	e.fixed(s.Ctime)
	e.uint(s.ID.Number)
	e.fixed(s.ID.Birth)
}

// time writes an instant; its zone is not kept.
func (e *encoder) time(t time.Time) {
	e.int(t.Unix())
	e.uint(uint64(t.Nanosecond()))
}

func (e *encoder) parts(parts []transfer.StoredPart) {
	e.uint(uint64(len(parts)))
	for _, p := range parts {
		e.int(int64(p.Number))
		e.int(p.Size)
		e.text(p.ETag)
		e.hash(p.Prefix)
	}
}

func decodeUnfinished(id string, entry []byte) (transfer.Unfinished, error) {
	d, err := unseal(entry, []byte(id))
	if err != nil {
		return transfer.Unfinished{}, err
	}
	u := transfer.Unfinished{Key: d.text(), UploadID: d.text(), Path: d.text(), Signature: d.diskSignature(), PartSize: d.int()}
	u.Meta, u.Started, u.Parts = d.meta(), d.time(), d.parts()
	u.Completing, u.Sum, u.Size = d.byte() == 1, d.hash(), u.Signature.Size
	if len(d.b) > 0 { // entries of before were of whole files
		u.Size = d.int()
	}
	return u, d.err()
}

func (d *decoder) diskSignature() disk.Signature {
	return disk.Signature{Size: d.int(), Mtime: d.fixed(), Ctime: d.fixed(), ID: disk.FileID{Number: d.uint(), Birth: d.fixed()}}
}

func (d *decoder) meta() map[string]string {
	n := d.count(2)
	if n == 0 {
		return nil
	}
	meta := make(map[string]string, n)
	for range n {
		key := d.text()
		meta[key] = d.text()
	}
	return meta
}

func (d *decoder) time() time.Time { return time.Unix(d.int(), int64(d.uint())) }

func (d *decoder) parts() []transfer.StoredPart {
	const least = 3 + 32 // bytes of a part
	n := d.count(least)
	if n == 0 {
		return nil
	}
	parts := make([]transfer.StoredPart, n)
	for i := range parts {
		parts[i] = transfer.StoredPart{Number: int(d.int()), Size: d.int(), ETag: d.text(), Prefix: d.hash()}
	}
	return parts
}
