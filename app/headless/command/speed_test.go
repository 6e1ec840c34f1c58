package command

import (
	"testing"

	"elkjopcloud/app"
)

// Whatever is typed: it is refused, and the week is as it was, or a week comes out.
func FuzzPaint(f *testing.F) {
	for _, typed := range []string{"mon-fri 8-16 nothing", "ALL all limited", "sun 23-24 full", "sat 08:00-9 full", "mon 24-24 full", "tue 5 full", "- - full", "fri-mon 1-2 full"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		w, err := paint(nil, typed)
		if !w.Valid() || (err == nil) != (len(w) == 7) {
			t.Errorf("%q: %q, %v", typed, w, err)
		}
	})
}

func TestPaint(t *testing.T) {
	const limited = "LLLLLLLLLLLLLLLLLLLLLLLL"
	for typed, want := range map[string]string{
		"mon 8-10 nothing": "LLLLLLLLNNLLLLLLLLLLLLLL", "Mon-Tue 08:00-10:00 Nothing": "LLLLLLLLNNLLLLLLLLLLLLLL", "all all full": "FFFFFFFFFFFFFFFFFFFFFFFF",
		"mon 23-24 full": "LLLLLLLLLLLLLLLLLLLLLLLF", "sun all full": limited,
	} {
		w, err := paint(nil, typed)
		if err != nil || w[0] != want {
			t.Errorf("%q: %q, %v", typed, w, err)
		}
	}
	for _, wrong := range []string{"", "mon", "mon 8-10", "mon 8-10 full now", "mon 10-8 full", "mon 8-8 full", "mon 8 full", "mon -1-3 full", "mun 1-2 full"} {
		if w, err := paint(app.Week{}, wrong); err == nil {
			t.Errorf("%q: %q", wrong, w)
		}
	}
}

func TestLimit(t *testing.T) {
	for typed, want := range map[string]int64{"": 7, "off": 0, "10KB": 10_000, "2MB": 2_000_000, "2MB/s": 2_000_000, "1.5 MB": 1_500_000, "500kB": 500_000} {
		if got, err := limit(typed, 7); got != want || err != nil {
			t.Errorf("%q: %d, %v", typed, got, err)
		}
	}
	for _, wrong := range []string{"0", "500", "9KB", "-1MB", "fast", "99999999TB"} {
		if got, err := limit(wrong, 7); err == nil {
			t.Errorf("%q: %d", wrong, got)
		}
	}
}
