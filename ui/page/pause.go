package page

import "time"

// Pause is how long a pause may be: the key of its words, and the time; 0 is until somebody resumes.
type Pause struct {
	Key string
	For time.Duration
}

// Pauses are the ones to choose from.
func Pauses(now time.Time) []Pause {
	return []Pause{{"pause.30", 30 * time.Minute}, {"pause.2h", 2 * time.Hour}, {"pause.tomorrow", untilTomorrow(now)}, {"pause.always", 0}}
}

// untilTomorrow is how long it is until eight o'clock tomorrow.
func untilTomorrow(now time.Time) time.Duration {
	next := now.AddDate(0, 0, 1)
	return time.Date(next.Year(), next.Month(), next.Day(), 8, 0, 0, 0, now.Location()).Sub(now)
}
