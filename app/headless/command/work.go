package command

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"elkjopcloud/app"
	"elkjopcloud/sync/engine"
)

type onceCommand struct{}

func (onceCommand) Help() string {
	return `When "elkjop run" is active, it is asked to do it, and this command waits.

Examples:

    elkjop once`
}

// Run does everything there is to do.
func (onceCommand) Run(s *session) error {
	client, err := s.longClient()
	if err != nil {
		return err
	}
	m := s.meter()
	err = client.Once(s.ctx, m.show)
	m.end()
	if err != nil {
		return err
	}
	st, err := client.State(s.ctx)
	if err != nil {
		return err
	}
	s.meetState(st)
	s.print(st, func(w io.Writer) {
		line(w, headline(st))
		showNeeds(w, st)
	})
	return nil
}

// meetState remembers the problems of a status, and a lost connection that is nobody's problem.
func (s *session) meetState(st app.Status) {
	s.meet(st.Problems)
	if st.State == app.StateOffline && len(st.Problems) == 0 {
		s.meet([]*app.Problem{app.NewProblem(engine.CodeOffline, "", nil)})
	}
}

type runCommand struct {
	Hidden bool `help:"Without a window of its own, as at sign-in."`
}

func (runCommand) Help() string {
	return `It prints a line when its state changes, and works until Ctrl-C. Other commands reach it meanwhile.

Examples:

    elkjop run`
}

// Run works until it is interrupted. Only this process can: there is no asking another one.
func (c runCommand) Run(s *session) error {
	if c.Hidden && s.Hide != nil {
		s.Hide()
	}
	client, err := s.ownClient()
	if err != nil {
		return err
	}
	if st, err := client.State(s.ctx); err == nil {
		s.meetSetUp(st)
	}
	if len(s.met) > 0 {
		return s.met[0]
	}
	s.serve()
	ended := make(chan error, 1)
	go func() { ended <- s.local.Run(s.ctx) }()
	err = s.watch(ended)
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	return err
}

const watchPace = 250 * time.Millisecond // at most one look in this time

// watch prints each change of state until the client has ended.
func (s *session) watch(ended <-chan error) error {
	l := lookout{s: s}
	l.look(s.local.Status())
	for {
		select {
		case err := <-ended:
			return err
		case <-s.local.Changed():
		}
		select {
		case err := <-ended:
			return err
		case <-time.After(watchPace):
		}
		l.look(s.local.Status())
	}
}

// lookout remembers what was said.
type lookout struct {
	s     *session
	state string
	told  map[string]bool // problems that are open and were told
}

// change is one line of "elkjop run --json".
type change struct {
	Time     time.Time      `json:"time"`
	State    string         `json:"state"`
	Problems []*app.Problem `json:"problems"` // those that are new
}

// look says what is new in a status.
func (l *lookout) look(st app.Status) {
	fresh := l.fresh(st.Problems)
	if st.State == l.state && len(fresh) == 0 {
		return
	}
	l.state = st.State
	now := l.s.Now()
	if l.s.typed.JSON {
		_ = json.NewEncoder(l.s.Stdout).Encode(change{now, st.State, fresh})
		return
	}
	linef(l.s.Stdout, "%s %s", now.Local().Format(time.TimeOnly), headline(st))
	showProblems(l.s.Stdout, fresh)
}

func (l *lookout) fresh(all []*app.Problem) []*app.Problem {
	open, fresh := map[string]bool{}, []*app.Problem{}
	for _, p := range all {
		key := p.Code + "\x00" + p.Path
		if !l.told[key] && !open[key] {
			fresh = append(fresh, p)
		}
		open[key] = true
	}
	l.told = open
	return fresh
}

type pauseCommand struct {
	Duration string `arg:"" optional:"" help:"How long, such as 30m, 2h or 1d; without it until \"elkjop resume\"."`
}

func (pauseCommand) Help() string {
	return `Examples:

    elkjop pause 2h
    elkjop pause`
}

