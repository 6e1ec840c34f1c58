package tree

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MaxName is the longest name in bytes, composed, that a volume holds; most disks hold no longer one.
const MaxName = 255

// NFC returns the composed Unicode form in which names are kept in the cloud.
func NFC(name string) string {
	if ascii(name) {
		return name
	}
	return norm.NFC.String(name)
}

// Fold returns the form by which two names are the same entry for a disk that ignores case or Unicode form.
func Fold(name string) string {
	if ascii(name) {
		return strings.ToLower(name)
	}
	return norm.NFC.String(strings.Map(cherokee, cases.Fold().String(norm.NFC.String(name))))
}

// cherokee folds small letters to capitals: the one script that is folded upwards, where the library swaps the two.
func cherokee(r rune) rune {
	switch {
	case 0xab70 <= r && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case 0x13f8 <= r && r <= 0x13fd:
		return r - 0x13f8 + 0x13f0
	}
	return r
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var (
	errEmpty   = errors.New("the name is empty")
	errDots    = errors.New(`the name is "." or ".."`)
	errSlash   = errors.New("the name contains a slash or a zero byte")
	errLong    = errors.New("the name is longer than 255 bytes in composed Unicode")
	errInvalid = errors.New("the name is not valid Unicode")
)

// CheckName returns nil, or why no volume holds an entry of that name. What one system's disks cannot hold beyond that is the disk's affair.
func CheckName(name string) error {
	switch {
	case name == "":
		return errEmpty
	case name == "." || name == "..":
		return errDots
	case strings.ContainsAny(name, "/\x00"):
		return errSlash
	case !utf8.ValidString(name):
		return errInvalid
	case len(NFC(name)) > MaxName:
		return errLong
	}
	return nil
}

// CheckPath returns nil for a relative path of good names joined by '/'.
func CheckPath(path string) error {
	for _, n := range strings.Split(path, "/") {
		if err := CheckName(n); err != nil {
			return err
		}
	}
	return nil
}

// Join appends a name to a path; the root is "".
func Join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// Split returns the folder ("" for the root) and the last name.
func Split(path string) (dir, name string) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:]
	}
	return "", path
}

// Under tells whether path is dir or lies below it; everything lies below the root "".
func Under(path, dir string) bool {
	return dir == "" || path == dir || len(path) > len(dir) && path[len(dir)] == '/' && path[:len(dir)] == dir
}
