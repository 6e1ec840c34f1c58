package disk

import (
	"errors"
	"io"
	"io/fs"
)

// pathError says which operation failed on which path. It matches both the kind that callers decide by and the system's own error.
type pathError struct {
	op, path string
	kind     error // one of this package's or io/fs's errors, or nil when the system's error says it all
	err      error
}

func (e *pathError) Error() string {
	where := e.op + " " + e.path
	if e.path == "" {
		where = e.op + " the folder itself"
	}
	switch {
	case e.kind == nil:
		return where + ": " + e.err.Error()
	case e.err == nil:
		return where + ": " + e.kind.Error()
	}
	return where + ": " + e.kind.Error() + " (" + e.err.Error() + ")"
}

// Unwrap hides the system's error behind ErrGone: Go takes "network path not found" for fs.ErrNotExist, and a drive that does not answer
// must never look like a file that is not there.
func (e *pathError) Unwrap() []error {
	if e.kind == ErrGone {
		return []error{ErrGone}
	}
	errs := make([]error, 0, 2)
	if e.kind != nil {
		errs = append(errs, e.kind)
	}
	if e.err != nil {
		errs = append(errs, e.err)
	}
	return errs
}

// fail names the operation and path of a system error and gives it its kind; nil stays nil and io.EOF stays io.EOF.
func fail(op, path string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	var known *pathError
	if errors.As(err, &known) {
		return err
	}
	for _, kind := range []error{ErrNotInside, ErrNotRegular, fs.ErrExist, fs.ErrNotExist} {
		if err == kind {
			return &pathError{op: op, path: path, kind: kind}
		}
	}
	return &pathError{op: op, path: path, kind: kindOf(err), err: err}
}
