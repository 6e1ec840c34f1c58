package statedb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// companions lists the files that SQLite keeps beside a database, the database itself first: if the renames are cut short after
// it, SQLite drops a write-ahead log that belongs to no database, while a database without its log would look whole and be old.
func companions() []string { return []string{"", "-wal", "-shm", "-journal"} }

// SetAside renames a damaged database and its companions to path + ".damaged-<UTC time>" and returns that name, so that the next
// Open makes a new one and the old bytes can still be looked at. The database must not be open.
func SetAside(path string) (string, error) {
	aside := path + ".damaged-" + time.Now().UTC().Format("20060102T150405.000000000Z")
	for _, suffix := range companions() {
		if err := rename(path+suffix, aside+suffix); err != nil {
			return "", fmt.Errorf("set database aside: %w", err)
		}
	}
	return aside, nil
}

// rename moves a file to a name that must be free; a file that is not there is fine.
func rename(from, to string) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("rename to %s: %w", to, fs.ErrExist), err)
	}
	err := os.Rename(from, to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
