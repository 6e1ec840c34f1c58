package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/disk"
	"elkjopcloud/sync/local"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// down does to the disk what the others did. It returns whether anything was done or learnt.
func (e *Engine) down(ctx context.Context) (bool, error) {
	if e.UpOnly {
		return false, nil
	}
	did, most := false, e.Most
	for !e.isPaused() {
		in, err := e.observe(ctx)
		if err != nil {
			return did, err
		}
		in.Most = most
		var downs plan.Downs
		if !e.equal(in) {
			downs = plan.PlanDown(in)
		}
		if len(downs.Adopt)+len(downs.Forget) > 0 {
			if err := e.Local.Sync(e.foldersOf(in, downs.Adopt)); err != nil {
				return did, err
			}
			if err := e.save(ctx, Change{Set: downs.Adopt, Drop: downs.Forget}); err != nil {
				return did, fmt.Errorf("write the database: %w", err)
			}
			did = true
		}
		downs.Do = e.guard.down(e, in, downs)
		e.pendingDown(downs.Do, downs.Later)
		e.queuedDown(downs.Do)
		n, err := e.doAll(ctx, in, e.withoutHuge(downs.Do))
		if n > 0 {
			did = true
		}
		if err != nil || n == 0 && (downs.Later.Files == 0 || most == 0) {
			return did, err
		}
		if n == 0 {
			most = 0 // none of these can be had now, but perhaps of the others
		}
	}
	return did, nil
}

// doAll carries out the acts window by window and returns how many were done.
func (e *Engine) doAll(ctx context.Context, in plan.Input, acts []plan.Down) (int, error) {
	acts = e.untried(acts)
	n, chosen := 0, e.timesChosen()
	undone := map[plan.Handle]bool{}
	defer e.fetching(nil)
	for len(acts) > 0 && !e.isPaused() && e.timesChosen() == chosen {
		w := acts[:min(len(acts), e.Window)]
		acts = acts[len(w):]
		e.fetching(w)
		k, err := e.window(ctx, in, w, undone)
		n += k
		if err != nil {
			return n, err
		}
	}
	e.count()
	return n, nil
}

func (e *Engine) untried(acts []plan.Down) []plan.Down {
	return leaveOut(acts, func(a plan.Down) bool { return e.hopeless(target(a)) })
}

// leaveOut drops acts, and with each the later acts on the same thing: they were planned as if it had been done.
func leaveOut(acts []plan.Down, drop func(plan.Down) bool) []plan.Down {
	var out []plan.Down
	dropped := map[plan.Handle]bool{}
	for _, a := range acts {
		if dropped[a.ID] || drop(a) {
			dropped[a.ID] = true
			continue
		}
		out = append(out, a)
	}
	return out
}

func target(a plan.Down) string {
	if a.To != "" {
		return a.To
	}
	return a.From
}

// window stages the files of some acts side by side, then does the acts in order, and commits them together. What is in undone, because an act
// on it failed, is left alone. The root must be there before and after.
func (e *Engine) window(ctx context.Context, in plan.Input, acts []plan.Down, undone map[plan.Handle]bool) (int, error) {
	if err := e.present(ctx); err != nil {
		return 0, err
	}
	if err := e.stage(ctx, acts); err != nil {
		return 0, err
	}
	if err := e.remember(ctx, acts, undone); err != nil {
		return 0, err
	}
	var done []plan.Down
	c, after, dirs, err := e.acts(ctx, acts, undone, &done)
	if err != nil {
		return 0, err
	}
	if err := e.Local.Sync(dirs); err != nil {
		return 0, err
	}
	// What was made where a drive is mounted otherwise is not on the drive: Base would take it for deleted when that is back.
	if err := e.present(ctx); err != nil {
		return 0, err
	}
	taken := plan.TallyDown(in, plan.Downs{Do: done}) // before Base forgets them
	c.Open = []plan.Open{}
	if err := e.save(ctx, c); err != nil {
		return 0, fmt.Errorf("write the database: %w", err)
	}
	e.guard.passed(e, taken, e.guard.applying())
	for _, f := range after {
		if err := f(); err != nil {
			e.Log.Warn("put away what was replaced", "error", err)
		}
	}
	for _, a := range done {
		e.toldDown(a)
	}
	return len(done), nil
}

// stage downloads side by side. A file that cannot be had is a problem of its own.
func (e *Engine) stage(ctx context.Context, acts []plan.Down) error {
	var need []merge.Version
	var near []*plan.Near
	var at []int // the act that needs it
	for i, a := range acts {
		if fetches(a) {
			need, near, at = append(need, a.Version), append(near, e.near(a)), append(at, i)
		}
	}
	if len(need) == 0 {
		return nil
	}
	e.update(func(s *Status) { s.State = Working })
	errs := e.stageAll(ctx, need, near)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for i, err := range errs {
		if err == nil {
			continue
		}
		if stops(err) {
			return fmt.Errorf("get files: %w", err)
		}
		e.downFailed(target(acts[at[i]]), err)
	}
	return nil
}

