//go:build linux || windows

package urlscheme

import "slices"

// command is the program and its arguments, without the link.
func (h Handler) command() []string { return slices.Concat([]string{h.Path}, h.Args) }
