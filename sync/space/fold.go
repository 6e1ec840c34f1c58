package space

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// A fold is a checkpoint of this computer alone: all that counts here, also what was told within the last hour, which a checkpoint in the store leaves out because
// what is older may still come. It lies in the cache beside what it was made of, packed as in memory, so that a start has nothing to decode, and memory holds
// no operations. When what is older does come, or when a checkpoint is made, it is taken apart again.

// foldFormat names how a fold is written. It changes whenever a row of merge.Nodes or merge.Versions does, see TestFoldFormat.
const foldFormat = "fold 1"

// foldShare is of all that is there how much was told anew when it is folded, so that what is told by and by is not packed again and again.
const foldShare = 16

// perRow is about what a row of a fold takes before it is packed.
const perRow = 64

// maxFold bounds what a fold unpacks to.
const maxFold = 4 << 30

// folded is a batch that is in a fold, and in the cache.
type folded struct {
	ID     merge.BatchID `json:"i"`
	Time   int64         `json:"t"`
	Stored int64         `json:"s"`
	Ops    int           `json:"n"`
}

// foldHeader is a fold's first line; the nodes and versions follow.
type foldHeader struct {
	Began   string                 `json:"began"` // the checkpoint that it goes on from
	Batches []folded               `json:"batches"`
	Names   map[tree.Device]string `json:"names"`
	Last    merge.Stamp            `json:"last"`
	Heads   []merge.BatchID        `json:"heads"`
	Seen    []merge.Progress       `json:"seen"`
	Aliases [][2]merge.ID          `json:"aliases"`
	Equal   [][2]merge.Stamp       `json:"equal"`
	Left    []merge.Left           `json:"left"`
}

func (v *Volume) foldID() string { return v.id + ":fold" }

