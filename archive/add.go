package archive

import (
	"context"
	"sync"

	"elkjopcloud/sync/cloud"
)

// Progress is how far an Add is.
type Progress struct {
	Phase      string // "upload" or "verify"
	Path       string
	Files      int
	FilesTotal int
	Bytes      int64
	BytesTotal int64
}

// Report says what an Add did.
type Report struct {
	Files    int      // that are in the Archive now
	Bytes    int64    // of these
	Uploaded int      // whose bytes were sent
	Verified int      // that were read back from the cloud and are equal
	Freed    int      // that are in the recycle bin
	Paths    []string // what was given, in the Archive
	Failures []Failure
}

// Failure is one file that is not in the Archive, or stayed on the disk.
type Failure struct {
	Path string // on the disk
	Err  error
}

// Add puts files and folders into the Archive and reads every one of them back. Only a file that was proven to be there, and that is still
// the one that was read, goes to the recycle bin, and only with free. What is there already is not sent again, so that an Add that was
// interrupted goes on when it is repeated. The trouble of one file is in the Report; the error is what stopped everything.
func (a *Archive) Add(ctx context.Context, paths []string, free bool, progress func(Progress)) (Report, error) {
	w := &adding{Archive: a, progress: progress}
	g, err := a.gather(ctx, paths, w.fail)
	if err != nil {
		return w.report, err
	}
	if err := w.send(ctx, g); err != nil {
		return w.report, err
	}
	w.report.Paths = g.told()
	proven, err := w.prove(ctx, g.files)
	if err != nil || !free {
		return w.report, err
	}
	w.free(ctx, proven, g.emptied)
	return w.report, nil
}

// adding is one Add.
type adding struct {
	*Archive
	progress func(Progress)
	room     cloud.Room // of small files that are sent together

	mu     sync.Mutex // guards what follows
	report Report
	at     Progress
}

func (w *adding) fail(path string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.report.Failures = append(w.report.Failures, Failure{path, err})
}

func (w *adding) begin(phase string, files []*found) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = Progress{Phase: phase, FilesTotal: len(files)}
	for _, f := range files {
		w.at.BytesTotal += f.info.Size
	}
}

// step counts a file that is dealt with.
func (w *adding) step(f *found, count func(*Report)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if count != nil {
		count(&w.report)
	}
	w.at.Path = f.abs()
	w.at.Files++
	w.at.Bytes += f.info.Size
	if w.progress != nil {
		w.progress(w.at)
	}
}
