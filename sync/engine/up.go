package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

const (
	maxChunk   = 16_000
	chunkBytes = 1 << 30
	bigUpload  = 1 << 20         // from this size on, what was sent is remembered before its batch
	shortTurn  = 5 * time.Second // for which files are sent before what else has happened is looked at
	longTurn   = time.Minute     // for which files are sent before the others hear of them
)

// leastPlans is in how many plans very many new files are told: fewer would take too much memory.
const leastPlans = 8

// mostSums is how many large files are remembered by what they held; then it begins anew.
const mostSums = 10_000

// sum is what a file held when it was read.
type sum struct {
	was  plan.Signature
	hash tree.Hash
}

// hash reads the files of which the volume may have the bytes already. A large one that stays as it is is not read at every look at the disk.
func (e *Engine) hash(ctx context.Context, in plan.Input) error {
	for some := range slices.Chunk(plan.NeedHash(in), 1000) {
		if err := e.hashSome(ctx, in, some); err != nil {
			return err
		}
	}
	return nil
}

// reading is a file that is to be hashed, and what came of it.
type reading struct {
	*plan.Local
	path string
	hash tree.Hash
	err  error
}

func (e *Engine) hashSome(ctx context.Context, in plan.Input, some []plan.Handle) error {
	var todo []*reading
	for _, h := range some {
		l, path := in.Local.Get(h), pathOf(in.Local, h)
		if s, ok := e.sums[path]; ok && s.was.Unchanged(l.Disk) {
			l.Hash = s.hash
		} else if !in.Skip(path, false) && !e.failed[path] && !e.isSending(path, l.Disk) {
			todo = append(todo, &reading{Local: l, path: path})
		}
	}
	e.readAll(ctx, todo)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, r := range todo {
		if r.err != nil && stops(r.err) {
			return fmt.Errorf("read %s: %w", r.path, r.err)
		}
		if r.err != nil {
			e.fileFailed(r.path, r.err)
		}
		if r.hash.IsZero() {
			continue
		}
		r.Hash = r.hash
		if r.Disk.Size >= e.Huge {
			if len(e.sums) == mostSums {
				clear(e.sums)
			}
			e.sums[r.path] = sum{r.Disk, r.hash}
		}
	}
	return nil
}

// readAll hashes files, small ones side by side, until one fails in a way that is not its own.
func (e *Engine) readAll(ctx context.Context, files []*reading) {
	var g errgroup.Group
	g.SetLimit(e.Parallel)
	var stop atomic.Bool
	var large sync.Mutex // one at a time is what disks read fastest
	for _, r := range files {
		one := func() error {
			if r.Disk.Size >= bigUpload {
				large.Lock()
				defer large.Unlock()
			}
			if ctx.Err() == nil && !stop.Load() {
				r.hash, r.err = e.Local.Hash(ctx, r.path, r.Disk)
				if r.err != nil && stops(r.err) {
					stop.Store(true)
				}
			}
			return nil
		}
		if e.Parallel == 1 {
			_ = one()
		} else {
			g.Go(one)
		}
	}
	_ = g.Wait()
}

func pathOf(l *plan.Locals, h plan.Handle) string {
	x := l.Get(h)
	if h == 0 || x == nil {
		return ""
	}
	return tree.Join(pathOf(l, x.Parent), x.Name)
}

// up tells the others what happened here, plan after plan as long as nothing else happens. It returns whether anything was told or learnt.
func (e *Engine) up(ctx context.Context, in plan.Input) (did bool, err error) {
	for {
		ups, learnt, err := e.learn(ctx, in)
		if err != nil {
			return false, err
		}
		ups.Do = e.withoutFailed(ups.Do)
		ups, confirmed := e.guard.up(e, in, ups)
		e.recallSending(in, ups.Do)
		some, all, err := e.upAll(ctx, &in, ups, confirmed)
		if err != nil {
			return false, err
		}
		did = did || learnt || some
		if !some || !all || ups.Later.Files == 0 {
			return did || e.isDirty(), nil
		}
		in.Local.Rebase(e.base)
	}
}

