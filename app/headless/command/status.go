package command

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"elkjopcloud/app"
	"elkjopcloud/sync/engine"
)

type statusCommand struct{}

func (statusCommand) Help() string {
	return `Examples:

    elkjop status
    elkjop status --json`
}

// Run shows the status. Looking is no failure, whatever it shows, unless nothing is set up.
func (statusCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	st, err := client.State(s.ctx)
	if err != nil {
		return err
	}
	s.print(st, func(w io.Writer) {
		showStatus(w, st)
		if s.local != nil { // nobody else has the home, so nothing is at work
			showIdle(w, st)
		}
	})
	s.meetSetUp(st)
	return nil
}

// meetSetUp remembers that nothing is set up, which is the one thing that a look fails for.
func (s *session) meetSetUp(st app.Status) {
	for _, p := range st.Problems {
		if p.Code == app.CodeNotSetUp {
			s.meet([]*app.Problem{p})
		}
	}
}

func showStatus(w io.Writer, st app.Status) {
	line(w, headline(st))
	if len(st.Pairs) > 0 {
		fmt.Fprintln(w)
		showPairs(w, st.Pairs)
	}
	showNeeds(w, st)
}

// showIdle says that nothing is at work, and as of when the status is.
func showIdle(w io.Writer, st app.Status) {
	var seen time.Time
	for _, p := range st.Pairs {
		if seen.IsZero() || p.LastDone.Before(seen) {
			seen = p.LastDone
		}
	}
	switch {
	case st.State == app.StateWorking:
		fmt.Fprintln(w)
		line(w, `Nothing is at work now. Send the rest with "elkjop once", or keep "elkjop run" running.`)
	case st.State == app.StateSafe && !seen.IsZero():
		fmt.Fprintln(w)
		linef(w, `Nothing is at work now. This is how it was at %s. Look again with "elkjop once".`, when(seen))
	}
}

// showNeeds writes the problems and the questions.
func showNeeds(w io.Writer, st app.Status) {
	if plain := unasked(st); len(plain) > 0 {
		fmt.Fprintln(w)
		showProblems(w, plain)
	}
	for _, p := range st.Pairs {
		if p.Question != nil {
			fmt.Fprintln(w)
			showQuestion(w, p.Name, p.Question)
		}
	}
}

// unasked returns the problems but those that are shown as a question.
func unasked(st app.Status) []*app.Problem {
	asking := map[string]bool{}
	for _, p := range st.Pairs {
		if p.Question != nil {
			asking[p.Root] = true
		}
	}
	var plain []*app.Problem
	for _, p := range st.Problems {
		if p.Code != engine.CodeGuard || !asking[p.Path] {
			plain = append(plain, p)
		}
	}
	return plain
}

// headline is the one line that says how everything is.
func headline(st app.Status) string {
	switch st.State {
	case app.StateSafe:
		return "Everything is safe."
	case app.StateWorking:
		return working(st)
	case app.StatePaused:
		switch {
		case !st.Paused:
			return waits(st)
		case st.PausedFor != "":
			return pausedFor(st)
		}
		return paused(st.PausedUntil)
	case app.StateOffline:
		return "The storage cannot be reached. We go on when it is back."
	}
	return count(len(st.Problems), "thing needs", "things need") + " you."
}

func working(st app.Status) string {
	n, bytes := 0, int64(0)
	for _, p := range st.Pairs {
		n, bytes = n+p.PendingFiles, bytes+p.PendingBytes
	}
	if n == 0 && allWait(st.Pairs) {
		return "Not everything is safe yet."
	}
	if n == 0 {
		return "Working…"
	}
	return "Working… " + files(n) + ", " + size(bytes) + " to go."
}

// allWait tells whether nothing is done for any of the folders that are not safe.
func allWait(pairs []app.PairStatus) bool {
	waits := false
	for _, p := range pairs {
		if p.State == app.StateWorking && p.Detail != string(engine.Waiting) {
			return false
		}
		waits = waits || p.State == app.StateWorking
	}
	return waits
}

// pausedFor says why it paused by itself.
func pausedFor(st app.Status) string {
	what := "Paused because this network is metered."
	switch {
	case st.PausedFor == app.OnBattery:
		what = "Paused because this computer runs on battery."
	case st.PausedFor == app.OnSchedule && st.PausedUntil.IsZero():
		what = "Paused, because every hour of your week is for nothing."
	case st.PausedFor == app.OnSchedule:
		what = strings.TrimSuffix(paused(st.PausedUntil), ".") + ", as you chose for these hours."
	}
	return what + " Go on anyway with: elkjop resume."
}

