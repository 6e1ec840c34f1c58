package tree

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark says why a name got a suffix.
type Mark uint8

const (
	Copy     Mark = iota // changed in two places, or two files wanted one name
	Restored             // put back where something else stands by now
)

// Event is what the names of conflict copies are made of. It is the same for everybody.
type Event struct {
	Stamp
	Name string // the device's name, as its user knows it
	Zone int    // the device's offset from UTC in seconds, so that the time in the name is the one on its wall
}

// ConflictName returns the name that a newcomer gets: "Budget (conflicted copy, Kari's PC, 2026-11-22 14.03).xlsx". Each try from 0
// gives a longer, rarer name; from 3 on it is unique. The result is valid on every system as far as name is, keeps the extension and is
// at most MaxName bytes.
func ConflictName(name string, m Mark, e Event, try int) string {
	stem, ext := splitExt(name)
	word := "conflicted copy"
	if m == Restored {
		word = "restored"
	}
	when := wallTime(e.Time+int64(e.Zone)*1000, try >= 1)
	suffix := fmt.Sprintf(" (%s, %s, %s", word, safeDevice(e.Name), when)
	if try >= 2 {
		suffix += fmt.Sprintf(" %08x", e.Run)
	}
	if try >= 3 {
		suffix += fmt.Sprintf("-%x-%d", e.Index, try-3)
	}
	suffix += ")"
	return cut(stem, MaxName-len(suffix)-len(ext)) + suffix + ext
}

// splitExt keeps "tar.gz" together, and leaves dotfiles whole and what is too long, or not letters and digits, to be an extension.
func splitExt(name string) (stem, ext string) {
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || i == len(name)-1 || len(name)-i > 16 || strings.ContainsFunc(name[i+1:], notInExt) {
		return name, ""
	}
	if j := strings.LastIndexByte(name[:i], '.'); j > 0 && strings.EqualFold(name[j:i], ".tar") {
		i = j
	}
	return name[:i], name[i:]
}

func notInExt(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("~_-+", r)
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], " ")
}

func safeDevice(name string) string {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '-'
		}
		return r
	}, NFC(strings.ToValidUTF8(name, "-")))
	clean = cut(strings.TrimSpace(clean), 60)
	if clean == "" {
		return "unknown device"
	}
	return clean
}

// wallTime formats milliseconds since 1970 as "2006-01-02 15.04", with ".05" when sec is set.
func wallTime(ms int64, sec bool) string {
	s := floorDiv(ms, 1000)
	day, rest := floorDiv(s, 86400), s-floorDiv(s, 86400)*86400
	y, m, d := civil(day)
	t := fmt.Sprintf("%04d-%02d-%02d %02d.%02d", y, m, d, rest/3600, rest/60%60)
	if sec {
		t += fmt.Sprintf(".%02d", rest%60)
	}
	return t
}

// civil turns days since 1970-01-01 into a Gregorian date (years of 400-year eras that begin on 1 March).
func civil(day int64) (year, month, dom int64) {
	day += 719468
	era := floorDiv(day, 146097)
	doe := day - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, doy - (153*mp+2)/5 + 1
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
