package space

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// ErrNotInTrash says that an entry is not there any more: put back, forgotten, or never deleted.
var ErrNotInTrash = errors.New("it is not in the trash")

// TrashEntry is one thing that was thrown away at once: a file, or a folder with all that was below it.
type TrashEntry struct {
	ID        string // names the entry in this volume
	Node      merge.ID
	Nodes     []merge.ID // all that showed as this one folder; the first is Node
	Path      string     // where it was
	Dir       bool
	Size      int64 // bytes of the files that come back with it
	Files     int
	DeletedAt time.Time // the store's clock
	DeletedBy string    // the device's name
	ExpiresAt time.Time
}

// TrashFilter selects entries. The zero value is all. With Find, files inside thrown away folders are entries of their own.
type TrashFilter struct {
	Find string // part of the path, in any case
}

// Trash returns what is in the trash, the newest first.
func (v *Volume) Trash(f TrashFilter) []TrashEntry {
	v.mu.RLock()
	defer v.mu.RUnlock()
	t := &bin{v: v, s: v.log.State(), keep: v.rules.Keep, now: v.storeNow(), find: tree.Fold(f.Find), at: map[string]int{}}
	for _, n := range t.s.Trash() {
		t.add(n)
	}
	slices.SortFunc(t.out, func(a, b TrashEntry) int {
		return cmp.Or(b.DeletedAt.Compare(a.DeletedAt), strings.Compare(a.Path, b.Path), strings.Compare(a.ID, b.ID))
	})
	return t.out
}

// bin collects entries.
type bin struct {
	v    *Volume
	s    *merge.State
	keep time.Duration
	now  time.Time
	find string
	out  []TrashEntry
	at   map[string]int // folders by what makes them one
}

// add makes an entry of a root of the trash, or of the files below it that are looked for.
func (t *bin) add(n merge.Node) {
	if t.expired(n) {
		return
	}
	path := t.s.Path(n.ID)
	if !strings.Contains(tree.Fold(path), t.find) {
		for _, k := range t.s.Below(n.ID) {
			if k.Deleted && !k.Purged && k.DeletedBy.Batch(n.DeletedBy) == 0 {
				t.add(k)
			}
		}
		return
	}
	e := t.entry(n, path)
	key := tree.Fold(path) + "\x00" + n.DeletedBy.String()
	if i, ok := t.at[key]; ok && n.Dir {
		t.merge(&t.out[i], e)
		return
	}
	if n.Dir {
		t.at[key] = len(t.out)
	}
	t.out = append(t.out, e)
}

func (t *bin) expired(n merge.Node) bool { return !t.now.Before(time.Unix(0, n.DeletedAt).Add(t.keep)) }

func (t *bin) entry(n merge.Node, path string) TrashEntry {
	at := time.Unix(0, n.DeletedAt).UTC()
	e := TrashEntry{
		ID: n.ID.String(), Node: n.ID, Nodes: []merge.ID{n.ID}, Path: path, Dir: n.Dir, DeletedAt: at, ExpiresAt: at.Add(t.keep),
		DeletedBy: t.v.deviceName(n.DeletedBy.Device),
	}
	for _, f := range below(t.s, n) {
		if !f.Dir {
			ver, _ := t.s.Version(f.Current)
			e.Size += ver.Content.Size
			e.Files++
		}
	}
	return e
}

// merge joins the nodes that showed as one folder; the smallest id names it.
func (t *bin) merge(into *TrashEntry, e TrashEntry) {
	into.Nodes = append(into.Nodes, e.Nodes...)
	slices.SortFunc(into.Nodes, merge.ID.Compare)
	into.Node, into.ID = into.Nodes[0], into.Nodes[0].String()
	into.Size += e.Size
	into.Files += e.Files
}

// below returns a deleted node and what the same batch deleted below it, folders after what they hold.
func below(s *merge.State, n merge.Node) []merge.Node {
	var out []merge.Node
	for _, k := range s.Below(n.ID) {
		if k.Deleted && !k.Purged && k.DeletedBy.Batch(n.DeletedBy) == 0 {
			out = append(out, below(s, k)...)
		}
	}
	return append(out, n)
}

// RestoreOps returns the operations that bring entries back. Where something else stands by now, both are kept.
func (v *Volume) RestoreOps(ids ...string) ([]merge.Op, error) {
	return v.trashOps(ids, func(_ *merge.State, n merge.Node) []merge.Op {
		return []merge.Op{{Kind: merge.Restore, Node: n.ID, Version: n.Current}}
	})
}

// PurgeOps returns the operations that let entries be forgotten before their time. There may be as many as there are files; they may
// be sent in several batches, in this order.
func (v *Volume) PurgeOps(ids ...string) ([]merge.Op, error) {
	return v.trashOps(ids, func(s *merge.State, n merge.Node) []merge.Op {
		var ops []merge.Op
		for _, x := range below(s, n) {
			ops = append(ops, merge.Op{Kind: merge.Purge, Node: x.ID, Version: x.Current})
		}
		return ops
	})
}

func (v *Volume) trashOps(ids []string, make func(*merge.State, merge.Node) []merge.Op) ([]merge.Op, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	var ops []merge.Op
	for _, id := range ids {
		nodes, err := v.inTrash(id)
		if err != nil {
			return nil, fmt.Errorf("trash entry %s: %w", id, err)
		}
		for _, n := range nodes {
			ops = append(ops, make(v.log.State(), n)...)
		}
	}
	return ops, nil
}

// inTrash returns the nodes of an entry: for a folder all that showed as it.
func (v *Volume) inTrash(id string) ([]merge.Node, error) {
	s := v.log.State()
	stamp, err := tree.ParseStamp(id)
	if err != nil {
		return nil, ErrNotInTrash
	}
	n, ok := s.Node(stamp)
	t := &bin{now: v.storeNow(), keep: v.rules.Keep}
	if !ok || n.ID != stamp || !n.Deleted || n.Purged || t.expired(n) {
		return nil, ErrNotInTrash
	}
	out := []merge.Node{n}
	if !n.Dir {
		return out, nil
	}
	for _, o := range s.Trash() {
		if o.Dir && o.ID != n.ID && o.DeletedBy == n.DeletedBy && tree.Fold(s.Path(o.ID)) == tree.Fold(s.Path(n.ID)) {
			out = append(out, o)
		}
	}
	return out, nil
}
