package layout

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"elkjopcloud/sync/tree"
)

// maxSegment is the longest segment of a key in bytes.
const maxSegment = 200

// Segment turns one name into one segment of a key: composed Unicode, with "%XX" for what a store or a folder that stands for one
// cannot hold, and cut with a hash above 200 bytes.
func Segment(name string) string {
	name = tree.NFC(name)
	return cut(escape(name), name, maxSegment)
}

// escape is injective; unescape is its inverse.
func escape(name string) string {
	if name == "" {
		return "%"
	}
	var b strings.Builder
	for i, r := range name {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(name[i:])
		}
		last := i+size == len(name)
		if unsafe(r, size) || last && (r == '.' || r == ' ') || i == 0 && reserved(name) {
			fmt.Fprint(&b, percent(name[i:i+size]))
			continue
		}
		b.WriteString(name[i : i+size])
	}
	return b.String()
}

func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

// unsafe tells whether some store, or the folder of some system, cannot hold the character.
func unsafe(r rune, size int) bool {
	return unicode.IsControl(r) || strings.ContainsRune(`%/\<>:"|?*`, r) || r&0xfffe == 0xfffe || r == utf8.RuneError && size == 1
}

// reserved tells whether a folder on Windows cannot hold the name.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	return len(stem) > 3 && (stem[:3] == "COM" || stem[:3] == "LPT") && strings.Contains("0123456789¹²³", stem[3:])
}

var errEscape = errors.New("not a name's segment")

// unescape reads what escape wrote, and nothing else.
func unescape(seg string) (string, error) {
	if seg == "%" {
		return "", nil
	}
	var b strings.Builder
	for i := 0; i < len(seg); i++ {
		if seg[i] != '%' {
			b.WriteByte(seg[i])
			continue
		}
		if i+2 >= len(seg) {
			return "", errEscape
		}
		x, err := hex.DecodeString(seg[i+1 : i+3])
		if err != nil {
			return "", errEscape
		}
		b.WriteByte(x[0])
		i += 2
	}
	if escape(b.String()) != seg {
		return "", errEscape
	}
	return b.String(), nil
}

// cut shortens an escaped name to limit bytes, the last 17 of them a hash of the whole name.
func cut(seg, name string, limit int) string {
	if len(seg) <= limit {
		return seg
	}
	n := limit - 17
	for n > 0 && !utf8.RuneStart(seg[n]) {
		n--
	}
	if i := strings.LastIndexByte(seg[:n], '%'); i >= 0 && i > n-3 {
		n = i
	}
	return seg[:n] + "~" + hash(name)
}

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:8])
}
