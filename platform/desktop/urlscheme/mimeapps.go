package urlscheme

import (
	"slices"
	"strings"
)

// The user's list of programs for kinds of files and links (freedesktop.org, Association between MIME types and applications): lines
// "x-scheme-handler/SCHEME=a.desktop;b.desktop;" below headings.

// withoutHandler takes one program out of the lists for one kind. Everything else stays byte for byte; a line that becomes empty goes.
func withoutHandler(list []byte, kind, desktopFile string) []byte {
	var out strings.Builder
	for line := range strings.Lines(string(list)) {
		name, value, ok := strings.Cut(line, "=")
		if !ok || strings.TrimSpace(name) != kind {
			out.WriteString(line)
			continue
		}
		programs := strings.Split(strings.TrimSpace(value), ";")
		if !slices.Contains(programs, desktopFile) {
			out.WriteString(line)
			continue
		}
		programs = slices.DeleteFunc(programs, func(p string) bool { return p == desktopFile || p == "" })
		if len(programs) > 0 {
			out.WriteString(name + "=" + strings.Join(programs, ";") + ";\n")
		}
	}
	return []byte(out.String())
}
