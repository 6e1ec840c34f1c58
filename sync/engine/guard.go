package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// window of time in which deletions are counted together.
const guardWindow = 10 * time.Minute

// guard stops a pair that would take away too much, in either direction, until a person has answered. Everything else goes on.
type guard struct {
	Open   *Question  `json:"open,omitempty"`
	Answer string     `json:"answer,omitempty"` // "keep" or "apply", until it is carried out
	Back   []merge.ID `json:"back,omitempty"`   // files of a backup that are being brought back

	recent []taken
}

type taken struct {
	when               time.Time
	deleted, rewritten int
}

// restore reads what saveWith wrote. Of a question that cannot be read nothing counts, least of all its answer: it is asked again.
func (g *guard) restore(b []byte) {
	var was guard
	if json.Unmarshal(b, &was) != nil || was.Open == nil || was.Answer != "" && was.Answer != Keep && was.Answer != Apply {
		return
	}
	g.Open, g.Answer, g.Back = was.Open, was.Answer, was.Back
}

func (g *guard) save(ctx context.Context, e *Engine) error { return g.saveWith(ctx, e, Change{}) }

// saveWith makes a change durable together with the question.
func (g *guard) saveWith(ctx context.Context, e *Engine, c Change) (err error) {
	c.Guard = []byte{}
	if g.Open != nil {
		if c.Guard, err = json.Marshal(g); err != nil {
			return err
		}
	}
	return e.save(ctx, c)
}

func (g *guard) question() *Question {
	if g.Open == nil {
		return nil
	}
	q := *g.Open
	return &q
}

// Answers to the guard's question.
const (
	Keep  = "keep"  // bring back what was deleted or rewritten
	Apply = "apply" // it was meant
)

// Answer records what a person answered to the guard's question; the next Cycle carries it out. Without a question it is an error.
func (e *Engine) Answer(ctx context.Context, answer string) error {
	e.cycle.Lock()
	defer e.cycle.Unlock()
	if err := e.load(ctx); err != nil {
		return err
	}
	if e.guard.Open == nil {
		return fmt.Errorf("%s has no open question", e.Name)
	}
	if answer != Keep && answer != Apply {
		return fmt.Errorf("%q is not an answer", answer)
	}
	e.guard.Answer = answer
	e.markAll()
	e.Wake()
	return e.guard.save(ctx, e)
}

// act begins to carry out an answer.
func (g *guard) act(ctx context.Context, e *Engine) error {
	if g.Open == nil || g.Answer != Keep {
		return nil
	}
	in, err := e.observe(ctx)
	if err != nil {
		return err
	}
	if g.Open.Down {
		err = e.keepHere(ctx, in)
	} else {
		err = e.bringBack(ctx, in)
	}
	if err != nil || e.isPaused() {
		return err // it goes on in the next cycle
	}
	return g.close(ctx, e)
}

func (g *guard) close(ctx context.Context, e *Engine) error {
	g.Open, g.Answer, g.Back, g.recent = nil, "", nil, nil
	return g.save(ctx, e)
}

// count adds what was let through in the last minutes.
func (g *guard) count(t plan.Tally, now time.Time) plan.Tally {
	g.recent = slices.DeleteFunc(g.recent, func(x taken) bool { return now.Sub(x.when) > guardWindow })
	for _, x := range g.recent {
		t = t.Add(x.deleted, x.rewritten)
	}
	return t
}

func none(t plan.Tally) bool { return t.Deleted+t.Rewritten == 0 }

// up lets the plan through, or holds back what takes something away. confirmed tells that a person has said yes.
func (g *guard) up(e *Engine, in plan.Input, ups plan.Ups) (plan.Ups, bool) {
	t := plan.TallyUp(in, ups)
	if none(t) {
		g.settled(e, false)
		return ups, false
	}
	if g.covers(t, false) {
		return ups, true
	}
	counted := g.count(t, e.Now())
	if emptied := in.UpOnly && in.Local.Len() == 0; !emptied && !counted.TooMuch() {
		g.settled(e, false)
		return ups, false
	}
	t = t.Holds(counted)
	g.ask(e, false, t, upSamples(in, ups, t))
	return plan.Hold(in, ups, t.Deleted > 0, t.Rewritten > 0), false
}

// settled closes a question that has no object any more.
func (g *guard) settled(e *Engine, down bool) {
	if g.Open != nil && g.Open.Down == down {
		if err := g.close(context.Background(), e); err != nil {
			e.Log.Warn("close the guard's question", "error", err)
		}
	}
}

// ask opens a question, or brings an open one up to date. When both directions would take too much, what comes second waits until the first is
// answered; else no answer would ever reach its question.
func (g *guard) ask(e *Engine, down bool, t plan.Tally, samples []string) {
	if g.Open != nil && (g.Open.Down != down || g.Open.Tally == t) {
		return
	}
	asked := e.Now()
	if g.Open != nil {
		asked = g.Open.Asked
	}
	g.Open, g.Answer = &Question{Down: down, Tally: t, Samples: samples, Asked: asked}, ""
	if err := g.save(context.Background(), e); err != nil {
		e.Log.Warn("remember the guard's question", "error", err)
	}
}

func upSamples(in plan.Input, ups plan.Ups, held plan.Tally) []string {
	var out []string
	for _, u := range ups.Do {
		if u.Kind == merge.Put && held.Rewritten > 0 {
			out = sample(out, u.Path)
		}
		for _, h := range u.Gone {
			if !in.Base.Get(h).Dir {
				out = sample(out, plan.BasePath(in.Base, h))
			}
		}
	}
	return out
}

func sample(out []string, path string) []string {
	if len(out) < 10 {
		out = append(out, path)
	}
	return out
}

