package cloud

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Failure is a file whose bytes could not be sent.
type Failure struct {
	Up  plan.Up
	Err error
}

// Find returns, for the hashes that the plan knows, content in the volume that a live file holds.
func (r *Replica) Find(ups []plan.Up) map[tree.Hash]tree.Content {
	want := map[tree.Hash]bool{}
	for _, u := range ups {
		if !u.Known.IsZero() && (u.Kind == merge.Create || u.Kind == merge.Put) {
			want[u.Known] = true
		}
	}
	out := map[tree.Hash]tree.Content{}
	if len(want) == 0 {
		return out
	}
	s := r.State()
	s.AllVersions(func(v merge.Version) bool {
		if !want[v.Content.Hash] {
			return true
		}
		if current(s, v) {
			out[v.Content.Hash] = v.Content
			delete(want, v.Content.Hash)
		}
		return len(want) > 0
	})
	return out
}

// answer is what became of one file.
type answer struct {
	up    plan.Up
	sent  plan.Sent
	err   error
	held  bool // it was read and not sent, as the volume may have what it holds
	fresh bool
}

// Have is what need not be sent: Found by its hash, or sent before, by path, as long as the file is the same.
type Have struct {
	Found map[tree.Hash]tree.Content
	Prior map[string]plan.Sent
	Look  bool // of new small files that go together Contents looks itself whether the volume has their bytes, as it reads them
}

// Has tells whether the bytes of a Create or Put need not be sent.
func (r *Replica) Has(in plan.Input, u plan.Up, have Have) bool {
	_, ok := r.present(in, u, have)
	return ok
}

// Contents sees to it that the volume has the bytes of the Creates and Puts in ups. told (fresh says whether bytes were sent) and failed are
// called one at a time. One file's failure does not stop the others. Once enough says so, no further file is begun; it is not asked for the first.
func (r *Replica) Contents(ctx context.Context, in plan.Input, ups []plan.Up, have Have, enough func() bool, told func(u plan.Up, s plan.Sent, fresh bool), failed func(Failure)) error {
	var held []plan.Up
	take := func(a answer) {
		switch {
		case a.err != nil:
			failed(Failure{a.up, a.err})
		case a.held:
			a.up.Known = a.sent.Content.Hash
			held = append(held, a.up)
		default:
			told(a.up, a.sent, a.fresh)
		}
	}
	send := r.without(in, ups, have, take)
	r.sendAll(ctx, in, send, r.holding(send, have), enough, take)
	if len(held) > 0 && ctx.Err() == nil {
		send = r.without(in, held, Have{Found: r.Find(held)}, take)
		r.sendAll(ctx, in, send, nil, enough, take)
	}
	return ctx.Err()
}

// Early prepares the sending of new small files before their turn. What it returns may run beside everything else, and answers as Contents does; held means that a
// file was read and not sent, as the volume may have its bytes: of it only the hash counts. It is nil when there are too few to go together.
func (r *Replica) Early(in plan.Input, ups []plan.Up) func(ctx context.Context, enough func() bool, answers func(u plan.Up, s plan.Sent, held bool, err error)) {
	if !r.Together(in, ups, Have{}) {
		return nil
	}
	held := r.holding(ups, Have{Look: true})
	return func(ctx context.Context, enough func() bool, answers func(u plan.Up, s plan.Sent, held bool, err error)) {
		r.sendAll(ctx, in, ups, held, enough, func(a answer) { answers(a.up, a.sent, a.held, a.err) })
	}
}

// without returns what of ups must be sent; it answers for what need not be.
func (r *Replica) without(in plan.Input, ups []plan.Up, have Have, take func(answer)) []plan.Up {
	var send []plan.Up
	for _, u := range ups {
		if u.Kind != merge.Create && u.Kind != merge.Put {
			continue
		}
		if s, ok := r.present(in, u, have); ok {
			take(answer{up: u, sent: s})
		} else {
			send = append(send, u)
		}
	}
	return send
}

