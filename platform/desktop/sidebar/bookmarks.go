package sidebar

import (
	"bytes"
	"strings"

	"elkjopcloud/platform/desktop/fileuri"
)

// The bookmarks of GTK are lines: an address and, after a space, what to call it. Everything here leaves the other lines byte for byte.

// bookmark is one line of it, [start, end) in the file, with its line end.
type bookmark struct {
	start, end int
	uri        int // end of the address
	label      string
}

// findBookmark returns the first line that leads to a path.
func findBookmark(file []byte, path string) (b bookmark, ok bool) {
	for start := 0; start < len(file); {
		end := len(file)
		if i := bytes.IndexByte(file[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		address, label, _ := strings.Cut(strings.TrimRight(string(file[start:end]), "\r\n"), " ")
		if at, isFile := fileuri.Path(address); isFile && at == path {
			return bookmark{start: start, end: end, uri: start + len(address), label: label}, true
		}
		start = end
	}
	return bookmark{}, false
}

// addBookmark adds a line at the end.
func addBookmark(file []byte, e Entry) []byte {
	out := bytes.Clone(file)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	return append(out, fileuri.Of(e.Path)+" "+e.Name+"\n"...)
}

// moveBookmark makes the line for one path lead to another; its place and what the user calls it stay.
func moveBookmark(file []byte, from string, to Entry) []byte {
	b, ok := findBookmark(file, from)
	if !ok {
		return file
	}
	return splice(file, b.start, b.uri, fileuri.Of(to.Path))
}

// removeBookmark removes the line for a path.
func removeBookmark(file []byte, path string) []byte {
	b, ok := findBookmark(file, path)
	if !ok {
		return file
	}
	return splice(file, b.start, b.end, "")
}

// splice returns file with [start, end) replaced.
func splice(file []byte, start, end int, with string) []byte {
	out := make([]byte, 0, len(file)+len(with))
	out = append(out, file[:start]...)
	out = append(out, with...)
	return append(out, file[end:]...)
}
