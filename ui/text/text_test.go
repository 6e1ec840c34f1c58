package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryLanguageHasEveryKey: a sentence that is missing would show its key.
func TestEveryLanguageHasEveryKey(t *testing.T) {
	english, err := load(English)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Languages() {
		say, err := load(l.Tag)
		if err != nil {
			t.Error(err)
			continue
		}
		for key, m := range english {
			got, ok := say[key]
			switch {
			case !ok:
				t.Errorf("%s lacks %q", l.Tag, key)
			case got.other == "" || (got.one == "") != (m.one == ""):
				t.Errorf("%s: %q has not the forms that the English sentence has", l.Tag, key)
			case !slices.Equal(blanks(got.other), blanks(m.other)):
				t.Errorf("%s: %q fills in %v, English %v", l.Tag, key, blanks(got.other), blanks(m.other))
			case strings.TrimSpace(got.other) != got.other:
				t.Errorf("%s: %q begins or ends with a space", l.Tag, key)
			}
		}
		for key := range say {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %q, which English has not", l.Tag, key)
			}
		}
	}
}

// blanks are the names in braces, sorted.
func blanks(s string) []string {
	all := regexp.MustCompile(`\{[a-z]+\}`).FindAllString(s, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// TestEveryLanguageIsTranslated: a file that was only copied says hardly anything of its own.
func TestEveryLanguageIsTranslated(t *testing.T) {
	english, err := load(English)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Languages() {
		say, err := load(l.Tag)
		if err != nil {
			t.Fatal(err)
		}
		same := 0
		for key, m := range english {
			if say[key].other == m.other {
				same++
			}
		}
		if l.Tag != English && same > len(english)/5 {
			t.Errorf("%s: %d of %d sentences are English", l.Tag, same, len(english))
		}
	}
}

func TestSentences(t *testing.T) {
	w := For("en")
	for _, tt := range []struct{ got, want string }{
		{w.N("files", 1), "1 file"},
		{w.N("files", 12_431), "12,431 files"},
		{w.T("size.of", "part", "1", "whole", "2 GB"), "1 of 2 GB"},
		{w.T("no such key"), "no such key"},
		{For("xx").Tag(), "en"},
		{w.List([]string{"a"}, 3), "a"},
		{w.List([]string{"a", "b", "c"}, 3), "a, b and c"},
		{w.List([]string{"a", "b", "c", "d", "e"}, 2), "a, b and 3 more"},
		{For("is").N("files", 21), "21 skrá"},
		{For("is").N("files", 11), "11 skrár"},
		{For("nb").N("files", 1), "1 fil"},
		{For("fi").N("files", 2), "2 tiedostoa"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		tag       string
		n         int
		number    string
		bytes     int64
		size      string
		part      int64
		partWhole string
	}{
		{"en", 12_431, "12,431", 1_234_000_000, "1.2\u00a0GB", 400_000_000, "400\u00a0MB of 1.2\u00a0GB"},
		{"nb", 12_431, "12\u00a0431", 1_234_000_000, "1,2\u00a0GB", 1_100_000_000, "1,1 av 1,2\u00a0GB"},
		{"sv", 9_999, "9999", 999, "999\u00a0B", 1, "1 av 999\u00a0B"},
		{"da", 1_000_000, "1.000.000", 999_600, "1\u00a0MB", 0, "0\u00a0B af 1\u00a0MB"},
		{"fi", 5, "5", 41_000_000_000, "41\u00a0Gt", 41_000_000_000, "41/41\u00a0Gt"},
		{"is", -1234, "−1.234", 9_960, "10\u00a0kB", 0, "0\u00a0B af 10\u00a0kB"},
	} {
		w := For(tt.tag)
		if got := w.Number(tt.n); got != tt.number {
			t.Errorf("%s: %q, want %q", tt.tag, got, tt.number)
		}
		if got := w.Size(tt.bytes); got != tt.size {
			t.Errorf("%s: %q, want %q", tt.tag, got, tt.size)
		}
		if got := w.SizeOf(tt.part, tt.bytes); got != tt.partWhole {
			t.Errorf("%s: %q, want %q", tt.tag, got, tt.partWhole)
		}
	}
}

func TestTimes(t *testing.T) {
	now := Moment{2026, 3, 1, 14, 3}
	w := For("en")
	for _, tt := range []struct{ got, want string }{
		{w.When(Moment{2026, 3, 1, 9, 5}, now), "today 09:05"},
		{w.When(Moment{2026, 2, 28, 23, 59}, now), "yesterday 23:59"},
		{w.When(Moment{2026, 3, 2, 0, 1}, now), "tomorrow 00:01"},
		{w.When(Moment{2026, 1, 12, 14, 3}, now), "12 Jan 14:03"},
		{w.When(Moment{2025, 12, 31, 14, 3}, now), "31 Dec 2025"},
		{w.Until(Moment{2026, 3, 1, 16, 0}, now), "16:00"},
		{w.Until(Moment{2026, 3, 2, 8, 0}, now), "tomorrow 08:00"},
		{For("fi").When(Moment{2026, 1, 12, 14, 3}, now), "12.1. klo 14.03"},
		{For("nb").Date(Moment{2026, 5, 17, 0, 0}, now), "17. mai"},
		{w.Left(20), "less than a minute left"}, {w.Left(60), "about 1 minute left"}, {w.Left(35 * 60), "about 35 minutes left"},
		{w.Left(100 * 60), "about 2 hours left"}, {w.Left(50 * 3600), "about 2 days left"},
		{w.Percent(0.999), "99%"}, {w.Percent(1), "100%"}, {w.Percent(-1), "0%"}, {For("nb").Percent(0.43), "43\u00a0%"},
		{w.Speed(4_100_000), "4.1\u00a0MB/s"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
	if got := (Moment{2024, 3, 1, 0, 0}).DaysSince(Moment{2024, 2, 28, 0, 0}); got != 2 {
		t.Errorf("a leap year's February: %d days", got)
	}
}

func TestMatch(t *testing.T) {
	for locale, want := range map[string]string{"nn-NO": "nb", "no": "nb", "sv_FI.UTF-8": "sv", "en-GB": "en", "de-DE": "en", "": "en", "IS": "is"} {
		if got := Match(locale); got != want {
			t.Errorf("%q gives %s, want %s", locale, got, want)
		}
	}
}
