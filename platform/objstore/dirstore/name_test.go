package dirstore

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestEncode(t *testing.T) {
	for segment, want := range map[string]string{
		"report.odt":    "report.odt",
		"Report.odt":    "Report%-g.odt",
		"REPORT":        "REPORT%-vg",
		"blåbær":        "blåbær",
		"Blåbær":        "Blåbær%-g",
		"bla\u030abær":  "bla%cc%8ab%c3%a6r",
		"a:b?":          "a%3ab%3f",
		"100%":          "100%25",
		"con.txt":       "%63on.txt",
		"Con":           "%43on",
		"common":        "common",
		"com1":          "%63om1",
		".elkjop-store": "%2eelkjop-store",
		".hidden":       ".hidden",
		"dot.":          "dot%2e",
		" a b ":         "%20a b%20",
		"straße":        "stra%c3%9fe",
		"LONGFI~1.TXT":  "LONGFI%7e1%-vu.TXT",
		"日本":            "日本",
		"a.b.C":         "a.b%-4.C",
		"x.LongExtens":  "x.LongExtens%-8g",
		"name%-g":       "name%25-g",
		"...":           "..%2e",
	} {
		if got := encode(segment); got != want {
			t.Errorf("encode(%q) = %q, want %q", segment, got, want)
		}
		if got, ok := decode(encode(segment)); got != segment || !ok {
			t.Errorf("decode(%q) = %q, %v", encode(segment), got, ok)
		}
	}
}

func TestNamesOfOthersAreNotDecoded(t *testing.T) {
	for _, name := range []string{"Report.odt", "a%20b", "a:b", "100%", "%zz", "%2", "con", "a%-0", "a%-", "A%-h", "a%-g%-g", "%41", ".elkjop-data", "lost+found", "x%+", "dot.", "\xff"} {
		if segment, ok := decode(name); ok {
			t.Errorf("decode(%q) = %q", name, segment)
		}
	}
}

func TestDecodeNormalises(t *testing.T) {
	name := norm.NFD.String(encode("Blåbær é"))
	if got, ok := decode(name); got != "Blåbær é" || !ok {
		t.Errorf("decode(%q) = %q, %v", name, got, ok)
	}
}

// lookalike makes segments of a few characters that fold into one another.
func lookalike() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("aAåÅ\u030aßsSſkK\u212aiIıİ\u0307σςΣµμ%-g1.+ ~\u200d\ufe0f日ﬁf:")), 1, 6, -1)
}

func TestNamesNeverCollide(t *testing.T) {
	disk := func(name string) string { // as the least discerning disk would see it
		return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
	}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.OneOf(lookalike(), rapid.String()).Draw(t, "a")
		b := rapid.OneOf(lookalike(), rapid.Just(strings.ToUpper(a)), rapid.Just(norm.NFD.String(a))).Draw(t, "b")
		if !utf8.ValidString(a) || a == b || a == "" {
			return
		}
		if disk(encode(a)) == disk(encode(b)) {
			t.Fatalf("%q and %q are both %q", a, b, encode(a))
		}
		a, b = strings.Repeat("x", 150)+a, strings.Repeat("X", 150)+b
		if first := names(a)[0]; disk(first) == disk(names(b)[0]) {
			t.Fatalf("%q and %q share the folder %q", a, b, first)
		}
	})
}

func FuzzNameRoundTrip(f *testing.F) {
	for _, s := range []string{"a", "Å.txt", "%-", "con", strings.Repeat("?", 200), "a\u030a", ". "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || s == "" || strings.Contains(s, "/") {
			return
		}
		if got, ok := decode(encode(s)); got != s || !ok {
			t.Fatalf("%q → %q → %q, %v", s, encode(s), got, ok)
		}
		joined, list := "", names(s)
		for i, name := range list {
			if len(name) > maxName || !utf8.ValidString(name) || strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") {
				t.Fatalf("%q: name %q", s, name)
			}
			if i > 0 {
				name = strings.TrimPrefix(name, joinSign)
			}
			if i < len(list)-1 {
				name = strings.TrimSuffix(name, joinSign)
			}
			piece, ok := decode(name)
			if !ok {
				t.Fatalf("%q: piece %q", s, name)
			}
			joined += piece
		}
		if joined != s {
			t.Fatalf("%q: names %q", s, list)
		}
	})
}
