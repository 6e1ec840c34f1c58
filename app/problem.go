package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"elkjopcloud/app/config"
	"elkjopcloud/archive"
	"elkjopcloud/backup"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/statedb"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/space"
)

// Problem is an error in words for people: what happened, where, and what to do.
type Problem struct {
	Code    string `json:"code"` // one of the Code constants here or of sync/engine
	Path    string `json:"path"`
	Message string `json:"message"`
	Action  string `json:"action"`
	Why     string `json:"why,omitempty"`  // which of the cases of its code it is, where a code has several: the window has words for each
	Name    string `json:"name,omitempty"` // what those words name
	Err     error  `json:"-"`
}

// Codes of problems beside those of sync/engine.
const (
	CodeNotSetUp        = "not-set-up"
	CodeWrongUse        = "wrong-use"
	CodeAnotherInstance = "another-instance"
	CodeGuard           = "guard"
	CodeCanceled        = "canceled"
	CodeTooEarly        = "too-early"     // the histories do not reach back to the time asked for
	CodeSetAside        = "database-lost" // the database was damaged and is made anew
	CodeCloned          = "cloned"        // this computer was a copy of another, and has an id of its own now
	CodeSidebar         = "sidebar"       // the file manager does not show the Synced folder
	CodeLink            = "link"          // a link is none of ours
	CodeLinks           = "links"         // links do not open the program
	CodeRules           = "rules"         // the storage has a rule that deletes what is old
	CodeKeyring         = "keyring"       // the keyring cannot be used
	CodeStayed          = "stayed"        // it was not taken from this computer
	CodeNoBin           = "no-bin"        // the recycle bin does not take it
	CodeExists          = "exists"        // something has the name already
	CodeSettings        = "settings"      // the settings file is damaged
	CodeNotAllHere      = "not-all-here"  // not everything of a folder has come, or is told, so it cannot be kept for itself
	CodeSinceSeen       = "since-seen"    // a file is not any more what somebody chose by
	CodeBinRefused      = "bin-refused"   // the recycle bin does not take it, so nothing was changed
	CodeNotThere        = "not-there"     // a file or folder that was named does not exist
	CodeNoFolder        = "no-folder"     // a folder that was named is not in Synced
)

// Error gives the words.
func (p *Problem) Error() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Mended tells that nothing is left to do about it: it is only told.
func (p *Problem) Mended() bool { return p.Code == CodeSetAside || p.Code == CodeCloned }

// Unwrap returns the technical cause.
func (p *Problem) Unwrap() error { return p.Err }

// NewProblem gives a code its words. path and err may be empty. An err that has words for the same code keeps them.
func NewProblem(code, path string, err error) *Problem {
	var said *Problem
	if errors.As(err, &said) && said.Code == code {
		return &Problem{Code: code, Path: path, Message: said.Message, Action: said.Action, Why: said.Why, Name: said.Name, Err: err}
	}
	w, ok := words[code]
	if !ok {
		w = words[engine.CodeOther]
	}
	p := &Problem{Code: code, Path: path, Message: w.message, Action: w.action, Err: err}
	if (code == engine.CodeOther || code == CodeWrongUse) && err != nil {
		said := strings.ReplaceAll(err.Error(), "\n", "; ")
		p.Message = fmt.Sprintf("%s (%s)", p.Message, said)
		if code == CodeWrongUse {
			p.because("not-taken", said)
		}
	}
	return p
}

// problemOf turns any error into a Problem; nil stays nil.
func problemOf(err error, path string) *Problem {
	var p *Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p
	}
	return NewProblem(codeOf(err), path, err)
}

// Unwritten gives words to what could not be written at a path of this computer that a person chose: a right that is missing there is one
// to write, and nobody tries again by himself. nil stays nil.
func Unwritten(err error, path string) *Problem {
	p := problemOf(err, path)
	if p == nil {
		return nil
	}
	switch p.Code {
	case engine.CodeUnreadable:
		return NewProblem(engine.CodeReadOnly, path, err)
	case engine.CodeDiskFull:
		p = NewProblem(engine.CodeDiskFull, path, err)
		p.Action = "Make some room on it, then do it again."
	}
	return p
}

// fail is problemOf as an error: a nil Problem is no error.
func fail(err error) error {
	if p := problemOf(err, ""); p != nil {
		return p
	}
	return nil
}

func codeOf(err error) string {
	for _, x := range ourCodes {
		if errors.Is(err, x.err) {
			return x.code
		}
	}
	if objstore.KindOf(err) == objstore.Invalid {
		return CodeWrongUse
	}
	if code := engine.CodeOf(err); code != engine.CodeOther || !errors.Is(err, fs.ErrNotExist) {
		return code
	}
	return CodeNotThere
}

var ourCodes = []struct {
	err  error
	code string
}{
	{context.Canceled, CodeCanceled},
	{config.ErrNewer, engine.CodeNewerFormat},
	{config.ErrDamaged, CodeSettings},
	{statedb.ErrNewer, engine.CodeNewerFormat},
	{space.ErrNewer, engine.CodeNewerFormat},
	{statedb.ErrDamaged, engine.CodeDatabase},
	{statedb.ErrBusy, engine.CodeDatabase},
	{statedb.ErrFull, engine.CodeDiskFull},
	{space.ErrTooEarly, CodeTooEarly},
	{space.ErrDamaged, engine.CodeHistory},
	{space.ErrUnsure, engine.CodeHistory},
	{backup.ErrName, engine.CodeName},
	{backup.ErrMissing, engine.CodeNoRoot},
	{backup.ErrOtherVolume, engine.CodeNoRoot},
	{archive.ErrSkipped, engine.CodeSkipped},
	{archive.ErrNotProven, CodeStayed},
}

func notSetUp() *Problem { return NewProblem(CodeNotSetUp, "", nil) }

// wrongUse is a mistake in what was asked for, in the words of whoever noticed it.
func wrongUse(action, format string, args ...any) *Problem {
	return &Problem{Code: CodeWrongUse, Message: fmt.Sprintf(format, args...), Action: action}
}

// because says which case of its code a problem is, and what its words name. The window says it in its own language.
func (p *Problem) because(why, name string) *Problem {
	p.Why, p.Name = why, name
	return p
}
