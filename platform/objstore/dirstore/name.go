package dirstore

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A key segment becomes a file name that every file system holds and that no other segment's name can be mistaken for, not by
// a disk that ignores case, normalises Unicode, has short names (LONGFI~1.TXT) or reserves names for itself:
//
//	report.odt        report.odt            lower case stays as it is
//	Report.odt        Report%-g.odt         a mark says which letters are capitals (bits in base 32, from the first letter)
//	a:b?              a%3ab%3f              what a system forbids or folds in odd ways is escaped byte by byte
//	con.txt           %63on.txt             so is the first byte of a reserved name
//	(very long)       begin%+/%+rest        a long one is cut into folders
//
// A file whose name is not made like this was put there by somebody else: its key is its name.

const (
	maxName  = 120 // bytes of one file name; encrypting file systems stop at 143
	markSign = "%-"
	joinSign = "%+"
	digits   = "0123456789abcdefghijklmnopqrstuv"
)

// encode returns the file name of a segment, or of a piece of one.
func encode(segment string) string {
	if simple(segment) {
		return segment
	}
	var name strings.Builder
	var capitals []bool
	plain, after := norm.NFC.IsNormalString(segment), false
	for i, r := range segment {
		c := classify(r)
		if edge(segment, i, r) || (r >= utf8.RuneSelf && (!plain || (after && joins(r)))) {
			c = escaped
		}
		after = c == escaped
		switch c {
		case escaped:
			for _, b := range []byte(string(r)) {
				fmt.Fprintf(&name, "%%%02x", b)
			}
			continue
		case small, capital:
			capitals = append(capitals, c == capital)
		}
		name.WriteRune(r)
	}
	return withMark(name.String(), mark(capitals))
}

// joins tells whether a character may become one with what stands before it, as a ring above does with the last digit of an escape.
func joins(r rune) bool { return !norm.NFC.PropertiesString(string(r)).BoundaryBefore() }

// simple is the fast path: a segment that is its own name.
func simple(segment string) bool {
	for i := range len(segment) {
		c := segment[i]
		lower := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_'
		if !lower && (c != '.' || i == 0 || i == len(segment)-1) {
			return false
		}
	}
	return !reserved(segment)
}

// edge tells whether the character at i must be escaped because of where it stands.
func edge(segment string, i int, r rune) bool {
	last := i+utf8.RuneLen(r) == len(segment)
	return (i == 0 && (r == ' ' || reserved(segment))) || (last && (r == '.' || r == ' '))
}

// reserved tells whether a name belongs to an operating system, or to this package.
func reserved(name string) bool {
	lower := strings.ToLower(name)
	switch lower {
	case "desktop.ini", "thumbs.db", "ehthumbs.db", ".ds_store", ".localized", ".directory", "lost+found", "$recycle.bin", "system volume information",
		".spotlight-v100", ".fseventsd", ".trashes", ".temporaryitems", ".documentrevisions-v100", ".apdisk", "@eadir", "#recycle", "#snapshot", ".snapshot":
		return true
	}
	for _, prefix := range []string{".elkjop", "._", ".trash-", ".fuse_hidden", ".nfs", ".smbdelete"} {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	return device(lower)
}

// device tells whether Windows takes a lower-case name for a device.
func device(lower string) bool {
	stem, _, _ := strings.Cut(lower, ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	for _, port := range []string{"com", "lpt"} {
		if n, ok := strings.CutPrefix(stem, port); ok && utf8.RuneCountInString(n) == 1 && strings.Contains("0123456789¹²³", n) {
			return true
		}
	}
	return false
}

type class int

const (
	neutral class = iota // has no case
	small
	capital
	escaped
)

// classify says how a character goes into a name. Small letters and capitals are only those that are each other's counterpart
// in every way of folding; whatever folds otherwise (ß, ı, ligatures, compatibility forms, invisible characters) is escaped.
func classify(r rune) class {
	switch {
	case r >= 'a' && r <= 'z':
		return small
	case r >= 'A' && r <= 'Z':
		return capital
	case r < utf8.RuneSelf:
		if strings.ContainsRune(`<>:"|?*\%~/`, r) || r < 0x20 || r == 0x7f {
			return escaped
		}
		return neutral
	}
	return classifyWide(r)
}

func classifyWide(r rune) class {
	if !unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
		return escaped
	}
	fold, lower, upper := fold(r), unicode.ToLower(r), unicode.ToUpper(r)
	switch {
	case norm.NFKC.String(string(r)) != string(r):
		return escaped
	case lower == r && upper == r && fold == string(r):
		return neutral
	case lower == r && upper != r && unicode.ToLower(upper) == r && fold == string(r):
		return small
	case lower != r && upper == r && unicode.ToUpper(lower) == r && fold == string(lower):
		return capital
	}
	return escaped
}

func fold(r rune) string { return cases.Fold().String(string(r)) }

// mark writes which of the letters are capitals, five in a digit; "" when none is.
func mark(capitals []bool) string {
	var m []byte
	for i, is := range capitals {
		if i%5 == 0 {
			m = append(m, 0)
		}
		if is {
			m[i/5] |= 16 >> (i % 5)
		}
	}
	for i, bits := range m {
		m[i] = digits[bits]
	}
	return strings.TrimRight(string(m), "0")
}

// withMark puts the mark before the extension, so that other programs still see what kind of file it is.
func withMark(name, mark string) string {
	if mark == "" {
		return name
	}
	at := len(name)
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 8 {
		at = dot
	}
	return name[:at] + markSign + mark + name[at:]
}

// decode returns what a name made by encode stands for; ok is false when encode makes no such name.
func decode(name string) (segment string, ok bool) {
	name = norm.NFC.String(name) // some file systems store the decomposed form
	bare := name
	if at := strings.Index(name, markSign); at >= 0 {
		rest := strings.TrimLeft(name[at+len(markSign):], digits)
		bare = name[:at] + rest
	}
	segment, ok = unescape(bare)
	return segment, ok && segment != "" && encode(segment) == name
}

// unescape undoes the escaping of bytes.
func unescape(s string) (string, bool) {
	var b []byte
	for {
		before, after, found := strings.Cut(s, "%")
		b = append(b, before...)
		if !found {
			return string(b), utf8.Valid(b)
		}
		if len(after) < 2 {
			return "", false
		}
		n, err := strconv.ParseUint(after[:2], 16, 8)
		if err != nil {
			return "", false
		}
		b, s = append(b, byte(n)), after[2:]
	}
}

// names returns the file names of a segment: one, or, when that is too long, several, all but the last being folders. Each
// piece of the segment is encoded by itself, so that the folders of two segments do not become one on any disk.
func names(segment string) []string {
	var list []string
	for start := ""; ; start = joinSign {
		if last := start + encode(segment); len(last) <= maxName {
			return append(list, last)
		}
		at := pieceEnd(segment, maxName-len(start)-len(joinSign))
		list, segment = append(list, start+encode(segment[:at])+joinSign), segment[at:]
	}
}

// pieceEnd returns how many bytes of segment, whole characters and at least one, have a name that fits into room.
func pieceEnd(segment string, room int) int {
	var ends []int // behind each character
	for i, r := range segment {
		ends = append(ends, i+utf8.RuneLen(r))
	}
	fits := sort.Search(len(ends)-1, func(i int) bool { return len(encode(segment[:ends[i+1]])) > room })
	return ends[fits]
}
