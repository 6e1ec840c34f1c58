package app

import (
	"slices"
	"strings"
	"time"
)

// What an hour of the week is for.
const (
	Full    = 'F' // as fast as it goes
	Limited = 'L' // within the limits
	Nothing = 'N' // nothing is sent or brought
)

// Week is what each hour of a week is for: seven days from Monday, 24 letters each, as this computer's clock shows them. Empty: all hours are Limited.
type Week []string

const (
	days  = 7
	hours = 24
)

// Valid tells whether it is a week.
func (w Week) Valid() bool {
	if len(w) == 0 {
		return true
	}
	return len(w) == days && !slices.ContainsFunc(w, func(day string) bool {
		return len(day) != hours || strings.Trim(day, string([]rune{Full, Limited, Nothing})) != ""
	})
}

// At is what the hour of a time is for. The time is read in its own zone.
func (w Week) At(t time.Time) byte {
	if len(w) != days {
		return Limited
	}
	return w[weekday(t)][t.Hour()]
}

// weekday counts from Monday.
func weekday(t time.Time) int { return (int(t.Weekday()) + days - 1) % days }

// Until is when what the hour of a time is for ends; zero when it never does.
func (w Week) Until(t time.Time) time.Time {
	now := w.At(t)
	next := t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	for range days*hours + 1 { // a day on which the clock is turned has one more
		next = next.Add(time.Hour)
		if w.At(next) != now {
			return next
		}
	}
	return time.Time{}
}

// With returns a week in which the hours from first up to, and without, end of one day, counted from Monday, are for something else.
func (w Week) With(day, first, end int, use byte) Week {
	out := slices.Clone(w)
	if len(out) != days {
		out = slices.Repeat(Week{strings.Repeat(string(rune(Limited)), hours)}, days)
	}
	line := []byte(out[day])
	for h := max(first, 0); h < min(end, hours); h++ {
		line[h] = use
	}
	out[day] = string(line)
	return out
}

// simple returns the empty week where nothing was chosen.
func (w Week) simple() Week {
	if strings.Trim(strings.Join(w, ""), string(rune(Limited))) == "" {
		return nil
	}
	return w
}
