package notify

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// cut shortens a text to a number of UTF-16 units, as Windows counts, with an ellipsis for what is missing.
func cut(text string, units int) string {
	if len(utf16.Encode([]rune(text))) <= units {
		return text
	}
	used, out := 1, strings.Builder{} // 1 for the ellipsis
	for _, r := range text {
		if used += utf16.RuneLen(r); used > units {
			break
		}
		out.WriteRune(r)
	}
	return out.String() + "…"
}

// plain takes out what is no text: characters that control a terminal, or turn the direction of writing so that a name looks like another.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
