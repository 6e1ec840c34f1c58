package command

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"elkjopcloud/app"
)

// clean makes a name harmless on a terminal: control characters, and those that turn the direction of writing, become a sign that shows
// that something was there.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// line writes one cleaned line.
func line(w io.Writer, text string) { fmt.Fprintln(w, clean(text)) }

func linef(w io.Writer, format string, args ...any) { line(w, fmt.Sprintf(format, args...)) }

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || strings.HasSuffix(s, ".") {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:] + "."
}

func size(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }

// files counts things that are called files.
func files(n int) string { return count(n, "file", "files") }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return humanize.Comma(int64(n)) + " " + many
}

// when shows a time in the zone of this computer, "" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// ago shows how long ago a time was, or how far ahead it is.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	return humanize.RelTime(t, now, "ago", "from now")
}

// showProblem writes what is wrong and what to do.
func showProblem(w io.Writer, p *app.Problem) {
	if p.Path == "" {
		line(w, p.Message)
	} else {
		linef(w, "%s: %s", p.Path, p.Message)
	}
	if p.Action != "" {
		linef(w, "  %s", p.Action)
	}
}

const mostShown = 20 // problems of one cause that are written in full

// showProblems writes problems, those of one cause together.
func showProblems(w io.Writer, problems []*app.Problem) {
	var causes []string
	by := map[string][]*app.Problem{}
	for _, p := range problems {
		cause := p.Code + "\x00" + p.Message
		if by[cause] == nil {
			causes = append(causes, cause)
		}
		by[cause] = append(by[cause], p)
	}
	for _, cause := range causes {
		showCause(w, by[cause])
	}
}

func showCause(w io.Writer, same []*app.Problem) {
	if len(same) == 1 {
		showProblem(w, same[0])
		return
	}
	linef(w, "%s (%s)", same[0].Message, count(len(same), "time", "times"))
	for _, p := range same[:min(len(same), mostShown)] {
		linef(w, "  %s", p.Path)
	}
	if more := len(same) - mostShown; more > 0 {
		linef(w, "  … and %s more", humanize.Comma(int64(more)))
	}
	if same[0].Action != "" {
		linef(w, "  %s", same[0].Action)
	}
}

// area is how people call an area.
func area(word string) string {
	switch word {
	case "backup":
		return "Backup"
	case "synced":
		return "Synced"
	case "archive":
		return "Archive"
	case "shared":
		return "Shared"
	}
	return word
}