// upAll tells what was planned. It returns whether anything of it was told, and whether all was and nothing else has happened, so that what follows can be planned
// from the same look at the disk.
func (e *Engine) upAll(ctx context.Context, in *plan.Input, ups plan.Ups, confirmed bool) (some, all bool, err error) {
	for todo := ups.Do; len(todo) > 0; {
		e.pending(*in, todo, ups.Later)
		told, err := e.upSome(ctx, *in, todo, confirmed)
		if err != nil || len(told) == 0 {
			return some, false, err
		}
		some = true
		var still bool
		if todo, still, err = e.goOn(ctx, todo, told, ups.Later.Files > 0); err != nil || !still {
			return some, false, err
		}
		in.State = e.Volume.State()
	}
	return some, true, nil
}

// upSome tells one batch, and returns what it told.
func (e *Engine) upSome(ctx context.Context, in plan.Input, todo []plan.Up, confirmed bool) ([]plan.Up, error) {
	todo = e.early.known(in, todo)
	have := cloud.Have{Found: e.Cloud.Find(todo), Prior: e.prior()}
	todo, err := e.alike(ctx, in, todo, have, e.Huge) // before one of them goes on its way
	if err != nil {
		return nil, err
	}
	part, next := e.part(in, todo, have)
	least := int64(0)
	if have.Look = e.Cloud.Together(in, part, have); have.Look {
		least = cloud.Small + 1
	}
	if part, err = e.alike(ctx, in, part, have, least); err != nil {
		return nil, err
	}
	sent, err := e.send(ctx, in, part, have)
	if err != nil {
		return nil, err
	}
	part = ready(part, sent)
	if len(part) == 0 {
		return nil, nil
	}
	stop := e.sendEarly(ctx, in, next)
	err = e.publish(ctx, in, part, sent, confirmed)
	stop(err != nil)
	return part, err
}

// goOn returns what is left of a plan, and whether planning anew would bring the same: nothing else has happened, here or elsewhere, and it is new files
// alone, of which nothing depends. It does not look when nothing is left, also for later.
func (e *Engine) goOn(ctx context.Context, todo, told []plan.Up, later bool) (rest []plan.Up, still bool, err error) {
	type deed struct {
		plan.Handle
		merge.Kind
	}
	done := make(map[deed]bool, len(told))
	for _, u := range told {
		done[deed{u.ID, u.Kind}] = true
	}
	rest = slices.DeleteFunc(e.withoutFailed(todo), func(u plan.Up) bool { return done[deed{u.ID, u.Kind}] })
	if e.isPaused() || len(rest) == 0 && !later || slices.ContainsFunc(rest, func(u plan.Up) bool { return u.Kind != merge.Create }) {
		return nil, false, nil
	}
	before := e.Volume.Changes()
	if err := e.poll(ctx); err != nil {
		return nil, false, err
	}
	return rest, !e.isDirty() && e.Volume.Changes() == before, nil
}

// learn plans what the others are to be told, and remembers what both sides have. A first time that may be all there is, so that it is done by and by.
func (e *Engine) learn(ctx context.Context, in plan.Input) (ups plan.Ups, learnt bool, err error) {
	if e.equal(in) {
		return plan.Ups{}, false, nil
	}
	in.Most, in.Huge = e.Most+len(e.failed), e.Huge
	if n := in.Local.Len() / leastPlans; n > 50_000 {
		in.Most = max(in.Most, n) // each plan looks at all that is there
	}
	for {
		ups = plan.PlanUp(in)
		if len(ups.Adopt)+len(ups.Forget) == 0 {
			return ups, learnt, nil
		}
		if err := e.Local.Sync(e.foldersOf(in, ups.Adopt)); err != nil {
			return ups, true, err
		}
		if err := e.save(ctx, Change{Set: ups.Adopt, Drop: ups.Forget}); err != nil {
			return ups, true, fmt.Errorf("write the database: %w", err)
		}
		if learnt = true; !ups.More {
			return ups, true, nil
		}
		in.Local.Rebase(e.base)
	}
}

