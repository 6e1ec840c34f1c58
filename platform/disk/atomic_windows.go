package disk

import (
	"os"
	"time"
)

// replace renames over the old file. Virus scanners and indexers hold new files open for a moment, so it tries for two seconds.
func replace(from, to string) error {
	wait := 10 * time.Millisecond
	for deadline := time.Now().Add(2 * time.Second); ; wait *= 2 {
		err := os.Rename(from, to)
		if err == nil || !retryable(err) || time.Now().Add(wait).After(deadline) {
			return err
		}
		time.Sleep(wait)
	}
}

func retryable(err error) bool {
	return kindOf(err) == ErrBusy || os.IsPermission(err)
}

// syncFolder does nothing: NTFS journals names in order by itself.
func syncFolder(string) error { return nil }
