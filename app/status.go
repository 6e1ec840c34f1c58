package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
)

// Status returns what is being done.
func (c *Client) Status() Status {
	c.mu.Lock()
	pairs := slices.Clone(c.pairs)
	s := Status{State: StateSafe, PausedUntil: c.cfg.PausedUntil, Problems: slices.Clone(c.notes), Pairs: []PairStatus{}}
	if !c.cfg.Paused {
		s.PausedFor = c.held.because(c.cfg)
	}
	if s.PausedFor == OnSchedule {
		s.PausedUntil = speedOf(c.cfg).Week.Until(c.o.Now().Local())
	}
	s.Paused = c.cfg.Paused || s.PausedFor != ""
	trouble, past, kind, l := c.trouble, c.past, c.cfg.Storage.Kind, c.link
	s.MovedFiles, s.Trashed = c.moved, c.trashed
	c.mu.Unlock()
	if l != nil {
		s.MovedBytes = l.bytes()
		s.Archived = l.use(layout.Volume{Area: layout.Archive}).size()
	}
	for _, p := range pairs {
		st, probs := p.status(past[p.key()])
		s.Pairs = append(s.Pairs, st)
		s.Problems = append(s.Problems, probs...)
		if st.State != StatePaused || s.Paused {
			s.State = worse(s.State, st.State)
		}
	}
	if kind == "" {
		trouble = notSetUp()
	}
	if trouble != nil {
		s.Problems = append(s.Problems, trouble)
		s.State = worse(s.State, stateOf(trouble.Code))
		for i := range s.Pairs {
			s.Pairs[i] = heldUp(s.Pairs[i], trouble)
		}
	}
	if s.State == StateSafe && slices.ContainsFunc(s.Problems, open) {
		s.State = StateNeedsYou
	}
	one := func(p PairStatus) bool { return p.State == StatePaused }
	if s.Paused || s.State == StateSafe && slices.ContainsFunc(s.Pairs, one) {
		s.State = worse(s.State, StatePaused)
	}
	return s
}

// order of states, the worst last.
var order = []string{StateSafe, StateWorking, StatePaused, StateNeedsYou, StateOffline}

func worse(a, b string) string { return order[max(slices.Index(order, a), slices.Index(order, b))] }

func stateOf(code string) string {
	switch code {
	case engine.CodeOffline, engine.CodeServerBusy, engine.CodeNotAStore:
		return StateOffline
	}
	return StateNeedsYou
}

func open(p *Problem) bool { return !p.Mended() }

// heldUp is a pair that was up to date when somebody last looked, and of which nobody can say so while the storage cannot be used.
func heldUp(p PairStatus, trouble *Problem) PairStatus {
	if p.State != StateSafe {
		return p
	}
	p.State, p.Detail = stateOf(trouble.Code), string(engine.Waiting)
	if p.State == StateOffline {
		p.Detail = string(engine.Offline)
	}
	return p
}

// key names a pair among what earlier runs have left.
func (p *pair) key() string { return p.prefix + "\x00" + p.root }

// status is what the pair shows: its engine's state, or what an earlier run has left while nothing was done yet in this one.
func (p *pair) status(past PairStatus) (PairStatus, []*Problem) {
	p.mu.Lock()
	e, started, absent := p.eng, p.started, p.absent
	p.mu.Unlock()
	out := past
	out.Name, out.Area, out.Root = p.name, areaWord(p.area), p.root
	b, _ := p.asBackup()
	out.Paused, out.Every = b.Paused, b.Every
	if e != nil && started {
		return p.timed(e, b, out)
	}
	if absent != nil && errors.Is(absent, engine.ErrNotConnected) {
		out.State, out.Detail, out.Problems = StateNeedsYou, string(engine.NotConnected), 1
		return out, []*Problem{NewProblem(engine.CodeNoRoot, p.root, absent)}
	}
	if absent != nil && started {
		prob := problemOf(absent, p.root)
		out.State, out.Detail, out.Problems = stateOf(prob.Code), string(engine.NeedsYou), 1
		if objstore.Temporary(absent) {
			out.Detail = string(engine.Offline)
		}
		return out, []*Problem{prob}
	}
	if b.Paused && out.State != StateNeedsYou {
		out.State, out.Detail = StatePaused, string(engine.Paused)
		return out, past.problems
	}
	ended := out.State == StatePaused && !p.c.paused() // by a run that did not work
	if out.State == "" || out.LastDone.IsZero() && len(past.problems) == 0 || ended {
		out.State, out.Detail = StateWorking, string(engine.Waiting)
	}
	return out, past.problems
}

func (p *pair) live(out PairStatus, st engine.Status) (PairStatus, []*Problem) {
	out.State, out.Detail = pairState(st), string(st.State)
	out.Files, out.Bytes, out.PendingFiles, out.PendingBytes = st.Files, st.Bytes, st.PendingFiles, st.PendingBytes
	out.Skipped = len(st.Skipped)
	out.Question = question(p.name, st.Question)
	if !st.LastSeen.IsZero() {
		out.LastSeen = st.LastSeen
	}
	if !st.LastDone.IsZero() {
		out.LastDone = st.LastDone
	}
	var probs []*Problem
	for _, x := range st.Problems {
		probs = append(probs, p.problem(x))
	}
	if st.Question != nil {
		g := NewProblem(engine.CodeGuard, p.root, nil)
		g.Message = out.Question.Text
		g.Action = fmt.Sprintf("Answer with: elkjop answer %q keep (bring them back), or apply (it was meant).", p.name)
		probs = append(probs, g)
	}
	out.Problems, out.problems = len(probs), probs
	return out, probs
}