// alike looks whether the volume has the bytes of new files already, as when a folder was copied, and leaves out what cannot be read. It looks at those
// that have at least so many bytes, but not at what was sent before.
func (e *Engine) alike(ctx context.Context, in plan.Input, ups []plan.Up, have cloud.Have, least int64) ([]plan.Up, error) {
	var fresh []plan.Up
	for _, u := range ups {
		if u.Kind == merge.Create && in.Local.Get(u.ID).Disk.Size >= least && !e.Cloud.Has(in, u, have) {
			fresh = append(fresh, u)
		}
	}
	unread := plan.NeedRead(in, fresh, least)
	if len(unread) == 0 {
		return ups, nil
	}
	if err := e.hashSome(ctx, in, unread); err != nil {
		return nil, err
	}
	ups = e.withoutFailed(slices.Clone(ups))
	for i, u := range ups {
		if u.Kind == merge.Create {
			ups[i].Known = in.Local.Get(u.ID).Hash
		}
	}
	maps.Copy(have.Found, e.Cloud.Find(ups))
	return ups, nil
}

// withoutFailed leaves out what has failed in this cycle already. That a file has moved is told whatever became of its bytes: something else may stand in
// its old place.
func (e *Engine) withoutFailed(ups []plan.Up) []plan.Up {
	if len(e.failed) == 0 {
		return ups
	}
	var out []plan.Up
	for _, u := range ups {
		if !e.failed[u.Path] || u.Kind != merge.Create && u.Kind != merge.Put {
			out = append(out, u)
		}
	}
	return out
}

// send brings the bytes of the part to the volume. Single files may fail, and when it takes long, some are left for the next part.
func (e *Engine) send(ctx context.Context, in plan.Input, part []plan.Up, have cloud.Have) (map[plan.Handle]plan.Sent, error) {
	e.update(func(s *Status) { s.State = Working })
	sent := map[plan.Handle]plan.Sent{}
	var stop error
	told := func(u plan.Up, s plan.Sent, fresh bool) {
		sent[u.ID] = s
		e.moved(&e.ups, u.Path)
		if fresh && s.Content.Size >= bigUpload {
			err := e.save(ctx, Change{Uploads: []Upload{{u.Path, s.Disk, s.Content}}})
			stop = errors.Join(stop, err)
		}
	}
	failed := func(f cloud.Failure) {
		if ctx.Err() != nil {
			return // it was stopped, not refused
		}
		if stops(f.Err) {
			stop = errors.Join(stop, f.Err)
			return
		}
		e.fileFailed(f.Up.Path, f.Err)
	}
	began := e.Now()
	enough := func() bool {
		d := e.Now().Sub(began)
		return d > longTurn || d > shortTurn && e.isDirty()
	}
	err := e.Cloud.Contents(ctx, in, part, have, enough, told, failed)
	if err != nil {
		return nil, err
	}
	if stop != nil {
		return nil, fmt.Errorf("send files: %w", stop)
	}
	return sent, nil
}

// remembered returns the uploads that a batch may still name: the sweep deletes what nothing has named for long. One of changed blocks is as old as these.
func (e *Engine) remembered() map[string]plan.Sent {
	maps.DeleteFunc(e.uploads, e.tooOld())
	return e.uploads
}

// tooOld returns the question whether what was sent may be deleted before a batch names it.
func (e *Engine) tooOld() func(string, plan.Sent) bool {
	oldest := e.Now().Add(-space.MaxUploadAge).UnixMilli()
	return func(_ string, s plan.Sent) bool {
		made := int64(math.MaxInt64) // of nothing
		for i, x := range s.Content.Extents {
			o, ok := layout.ParseContent(x.Key)
			if !ok {
				return true
			}
			if t := o.ID.Time(); i == 0 || t > made {
				made = t
			}
		}
		return made < oldest
	}
}

// stops tells whether a failure is not that of one file.
func stops(err error) bool {
	if disk.IsGone(err) {
		return true
	}
	switch objstore.KindOf(err) {
	case objstore.KeyRefused, objstore.ClockSkew, objstore.Untrusted, objstore.NoBucket, objstore.NotAStore, objstore.Unreachable, objstore.Busy, objstore.Denied:
		return true
	}
	return false
}

// ready leaves out files whose bytes could not be sent.
func ready(part []plan.Up, sent map[plan.Handle]plan.Sent) []plan.Up {
	var out []plan.Up
	for _, u := range part {
		_, ok := sent[u.ID]
		if ok || u.Kind != merge.Create && u.Kind != merge.Put {
			out = append(out, u)
		}
	}
	return out
}

