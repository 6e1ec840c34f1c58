//go:build linux || windows

package urlscheme

import (
	"errors"
	"io/fs"
	"os"
	"slices"
)

// command is the program and its arguments, without the link.
func (h Handler) command() []string { return slices.Concat([]string{h.Path}, h.Args) }

// holder says who gets the links when it is the program at a path.
func holder(path string) State {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Nobody
	}
	return Other
}
