package statedb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var (
	// ErrNewer means that a newer version of the program made the database; it was not touched.
	ErrNewer = errors.New("the database was made by a newer version of this program")
	// ErrDamaged means that the file is not a database, or that its structure is broken: SetAside, then Open makes a new one.
	ErrDamaged = errors.New("the database is damaged")
	// ErrFull means that the disk, or the quota, has no room for the commit; nothing of it was stored.
	ErrFull = errors.New("no space left for the database")
	// ErrBusy means that another process kept the database locked for ten seconds.
	ErrBusy = errors.New("the database is in use by another program")
)

// ended names the step that failed. A statement that the context stopped reports the context's error.
func ended(ctx context.Context, step string, err error) error {
	if code(err) == lib.SQLITE_INTERRUPT && ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return fmt.Errorf("database %s: %w", step, classify(err))
}

// classify puts the kind that callers decide by in front of a driver's error; other errors stay what they are.
func classify(err error) error {
	kind := kindOf(err)
	if kind == nil || errors.Is(err, kind) {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func kindOf(err error) error {
	extended := code(err)
	switch extended {
	case lib.SQLITE_IOERR_SHMSIZE: // the only thing that grows there is a file
		return ErrFull
	case lib.SQLITE_IOERR_CORRUPTFS, lib.SQLITE_IOERR_SHORT_READ:
		return ErrDamaged
	}
	switch extended & 0xff {
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_FORMAT:
		return ErrDamaged
	case lib.SQLITE_FULL:
		return ErrFull
	case lib.SQLITE_BUSY:
		return ErrBusy
	case lib.SQLITE_PERM, lib.SQLITE_READONLY:
		return fs.ErrPermission
	}
	return nil
}

// code returns SQLite's extended result code, or 0 for an error of another origin.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code()
}
