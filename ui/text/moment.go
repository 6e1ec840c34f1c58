package text

import "fmt"

// Moment is a time of day on a date, as a clock on the wall shows it.
type Moment struct{ Year, Month, Day, Hour, Minute int }

// day counts days from 1 March of the year 0.
func (m Moment) day() int {
	y, month := m.Year, m.Month-3
	if month < 0 {
		y, month = y-1, month+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*month+2)/5 + m.Day - 1
}

// DaysSince returns the number of midnights from other to m.
func (m Moment) DaysSince(other Moment) int { return m.day() - other.day() }

// Clock writes the time of day.
func (w *Words) Clock(m Moment) string {
	dot := ":"
	if w.tag == "fi" || w.tag == "da" {
		dot = "."
	}
	return fmt.Sprintf("%02d%s%02d", m.Hour, dot, m.Minute)
}

// Date writes the day; its year only when it is not this one.
func (w *Words) Date(m, now Moment) string {
	key := "date.day"
	if m.Year != now.Year {
		key = "date.year"
	}
	return w.T(key, "day", m.Day, "month", w.T(fmt.Sprintf("month.%d", m.Month)), "year", fmt.Sprint(m.Year))
}

// When writes a moment as it is nearest to people: "today 14:03", "yesterday 14:03", "tomorrow 14:03", "12 Nov 14:03", or with the year.
func (w *Words) When(m, now Moment) string {
	switch m.DaysSince(now) {
	case 0:
		return w.T("date.today", "time", w.Clock(m))
	case -1:
		return w.T("date.yesterday", "time", w.Clock(m))
	case 1:
		return w.T("date.tomorrow", "time", w.Clock(m))
	}
	if m.Year != now.Year {
		return w.Date(m, now)
	}
	return w.T("date.time", "date", w.Date(m, now), "time", w.Clock(m))
}

// Until writes a moment to come, as short as it can be: "14:00" today, else as When.
func (w *Words) Until(m, now Moment) string {
	if m.DaysSince(now) == 0 {
		return w.Clock(m)
	}
	return w.When(m, now)
}
