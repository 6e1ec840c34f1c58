package page

import (
	"strings"

	"elkjopcloud/app"
	"elkjopcloud/ui/text"
	"elkjopcloud/ui/theme"
	"elkjopcloud/ui/widgets"
)

// Whole says how everything is: the state, and a second line.
func Whole(w *text.Words, s Snapshot) (widgets.State, string) {
	if notSetUp(s.Status) {
		return widgets.State{Word: w.T("whole.not-set-up"), Icon: theme.Cloud, Tone: widgets.Idle}, w.T("whole.not-set-up.more")
	}
	switch s.Status.State {
	case app.StateOffline:
		return widgets.State{Word: w.T("whole.offline"), Icon: theme.Offline, Tone: widgets.Idle}, w.T("whole.offline.more")
	case app.StateNeedsYou:
		return widgets.State{Word: w.N("whole.needs-you", len(Groups(s.Status.Problems))), Icon: theme.Alert, Tone: widgets.Warn}, needsLine(w, s)
	case app.StatePaused:
		if !s.Status.Paused {
			return waiting(w, s)
		}
		return paused(w, s), pausedLine(w, s)
	case app.StateWorking:
		return working(w, s)
	}
	if Unused(s) {
		return widgets.State{Word: w.T("whole.nothing"), Icon: theme.Backup, Tone: widgets.Idle}, w.T("whole.nothing.more")
	}
	return widgets.State{Word: w.T("whole.safe"), Icon: theme.Check, Tone: widgets.Good}, safeLine(w, s)
}

// Unused tells whether there is a storage and nothing that is kept in it, so that there is nothing to be paused either.
func Unused(s Snapshot) bool {
	return len(s.Status.Pairs) == 0 && !notSetUp(s.Status) && (s.Status.State == "" || s.Status.State == app.StateSafe)
}

func notSetUp(s app.Status) bool {
	for _, p := range s.Problems {
		if p.Code == app.CodeNotSetUp {
			return true
		}
	}
	return false
}

func paused(w *text.Words, s Snapshot) widgets.State {
	word := w.T("whole.paused")
	if t := s.Status.PausedUntil; !t.IsZero() {
		word = w.T("whole.paused-until", "time", w.Until(At(t), At(s.Now)))
	}
	return widgets.State{Word: word, Icon: theme.Pause, Tone: widgets.Idle}
}

// waiting says which folders wait by themselves while all is safe.
func waiting(w *text.Words, s Snapshot) (widgets.State, string) {
	n, safe, next := s.Status.Waits()
	if n > 0 {
		more := w.T("whole.paused.more")
		if safe {
			more = w.T("whole.some-paused.more")
		}
		return widgets.State{Word: w.N("whole.some-paused", n), Icon: theme.Pause, Tone: widgets.Idle}, more
	}
	return widgets.State{Word: w.T("whole.scheduled", "time", w.Until(At(next), At(s.Now))), Icon: theme.Clock, Tone: widgets.Idle}, w.T("whole.scheduled.more")
}

// pausedLine says why, and what that means.
func pausedLine(w *text.Words, s Snapshot) string {
	switch s.Status.PausedFor {
	case app.OnMetered:
		return w.T("whole.paused.metered")
	case app.OnBattery:
		return w.T("whole.paused.battery")
	case app.OnSchedule:
		return w.T("whole.paused.schedule")
	}
	return w.T("whole.paused.more")
}

func working(w *text.Words, s Snapshot) (widgets.State, string) {
	if s.Work.FilesTotal == 0 {
		return widgets.State{Word: w.T("whole.checking"), Icon: theme.Eye, Tone: widgets.Busy}, w.T("whole.checking.more")
	}
	word := w.T("whole.working", "done", s.Work.Files, "total", s.Work.FilesTotal)
	return widgets.State{Word: word, Icon: theme.Up, Tone: widgets.Busy}, WorkLine(w, s.Work)
}

// WorkLine writes how far the work is: bytes, speed, time left, as far as they are known.
func WorkLine(w *text.Words, x Work) string {
	parts := []string{w.SizeOf(x.Bytes, x.BytesTotal)}
	if x.BytesTotal == 0 {
		parts = nil
	}
	if x.Speed > 0 {
		parts = append(parts, w.Speed(x.Speed))
	}
	if x.Left > 0 {
		parts = append(parts, w.Left(x.Left))
	}
	return strings.Join(parts, " · ")
}

// needsLine says what goes on beside what waits.
func needsLine(w *text.Words, s Snapshot) string {
	if s.Work.FilesTotal > 0 {
		return w.T("whole.needs-you.working", "done", s.Work.Files, "total", s.Work.FilesTotal)
	}
	return w.T("whole.needs-you.more")
}

func safeLine(w *text.Words, s Snapshot) string {
	files, bytes, last := 0, int64(0), s.Status.Pairs[0].LastDone
	for _, p := range s.Status.Pairs {
		files, bytes = files+p.Files, bytes+p.Bytes
		if p.LastDone.After(last) {
			last = p.LastDone
		}
	}
	line := w.N("files", files) + ", " + w.Size(bytes)
	if !last.IsZero() {
		line += " · " + w.T("whole.safe.when", "when", When(w, last, s.Now))
	}
	return line
}

// Pair says how one folder is: the eight states, each a word, an icon and a colour.
func Pair(w *text.Words, s Snapshot, p app.PairStatus) widgets.State {
	switch {
	case p.Detail == "not-connected":
		return widgets.State{Word: w.T("pair.not-connected"), Icon: theme.Unplug, Tone: widgets.Idle}
	case p.State == app.StateOffline:
		return widgets.State{Word: w.T("pair.offline"), Icon: theme.Offline, Tone: widgets.Idle}
	case p.State == app.StatePaused && p.Detail == app.DetailScheduled:
		return widgets.State{Word: w.T("pair.scheduled", "time", w.Until(At(p.Next), At(s.Now))), Icon: theme.Clock, Tone: widgets.Idle}
	case p.State == app.StatePaused:
		return widgets.State{Word: w.T("pair.paused"), Icon: theme.Pause, Tone: widgets.Idle}
	case p.State == app.StateNeedsYou:
		return widgets.State{Word: w.T("pair.needs-you"), Icon: theme.Alert, Tone: widgets.Warn}
	case p.State == app.StateSafe && p.Skipped > 0:
		return widgets.State{Word: w.N("pair.skipped", p.Skipped), Icon: theme.Check, Tone: widgets.Good}
	case p.State == app.StateSafe:
		return widgets.State{Word: w.T("pair.safe"), Icon: theme.Check, Tone: widgets.Good}
	}
	return busy(w, s, p)
}

func busy(w *text.Words, s Snapshot, p app.PairStatus) widgets.State {
	share, has := s.PairWork[p.Name]
	switch {
	case has && p.Detail == "working" && p.Area == "backup":
		return widgets.State{Word: w.T("pair.backing-up", "percent", w.Percent(share)), Icon: theme.Up, Tone: widgets.Busy}
	case has && p.Detail == "working":
		return widgets.State{Word: w.T("pair.working", "percent", w.Percent(share)), Icon: theme.Up, Tone: widgets.Busy}
	case p.Detail == "working":
		return widgets.State{Word: w.T("pair.busy"), Icon: theme.Up, Tone: widgets.Busy}
	case p.Detail == "checking":
		return widgets.State{Word: w.T("pair.checking"), Icon: theme.Eye, Tone: widgets.Busy}
	}
	return widgets.State{Word: w.T("pair.waiting"), Icon: theme.Clock, Tone: widgets.Idle}
}