// sendAll sends some files side by side, small ones together unless they may be held, and hands over the answers one at a time.
func (r *Replica) sendAll(ctx context.Context, in plan.Input, ups []plan.Up, held func(tree.Hash) bool, enough func() bool, take func(answer)) {
	var mu sync.Mutex
	all := func(as []answer) {
		mu.Lock()
		defer mu.Unlock()
		for _, a := range as {
			take(a)
		}
	}
	var g errgroup.Group
	g.SetLimit(r.Parallel)
	p := r.packer(in, ups)
	for n := 0; ; n++ {
		l := p.next()
		if len(l.ups) == 0 {
			break
		}
		one := func() error {
			if ctx.Err() == nil && (n == 0 || !enough()) {
				all(r.sendLoad(ctx, in, l, held))
			}
			return nil
		}
		if r.Parallel == 1 {
			_ = one()
		} else {
			g.Go(one)
		}
	}
	_ = g.Wait()
}

// sendLoad sends what goes in one request.
func (r *Replica) sendLoad(ctx context.Context, in plan.Input, l load, held func(tree.Hash) bool) []answer {
	if l.together {
		return r.pack(ctx, in, l.ups, held)
	}
	s, err := r.Sending(in, l.ups[0])(ctx)
	return []answer{{up: l.ups[0], sent: s, err: err, fresh: true}}
}

// present returns the content that need not be sent.
func (r *Replica) present(in plan.Input, u plan.Up, have Have) (plan.Sent, bool) {
	l := in.Local.Get(u.ID)
	if s, ok := have.Prior[u.Path]; ok && s.Disk.Unchanged(l.Disk) && (u.Known.IsZero() || u.Known == s.Content.Hash) && r.mayName(in, u, s.Content) {
		s.Content.Exec, s.Disk = r.exec(in, u), l.Disk
		return s, true
	}
	c := tree.Content{Hash: tree.EmptyHash}
	if l.Hash != tree.EmptyHash {
		var ok bool
		if c, ok = have.Found[u.Known]; !ok || u.Known.IsZero() {
			return plan.Sent{}, false
		}
	}
	c.Mtime, c.Exec = l.Disk.Mtime, r.exec(in, u)
	return plan.Sent{Content: c, Disk: l.Disk}, true
}

// Sending prepares the sending of one file's bytes. What it returns may run beside everything else.
func (r *Replica) Sending(in plan.Input, u plan.Up) func(ctx context.Context) (plan.Sent, error) {
	was, exec, meta, earlier := in.Local.Get(u.ID).Disk, r.exec(in, u), r.meta(in, u), r.earlier(in, u)
	key := func() string { return layout.Content(u.Path, r.NewID()) }
	return func(ctx context.Context) (plan.Sent, error) {
		s, err := r.Source.Upload(ctx, u.Path, was, key, meta, earlier)
		s.Content.Exec = exec
		return s, err
	}
}

// earlier returns the version that a Put replaces, if a live file holds it: a batch may name its extents.
func (r *Replica) earlier(in plan.Input, u plan.Up) *plan.Earlier {
	if u.Kind != merge.Put {
		return nil
	}
	v, ok := in.State.Version(u.Version)
	if !ok || !current(in.State, v) {
		return nil
	}
	return &plan.Earlier{Content: v.Content, Hashed: u.Known, NewKey: func() string { return layout.Part(u.Path, r.NewID()) }}
}

// current tells whether a live file holds the version.
func current(s *merge.State, v merge.Version) bool {
	id := s.Holder(v.Node, v.ID)
	n, ok := s.Node(id)
	return ok && s.Live(id) && s.Resolve(n.Current) == v.ID
}

// mayName tells whether a batch may still name what was sent before: of the objects in which it lies all but the one that was made for it must be held by
// a live file.
func (r *Replica) mayName(in plan.Input, u plan.Up, c tree.Content) bool {
	others := map[string]bool{}
	for _, x := range c.Extents {
		others[x.Key] = true
	}
	if e := r.earlier(in, u); e != nil && len(others) > 1 {
		for _, x := range e.Content.Extents {
			delete(others, x.Key)
		}
	}
	return len(others) <= 1
}

// exec is the bit to tell: the disk's, or on a disk without one what the cloud has.
func (r *Replica) exec(in plan.Input, u plan.Up) bool {
	if !r.NoExec {
		return in.Local.Get(u.ID).Disk.Exec
	}
	if u.Kind == merge.Create {
		return false
	}
	v, ok := in.State.Version(u.Version)
	return ok && v.Content.Exec
}

func (r *Replica) meta(in plan.Input, u plan.Up) map[string]string {
	m := layout.Meta{Path: u.Path, Mtime: in.Local.Get(u.ID).Disk.Mtime, Device: r.Device, Exec: r.exec(in, u)}.Map()
	delete(m, "sha256") // known only when the bytes were read; the transfer adds it
	return m
}
