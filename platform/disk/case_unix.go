//go:build linux || darwin

package disk

import (
	"strings"
	"unicode"
)

// probeCase looks for an entry of the folder under its name in the other case. Nothing is known when no name has letters.
func probeCase(fd int) (sensitive, known bool) {
	names, err := listNames(fd)
	if err != nil {
		return false, false
	}
	taken := make(map[string]bool, len(names))
	for _, name := range names {
		taken[name] = true
	}
	for _, name := range names {
		other := swapCase(name)
		if other == name {
			continue
		}
		if taken[other] {
			return true, true
		}
		a, errA := statAt(fd, name)
		b, errB := statAt(fd, other)
		switch {
		case errA == nil && errB == nil && a.ID == b.ID:
			return false, true
		case errA == nil && IsNotExist(errB):
			return true, true
		}
	}
	return false, false
}

// swapCase turns ASCII letters alone, as disks differ in what they fold beyond those.
func swapCase(name string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z':
			return unicode.ToUpper(c)
		case 'A' <= c && c <= 'Z':
			return unicode.ToLower(c)
		}
		return c
	}, name)
}
