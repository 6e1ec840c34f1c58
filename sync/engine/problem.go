package engine

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/scan"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// CodeOf returns the code of a failure.
func CodeOf(err error) string {
	if c, ok := kindCodes[objstore.KindOf(err)]; ok {
		return c
	}
	for _, x := range errorCodes {
		if errors.Is(err, x.err) {
			return x.code
		}
	}
	switch { // what did not come through package disk
	case disk.IsFull(err):
		return CodeDiskFull
	case disk.IsReadOnly(err):
		return CodeReadOnly
	}
	return CodeOther
}

var kindCodes = map[objstore.Kind]string{
	objstore.KeyRefused: CodeKeyRefused, objstore.Denied: CodeDenied, objstore.ClockSkew: CodeClock, objstore.Untrusted: CodeUntrusted,
	objstore.NotAStore: CodeNotAStore, objstore.NoBucket: CodeNoBucket, objstore.Unreachable: CodeOffline, objstore.Busy: CodeServerBusy,
	objstore.Full: CodeCloudFull, objstore.Damaged: CodeDamaged, objstore.NotFound: CodeMissing, objstore.Archived: CodeCold,
}

var errorCodes = []struct {
	err  error
	code string
}{
	{ErrNotConnected, CodeNoRoot}, {disk.ErrGone, CodeNoRoot}, {disk.ErrFull, CodeDiskFull}, {disk.ErrBusy, CodeBusy}, {disk.ErrReadOnly, CodeReadOnly},
	{disk.ErrName, CodeName},
	{space.ErrNewer, CodeNewerFormat}, {transfer.ErrChanged, CodeChanging}, {local.ErrChanged, CodeChanging}, {fs.ErrPermission, CodeUnreadable},
	{context.DeadlineExceeded, CodeOffline},
}

// driveGone tells whether it is the pair's own drive that does not answer. The system has the same words for a network without an answer,
// and for the drive that a store lies on: with those a request to the store ends.
func driveGone(err error) bool {
	var request *objstore.Error
	return errors.Is(err, disk.ErrGone) || disk.IsGone(err) && !errors.As(err, &request)
}

func (e *Engine) problem(p Problem) { e.found = append(e.found, p) }

// fileFailed notes that one file could not be sent or brought. One that merely changed is looked at again at once, a few times.
func (e *Engine) fileFailed(path string, err error) { e.failedAs(CodeOf(err), path, err) }

// downFailed is fileFailed for what is to be written here: a right that is missing there is one to write.
func (e *Engine) downFailed(path string, err error) {
	code := CodeOf(err)
	if code == CodeUnreadable {
		code = CodeReadOnly
	}
	e.failedAs(code, path, err)
}

func (e *Engine) failedAs(code, path string, err error) {
	e.mark(path)
	if changed(err) {
		e.retryLater(path)
		return
	}
	if disk.IsNotExist(err) && objstore.KindOf(err) == objstore.Other {
		return
	}
	e.failed[path] = true
	e.problem(Problem{code, path, err})
}

// hopeless tells whether what was to be done at a path, or with a folder above it, has failed in this cycle already.
func (e *Engine) hopeless(path string) bool {
	for path != "" {
		if e.failed[path] {
			return true
		}
		path, _ = tree.Split(path)
	}
	return false
}

// errRestless: a file changed each time that it had been sent.
var errRestless = errors.New("it was sent again and again in one cycle")

// tries counts how often a file was not what it had been a moment before.
const tries = 4

// retryLater lets a path be tried again in this cycle, until it has changed too often.
func (e *Engine) retryLater(path string) {
	e.restless[path]++
	if e.restless[path] >= tries {
		e.failed[path] = true
		e.problem(Problem{CodeChanging, path, transfer.ErrChanged})
	}
}