// waits says which folders wait by themselves while all is safe.
func waits(st app.Status) string {
	n, safe, next := st.Waits()
	if n > 0 {
		what := count(n, "folder is", "folders are") + " paused."
		if safe {
			what += " The others are safe."
		}
		return what
	}
	return "The next backup is made at " + next.Local().Format("15:04") + "."
}

func paused(until time.Time) string {
	if until.IsZero() {
		return "Paused until you resume."
	}
	return "Paused until " + until.Local().Format("2006-01-02 15:04") + "."
}

func showPairs(w io.Writer, pairs []app.PairStatus) {
	t := columns("NAME", "AREA", "STATE", ">FILES", ">SIZE", "TO GO", "FOLDER")
	for _, p := range pairs {
		rest := ""
		if p.PendingFiles > 0 {
			rest = files(p.PendingFiles) + ", " + size(p.PendingBytes)
		}
		t.add(p.Name, area(p.Area), pairWord(p), number(p.Files), size(p.Bytes), rest, p.Root)
	}
	t.write(w, "")
}

func number(n int) string { return humanize.Comma(int64(n)) }

// pairWord is stateWord with when a folder that is away was last there.
func pairWord(p app.PairStatus) string {
	if p.Detail == "not-connected" && !p.LastSeen.IsZero() {
		return "Not connected, last seen " + p.LastSeen.Local().Format("2006-01-02 15:04") + ", your copies are kept"
	}
	if p.Detail == app.DetailScheduled && p.State != app.StateSafe {
		return "Waiting until " + p.Next.Local().Format("15:04")
	}
	return stateWord(p.State, p.Detail)
}

// stateWord is the state of one folder, for people.
func stateWord(state, detail string) string {
	switch detail {
	case "checking":
		return "Checking"
	case "waiting":
		return "Waiting"
	case "not-connected":
		return "Not connected, your copies are kept"
	}
	switch state {
	case app.StateSafe:
		return "Up to date"
	case app.StateWorking:
		return "Working"
	case app.StatePaused:
		return "Paused"
	case app.StateNeedsYou:
		return "Needs you"
	case app.StateOffline:
		return "Offline"
	}
	return state
}

func showQuestion(w io.Writer, pair string, q *app.Question) {
	linef(w, "%s", q.Text)
	for _, x := range q.Samples {
		linef(w, "  %s", x)
	}
	linef(w, "No, bring them back:  elkjop answer %s keep", quoted(pair))
	linef(w, "Yes, it was meant:    elkjop answer %s apply", quoted(pair))
}

// quoted is a name as it can be typed.
func quoted(name string) string {
	if strings.ContainsAny(name, " \t'\"$`\\!&|;<>()*?[]{}~#") {
		return fmt.Sprintf("%q", name)
	}
	return name
}

type problemsCommand struct{}

func (problemsCommand) Help() string {
	return `Examples:

    elkjop problems`
}

// Run lists the problems.
func (problemsCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	st, err := client.State(s.ctx)
	if err != nil {
		return err
	}
	s.print(st.Problems, func(w io.Writer) {
		if len(st.Problems) == 0 {
			line(w, "Nothing needs you.")
		}
		showProblems(w, st.Problems)
	})
	s.meetSetUp(st)
	return nil
}

type activityCommand struct {
	Limit int `default:"50" placeholder:"N" help:"How many of the last things; 50 when it is left out."`
}

func (activityCommand) Help() string {
	return `Examples:

    elkjop activity
    elkjop activity --limit 500 --json`
}

// Run lists what happened.
func (c activityCommand) Run(s *session) error {
	if c.Limit < 1 {
		return &app.Problem{Code: app.CodeWrongUse, Message: "That is no number of things.", Action: "Give --limit a number above 0."}
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	all, err := client.Activity(s.ctx, c.Limit)
	if err != nil {
		return err
	}
	s.print(all, func(w io.Writer) {
		t := columns("TIME", "WHAT", "FOLDER", ">SIZE", "DEVICE", "PATH")
		for _, x := range all {
			bytes := ""
			if x.Bytes > 0 {
				bytes = size(x.Bytes)
			}
			t.add(when(x.Time), x.Kind, x.Pair, bytes, x.Device, strings.TrimSpace(x.Path+" "+x.Message))
		}
		t.write(w, "Nothing has happened yet.")
	})
	return nil
}
