package objstore

import (
	"testing"
	"unicode/utf8"
)

// A value comes back as it was; one that another program wrote is read as something, and small.
func FuzzValue(f *testing.F) {
	for _, s := range []string{"", "%", "%_", "plain", "å/æ", "\x00\xff", "%C3%A5", "%_w6U", "a%2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := UnescapeValue(s); len(got) > len(s) {
			t.Fatalf("%q was read as the longer %q", s, got)
		}
		if !utf8.ValidString(s) {
			return
		}
		written := EscapeValue(s)
		for i := range len(written) {
			if written[i] <= ' ' || written[i] > '~' {
				t.Fatalf("%q is written as %q", s, written)
			}
		}
		if got := UnescapeValue(written); got != s {
			t.Fatalf("%q is written as %q and read as %q", s, written, got)
		}
	})
}
