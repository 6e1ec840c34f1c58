package space

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// fetched collects what concurrent reads bring.
type fetched struct {
	mu      sync.Mutex
	batches []*merge.Batch
	stored  []StoredBatch
	wrong   map[merge.BatchID]error // damaged, newer, or not there
}

// fetch reads batches, keeps them in the cache and gives them to the log. Those that cannot be read become problems. When requests
// fail, what came until then counts.
func (v *Volume) fetch(ctx context.Context, ids []merge.BatchID) error {
	f, err := v.fetchOnly(ctx, slices.DeleteFunc(ids, v.has))
	if len(f.stored) > 0 {
		err = errors.Join(err, v.cache.SaveBatches(ctx, v.id, f.stored))
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.take(f)
	return err
}

// take gives what was fetched to the log. v.mu is held.
func (v *Volume) take(f *fetched) {
	for id, err := range f.wrong {
		code := problemCode(err, DamagedBatch)
		if objstore.KindOf(err) == objstore.NotFound {
			code = MissingBatch // a hint or another batch speaks of it; that alone must not move this device's own numbers
		} else {
			v.newest[id.Device] = max(v.newest[id.Device], id.Seq)
		}
		v.note(code, layout.Batch(id), err)
	}
	for _, b := range f.batches {
		delete(v.problems, v.key(layout.Batch(b.BatchID)))
	}
	v.clones(f.batches)
	v.add(f.batches)
}

// clones looks for batches that another computer wrote under this device's id: batches of another run that appear in the store after
// all that was there at the start had been read, and that this device did not send.
func (v *Volume) clones(bs []*merge.Batch) {
	for _, b := range bs {
		if v.listed && b.Device == v.me.Device && b.Run != v.me.Run && !v.used[b.BatchID] && !v.has(b.BatchID) {
			v.note(ClonedDevice, layout.Batch(b.BatchID), errors.New("another computer writes under this device's id"))
		}
	}
}

func (v *Volume) fetchOnly(ctx context.Context, ids []merge.BatchID) (*fetched, error) {
	f := &fetched{wrong: map[merge.BatchID]error{}}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(v.me.parallel())
	for _, id := range unique(ids) {
		g.Go(func() error { return v.fetchOne(ctx, id, f) })
	}
	return f, g.Wait()
}

func unique(ids []merge.BatchID) []merge.BatchID {
	seen := map[merge.BatchID]bool{}
	var out []merge.BatchID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func (v *Volume) fetchOne(ctx context.Context, id merge.BatchID, f *fetched) error {
	b, s, err := v.readBatch(ctx, id)
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
		f.batches = append(f.batches, b)
		f.stored = append(f.stored, s)
	case hopelessRead(err):
		f.wrong[id] = err
	default:
		return fmt.Errorf("read batch %s/%s: %w", id.Device, id, err)
	}
	return nil
}

// hopelessRead tells whether trying again at once is of no use.
func hopelessRead(err error) bool {
	k := objstore.KindOf(err)
	return isDamaged(err) || errors.Is(err, ErrNewer) || k == objstore.NotFound || k == objstore.Damaged || k == objstore.Archived
}

func (v *Volume) readBatch(ctx context.Context, id merge.BatchID) (*merge.Batch, StoredBatch, error) {
	body, o, err := read(ctx, v.bucket, v.key(layout.Batch(id)), maxBatchObject)
	if err == nil {
		err = verify(o, body)
	}
	if err != nil {
		return nil, StoredBatch{}, err
	}
	s := StoredBatch{ID: id, Body: body, Stored: o.Modified.UnixNano()}
	b, err := decodeStored(s)
	return b, s, err
}

// hashName is the metadata that holds the sha256 of an object's bytes.
const hashName = "sha256"

// verify compares an object's bytes with the hash beside them. Other tools copy objects without it; the bytes then speak for themselves.
func verify(o objstore.Object, body []byte) error {
	if want := o.Meta[hashName]; want != "" && want != sum(body) {
		return fmt.Errorf("%s: its bytes are not those that were written: %w", o.Key, ErrDamaged)
	}
	return nil
}

func sum(body []byte) string {
	h := sha256.Sum256(body)
	return hex.EncodeToString(h[:])
}

// parents reads the batches that those here name, and tells how many came.
func (v *Volume) parents(ctx context.Context) (int, error) {
	var want []merge.BatchID
	for _, id := range v.log.Missing() {
		if _, tried := v.problems[v.key(layout.Batch(id))]; !tried && !v.has(id) {
			want = append(want, id)
		}
	}
	if len(want) == 0 {
		return 0, nil
	}
	before := len(v.batches)
	err := v.fetch(ctx, want)
	return len(v.batches) - before, err
}
