// Package statedb opens the SQLite databases in which the client keeps what it knows: one writer, many readers, numbered
// migrations, commits that survive a power cut. It is the only package that knows the driver. SQL text and the meaning of tables
// belong to the callers, which get plain *sql.Tx values.
//
// Read statedb.go first (open, read, write), then migrate.go, errors.go and setaside.go.
package statedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// Memory is the path of a database that lives only in memory, one per Open, gone at Close. Its transactions run one after the
// other, readers included; a real database's readers do not wait.
const Memory = ":memory:"

// readers is how many snapshots may be read at the same time.
const readers = 4

// DB is one open database. Its methods may be called from any goroutine. A function handed to Read or Write must not call Read
// or Write of the same DB: it would wait for itself, or see another state than its own transaction.
type DB struct {
	path   string
	writer *sql.DB // one connection
	reader *sql.DB // up to `readers` connections that refuse to write; the writer itself for Memory
	fresh  bool
}

// Open opens the database at path, creates it when missing (readable by this user alone; the folder must exist), checks it and
// brings it to version len(migrations). A migration that was ever released must never change; new ones are appended.
//
// Errors match ErrNewer, ErrDamaged, ErrFull, ErrBusy, fs.ErrPermission. After any error nothing stays open, so that a damaged
// database can be set aside (SetAside).
func Open(path string, migrations []string) (*DB, error) {
	db, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, classify(err))
	}
	if err := db.prepare(migrations); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, classify(err)), db.Close())
	}
	return db, nil
}

// Fresh tells whether this Open made the database: there was none, or an empty one.
func (db *DB) Fresh() bool { return db.fresh }

// Write runs fn in a transaction that nobody else writes beside, and commits it durably when fn returns nil. When Write returns an
// error, nothing of fn was stored, with one exception: a commit that failed on a disk that failed may be found after the next Open.
func (db *DB) Write(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return ended(ctx, "begin", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := fn(tx); err != nil {
		return ended(ctx, "write", err)
	}
	if err := tx.Commit(); err != nil {
		return ended(ctx, "commit", err)
	}
	return nil
}

// Read runs fn on one snapshot: everything fn reads is of one state, whatever is written meanwhile. fn cannot store anything.
func (db *DB) Read(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := db.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return ended(ctx, "begin", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(tx); err != nil {
		return ended(ctx, "read", err)
	}
	return nil
}

// Close waits for running transactions and closes the database.
func (db *DB) Close() error {
	var err error
	if db.reader != db.writer {
		err = db.reader.Close()
	}
	if err = errors.Join(err, db.writer.Close()); err != nil {
		return fmt.Errorf("close database %s: %w", db.path, classify(err))
	}
	return nil
}

func open(path string) (*DB, error) {
	if path == Memory {
		return openMemory()
	}
	if err := create(path); err != nil {
		return nil, err
	}
	writer, err := pool(uri(path)+"?"+writePragmas(), 1)
	if err != nil {
		return nil, err
	}
	reader, err := pool(uri(path)+"?"+readPragmas(), readers)
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	return &DB{path: path, writer: writer, reader: reader}, nil
}

func openMemory() (*DB, error) {
	one, err := pool("file::memory:?"+writePragmas(), 1)
	if err != nil {
		return nil, err
	}
	return &DB{path: Memory, writer: one, reader: one}, nil
}

// create makes an empty file that only this user may read: the names of all the user's files will be in it.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		f, err = os.OpenFile(path, os.O_RDWR, 0)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func pool(dsn string, connections int) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// writePragmas: synchronous FULL makes a commit durable before it returns (the record of what was synchronized must not be newer or
// older than the files); fullfsync makes it so on macOS, where an ordinary fsync stays in the drive's cache. The cache is small: what it holds is held for days.
func writePragmas() string {
	return pragmas("busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(1)", "checkpoint_fullfsync(1)",
		"foreign_keys(1)", "journal_size_limit(67108864)", "trusted_schema(0)", "cache_size(-512)") + "&_txlock=immediate"
}

// readPragmas: what is read once need not stay in memory; the system keeps the file for the next time.
func readPragmas() string {
	return pragmas("busy_timeout(10000)", "foreign_keys(1)", "query_only(1)", "trusted_schema(0)", "cache_size(-256)")
}

func pragmas(list ...string) string {
	return url.Values{"_pragma": list}.Encode()
}

// uri writes a path as SQLite's file: URI, so that "?", "#" and "%" in a user's folder names stay letters.
func uri(path string) string {
	slashed := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" && !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/Users → /C:/Users
	}
	return "file:" + (&url.URL{Path: slashed}).EscapedPath()
}