// problem gives a problem its words; where a command of its own mends it, that one.
func (p *pair) problem(x engine.Problem) *Problem {
	out := NewProblem(x.Code, p.place(x), x.Err)
	if x.Code == engine.CodeElsewhere {
		out.Action = fmt.Sprintf("Let only one computer back up this folder. If that is this one: elkjop backup continue %q \"%s\" (what is here becomes the newest version).",
			p.vol.Device+"/"+p.vol.Folder, p.root)
	}
	return out
}

// place is where a problem is, for people: a path on this computer, or a key in the cloud.
func (p *pair) place(x engine.Problem) string {
	switch {
	case x.Code == engine.CodeHistory:
		return x.Path
	case x.Path == "" && x.Code != engine.CodeNoRoot:
		return ""
	}
	return filepath.Join(p.root, filepath.FromSlash(x.Path))
}

func pairState(s engine.Status) string {
	switch s.State {
	case engine.UpToDate:
		if len(s.Problems) > 0 || s.Question != nil {
			return StateNeedsYou
		}
		if s.LastDone.IsZero() || s.PendingFiles > 0 {
			return StateWorking
		}
		return StateSafe
	case engine.Paused:
		return StatePaused
	case engine.NeedsYou, engine.NotConnected:
		return StateNeedsYou
	case engine.Offline:
		return StateOffline
	}
	return StateWorking
}

func question(pair string, q *engine.Question) *Question {
	if q == nil || q.Confirmed {
		return nil
	}
	out := &Question{Direction: "up", Deleted: q.Tally.Deleted, Rewritten: q.Tally.Rewritten, Files: q.Tally.Files, Samples: q.Samples, Asked: q.Asked}
	what := fmt.Sprintf("delete %d files", out.Deleted)
	switch {
	case out.Deleted == 0:
		what = fmt.Sprintf("change %d files", out.Rewritten)
	case out.Rewritten > 0:
		what += fmt.Sprintf(" and change %d", out.Rewritten)
	}
	out.Text = fmt.Sprintf("Did you mean to %s in %s?", what, pair)
	if q.Down {
		out.Direction = "down"
		out.Text = fmt.Sprintf("Another computer wants to %s in %s. Was that meant?", what, pair)
	}
	return out
}

func areaWord(a layout.Area) string {
	switch a {
	case layout.Backup:
		return "backup"
	case layout.Archive:
		return "archive"
	}
	return "synced"
}

const (
	statusKey  = "status"
	troubleKey = "trouble" // why the space could not be opened; nothing when it could
)

// pastPair is what is kept of a pair for the next run.
type pastPair struct {
	Pair     PairStatus
	Problems []*Problem
}

func (c *Client) loadStatus(ctx context.Context) {
	c.past = map[string]PairStatus{}
	c.loadTrouble(ctx)
	b, err := c.db.Get(ctx, statusKey)
	var saved map[string]pastPair
	if err != nil || len(b) == 0 || json.Unmarshal(b, &saved) != nil {
		return // it is only for looking at before anything is done
	}
	for k, x := range saved {
		x.Pair.problems = x.Problems
		c.past[k] = x.Pair
	}
}

func (c *Client) loadTrouble(ctx context.Context) {
	b, err := c.db.Get(ctx, troubleKey)
	var p *Problem
	if err == nil && len(b) > 0 && json.Unmarshal(b, &p) == nil {
		c.trouble = p
	}
}

// troubled notes why the space could not be opened, nil when it could, also for a next run that only looks: it must not say that
// everything is safe. That somebody stopped it says nothing about the space.
func (c *Client) troubled(ctx context.Context, p *Problem) {
	if p != nil && p.Code == CodeCanceled {
		return
	}
	c.mu.Lock()
	before := c.trouble
	c.trouble = p
	c.mu.Unlock()
	if before == nil && p == nil || before != nil && p != nil && before.Code == p.Code {
		return
	}
	var b []byte
	if p != nil && p.Code != CodeNotSetUp {
		c.o.Log.Warn("the storage cannot be used", "code", p.Code, "error", p.Err)
		b, _ = json.Marshal(p) // strings can always be written
	}
	c.note("keep the status", c.db.Put(context.WithoutCancel(ctx), troubleKey, b))
}

// saveStatus keeps what the pairs show, for a next run that only looks.
func (c *Client) saveStatus(ctx context.Context) {
	c.mu.Lock()
	pairs, past := slices.Clone(c.pairs), c.past
	c.mu.Unlock()
	saved, now := map[string]pastPair{}, map[string]PairStatus{}
	for _, p := range pairs {
		st, probs := p.status(past[p.key()])
		st.problems = probs
		saved[p.key()], now[p.key()] = pastPair{st, probs}, st
	}
	c.mu.Lock()
	c.past = now
	c.mu.Unlock()
	b, err := json.Marshal(saved)
	if err == nil {
		err = c.db.Put(context.WithoutCancel(ctx), statusKey, b)
	}
	if err != nil {
		c.o.Log.Warn("keep the status", "error", err)
	}
}
