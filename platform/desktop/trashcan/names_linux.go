package trashcan

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// longest is what a name may have in bytes, so that ".trashinfo" still fits into the 255 of common file systems.
const longest = 230

// candidate is the nth name to try for a file in the bin: "a.txt", "a 2.txt", "a 3.txt".
func candidate(name string, n int) string {
	ext := filepath.Ext(name)
	if len(ext) > 20 || ext == name {
		ext = ""
	}
	stem, suffix := strings.TrimSuffix(name, ext), ""
	if n > 0 {
		suffix = fmt.Sprint(" ", n+1)
	}
	if over := len(stem) + len(suffix) + len(ext) - longest; over > 0 {
		stem = strings.ToValidUTF8(stem[:len(stem)-over], "")
	}
	return stem + suffix + ext
}

// trashInfo is the content of an info file; the time is local and the path percent-encoded, as the specification says.
func trashInfo(path string, now time.Time) string {
	return "[Trash Info]\nPath=" + (&url.URL{Path: path}).EscapedPath() + "\nDeletionDate=" + now.Format("2006-01-02T15:04:05") + "\n"
}
