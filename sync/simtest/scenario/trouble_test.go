package scenario

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/faultstore"
	"elkjopcloud/sync/engine"
	"elkjopcloud/sync/layout"
)

var errDead = errors.New("the program is dead")

// trouble is what goes wrong at one device: the program dies at a write, something happens in the middle of a cycle, the disk or the
// store refuses. It also counts.
type trouble struct {
	d      *device
	left   int // writes until the program dies; 0 never
	died   bool
	writes int // to disk and store
	sent   int64
	counts map[string]int // requests by operation, content and the rest apart: "get content", "put history"
	marks  []*mark
	refuse func(op, path string) error // of the disk
	decide func(op, key string) faultstore.Fault

	mu sync.Mutex // a file's parts, and what a check reads, go side by side
}

// mark lets something happen before or after the n-th operation of a kind.
type mark struct {
	op, part string
	after    bool
	n        int
	do       func()
}

func newTrouble(d *device) *trouble {
	t := &trouble{d: d, counts: map[string]int{}}
	d.disk.SetFaults(t.before, t.after)
	return t
}

func (t *trouble) revive() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left, t.died = 0, false
}

// die ends the program at once.
func (t *trouble) die() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.died = true
}

func (t *trouble) obey() { t.d.net.Decide(t.decide) }

// network sets what the store does to requests; nil lets all pass.
func (t *trouble) network(decide func(op, key string) faultstore.Fault) {
	t.decide = decide
	t.obey()
}

// count begins to count anew.
func (t *trouble) count() { t.writes, t.sent, t.counts = 0, 0, map[string]int{} }

// when lets something happen once, before (or after) the n-th operation (from 1) whose path or key has the part. Operations are those of disk.FS,
// and of the store with "s3 " before: "s3 put".
func (t *trouble) when(op, part string, n int, do func()) {
	t.marks = append(t.marks, &mark{op: op, part: part, n: n, do: do})
}

func (t *trouble) whenDone(op, part string, n int, do func()) {
	t.marks = append(t.marks, &mark{op: op, part: part, n: n, after: true, do: do})
}

func (t *trouble) meet(op, path string, after bool) {
	for _, do := range t.due(op, path, after) {
		do()
	}
}

func (t *trouble) due(op, path string, after bool) (all []func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range t.marks {
		if m.op == op && m.after == after && m.n > 0 && strings.Contains(path, m.part) {
			if m.n--; m.n == 0 {
				all = append(all, m.do)
			}
		}
	}
	return all
}

// step is asked around every write.
func (t *trouble) step() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.left > 0 {
		if t.left--; t.left == 0 {
			t.died = true
		}
	}
	return t.state()
}

func (t *trouble) alive() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state()
}

func (t *trouble) state() error {
	if t.died {
		return errDead
	}
	return nil
}

var diskWrites = map[string]bool{"create": true, "openwrite": true, "mkdir": true, "remove": true, "rename": true, "exchange": true, "syncdir": true, "setmeta": true,
	"write": true, "sync": true}

func (t *trouble) before(op, path string) error {
	t.meet(op, path, false)
	if t.refuse != nil {
		if err := t.refuse(op, path); err != nil {
			return err
		}
	}
	if !diskWrites[op] {
		return t.alive()
	}
	if op != "syncdir" && op != "sync" {
		t.wrote()
	}
	return t.step()
}

func (t *trouble) wrote() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writes++
}

func (t *trouble) after(op, path string) error {
	t.meet(op, path, true)
	if !diskWrites[op] {
		return t.alive()
	}
	return t.step()
}

// store lets the database of a dead program be written no more.
func (t *trouble) store(s engine.Store) engine.Store { return &mortal{t, s} }

type mortal struct {
	t *trouble
	engine.Store
}

func (m *mortal) Save(ctx context.Context, c engine.Change) error {
	if err := m.t.step(); err != nil {
		return err
	}
	if err := m.Store.Save(ctx, c); err != nil {
		return err
	}
	return m.t.step()
}

func reads(op string) bool {
	switch op {
	case objstore.OpGet, objstore.OpHead, objstore.OpList, objstore.OpListParts, objstore.OpListUploads:
		return true
	}
	return false
}

// bucket is the store as the program sees it.
func (t *trouble) bucket(b objstore.Bucket) objstore.Bucket {
	return objstore.WithHooks(b, objstore.Hooks{Around: func(ctx context.Context, c objstore.Call, act objstore.Act) error {
		t.meet("s3 "+c.Op, c.Key, false)
		if err := t.alive(); err != nil {
			return err
		}
		t.note(c)
		if reads(c.Op) {
			return act(ctx)
		}
		if err := t.step(); err != nil {
			return err
		}
		err := act(ctx)
		t.meet("s3 "+c.Op, c.Key, true)
		if err == nil {
			err = t.step()
		}
		return err
	}})
}

// note counts a request, and proves that it concerns the device's own volume and that no key is a folder of another.
func (t *trouble) note(c objstore.Call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	what := "content"
	if strings.Contains(c.Key, "/.volume/") || c.Key == layout.Space {
		what = "history"
	}
	t.counts[c.Op+" "+what]++
	if reads(c.Op) {
		return
	}
	if c.Key != t.d.vol.Key(layout.Clock) { // that is how the store's time is asked
		t.writes++
	}
	t.sent += c.Size
	if !strings.HasPrefix(c.Key, t.d.vol.Prefix()+"/") {
		t.d.t.Errorf("%s writes outside its volume: %s %s", t.d.name, c.Op, c.Key)
	}
	if c.Op == objstore.OpDelete && what == "content" && !t.d.sweeping {
		t.d.t.Errorf("%s deletes content: %s", t.d.name, c.Key)
	}
	if _, theirs := t.d.strange[c.Key]; theirs {
		t.d.t.Errorf("%s writes to what another tool has put there: %s", t.d.name, c.Key)
	}
}

// crash lets the program die at its n-th write from now on, does a cycle, and tells whether it came that far.
func (d *device) crash(n int) bool {
	d.trouble.left = n
	_ = d.cycle()
	died := d.trouble.died
	d.trouble.left = 0
	return died
}

// powerCut loses what was not synced and starts again.
func (d *device) powerCut(seed uint64) {
	d.t.Helper()
	d.disk.PowerCut(rand.New(rand.NewPCG(seed, 1)))
	d.start()
}
