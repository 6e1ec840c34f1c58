package tree

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	same := [][]string{
		{"a.txt", "A.TXT", "a.Txt"},
		{"\u00e5", "\u00c5", "a\u030a", "A\u030a", "\u212b"},                   // å, and the Ångström sign
		{"\u00e9t\u00e9", "E\u0301TE\u0301", "\u00c9t\u00e9"},                  // été
		{"stra\u00dfe", "STRASSE", "Stra\u1e9ee", "strasse"},                   // ß: disks differ, so it is the same
		{"k", "K", "\u212a"},                                                   // the kelvin sign
		{"i\u0307", "\u0130"},                                                  // the Turkish dotted capital
		{"\u03c3\u03bf\u03c6\u03cc\u03c2", "\u03a3\u039f\u03a6\u038c\u03a3"},   // final sigma
		{"\u1f80", "\u1f00\u03b9", "\u1f88"},                                   // Greek iota below
		{"\ud55c", "\u1112\u1161\u11ab"},                                       // Hangul
		{"s\u0323\u0307", "s\u0307\u0323", "\u1e69", "\u1e69"},                 // two marks in any order
		{"\u0958", "\u0915\u093c"},                                             // never composed
		{"\ufb01", "fi", "FI"},                                                 // a ligature
		{"\u0390", "\u1fd3", "\u03b9\u0308\u0301", "\u0399\u0308\u0301"},       // iota, dialytika, tonos
		{"\u01c6", "\u01c4", "\u01c5"},                                         // dž
		{"\u1e9b\u0323", "\u1e69", "\u017f\u0323\u0307", "S\u0323\u0307"},      // long s with dots
		{"\u13a0", "\uab70"},                                                   // Cherokee
		{"\U00010400", "\U00010428"},                                           // Deseret
		{"\u0149", "\u02bcn", "\u02bcN"},                                       // ŉ
		{"\u1fb7", "\u03b1\u0342\u03b9", "\u1fb6\u0345", "\u03b1\u0345\u0342"}, // alpha, perispomeni, ypogegrammeni
		{"\u00b5", "\u03bc", "\u039c"},                                         // micro
		{"\u1f88\u0301", "\u1f00\u0345\u0301", "\u1f04\u0345", "\u1f04\u03b9"}, // marks in any order around an iota
	}
	for i, group := range same {
		for _, n := range group {
			if Fold(n) != Fold(group[0]) {
				t.Errorf("%+q folds to %+q, %+q to %+q", n, Fold(n), group[0], Fold(group[0]))
			}
			for j := range i {
				if Fold(n) == Fold(same[j][0]) && Fold(group[0]) != Fold(same[j][0]) {
					t.Errorf("%+q and %+q are one", n, same[j][0])
				}
			}
		}
	}
	for _, p := range [][2]string{{"i", "\u0130"}, {"i", "\u0131"}, {"\u00e5", "a"}, {"\u00f8", "o"}, {"a ", "a"}, {"a.", "a"}, {"\u00e6", "ae"}} {
		if Fold(p[0]) == Fold(p[1]) {
			t.Errorf("%+q and %+q are one", p[0], p[1])
		}
	}
}

// Whatever a disk takes for one by letter alone, Fold takes for one; the Turkish dotless i is the exception that disks make, too.
func TestFoldOfEveryRune(t *testing.T) {
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		k := Fold(string(r))
		if Fold(k) != k {
			t.Errorf("%U folds to %+q, and that to %+q", r, k, Fold(k))
		}
		for _, o := range []rune{unicode.SimpleFold(r), unicode.ToUpper(r), unicode.ToLower(r)} {
			if Fold(string(o)) != k && r != '\u0131' && r != '\u0130' {
				t.Errorf("%U folds to %+q, %U to %+q", r, k, o, Fold(string(o)))
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"a.txt", "\u00e5", "A\u030a", "\u0130\u0301", "\u1fb7", "\u0345\u0301", "\u1e9b\u0323", "\xff\u030a", "\u03b1\u0345\u0342", "\u0390\u0345"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, strings.ToValidUTF8(s, "?")) })
}

// Letters and marks that fold to several, or that change places.
func TestFoldOfMarks(t *testing.T) {
	odd := []rune("aAiI\u0130\u0131\u00df\u00e5\u0301\u0307\u0308\u030a\u0323\u0342\u0345\u0313\u03b1\u03b9\u0390\u03b0\u1f80\u1f88\u1fb3\u1fb7\u1fbc\u0149\u01f0\u1e96\u1e9e\ufb03\u1100\u1161\u11a8\uac00\u0958\u093c\u0f71\u0f72\u0f73\u13a0\uab70\u02bc")
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom(odd), 1, 8, -1).Draw(t, "name")
		checkFold(t, s)
		checkFold(t, strings.ToUpper(s))
		if d := norm.NFD.String(s); Fold(d) != Fold(s) {
			t.Errorf("%+q folds to %+q, decomposed to %+q", s, Fold(s), Fold(d))
		}
	})
}

func checkFold(t interface{ Errorf(string, ...any) }, s string) {
	n := NFC(s)
	if NFC(n) != n {
		t.Errorf("composing %+q twice gives %+q, then %+q", s, n, NFC(n))
	}
	if Fold(n) != Fold(s) {
		t.Errorf("%+q folds to %+q, composed to %+q", s, Fold(s), Fold(n))
	}
	if k := Fold(s); Fold(k) != k {
		t.Errorf("folding %+q twice gives %+q, then %+q", s, k, Fold(k))
	}
	if CheckName(s) == nil && CheckName(n) != nil {
		t.Errorf("%+q is a name, composed it is none: %v", s, CheckName(n))
	}
}

func TestCheckName(t *testing.T) {
	for _, n := range []string{"a", ".a", "...", "a b ", "NUL", "a:b", `a\b`, "\u00e5", "a\u030a", "\x01", strings.Repeat("x", 255), strings.Repeat("e\u0301", 127)} {
		if err := CheckName(n); err != nil {
			t.Errorf("%q: %v", n, err)
		}
	}
	for _, n := range []string{"", ".", "..", "a/b", "/", "a\x00", "\xff", "a\xc3", strings.Repeat("x", 256), strings.Repeat("\u00e5", 128), strings.Repeat("\u0958", 85), "\xed\xa0\x80"} {
		if CheckName(n) == nil {
			t.Errorf("%q is taken for a name", n)
		}
	}
}

func TestPaths(t *testing.T) {
	for _, p := range []string{"a", "a/b", "a/b/c.txt"} {
		if err := CheckPath(p); err != nil {
			t.Errorf("%q: %v", p, err)
		}
		if dir, name := Split(p); Join(dir, name) != p || strings.Contains(name, "/") {
			t.Errorf("%q is split into %q and %q", p, dir, name)
		}
	}
	for _, p := range []string{"", "/", "/a", "a/", "a//b", "a/../b", "./a", "a/\xff"} {
		if CheckPath(p) == nil {
			t.Errorf("%q is taken for a path", p)
		}
	}
	for _, c := range []struct {
		path, dir string
		want      bool
	}{{"a", "", true}, {"", "", true}, {"a/b", "a", true}, {"a", "a", true}, {"ab", "a", false}, {"a", "a/b", false}, {"", "a", false}, {"A/b", "a", false}} {
		if got := Under(c.path, c.dir); got != c.want {
			t.Errorf("%q under %q: %v", c.path, c.dir, got)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{"ascii": "holiday 2026-07-14 (12).jpg", "norwegian": "p\u00e5ske p\u00e5 hytta 2026.jpg"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(s)
			}
		})
	}
}