// stageAll stages versions side by side and returns what came of each.
func (e *Engine) stageAll(ctx context.Context, vs []merge.Version, near []*plan.Near) []error {
	var g errgroup.Group
	g.SetLimit(e.Parallel)
	errs := make([]error, len(vs))
	for _, group := range e.Local.Groups(vs) {
		one := func() error {
			if n := group[0]; len(group) == 1 {
				errs[n] = e.Local.Stage(ctx, vs[n], near[n])
				return nil
			}
			for i, err := range e.Local.StageGroup(ctx, pick(vs, group)) {
				errs[group[i]] = err
			}
			return nil
		}
		if e.Parallel == 1 {
			_ = one() // in order, so that a simulated run is always the same
		} else {
			g.Go(one)
		}
	}
	_ = g.Wait()
	return errs
}

// near returns the file that an act replaces.
func (e *Engine) near(a plan.Down) *plan.Near {
	b := e.base.Get(a.ID)
	if a.Act != plan.Replace || b == nil || !b.Disk.Unchanged(a.Was) {
		return nil
	}
	v, ok := e.Volume.State().Version(b.Version)
	if !ok || v.Content.Hash != b.Hash {
		return nil
	}
	return &plan.Near{Path: a.From, Was: a.Was, Content: v.Content}
}

func pick(vs []merge.Version, group local.Group) []merge.Version {
	out := make([]merge.Version, len(group))
	for i, n := range group {
		out[i] = vs[n]
	}
	return out
}

// acts does the acts in order. What the disk no longer allows is left for the next round.
func (e *Engine) acts(ctx context.Context, acts []plan.Down, undone map[plan.Handle]bool, done *[]plan.Down) (Change, []func() error, []string, error) {
	var c Change
	var after []func() error
	dirs := map[string]bool{}
	set := map[plan.Handle]int{}
	for _, a := range acts {
		if undone[a.ID] || e.hopeless(target(a)) {
			undone[a.ID] = true
			continue
		}
		d, err := e.Local.Do(ctx, a)
		if err != nil {
			if ctx.Err() != nil {
				return c, nil, nil, ctx.Err()
			}
			if disk.IsGone(err) {
				return c, nil, nil, err
			}
			undone[a.ID] = true
			e.actFailed(a, err)
			continue
		}
		*done = append(*done, a)
		e.mark(a.From, a.To)
		for _, dir := range d.Dirs {
			dirs[dir] = true
		}
		if d.After != nil {
			after = append(after, d.After)
		}
		commit(&c, set, a, d)
	}
	return c, after, slices.Sorted(maps.Keys(dirs)), nil
}

// commit adds an act to the window's change; a later act on the same thing replaces its row.
func commit(c *Change, set map[plan.Handle]int, a plan.Down, d local.Done) {
	if d.Base == nil {
		if a.Act == plan.RemoveFile || a.Act == plan.RemoveDir {
			c.Drop = append(c.Drop, a.ID)
		}
		return
	}
	if i, ok := set[a.ID]; ok {
		c.Set[i] = d.Base
		return
	}
	set[a.ID] = len(c.Set)
	c.Set = append(c.Set, d.Base)
}

func (e *Engine) actFailed(a plan.Down, err error) {
	e.mark(a.From, a.To, a.Twin)
	if errors.Is(err, local.ErrChanged) {
		e.retryLater(target(a))
		return
	}
	e.downFailed(target(a), err)
}

func (e *Engine) toldDown(a plan.Down) {
	switch a.Act {
	case plan.Fetch:
		e.moved(&e.downs, a.To)
		e.tell("downloaded", a.To, a.Version.Content.Size)
	case plan.Replace:
		e.moved(&e.downs, a.From)
		e.tell("replaced", a.From, a.Version.Content.Size)
	case plan.MoveTo:
		e.tell("renamed", a.To, 0)
	case plan.RemoveFile:
		e.tell("removed", a.From, a.Was.Size)
	}
}

// pendingDown tells Status how much there is to fetch.
func (e *Engine) pendingDown(acts []plan.Down, later plan.Amount) {
	n, bytes := later.Files, later.Bytes
	for _, a := range acts {
		if fetches(a) {
			n++
			bytes += a.Version.Content.Size
		}
	}
	if n > 0 {
		e.update(func(s *Status) { s.PendingFiles, s.PendingBytes = n, bytes })
	}
}

// known returns the question whether the volume has bytes of some hash. What it has is gathered when that is asked for the first time: mostly
// nothing was left behind that needs an answer.
func (e *Engine) known() func(tree.Hash) bool {
	var hashes map[tree.Hash]bool
	return func(h tree.Hash) bool {
		if hashes == nil {
			hashes = map[tree.Hash]bool{}
			for v := range e.Volume.State().AllVersions {
				hashes[v.Content.Hash] = true
			}
		}
		return hashes[h]
	}
}

// wanted tells of the name of something staged whether the volume has its version.
func (e *Engine) wanted(name string) bool {
	st, err := tree.ParseStamp(name)
	if err != nil {
		return false
	}
	_, ok := e.Volume.State().Version(st)
	return ok
}