// publish remembers the batch, sends it and commits Base.
func (e *Engine) publish(ctx context.Context, in plan.Input, part []plan.Up, sent map[plan.Handle]plan.Sent, confirmed bool) error {
	if deletes(part) {
		if err := e.present(ctx); err != nil {
			return err
		}
	}
	if err := e.Local.Sync(foldersOfUps(part)); err != nil {
		return err
	}
	p, commit, err := e.Cloud.Prepare(in, part, sent, confirmed)
	if err != nil {
		return fmt.Errorf("prepare a batch: %w", err)
	}
	taken := plan.TallyUp(in, plan.Ups{Do: part})
	events := eventsUp(in, part) // before Base forgets what goes
	i := &Intent{Key: p.Key, Body: p.Body, Commit: commit}
	for _, u := range part {
		if s, ok := sent[u.ID]; ok {
			i.Told = append(i.Told, s.Content.Hash)
		}
	}
	if err := e.save(ctx, Change{Intent: i}); err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	if err := e.Volume.Publish(ctx, p); err != nil {
		return fmt.Errorf("tell the cloud: %w", err)
	}
	if err := e.commitIntent(ctx); err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	e.fold(ctx)
	e.chunk = min(e.chunk*4, maxChunk)
	e.guard.passed(e, taken, confirmed)
	e.weary(part)
	for _, ev := range events {
		e.tell(ev.Kind, ev.Path, ev.Bytes)
	}
	return nil
}

// mostTold is how often one path is told in a cycle: what changes faster than it can be sent must not keep the others from coming to rest.
const mostTold = 10

// weary leaves for the next cycle what was told again and again in this one. From one look at the disk everything is told once.
func (e *Engine) weary(part []plan.Up) {
	if e.looks < 2 {
		return
	}
	for _, u := range part {
		if u.Kind != merge.Create && u.Kind != merge.Put {
			continue
		}
		e.told[u.Path]++
		if e.told[u.Path] == mostTold {
			e.failedAs(CodeChanging, u.Path, errRestless)
		}
	}
}

// foldersOf returns the folders in which rows stand.
func (e *Engine) foldersOf(in plan.Input, rows []*plan.Base) []string {
	dirs := map[string]bool{}
	for _, b := range rows {
		if old := e.base.Get(b.ID); old == nil || old.Parent != b.Parent || old.Name != b.Name || old.Disk.Number != b.Disk.Number {
			dirs[pathOf(in.Local, b.Parent)] = true
		}
	}
	return slices.Sorted(maps.Keys(dirs))
}

// foldersOfUps returns the folders in which what is to be told stands.
func foldersOfUps(part []plan.Up) []string {
	dirs := map[string]bool{}
	for _, u := range part {
		if u.Kind != merge.Delete {
			dir, _ := tree.Split(u.Path)
			dirs[dir] = true
		}
	}
	return slices.Sorted(maps.Keys(dirs))
}

func deletes(part []plan.Up) bool { return len(part) > 0 && part[len(part)-1].Kind == merge.Delete }

func eventsUp(in plan.Input, part []plan.Up) []Event {
	kinds := map[merge.Kind]string{merge.Create: "uploaded", merge.Put: "changed", merge.Move: "moved", merge.Restore: "restored"}
	var out []Event
	for _, u := range part {
		if kind, ok := kinds[u.Kind]; ok {
			out = append(out, Event{kind, u.Path, in.Local.Get(u.ID).Disk.Size})
		}
		for _, h := range u.Gone {
			if b := in.Base.Get(h); b != nil && !b.Dir {
				out = append(out, Event{"deleted", plan.BasePath(in.Base, h), b.Disk.Size})
			}
		}
	}
	return out
}

// pending tells Status how much there is to send.
func (e *Engine) pending(in plan.Input, ups []plan.Up, later plan.Amount) {
	n, bytes := later.Files, later.Bytes
	for _, u := range ups {
		if u.Kind == merge.Create || u.Kind == merge.Put {
			n++
			bytes += in.Local.Get(u.ID).Disk.Size
		}
	}
	e.update(func(s *Status) { s.PendingFiles, s.PendingBytes = n, bytes })
}

// changed tells whether a file was not the one that had been observed, so that it must be looked at again.
func changed(err error) bool { return errors.Is(err, transfer.ErrChanged) }
