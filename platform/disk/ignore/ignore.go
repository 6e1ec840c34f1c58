// Package ignore tells which entries of a user's folder are not the user's: what systems and programs leave lying about, unfinished
// downloads, our own marks, and what the user chose to skip in gitignore's syntax. Read ignore.go (Rules), then defaults.go (the list) and pattern.go (how the library is asked).
package ignore

import (
	"errors"
	"fmt"
	"strings"

	"github.com/git-pkgs/gitignore"
)

// Kind is what a folder is kept for.
type Kind uint8

const (
	Synced Kind = iota // shown on other devices: unfinished files are passed over in silence
	Backup             // everything must be accounted for: unfinished files are listed as skipped
)

// Reason is why an entry is left out.
type Reason uint8

const (
	None      Reason = iota // it is not left out
	Junk                    // a system's or program's own file, passed over in silence
	Temporary               // unfinished: to be listed as skipped
	Own                     // this program's mark or temporary file
	Pattern                 // the user's rule
)

func (r Reason) String() string {
	switch r {
	case Junk:
		return "system file"
	case Temporary:
		return "temporary file"
	case Own:
		return "own file"
	case Pattern:
		return "skip rule"
	}
	return "not ignored"
}

// OwnPrefix begins the name of everything that this program puts on a user's disk beside the user's files.
const OwnPrefix = ".elkjop"

// Rules decides about the paths of one folder. It never changes and may be used from several goroutines.
type Rules struct {
	kind     Kind
	patterns *gitignore.Matcher // nil without user patterns
	rescues  bool               // there is a "!pattern", which may take an entry back from the default list
}

// New makes the rules of a folder. The patterns follow gitignore(5), relative to the folder, later ones winning; "!pattern" also takes back
// what the default list leaves out. Empty lines and comments are allowed, an unusable pattern is an error that quotes it.
func New(kind Kind, userPatterns []string) (*Rules, error) {
	r := &Rules{kind: kind}
	for _, line := range userPatterns {
		if err := r.add(line); err != nil {
			return nil, fmt.Errorf("skip rule %q: %w", line, err)
		}
	}
	return r, nil
}

func (r *Rules) add(line string) error {
	line = trimSpaces(line)
	if line == "" || line[0] == '#' {
		return nil
	}
	exact, err := exactPattern(line)
	if err != nil {
		return err
	}
	if r.patterns == nil {
		r.patterns = &gitignore.Matcher{}
	}
	r.patterns.AddPatterns([]byte(exact), "")
	if errs := r.patterns.Errors(); len(errs) > 0 {
		return errors.New(errs[0].Message)
	}
	r.rescues = r.rescues || line[0] == '!'
	return nil
}

// Match tells why an entry is left out, for itself or because a folder above it is. path is relative to the folder, '/'-separated.
func (r *Rules) Match(path string, isDir bool) Reason {
	for i := 0; i < len(path); i++ {
		if path[i] != '/' {
			continue
		}
		if reason := r.MatchEntry(path[:i], true); reason != None {
			return reason
		}
	}
	return r.MatchEntry(path, isDir)
}

// MatchEntry is Match for an entry whose folder is known not to be left out.
func (r *Rules) MatchEntry(path string, isDir bool) Reason {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if strings.HasPrefix(name, OwnPrefix) {
		return Own
	}
	if r.patterns != nil && r.patterns.MatchPath(marked(path, isDir), false) {
		return Pattern
	}
	reason := byDefault(name, isDir)
	if reason == None || r.rescues && r.rescued(path, isDir) {
		return None
	}
	if reason == Temporary && r.kind == Synced {
		return Junk
	}
	return reason
}

// rescued tells whether the last pattern that matches an entry is a "!pattern".
func (r *Rules) rescued(path string, isDir bool) bool {
	return r.patterns.MatchDetail(marked(path, isDir)).Negate
}