// skipped notes what the scan did not look at.
func (e *Engine) skipped(o local.Observation) {
	var quiet, loud []Problem
	for _, s := range o.Skipped {
		p := Problem{Path: s.Path, Err: s.Err, Code: CodeSkipped}
		switch {
		case s.Reason.Silent() && !reserved(s):
			continue
		case s.Reason == scan.Unreadable:
			p.Code = CodeUnreadable
		case s.Reason == scan.BadName && s.Err != nil:
			p.Code = CodeLongName
		case s.Reason == scan.BadName:
			p.Code = CodeEncoding
		}
		if p.Code == CodeSkipped {
			quiet = append(quiet, p)
		} else {
			loud = append(loud, p)
		}
	}
	e.loud = loud
	e.update(func(st *Status) { st.Skipped = append(slices.Clone(loud), quiet...) })
}

// reserved tells of a thing that has a name of ours without being ours: its user must hear that it is left out.
func reserved(s scan.Skip) bool {
	return s.Reason == scan.Own && s.Path != local.Own && !strings.HasPrefix(s.Path, plan.ParkPrefix)
}

var errForgotten = errors.New("the cloud has forgotten it")

// away lists the files here of which the volume knows nothing any more. They stay as they are until somebody decides.
func (e *Engine) away(in plan.Input) {
	for _, h := range plan.Lost(in) {
		if l := in.Local.Get(h); l != nil && !l.Dir {
			e.lost = append(e.lost, Problem{CodeAway, pathOf(in.Local, h), errForgotten})
		}
	}
}

// finish turns what a cycle found into Status.
func (e *Engine) finish(err error) {
	probs := slices.Concat(e.loud, e.lost, e.foreign, e.found, e.unnamed(), e.history())
	if err != nil && !errors.Is(err, context.Canceled) {
		probs = append(probs, Problem{CodeOf(err), "", err})
	}
	slices.SortStableFunc(probs, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	q := e.guard.question()
	now := e.Now()
	e.count()
	e.update(func(s *Status) {
		s.Problems, s.Question, s.Remain = probs, q, e.remain
		e.ups.now, e.downs.now = nil, nil
		if s.State = stateAfter(err, probs, q); e.paused {
			s.State = Paused
		}
		switch {
		case s.State == UpToDate && len(e.hauls) > 0:
			s.State = Working
		case s.State == UpToDate && (e.whole || len(e.dirty) > 0): // something was marked a moment ago
			s.State = Checking
		}
		if err == nil && s.State != Paused && len(e.hauls) == 0 {
			s.PendingFiles, s.PendingBytes = 0, 0 // what is left is a problem or a question
			e.ups, e.downs, e.first = queue{}, queue{}, nil
		}
		if s.State == UpToDate {
			s.LastDone = now
		}
	})
}

func stateAfter(err error, probs []Problem, q *Question) State {
	switch {
	case errors.Is(err, context.Canceled):
		return Waiting
	case errors.Is(err, ErrNotConnected):
		return NotConnected
	case err != nil && objstore.Temporary(err):
		return Offline
	case err != nil || q != nil || len(probs) > 0:
		return NeedsYou
	}
	return UpToDate
}

// history turns parts of the volume's history that cannot be read into problems.
func (e *Engine) history() []Problem {
	var out []Problem
	for _, p := range e.Volume.Problems() {
		if p.Code == space.ClonedDevice {
			continue // nothing is missing, and whoever holds the engine takes another id
		}
		out = append(out, Problem{CodeHistory, p.Key, p.Err})
	}
	return out
}

// unnamed lists what the cloud has and this disk cannot hold under its name.
func (e *Engine) unnamed() []Problem {
	if e.UpOnly {
		return nil
	}
	var out []Problem
	s := e.Volume.State()
	walk(s.Root(), "", plan.Off(s, e.isOff()), func(dir, name string) {
		if err := e.Local.FS.ValidName(name); err != nil {
			out = append(out, Problem{CodeName, tree.Join(dir, name), err})
		}
	})
	return out
}