// Run pauses.
func (c pauseCommand) Run(s *session) error {
	d, err := duration(c.Duration)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.Pause(s.ctx, d); err != nil {
		return err
	}
	until := time.Time{}
	if d > 0 {
		until = s.Now().Add(d)
	}
	s.say(paused(until))
	return nil
}

const longestPause = 366 * 24 * time.Hour

// duration parses what was typed; "" is 0.
func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, e := strconv.ParseUint(days, 10, 16)
		d, err = time.Duration(n)*24*time.Hour, e
	}
	if err != nil || d <= 0 || d > longestPause {
		return 0, &app.Problem{Code: app.CodeWrongUse, Message: clean(text) + " is no time to pause.", Action: "Write it as 30m, 2h or 1d.", Err: err}
	}
	return d, nil
}

type rebuildCommand struct{}

func (rebuildCommand) Help() string {
	return `For when the program shows something that is not so. The next start forgets what is remembered of the folders here and compares all of them with the
cloud. Nothing is sent twice and no file changes. What was deleted here and is not told yet comes back.

Examples:

    elkjop rebuild && elkjop once`
}

// Run asks for it.
func (rebuildCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.RebuildIndex(s.ctx); err != nil {
		return err
	}
	s.say("Everything is compared anew when the program is started next.")
	return nil
}

type resumeCommand struct{}

func (resumeCommand) Help() string {
	return `Examples:

    elkjop resume`
}

// Run resumes.
func (resumeCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.Resume(s.ctx); err != nil {
		return err
	}
	s.say("The pause is over.")
	return nil
}

type answerCommand struct {
	Pair   string `arg:"" help:"Name of the folder, as \"elkjop status\" shows it."`
	Answer string `arg:"" enum:"keep,apply" help:"keep: no, bring them back. apply: yes, it was meant."`
}

func (answerCommand) Help() string {
	return `When many files are deleted or rewritten at once, that folder waits for your answer.

Examples:

    elkjop answer Pictures keep
    elkjop answer Pictures apply`
}

// Run answers.
func (c answerCommand) Run(s *session) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	if err := client.Answer(s.ctx, c.Pair, c.Answer); err != nil {
		return err
	}
	what := "They are brought back"
	if c.Answer == "apply" {
		what = "It is done as you meant it"
	}
	s.say(what + `, by the next "elkjop once" or by "elkjop run".`)
	return nil
}

type checkCommand struct {
	ReadData bool `help:"Also read everything and compare it. This downloads all of it."`
}

func (checkCommand) Help() string {
	return `Examples:

    elkjop check
    elkjop check --read-data`
}

// Run checks.
func (c checkCommand) Run(s *session) error {
	client, err := s.longClient()
	if err != nil {
		return err
	}
	m := s.meter()
	r, err := client.Check(s.ctx, c.ReadData, m.show)
	m.end()
	if err != nil {
		return err
	}
	s.meet(r.Problems)
	s.print(r, func(w io.Writer) { showCheck(w, r) })
	if r.Missing+r.Damaged > 0 {
		return shown{app.NewProblem(engine.CodeDamaged, "", nil)}
	}
	return nil
}

func showCheck(w io.Writer, r app.CheckReport) {
	linef(w, "Looked at %s, %s, %s.", count(r.Versions, "version", "versions"), count(r.Objects, "copy", "copies"), size(r.Bytes))
	if r.Healed > 0 {
		linef(w, "Lost in the storage, and sent again from this computer: %d.", r.Healed)
	}
	switch {
	case r.Missing+r.Damaged > 0:
		linef(w, "Missing: %d. Damaged: %d.", r.Missing, r.Damaged)
	case len(r.Problems) > 0:
		line(w, "Not everything could be looked at.")
	case r.ReadData:
		line(w, "All of it is there, and its bytes are right.")
	default:
		line(w, "All of it is there.")
	}
	showProblems(w, r.Problems)
}