// Fold packs what lies in memory, and leaves it in the cache for the next start, when that is worth it. Nothing that State shows changes, but State is
// another one from then on.
func (v *Volume) Fold(ctx context.Context) error {
	v.busy.Lock()
	defer v.busy.Unlock()
	if !v.worthFolding() {
		return nil
	}
	s, batches := Snapshot{v.log.Checkpoint(maxTime), maps.Clone(v.names)}, v.allFolded()
	body, err := encodeFold(s, v.began, batches)
	if err == nil {
		err = v.cache.SaveCheckpoint(ctx, v.foldID(), foldFormat, body)
	}
	if err != nil {
		return fmt.Errorf("fold %s: %w", v.name, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.goOn(s, batches, slices.Collect(maps.Values(v.batches)))
	return nil
}

// worthFolding tells whether much was told since the last fold.
func (v *Volume) worthFolding() bool {
	ops := 0
	for _, b := range v.log.Batches() {
		ops += len(b.Ops)
	}
	least := v.me.foldOps()
	if v.start != nil {
		least = max(least, v.start.Nodes.Len()/foldShare)
	}
	return ops >= least && len(v.log.Late()) == 0
}

// allFolded returns all that count and are not in the checkpoint that the view began with.
func (v *Volume) allFolded() []folded {
	all := slices.Clone(v.folded)
	for _, b := range v.log.Batches() {
		all = append(all, folded{b.BatchID, b.Time, b.Stored, len(b.Ops)})
	}
	return all
}

// goOn goes on from a fold, with those of some batches that are not in it. v.mu is held.
func (v *Volume) goOn(s Snapshot, batches []folded, bs []*merge.Batch) {
	changes := v.changes
	v.begin(v.began, &s)
	v.folded = batches
	v.add(bs)
	v.changes = changes
}

// loadFold begins with the fold that is in the cache, and tells whether there is one that fits what else is there.
func (v *Volume) loadFold(ctx context.Context, stored []StoredBatch) (bool, error) {
	s, h, err := v.cachedFold(ctx)
	if err != nil || s.Checkpoint == nil || !holds(stored, h.Batches) {
		return false, err
	}
	rest := decodeAll(slices.DeleteFunc(slices.Clone(stored), func(b StoredBatch) bool { return s.Covers(b.ID) }))
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reset()
	v.began = h.Began
	v.goOn(s, h.Batches, rest)
	v.changes++
	return len(v.log.Late()) == 0, nil
}

// cachedFold returns the fold that is in the cache, if it goes on from the checkpoint there; one that is damaged is none.
func (v *Volume) cachedFold(ctx context.Context) (s Snapshot, h foldHeader, err error) {
	began := ""
	err = v.cache.LoadCheckpoint(ctx, v.id, func(name string, _ int64, _ io.Reader) { began = name })
	if err == nil {
		err = v.cache.LoadCheckpoint(ctx, v.foldID(), func(name string, _ int64, body io.Reader) {
			if name != foldFormat {
				return
			}
			got, head, err := decodeFold(body)
			if err == nil && head.Began == began && len(head.Batches) > 0 {
				s, h = got, head
			}
		})
	}
	if err != nil {
		err = fmt.Errorf("load what was folded of %s: %w", v.name, err)
	}
	return s, h, err
}

// holds tells whether all that was folded is there to be taken apart again.
func holds(stored []StoredBatch, batches []folded) bool {
	there := make(map[merge.BatchID]int64, len(stored))
	for _, b := range stored {
		there[b.ID] = b.Stored
	}
	return !slices.ContainsFunc(batches, func(f folded) bool {
		at, ok := there[f.ID]
		return !ok || at != f.Stored
	})
}

// unfold takes the fold apart, and tells whether all that counted is there again. What is older than the fold can then take its place.
func (v *Volume) unfold(ctx context.Context) (bool, error) {
	if v.folded == nil {
		return true, nil
	}
	name, start, err := v.cachedCheckpoint(ctx)
	if err != nil {
		return false, err
	}
	stored, err := v.cache.LoadBatches(ctx, v.id)
	if err != nil {
		return false, fmt.Errorf("load the cached batches of %s: %w", v.name, err)
	}
	if name != v.began || !holds(stored, v.folded) {
		return false, nil
	}
	var c *merge.Checkpoint
	if start != nil {
		c = start.Checkpoint
	}
	all := maps.Clone(v.batches)
	for _, b := range decodeAll(slices.DeleteFunc(stored, func(b StoredBatch) bool { return !v.start.Covers(b.ID) })) {
		all[b.BatchID] = b
	}
	l := newLog(c, all)
	if slices.ContainsFunc(v.log.Heads(), func(id merge.BatchID) bool { return !l.Counts(id) }) {
		return false, nil
	}
	// It is older than what comes now, and the next start must not begin with it.
	if err := v.cache.Forget(ctx, v.foldID()); err != nil {
		return false, fmt.Errorf("forget what was folded of %s: %w", v.name, err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.begin(name, start)
	v.log, v.batches = l, all
	return true, nil
}

var errFolded = errors.New("what the cache holds of the last hours is not all there; the next start reads it again")

func (v *Volume) mustUnfold(ctx context.Context) error {
	whole, err := v.unfold(ctx)
	if err == nil && !whole {
		err = errFolded
	}
	return err
}

// encodeFold returns the bytes of a fold.
func encodeFold(s Snapshot, began string, batches []folded) ([]byte, error) {
	var out bytes.Buffer
	c := s.Checkpoint
	zw, err := newPacker(&out, (c.Nodes.Len()+c.Versions.Len())*perRow)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriterSize(zw, 1<<16)
	h := foldHeader{began, batches, s.Names, c.Last, c.Heads, c.Seen, c.Aliases, c.Equal, c.Left}
	err = errors.Join(json.NewEncoder(w).Encode(h), c.SavePacked(w), w.Flush(), zw.Close())
	if err != nil {
		return nil, fmt.Errorf("encode a fold: %w", err)
	}
	return out.Bytes(), nil
}

// decodeFold reads what encodeFold wrote. Nothing is made of it before its end has told that it is what was saved.
func decodeFold(body io.Reader) (s Snapshot, h foldHeader, err error) {
	u, err := newUnpacker(body, maxFold)
	if err != nil {
		return s, h, damaged("fold", err)
	}
	defer u.Close()
	r := bufio.NewReaderSize(u, 1<<16)
	line, err := (&lines{r: r}).next()
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	if err != nil {
		return s, h, damaged("fold", err)
	}
	c := &merge.Checkpoint{Last: h.Last, Heads: h.Heads, Seen: h.Seen, Left: h.Left, Aliases: h.Aliases, Equal: h.Equal}
	finish, err := c.LoadPacked(r)
	if err == nil {
		err = ends(r, body)
	}
	if err != nil {
		return s, h, damaged("fold", err)
	}
	finish()
	return Snapshot{c, h.Names}, h, nil
}

// ends reads on to the end of what is unpacked, and of what it was unpacked from: both end with a sum.
func ends(unpacked *bufio.Reader, body io.Reader) error {
	if _, err := unpacked.ReadByte(); err == nil {
		return errors.New("something follows its end")
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	_, err := io.Copy(io.Discard, body)
	return err
}

// beganAt returns where the checkpoint in the store ends that the view began with, -1 without one.
func (v *Volume) beganAt() int64 {
	if n, ok := layout.ParseCheckpoint(v.began); ok {
		return n.Last
	}
	return -1
}
