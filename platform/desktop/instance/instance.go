// Package instance lets one program at a time use a home folder. The lock belongs to the running process: the system releases it
// however the process ends, so nothing stale is ever in the way. A later start can ask the running one to show itself, or to look at a
// link, and nothing else: what comes in is not trusted.
//
// Read instance.go (the lock), handover.go (asking), then door_unix.go and door_windows.go (where one asks).
package instance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"elkjopcloud/platform/disk"
)

// The lock file is never removed: a second program might be about to lock it. Who holds it stands in a file of its own, because
// Windows lets nobody read a locked one.
const (
	lockName   = ".elkjop-lock"
	holderName = ".elkjop-lock.json"
)

// ErrHeld means that another running program has the home; the error is a *HeldError.
var ErrHeld = errors.New("another instance is running")

// Holder is who has a home. It is for messages and for finding the other instance; only the lock itself is proof.
type Holder struct {
	PID     int       `json:"pid"`
	Program string    `json:"program"` // what it was started as, such as "elkjop run"
	Started time.Time `json:"started"`
	Door    string    `json:"door,omitempty"` // where it can be asked; "" when it cannot
}

// HeldError says who holds the home; Holder is zero when that is not known (yet).
type HeldError struct {
	Home   string
	Holder Holder
}

// Error names the other program.
func (e *HeldError) Error() string {
	if e.Holder.PID == 0 {
		return fmt.Sprintf("%v in %s", ErrHeld, e.Home)
	}
	return fmt.Sprintf("%v in %s: %s, process %d, since %s", ErrHeld, e.Home, e.Holder.Program, e.Holder.PID,
		e.Holder.Started.Format(time.DateTime))
}

// Unwrap makes the error match ErrHeld.
func (e *HeldError) Unwrap() error { return ErrHeld }

// Lock is a home that this process has.
type Lock struct {
	lock   *flock.Flock
	home   string
	holder Holder
}

// Acquire takes an existing home folder for this process, without waiting. program is what others are told. It fails with an error
// that matches ErrHeld when another process has it, or when this one has it already.
func Acquire(home, program string) (*Lock, error) {
	lock := flock.New(filepath.Join(home, lockName), flock.SetPermissions(0o600))
	ours, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", home, err)
	}
	if !ours {
		return nil, fmt.Errorf("lock %s: %w", home, &HeldError{Home: home, Holder: readHolder(home)})
	}
	l := &Lock{lock: lock, home: home, holder: Holder{PID: os.Getpid(), Program: program, Started: time.Now().Truncate(time.Second)}}
	if err := l.announce(l.holder); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", home, err), l.Release())
	}
	return l, nil
}

// Release gives the home back.
func (l *Lock) Release() error {
	removed := os.Remove(filepath.Join(l.home, holderName))
	if errors.Is(removed, os.ErrNotExist) {
		removed = nil
	}
	if err := errors.Join(removed, l.lock.Unlock()); err != nil {
		return fmt.Errorf("release %s: %w", l.home, err)
	}
	return nil
}

// announce writes who we are; a reader sees the old holder, or the new one, or none, and does not hinder us where the system keeps open
// files from being replaced.
func (l *Lock) announce(holder Holder) error {
	content, err := json.Marshal(holder)
	if err != nil {
		return err
	}
	return disk.WriteFileAtomic(filepath.Join(l.home, holderName), content, 0o600)
}

// readHolder returns who holds a home that is known to be held; zero when the holder has not said yet.
func readHolder(home string) Holder {
	var holder Holder
	content, err := os.ReadFile(filepath.Join(home, holderName))
	if err == nil && json.Unmarshal(content, &holder) != nil {
		return Holder{}
	}
	return holder
}
