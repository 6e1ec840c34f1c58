// Package page is what every page of the window is given: what to show (Snapshot), what to do it with (Desk), and how states and problems
// are put into words, so that they are the same everywhere.
//
// Reading order: page.go (snapshot and desk), state.go (states in words), problem.go (problems and their fixes), hidden.go (those that are
// not to be seen), kind.go (kinds of files), guard.go (the question
// before many deletions), dialog.go (what several pages ask).
package page

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"elkjopcloud/app"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/widgets"
)

// Snapshot is everything that is shown at one moment. Nobody changes it.
type Snapshot struct {
	Now       time.Time
	Status    app.Status
	Storage   app.StorageInfo
	Device    string // this computer's name
	Recent    []app.ActivityItem
	Work      Work
	Conflicts int                // files in Synced that were changed in two places
	PairWork  map[string]float64 // how much of a pair's present work is done, from 0 to 1, by its name; only those that have some
}

// Work is how far what is being done is. Speed and Left are 0 while they are not known.
type Work struct {
	Files, FilesTotal int
	Bytes, BytesTotal int64
	Speed             float64 // bytes a second
	Left              float64 // seconds
}

// Share is how much of it is done, from 0 to 1; below 0 there is nothing to do.
func (w Work) Share() float64 {
	switch {
	case w.BytesTotal > 0:
		return min(float64(w.Bytes)/float64(w.BytesTotal), 1)
	case w.FilesTotal > 0:
		return float64(w.Files) / float64(w.FilesTotal)
	}
	return -1
}

// Pairs returns the folders of one area, "backup" or "synced".
func (s Snapshot) Pairs(area string) []app.PairStatus {
	var out []app.PairStatus
	for _, p := range s.Status.Pairs {
		if p.Area == area {
			out = append(out, p)
		}
	}
	return out
}

// At is a time as this computer's clock shows it.
func At(t time.Time) text.Moment {
	t = t.Local()
	return text.Moment{Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Hour: t.Hour(), Minute: t.Minute()}
}

// When writes a time for people; now is the snapshot's.
func When(w *text.Words, t, now time.Time) string { return w.When(At(t), At(now)) }

// Job is work that takes longer than a moment.
type Job struct {
	Do   func(ctx context.Context, tell func(app.Progress)) error // runs beside the window
	Tell func(app.Progress)                                       // in the window, a few times a second at most; may be nil
	Done func(err error)                                          // in the window; may be nil
	Look bool                                                     // it only asks: nothing is to be shown anew because of it
}

// Desk is what pages work with. Everything is called, and calls back, in the window.
type Desk struct {
	Words  *text.Words
	Canvas func() fyne.Canvas
	Now    func() time.Time
	Start  func(Job) (cancel func())
	Folder func(chosen func(path string)) // lets somebody choose a folder
	File   func(chosen func(path string)) // lets somebody choose a file
	Open   func(path string)              // shows a file or folder in the system's file manager
	Go     func(place string)             // goes to another page
	Say    func(widgets.Tone, string)     // says in one line that something was done
	Fix    func(g Group)                  // does what helps against a problem
	Hidden *Hidden                        // the problems that somebody does not want to see
}

// Ask shows a dialog.
func (d *Desk) Ask(q widgets.Question) *widgets.Dialog { return widgets.Ask(d.Canvas(), q) }
