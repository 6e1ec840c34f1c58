package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"elkjopcloud/app"
)

const (
	repaintPace = 100 * time.Millisecond // on a terminal
	linePace    = 5 * time.Second        // elsewhere
	speedWindow = 15 * time.Second
	firstGuess  = 20 * time.Second // of data, before a time left is shown
)

// meter shows how far a long piece of work is: one line that is painted again on a terminal, else a line every few seconds.
type meter struct {
	w     io.Writer
	width int // of the terminal; 0 when it is none
	now   func() time.Time

	mu      sync.Mutex
	begun   time.Time // when data began to move
	window  []moment  // of the last speedWindow
	last    app.Progress
	shown   time.Time
	painted int // characters on the terminal's line
}

// moment is how many bytes were done at a time.
type moment struct {
	at    time.Time
	bytes int64
}

// meter returns the meter of this command, which shows nothing when the result is JSON.
func (s *session) meter() *meter {
	m := &meter{w: s.Stderr, now: s.Now}
	if s.typed.JSON {
		m.w = io.Discard
	}
	if f, ok := s.Stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			m.width = max(w, 20)
		}
	}
	m.shown = m.now()
	return m
}

// show takes how far the work is.
func (m *meter) show(p app.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	m.note(p, now)
	pace := linePace
	if m.width > 0 {
		pace = repaintPace
	}
	if now.Sub(m.shown) < pace {
		return
	}
	m.shown = now
	if m.width > 0 {
		m.paint(m.text(now))
		return
	}
	fmt.Fprintln(m.w, m.text(now))
}

// end leaves the terminal's line empty.
func (m *meter) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.painted > 0 {
		m.paint("")
		fmt.Fprint(m.w, "\r")
	}
}

// note keeps what speed is made of. A new piece of work begins where fewer bytes are done than before.
func (m *meter) note(p app.Progress, now time.Time) {
	if p.Bytes < m.last.Bytes {
		m.window, m.begun = nil, time.Time{}
	}
	if m.begun.IsZero() && p.Bytes > 0 {
		m.begun = now
	}
	m.last = p
	m.window = append(m.window, moment{now, p.Bytes})
	for len(m.window) > 2 && now.Sub(m.window[1].at) >= speedWindow {
		m.window = m.window[1:]
	}
}

// speed is in bytes a second, 0 while it is not known.
func (m *meter) speed() float64 {
	if len(m.window) < 2 {
		return 0
	}
	first, last := m.window[0], m.window[len(m.window)-1]
	took := last.at.Sub(first.at)
	if took < time.Second {
		return 0
	}
	return float64(last.bytes-first.bytes) / took.Seconds()
}

var phases = map[string]string{"upload": "Uploading", "verify": "Comparing", "download": "Downloading", "check": "Checking", "": "Working"}

// text is the line, such as "Pictures: 38 of 412 files, 1.2 GB of 9.8 GB, 4.1 MB/s, about 35 minutes left".
func (m *meter) text(now time.Time) string {
	p := m.last
	phase, ok := phases[p.Phase]
	if !ok {
		phase = p.Phase
	}
	parts := []string{files(p.Files)}
	if p.FilesTotal > 0 {
		parts[0] = fmt.Sprintf("%d of %s", p.Files, files(p.FilesTotal))
	}
	if p.BytesTotal > 0 {
		parts = append(parts, size(p.Bytes)+" of "+size(p.BytesTotal))
	} else if p.Bytes > 0 {
		parts = append(parts, size(p.Bytes))
	}
	if speed := m.speed(); speed >= 1 {
		parts = append(parts, size(int64(speed))+"/s")
		if left := m.left(now, speed); left > 0 {
			parts = append(parts, roughly(left)+" left")
		}
	}
	return clean(phase + ": " + strings.Join(parts, ", "))
}

// left is the time that is left, 0 while nobody can know it.
func (m *meter) left(now time.Time, speed float64) time.Duration {
	rest := m.last.BytesTotal - m.last.Bytes
	if rest <= 0 || m.begun.IsZero() || now.Sub(m.begun) < firstGuess {
		return 0
	}
	return time.Duration(float64(rest) / speed * float64(time.Second))
}

// roughly rounds a time as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < 90*time.Minute:
		return "about " + count(int((d+30*time.Second)/time.Minute), "minute", "minutes")
	case d < 36*time.Hour:
		return "about " + count(int((d+30*time.Minute)/time.Hour), "hour", "hours")
	}
	return "about " + count(int((d+12*time.Hour)/(24*time.Hour)), "day", "days")
}

// paint writes over the terminal's line, with blanks where the one before was longer.
func (m *meter) paint(text string) {
	if room := m.width - 1; utf8.RuneCountInString(text) > room {
		text = string([]rune(text)[:room-1]) + "…"
	}
	n := utf8.RuneCountInString(text)
	fmt.Fprint(m.w, "\r"+text+strings.Repeat(" ", max(m.painted-n, 0)))
	m.painted = n
}
