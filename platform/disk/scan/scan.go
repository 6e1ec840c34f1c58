// Package scan looks at a whole folder, or at one path in it, and says what is there and where it could not look. It decides nothing.
// Read scan.go (what comes out), then walk.go (how a tree is walked), under.go (one path).
package scan

import (
	"context"
	"fmt"
	"strings"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/disk/ignore"
)

// Options say what to leave out. The zero value leaves nothing out.
type Options struct {
	// Rules are the ignore rules; nil ignores nothing.
	Rules *ignore.Rules
	// Exclude are folders inside that are other roots of this program, relative, '/'-separated.
	Exclude []string
	// Keep names paths that the ignore rules do not leave out; nil names none.
	Keep func(path string) bool
	// Parallel is how many folders are read at once; 0 means 4.
	Parallel int
}

// Entry is one file or folder that was seen. Path is relative to the root, '/'-separated; Name is its last element.
type Entry struct {
	Path string
	disk.Info
}

// Reason is why a path was not looked at.
type Reason uint8

const (
	Link        Reason = iota // a symbolic link or another reparse point
	Special                   // a socket, pipe or device
	Placeholder               // another cloud client keeps its bytes elsewhere
	OtherDisk                 // another file system is mounted there
	Unreadable                // no permission, or another error in Err
	BadName                   // the name is not valid UTF-8
	Excluded                  // it is another root of this program
	SkipRule                  // the user's rule
	Temporary                 // an unfinished file, in a backup
	Junk                      // a system's own file
	Own                       // this program's own mark or temporary file
)

func (r Reason) String() string {
	names := [...]string{"link", "special file", "file kept elsewhere", "another disk", "unreadable", "name is not valid UTF-8",
		"another folder of this program", "skip rule", "temporary file", "system file", "own file"}
	if int(r) < len(names) {
		return names[r]
	}
	return "unknown"
}

// Silent tells whether a user need not hear of it.
func (r Reason) Silent() bool { return r == Junk || r == Own || r == Excluded }

// Skip is a blind spot: nothing may be concluded about Path and what is below it, least of all that something is gone.
type Skip struct {
	Path   string
	Reason Reason
	Err    error // with Unreadable
}

// Result is one observation. Entries come in tree order, parents before children, names sorted within a folder. What is in neither
// list was not there.
type Result struct {
	Entries []Entry
	Skipped []Skip
}

// Blind returns the blind spots for looking up.
func (r Result) Blind() Blind {
	b := make(Blind, len(r.Skipped))
	for _, s := range r.Skipped {
		b[s.Path] = s.Reason
	}
	return b
}

// Blind is a set of paths about which, and about what is below, nothing is known.
type Blind map[string]Reason

// Covers tells whether nothing is known about path.
func (b Blind) Covers(path string) bool {
	if len(b) == 0 {
		return false
	}
	if _, all := b[""]; all {
		return true
	}
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		if _, ok := b[path[:i]]; ok {
			return true
		}
	}
	return false
}

// Walk is Tree for large trees: it calls entry for each entry, in order, while folders that come later are still read, so that never all of them are held. When
// it returns an error, what entry was told is not the whole and counts for nothing.
func Walk(ctx context.Context, fsys disk.FS, opt Options, entry func(Entry)) ([]Skip, error) {
	w := newWalker(ctx, fsys, opt)
	root := newFolder("")
	w.start(root)
	var skipped []Skip
	whole := root.each(w, entry, func(s Skip) { skipped = append(skipped, s) })
	if err := w.group.Wait(); err != nil {
		return nil, err
	}
	if !whole {
		return nil, fmt.Errorf("scan: %w", ctx.Err())
	}
	return skipped, nil
}

// Tree looks at the whole folder. An error means that nothing at all is known: the folder itself cannot be listed, the drive went
// away on the way (disk.ErrGone), or ctx ended. A folder inside that cannot be listed is a Skip.
func Tree(ctx context.Context, fsys disk.FS, opt Options) (Result, error) {
	w := newWalker(ctx, fsys, opt)
	root := newFolder("")
	if err := w.run(root); err != nil {
		return Result{}, err
	}
	return root.result(w), nil
}

// excludes is a set of paths, folded where the disk does not tell case apart.
type excludes struct {
	paths map[string]bool
	fold  bool
}

func newExcludes(paths []string, caseSensitive bool) excludes {
	e := excludes{paths: make(map[string]bool, len(paths)), fold: !caseSensitive}
	for _, path := range paths {
		e.paths[e.key(strings.Trim(path, "/"))] = true
	}
	return e
}

func (e excludes) key(path string) string {
	if e.fold {
		return strings.ToLower(strings.ToUpper(path))
	}
	return path
}

func (e excludes) has(path string) bool {
	return len(e.paths) > 0 && e.paths[e.key(path)]
}
