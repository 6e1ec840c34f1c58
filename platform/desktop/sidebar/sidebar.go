// Package sidebar shows a folder in the sidebar of the system's file manager and file choosers: Windows' navigation pane and Quick Access,
// the Favourites of macOS, the bookmarks of GTK and the places of KDE.
//
// What others put there stays as it is. A user who takes the folder out has answered: it is not put back until he asks for it. A folder
// that moved is followed. Nothing here is worth a failure: errors say how to do the same by hand.
//
// Read sidebar.go, keep.go (what is done and when), then the system's file: place_linux.go with bookmarks.go and xbel.go,
// place_windows.go with quickaccess_windows.go, place_darwin.go.
package sidebar

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// Entry is the folder as it is to be shown.
type Entry struct {
	Name string // what people read
	Path string // the folder, absolute
	ID   string // Windows: the entry's class, "{XXXXXXXX-…}": one for each product, the same for ever
	Icon string // Windows: a file and a number, "C:\…\elkjop.exe,0"; "" is a folder
}

// Mark says how it stands with one place of the sidebar.
type Mark string

const (
	Pinned  Mark = "pinned"  // we put the folder there
	Theirs  Mark = "theirs"  // the user had put it there himself
	Removed Mark = "removed" // it was there, and the user took it away
)

// Record is what the caller keeps from one call to the next. The zero value: nothing was done yet.
type Record struct {
	Path  string          // the folder that the marks are about
	Marks map[string]Mark // by the name of the place
}

// Shown tells whether the folder was seen in a place.
func (r Record) Shown() bool {
	for _, m := range r.Marks {
		if m == Pinned || m == Theirs {
			return true
		}
	}
	return false
}

// Refused tells whether the user took the folder out of every place where it was.
func (r Record) Refused() bool {
	for _, m := range r.Marks {
		if m != Removed {
			return false
		}
	}
	return len(r.Marks) > 0
}

// Error is why one place does not show the folder, and what a person can do.
type Error struct {
	Place  string
	ByHand string // a sentence
	Err    error
}

// Error gives the technical words.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Place, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ByHand returns how to do by hand what failed; "" when that is not known.
func ByHand(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.ByHand
	}
	return ""
}

// patience is how long one place may take: Windows shows what it did after some seconds only.
const patience = 15 * time.Second

// Sidebar is the sidebar of this computer's user.
type Sidebar struct{ places []place }

// System returns the sidebar of this system. Where there is none, its methods fail with errors.ErrUnsupported.
func System() *Sidebar { return &Sidebar{places: systemPlaces()} }

// Pin shows the folder wherever the system has a place for it, and follows it when was is about another path. It does not put back what
// the user removed: with the zero Record it does. The record that it returns is right also when there is an error.
func (s *Sidebar) Pin(ctx context.Context, e Entry, was Record) (Record, error) {
	if err := e.check(); err != nil {
		return was, err
	}
	return s.each(ctx, e, was, keep)
}

// Unpin takes away what was pinned; what the user put there himself stays. The marks of places that the user answered stay too.
func (s *Sidebar) Unpin(ctx context.Context, e Entry, was Record) (Record, error) {
	if was.Path != "" {
		e.Path = was.Path
	}
	if err := e.check(); err != nil {
		return was, err
	}
	return s.each(ctx, e, was, drop)
}

// step does what is to be done in one place, and returns its new mark, "" for none. It never returns a mark with ErrUnsupported.
type step func(ctx context.Context, p place, e Entry, path string, mark Mark) (Mark, error)

// each goes through the places. A place that this system does not have counts only when there is no other.
func (s *Sidebar) each(ctx context.Context, e Entry, was Record, do step) (Record, error) {
	now := Record{Path: e.Path, Marks: maps.Clone(was.Marks)}
	if now.Marks == nil {
		now.Marks = map[string]Mark{}
	}
	var failed, missing []error
	for _, p := range s.places {
		mark, err := s.one(ctx, p, e, was, do)
		if mark == "" {
			delete(now.Marks, p.name())
		} else {
			now.Marks[p.name()] = mark
		}
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			missing = append(missing, err)
		case err != nil:
			failed = append(failed, err)
		}
	}
	if len(failed) == 0 && len(missing) == len(s.places) {
		return now, errors.Join(append(missing, errors.ErrUnsupported)...)
	}
	return now, errors.Join(failed...)
}

func (s *Sidebar) one(ctx context.Context, p place, e Entry, was Record, do step) (Mark, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	mark, err := do(ctx, p, e, was.Path, was.Marks[p.name()])
	if err != nil {
		return mark, &Error{Place: p.name(), ByHand: p.byHand(e), Err: err}
	}
	return mark, nil
}

// check refuses what would break out of a line or a key.
func (e Entry) check() error {
	if !filepath.IsAbs(e.Path) || strings.ContainsRune(e.Path, 0) {
		return fmt.Errorf("show %q in the sidebar: it is not a full path", e.Path)
	}
	if e.Name == "" || strings.ContainsFunc(e.Name, unicode.IsControl) {
		return fmt.Errorf("show %q in the sidebar: it is not a name", e.Name)
	}
	return nil
}
