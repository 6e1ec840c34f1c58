package text

import (
	"strconv"
	"strings"
)

const hardSpace = "\u00a0"

// Number writes a whole number in groups of three digits.
func (w *Words) Number(n int) string {
	digits, sign := strconv.Itoa(n), ""
	if n < 0 {
		digits, sign = digits[1:], "−"
	}
	if len(digits) <= 4 && w.group() == hardSpace {
		return sign + digits // four digits stay together where a space groups them
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + w.group() + digits[i:]
	}
	return sign + digits
}

func (w *Words) group() string {
	switch w.tag {
	case "en":
		return ","
	case "da", "is":
		return "."
	}
	return hardSpace
}

// decimal writes a number with one decimal at most.
func (w *Words) decimal(x float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	if w.tag != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Size writes a number of bytes in units of 1000: "812 MB", "1.2 GB".
func (w *Words) Size(bytes int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB", "PB"}
	if w.tag == "fi" {
		units = []string{"t", "kt", "Mt", "Gt", "Tt", "Pt"}
	}
	x, unit := float64(bytes), 0
	for x >= 999.5 && unit < len(units)-1 {
		x, unit = x/1000, unit+1
	}
	if unit == 0 || x >= 9.95 {
		return w.Number(int(x+0.5)) + hardSpace + units[unit]
	}
	return w.decimal(x) + hardSpace + units[unit]
}

// SizeOf writes a part and the whole of it in the whole's unit: "1.2 of 9.8 GB".
func (w *Words) SizeOf(part, whole int64) string {
	a, b := w.Size(part), w.Size(whole)
	if n, unit, ok := strings.Cut(a, hardSpace); ok && strings.HasSuffix(b, hardSpace+unit) {
		a = n
	}
	return w.T("size.of", "part", a, "whole", b)
}

// Speed writes bytes a second.
func (w *Words) Speed(bytes float64) string { return w.T("size.speed", "size", w.Size(int64(bytes))) }

// Percent writes a whole percentage, of a share between 0 and 1. What is not whole yet is never written as 100.
func (w *Words) Percent(share float64) string {
	n := int(share * 100)
	return w.T("percent", "n", min(max(n, 0), 100))
}

// Left says about how long something is going to take, in seconds.
func (w *Words) Left(seconds float64) string {
	minutes := int(seconds/60 + 0.5)
	hours := int(seconds/3600 + 0.5)
	switch {
	case seconds < 50:
		return w.T("left.moment")
	case minutes < 90:
		return w.N("left.minutes", max(minutes, 1))
	case hours < 36:
		return w.N("left.hours", hours)
	}
	return w.N("left.days", int(seconds/86400+0.5))
}
