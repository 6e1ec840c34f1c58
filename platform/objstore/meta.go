package objstore

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// EscapeValue writes a metadata value in the printable ASCII that survives HTTP headers, signatures and proxies: percent-escaped,
// or, where that would more than double it, as base64url after "%_". An empty value, which some servers drop, is a lone "%".
func EscapeValue(value string) string {
	if value == "" {
		return "%"
	}
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~/:+@,()", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c)|0x100, 16)[1:]))
		}
	}
	if b.Len() > 2*len(value) {
		return "%_" + base64.RawURLEncoding.EncodeToString([]byte(value))
	}
	return b.String()
}

// UnescapeValue undoes EscapeValue. What is not escaped is returned as it is: other programs write plain values.
func UnescapeValue(value string) string {
	if value == "%" {
		return ""
	}
	if text, ok := strings.CutPrefix(value, "%_"); ok {
		if data, err := base64.RawURLEncoding.DecodeString(text); err == nil && utf8.Valid(data) {
			return string(data)
		}
		return value
	}
	if text, ok := unescape(value); ok {
		return text
	}
	return value
}

func unescape(value string) (string, bool) {
	var b []byte
	for {
		before, after, found := strings.Cut(value, "%")
		b = append(b, before...)
		if !found {
			return string(b), true
		}
		if len(after) < 2 {
			return "", false
		}
		n, err := strconv.ParseUint(after[:2], 16, 8)
		if err != nil {
			return "", false
		}
		b, value = append(b, byte(n)), after[2:]
	}
}

// metaSize is what a name and a value count of MaxMeta.
func metaSize(name, value string) int {
	return len("x-amz-meta-") + len(name) + len(EscapeValue(value))
}
