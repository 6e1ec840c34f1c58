package space

import (
	"iter"
	"time"

	"elkjopcloud/sync/merge"
)

// How long what was thrown away and what was replaced is kept where nothing else is said.
const (
	DefaultKeepDays     = 30
	DefaultKeepVersions = 5
)

// grace is how much longer than Keep the sweep waits, so that a batch whose writer still saw something in the trash finds it there:
// MaxLateness, and a day for clocks.
const grace = MaxLateness + 24*time.Hour

// Rules say how long things are kept. They are the space's, so that all devices forget the same. The zero value is 30 days and five versions.
type Rules struct {
	Keep     time.Duration // deleted files, and versions after they were replaced
	Versions int           // versions before the current one that are kept as long as the file
}

func (r Rules) orDefault() Rules {
	if r.Keep <= 0 {
		r.Keep = DefaultKeepDays * 24 * time.Hour
	}
	if r.Versions <= 0 {
		r.Versions = DefaultKeepVersions
	}
	return r
}

// Rules returns how long the space keeps things.
func (s *Space) Rules() Rules {
	return Rules{Keep: time.Duration(min(s.header.KeepDays, 36500)) * 24 * time.Hour, Versions: s.header.Versions}.orDefault()
}

// Expired tells of a node that the state knows, or of one version of it, whether it is kept no longer: others may have forgotten it already, so that no
// operation may name it. A live file's current version is always kept. It is for the goroutine that pulls.
func (v *Volume) Expired(id merge.ID, version merge.Stamp) bool {
	s := v.log.State()
	n, ok := s.Node(s.Holder(id, version))
	if !ok {
		return false
	}
	since := v.storeNow().Add(-v.rules.Keep).UnixNano()
	if n.Deleted {
		return n.Purged || n.DeletedAt <= since
	}
	x, ok := s.Version(version)
	if n.Dir || !ok {
		return false
	}
	var k kept
	k.chain(s, n.ID, v.rules.Versions, since)
	return !k.versions.has(x.ID)
}

// kept is what of a state is not forgotten. It only grows.
type kept struct {
	nodes, versions stamps
}

// keeping applies the rules at a time (nanoseconds since 1970): what is live, and its versions, and what was deleted or replaced later than
// Keep before. gone tells of purged nodes whether they are over before their time.
func keeping(s *merge.State, r Rules, now int64, gone func(merge.Node) bool) *kept {
	k := &kept{}
	since := now - int64(r.Keep)
	for n := range s.Nodes {
		if n.Deleted && (n.DeletedAt <= since || n.Purged && gone(n)) {
			continue
		}
		k.node(s, n.ID)
		if !n.Dir {
			k.chain(s, n.ID, r.Versions, since)
		}
	}
	for v := range s.AllVersions {
		if v.Stored > since {
			k.versions.add(v.ID)
			k.versions.add(s.Resolve(v.ID)) // one that is much older may stand for it
		}
	}
	return k
}

// node keeps a node and the folders it hangs in.
func (k *kept) node(s *merge.State, id merge.ID) {
	for {
		n, ok := s.Node(id)
		if !ok || n.ID.IsZero() || k.nodes.has(n.ID) {
			return
		}
		k.nodes.add(n.ID)
		id = n.Parent
	}
}

// chain keeps of a file's versions the current one, those before it as the rules count them, and each that was the current one at some time since.
// Of what belongs to another file, from which this one was made as a conflict copy, it keeps the newest only: what that one had replaced is the other
// file's to keep, and may have been forgotten before the copy arrived.
func (k *kept) chain(s *merge.State, file merge.ID, count int, since int64) {
	vs, others := s.Versions(file), 0
	for i, v := range vs {
		if s.Holder(v.Node, v.ID) != file {
			others++
		}
		if others <= 1 && (i <= count || vs[i-1].Stored > since) {
			k.versions.add(v.ID)
		}
	}
}

func (k *kept) add(other *kept) {
	for id := range other.nodes.all {
		k.nodes.add(id)
	}
	for id := range other.versions.all {
		k.versions.add(id)
	}
}

// mentioned keeps what operations speak of.
func (k *kept) mentioned(s *merge.State, bs []*merge.Batch) {
	for _, b := range bs {
		for i := range b.Ops {
			k.op(s, &b.Ops[i])
		}
	}
}

func (k *kept) op(s *merge.State, op *merge.Op) {
	k.node(s, op.Parent)
	k.file(s, op.Node, op.Version)
	for _, m := range op.Members {
		k.node(s, m)
	}
	for _, e := range op.List {
		k.file(s, e.Node, e.Version)
	}
}

func (k *kept) file(s *merge.State, id merge.ID, v merge.Stamp) {
	k.node(s, id)
	k.node(s, s.Holder(id, v))
	if x, ok := s.Version(v); ok {
		k.versions.add(x.ID)
	}
}

// prune drops from a checkpoint what is not kept. A version may lose its ancestors; a kept node never loses the folders it hangs in, nor a
// kept file the version that it holds. Nodes that turned out to be others are known by their aliases alone.
func prune(c *merge.Checkpoint, k *kept) *merge.Checkpoint {
	s := c.State()
	for before := -1; before != k.nodes.n+k.versions.n; {
		before = k.nodes.n + k.versions.n
		for _, n := range c.Nodes.All {
			if k.nodes.has(n.ID) {
				k.node(s, n.Parent)
				k.file(s, n.ID, n.Current)
			}
		}
	}
	out := &merge.Checkpoint{Last: c.Last, Heads: c.Heads, Seen: c.Seen, Left: c.Left}
	node := func(id merge.ID) bool { n, ok := s.Node(id); return ok && k.nodes.has(n.ID) }
	version := func(v merge.Stamp) bool { return k.versions.has(v) || k.versions.has(s.Resolve(v)) }
	if out.Nodes = c.Nodes; !every(c.Nodes.All, func(n merge.Node) bool { return k.nodes.has(n.ID) }) {
		out.Nodes = merge.Nodes{}
		for _, n := range c.Nodes.All {
			if k.nodes.has(n.ID) {
				out.Nodes.Append(&n)
			}
		}
	}
	if out.Versions = c.Versions; !every(c.Versions.All, func(v merge.Version) bool { return version(v.ID) }) {
		out.Versions = merge.Versions{}
		for _, v := range c.Versions.All {
			if version(v.ID) {
				out.Versions.Append(&v)
			}
		}
	}
	out.Aliases = only(c.Aliases, func(a [2]merge.ID) bool { return node(a[0]) })
	out.Equal = only(c.Equal, func(a [2]merge.Stamp) bool { return version(a[0]) })
	return out
}

// every tells whether all are good. Then they need not be copied, which in a large volume takes as much memory again.
func every[T any](all iter.Seq2[int, T], good func(T) bool) bool {
	for _, x := range all {
		if !good(x) {
			return false
		}
	}
	return true
}

func only[T any](in []T, keep func(T) bool) []T {
	if len(in) == 0 {
		return nil
	}
	out := make([]T, 0, len(in))
	for _, x := range in {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}