// passed counts what a batch has taken away without anybody having confirmed it. What was confirmed and is done, the answer covers no more.
func (g *guard) passed(e *Engine, t plan.Tally, confirmed bool) {
	switch {
	case none(t):
	case !confirmed:
		g.recent = append(g.recent, taken{e.Now(), t.Deleted, t.Rewritten})
	case g.Open != nil:
		asked := &g.Open.Tally
		asked.Deleted, asked.Rewritten = max(0, asked.Deleted-t.Deleted), max(0, asked.Rewritten-t.Rewritten)
	}
}

// down lets the acts through, or holds back those that remove or replace.
func (g *guard) down(e *Engine, in plan.Input, downs plan.Downs) []plan.Down {
	t := plan.TallyDown(in, downs)
	if none(t) {
		g.settled(e, true)
		return downs.Do
	}
	counted := g.count(t, e.Now())
	if g.covers(t, true) || !counted.TooMuch() {
		return downs.Do
	}
	t = t.Holds(counted)
	var samples []string
	out := leaveOut(downs.Do, func(d plan.Down) bool {
		if d.Off {
			return false
		}
		if d.Act == plan.RemoveDir {
			return t.Deleted > 0
		}
		hold := d.Act == plan.RemoveFile && t.Deleted > 0 || d.Act == plan.Replace && t.Rewritten > 0
		if hold {
			samples = sample(samples, d.From)
		}
		return hold
	})
	g.ask(e, true, t, samples)
	return out
}

// applying tells whether a person has said yes to what the others did.
func (g *guard) applying() bool { return g.Open != nil && g.Open.Down && g.Answer == Apply }

// covers tells whether a person has said yes to this much: to what the question counted, and to no more beside it than passes without a question.
func (g *guard) covers(t plan.Tally, down bool) bool {
	if g.Open == nil || g.Open.Down != down || g.Answer != Apply {
		return false
	}
	asked := g.Open.Tally
	more := plan.Tally{Files: t.Files, Deleted: max(0, t.Deleted-asked.Deleted), Rewritten: max(0, t.Rewritten-asked.Rewritten), Emptied: t.Emptied && !asked.Emptied}
	return !more.TooMuch()
}

// keepHere answers changes from the cloud: what was deleted there is told anew, what was rewritten there is put again, each if it was asked about.
func (e *Engine) keepHere(ctx context.Context, in plan.Input) error {
	var c Change
	asked := e.guard.Open.Tally
	for _, d := range plan.PlanDown(in).Do {
		switch {
		case asked.Deleted > 0 && !d.Off && (d.Act == plan.RemoveFile || d.Act == plan.RemoveDir):
			c.Drop = append(c.Drop, d.ID)
		case asked.Rewritten > 0 && d.Act == plan.Replace:
			b := *e.base.Get(d.ID)
			b.Version, b.Hash, b.Disk.Ctime = d.Version.ID, d.Version.Content.Hash, -1
			c.Set = append(c.Set, &b)
		}
	}
	return e.save(ctx, c)
}

// bringBack answers changes made here: what is gone comes back from the cloud, what was rewritten is put aside for the version in the cloud, if
// that was asked about. Base forgets it, so for a backup, which otherwise brings nothing down, the guard remembers what is to come until it has.
func (e *Engine) bringBack(ctx context.Context, in plan.Input) error {
	ups := plan.PlanUp(in)
	var c Change
	back := map[merge.ID]bool{}
	for _, id := range e.guard.Back {
		back[id] = true
	}
	for _, u := range ups.Do {
		for _, en := range u.List {
			back[en.Node] = true
		}
		c.Drop = append(c.Drop, u.Gone...)
		if u.Kind == merge.Put && e.guard.Open.Tally.Rewritten > 0 {
			if err := e.Local.SetAside(u.Path, in.Local.Get(u.ID).Disk); err != nil {
				return fmt.Errorf("put aside %s: %w", u.Path, err)
			}
			e.mark(u.Path)
			back[u.Node] = true
			c.Drop = append(c.Drop, u.ID)
		}
	}
	if !e.UpOnly {
		return e.save(ctx, c) // the next plan downwards brings them
	}
	e.guard.Back = slices.Collect(maps.Keys(back))
	if err := e.guard.saveWith(ctx, e, c); err != nil {
		return err
	}
	return e.fetchBack(ctx, back)
}

// fetchBack brings some nodes of a backup to the disk again.
func (e *Engine) fetchBack(ctx context.Context, back map[merge.ID]bool) error {
	in, err := e.observe(ctx)
	if err != nil {
		return err
	}
	var acts []plan.Down
	need := map[string]bool{}
	all := plan.PlanDown(in).Do
	for _, d := range all {
		if d.Act == plan.Fetch && back[d.Base.Nodes[0].ID] {
			for dir, _ := tree.Split(d.To); dir != ""; dir, _ = tree.Split(dir) {
				need[dir] = true
			}
		}
	}
	for _, d := range all {
		if d.Act == plan.Fetch && back[d.Base.Nodes[0].ID] || d.Act == plan.MakeDir && (need[d.To] || back[d.Base.Nodes[0].ID]) {
			acts = append(acts, d)
		}
	}
	e.pendingDown(acts, plan.Amount{})
	if _, err = e.doAll(ctx, in, acts); err != nil || e.isPaused() {
		return err
	}
	return e.leave(ctx)
}

// leave takes our own folder away from the root of a backup, but for what was put aside there.
func (e *Engine) leave(ctx context.Context) error {
	err := e.Local.Recover(ctx, e.known(), func(string) bool { return false })
	if err == nil {
		err = e.Local.Leave(ctx)
	}
	if err != nil {
		return fmt.Errorf("put the folder in order: %w", err)
	}
	return nil
}
