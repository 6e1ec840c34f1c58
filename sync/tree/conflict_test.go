package tree

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// 2026-11-22 14:03:09 in Oslo.
var kari = Event{Stamp: Stamp{Time: 1795352589123, Device: 1, Run: 0xabc, Index: 0x2f}, Name: "Kari's PC", Zone: 3600}

func TestConflictName(t *testing.T) {
	const c = " (conflicted copy, Kari's PC, 2026-11-22 14.03)"
	long := strings.Repeat("\u00e5", 125)
	for _, k := range []struct{ name, want string }{
		{"Budget.xlsx", "Budget" + c + ".xlsx"},
		{"backup.tar.gz", "backup" + c + ".tar.gz"},
		{"backup.TAR.xz", "backup" + c + ".TAR.xz"},
		{".tar.gz", ".tar" + c + ".gz"},
		{"a.tar", "a" + c + ".tar"},
		{".bashrc", ".bashrc" + c},
		{".config.json", ".config" + c + ".json"},
		{"Makefile", "Makefile" + c},
		{"end.", "end." + c},
		{"Mr. Smith", "Mr. Smith" + c},
		{"Mr.Smith-and-his-neighbour", "Mr.Smith-and-his-neighbour" + c},
		{"notes (v1.2)", "notes (v1.2)" + c},
		{"2026.11.22", "2026.11" + c + ".22"},
		{"a.\u00e5", "a" + c + ".\u00e5"},
		{"x.sql~", "x" + c + ".sql~"},
		{long + ".txt", strings.Repeat("\u00e5", (255-len(c)-4)/2) + c + ".txt"},
		{long + long[:4], strings.Repeat("\u00e5", (255-len(c))/2) + c},
	} {
		if got := ConflictName(k.name, Copy, kari, 0); got != k.want {
			t.Errorf("%q becomes %q, not %q", k.name, got, k.want)
		}
	}
}

func TestConflictNameByTry(t *testing.T) {
	for try, want := range []string{
		"a (restored, Kari's PC, 2026-11-22 14.03).b",
		"a (restored, Kari's PC, 2026-11-22 14.03.09).b",
		"a (restored, Kari's PC, 2026-11-22 14.03.09 00000abc).b",
		"a (restored, Kari's PC, 2026-11-22 14.03.09 00000abc-2f-0).b",
		"a (restored, Kari's PC, 2026-11-22 14.03.09 00000abc-2f-1).b",
	} {
		if got := ConflictName("a.b", Restored, kari, try); got != want {
			t.Errorf("try %d: %q, not %q", try, got, want)
		}
	}
}

func TestDeviceNamesInNames(t *testing.T) {
	for device, want := range map[string]string{
		`a<b>c:d"e/f\g|h?i*j`:        "a-b-c-d-e-f-g-h-i-j",
		"tab\there\x00\x1f\x7f":      "tab-here---",
		"  spaces  ":                 "spaces",
		"":                           "unknown device",
		" \t ":                       "-",
		"bad \xff utf":               "bad - utf",
		"a\u030a":                    "\u00e5",
		strings.Repeat("\u00e5", 99): strings.Repeat("\u00e5", 30),
		"\u202eevil\u2028":           "-evil-",
	} {
		e := kari
		e.Name = device
		if got := ConflictName("n", Copy, e, 0); got != "n (conflicted copy, "+want+", 2026-11-22 14.03)" {
			t.Errorf("device %q: %q", device, got)
		}
	}
}

// Whatever the name and the event, the result is a new name that every system takes, for every try another one.
func TestConflictNamesAreNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.StringN(1, -1, 300), rapid.StringMatching(`(ab|å|😀|\.| |tar){1,120}(\.tar)?(\.[a-zå]{1,20})?`)).Draw(t, "name")
		name = NFC(name)
		if CheckName(name) != nil {
			t.Skip("not a name")
		}
		e := Event{Stamp: Stamp{rapid.Int64().Draw(t, "time"), 1, rapid.Uint32().Draw(t, "run"), rapid.Uint32().Draw(t, "index")}, Name: rapid.String().Draw(t, "device"), Zone: rapid.IntRange(-50000, 50000).Draw(t, "zone")}
		seen := map[string]bool{Fold(name): true}
		for try := range 6 {
			got := NFC(ConflictName(name, Mark(try%2), e, try))
			if err := CheckName(got); err != nil {
				t.Fatalf("try %d of %q: %q: %v", try, name, got, err)
			}
			if !valid(got, name) || !utf8.ValidString(got) || seen[Fold(got)] {
				t.Fatalf("try %d of %q: %q", try, name, got)
			}
			seen[Fold(got)] = true
		}
	})
}

// valid tells whether Windows takes a name, as far as it takes the one that it was made of.
func valid(name, from string) bool {
	const never = `<>:"/\|?*`
	for _, r := range name {
		if (r < 32 || strings.ContainsRune(never, r)) && !strings.ContainsRune(from, r) {
			return false
		}
	}
	return strings.TrimRight(name, " .") == name || strings.TrimRight(from, " .") != from
}

func TestCivilDates(t *testing.T) {
	at := time.Date(1890, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 200_000 { // to the year 2437
		s := at.Unix() + (at.Unix()*7919)%86400
		if got, want := wallTime(s*1000, true), time.Unix(s, 0).UTC().Format("2006-01-02 15.04.05"); got != want {
			t.Fatalf("%d is %q, not %q", s, got, want)
		}
		at = at.AddDate(0, 0, 1)
	}
	for _, y := range []int{1, 4, 100, 400, 1600, 1900, 2000, 2400, 9999} {
		for _, d := range []time.Time{time.Date(y, 2, 28, 23, 59, 59, 0, time.UTC), time.Date(y, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(y, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(y, 12, 31, 23, 59, 59, 0, time.UTC)} {
			if got, want := wallTime(d.UnixMilli()+999, true), d.Format("2006-01-02 15.04.05"); got != want {
				t.Errorf("%v is %q", d, got)
			}
		}
	}
	if got := wallTime(-1, true); got != "1969-12-31 23.59.59" {
		t.Errorf("before 1970: %q", got)
	}
	e := kari
	for zone, want := range map[int]string{0: "13.03", 19800: "18.33", -12600: "09.33", 50400: "03.03"} {
		e.Zone = zone
		if got := ConflictName("a", Copy, e, 0); !strings.HasSuffix(got, want+")") {
			t.Errorf("zone %d: %q", zone, got)
		}
	}
}

func ExampleConflictName() {
	fmt.Println(ConflictName("Budget.xlsx", Copy, kari, 0))
	// Output: Budget (conflicted copy, Kari's PC, 2026-11-22 14.03).xlsx
}
