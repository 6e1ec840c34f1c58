package command

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"elkjopcloud/app"
)

// clock is a time that stands still until it is moved.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newMeter(width int) (*meter, *clock, *strings.Builder) {
	var b strings.Builder
	c := &clock{time.Date(2026, 3, 1, 14, 0, 0, 0, time.UTC)}
	return &meter{w: &b, width: width, now: c.now, shown: c.t}, c, &b
}

// at is a piece of work of 412 files and 100 MB, of which so many megabytes are done.
func at(megabytes int64) app.Progress {
	return app.Progress{Phase: "upload", Files: int(megabytes) * 4, FilesTotal: 412, Bytes: megabytes * 1e6, BytesTotal: 100e6}
}

func TestAwayFromATerminalALineEveryFewSeconds(t *testing.T) {
	m, c, b := newMeter(0)
	for i := range 121 { // a quarter of a second each, one megabyte a second
		m.show(at(int64(i) / 4))
		c.t = c.t.Add(time.Second / 4)
	}
	m.end()
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d lines in 30 s:\n%s", len(lines), b.String())
	}
	if diff := cmp.Diff("Uploading: 20 of 412 files, 5.0 MB of 100 MB, 1.0 MB/s", lines[0]); diff != "" {
		t.Error(diff)
	}
	for i, line := range lines {
		if guess := strings.Contains(line, "left"); guess != (i >= 4) { // data moved from the first second on
			t.Errorf("after %d s: %s", (i+1)*5, line)
		}
	}
	if !strings.HasSuffix(lines[5], "about 1 minute left") {
		t.Error(lines[5])
	}
}

func TestOnATerminalOneLine(t *testing.T) {
	m, c, b := newMeter(40)
	for i := range 50 {
		m.show(at(int64(i)))
		c.t = c.t.Add(20 * time.Millisecond)
	}
	m.end()
	if strings.Contains(b.String(), "\n") {
		t.Error("more than one line")
	}
	paints := strings.Split(strings.TrimSuffix(b.String(), "\r"), "\r")[1:]
	if len(paints) > 11 { // ten a second, and the last that makes it empty
		t.Errorf("painted %d times in a second", len(paints))
	}
	for _, p := range paints {
		if n := utf8.RuneCountInString(p); n > 39 {
			t.Errorf("%d characters: %q", n, p)
		}
	}
	if last := paints[len(paints)-1]; strings.TrimSpace(last) != "" || !strings.HasSuffix(b.String(), "\r") {
		t.Errorf("left on the line: %q", last)
	}
}

func TestAShorterLineCoversTheLonger(t *testing.T) {
	m, _, b := newMeter(80)
	m.paint("a long line")
	m.paint("short")
	if diff := cmp.Diff("\ra long line\rshort      ", b.String()); diff != "" {
		t.Error(diff)
	}
}

// TestANewPieceOfWorkHasItsOwnSpeed: comparing begins at 0 again when uploading is done.
func TestANewPieceOfWorkHasItsOwnSpeed(t *testing.T) {
	m, c, _ := newMeter(0)
	for i := range 31 {
		m.note(at(int64(i)), c.t)
		c.t = c.t.Add(time.Second)
	}
	if m.speed() < 0.9e6 {
		t.Fatalf("%f", m.speed())
	}
	m.note(app.Progress{Phase: "verify", BytesTotal: 100e6}, c.t)
	if m.speed() != 0 || m.left(c.t, 1e6) != 0 {
		t.Errorf("speed %f, left %v", m.speed(), m.left(c.t, 1e6))
	}
}

func TestUnknownTotals(t *testing.T) {
	m, c, _ := newMeter(0)
	m.note(app.Progress{Phase: "Documents", Files: 1, Bytes: 5}, c.t)
	if got := m.text(c.t); got != "Documents: 1 file, 5 B" {
		t.Error(got)
	}
	m.note(app.Progress{}, c.t)
	if got := m.text(c.t); got != "Working: 0 files" {
		t.Error(got)
	}
}

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		30 * time.Second: "less than a minute", 61 * time.Second: "about 1 minute", 35 * time.Minute: "about 35 minutes",
		100 * time.Minute: "about 2 hours", 40 * time.Hour: "about 2 days",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%v is %s", d, got)
		}
	}
}
