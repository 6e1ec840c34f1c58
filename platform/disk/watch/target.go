package watch

import (
	"path/filepath"
	"strings"
)

// target is where a source reports to.
type target struct {
	root   string // absolute, of the system's form
	ignore func(path string, isDir bool) bool
	dirty  *dirty
}

// relative turns a path of the system into one below the root; ok is false for what lies outside.
func (t target) relative(path string) (rel string, ok bool) {
	rest, ok := strings.CutPrefix(path, t.root)
	if !ok {
		return "", false
	}
	if rest != "" && !strings.HasSuffix(t.root, string(filepath.Separator)) && rest[0] != filepath.Separator {
		return "", false // a neighbour whose name begins alike
	}
	return filepath.ToSlash(strings.TrimPrefix(rest, string(filepath.Separator))), true
}

// absolute is relative's opposite.
func (t target) absolute(rel string) string {
	return filepath.Join(t.root, filepath.FromSlash(rel))
}

// ignored tells whether a path, or a folder above it, is not to be looked at.
func (t target) ignored(path string, isDir bool) bool {
	for i := range len(path) {
		if path[i] == '/' && t.ignore(path[:i], true) {
			return true
		}
	}
	return path != "" && t.ignore(path, isDir)
}
