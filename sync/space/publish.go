package space

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// MaxLateness is how long after it was made a batch may still be sent for the first time. What the sweep forgets is kept that much longer, so
// that no batch ever finds gone what its writer could see.
const MaxLateness = 48 * time.Hour

// Errors of Prepare and Publish.
var (
	ErrUnconfirmed = errors.New("the batch before it is not confirmed yet")
	ErrMoved       = errors.New("something newer has arrived since; plan again")
	ErrForeign     = errors.New("another batch is stored under its name")
	ErrStale       = errors.New("it was never stored and is too old to be sent now; plan again")
)

// Pending is a batch with the exact bytes that are sent, kept by the caller until Publish has succeeded.
type Pending struct {
	ID    merge.BatchID
	Key   string // relative to the volume
	Body  []byte
	Batch *merge.Batch

	fresh bool // it was made in this run and never sent
}

// DecodePending makes a Pending of what was kept of one.
func DecodePending(key string, body []byte) (*Pending, error) {
	id, ok := layout.ParseBatch(key)
	if !ok {
		return nil, fmt.Errorf("%q names no batch: %w", key, ErrDamaged)
	}
	b, err := DecodeBatch(id, body)
	if err != nil {
		return nil, err
	}
	return &Pending{ID: id, Key: key, Body: body, Batch: b}, nil
}

// Next returns the stamp (Index 0) that a batch made now would have: later than all that was seen, by the store's clock where it is known. This
// computer's own may be days off, and a batch that looks days old is not sent any more.
func (v *Volume) Next() merge.Stamp {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return merge.Stamp{Time: max(v.storeNow().UnixMilli(), v.log.Clock()+1), Device: v.me.Device, Run: v.me.Run}
}

// Prepare makes a batch of operations. Nothing is sent; a batch that was prepared and never given to Publish may be dropped and counts as
// never made. ErrUnconfirmed while the outcome of the one before is unknown, ErrNewer where a newer program writes, ErrTooBig.
func (v *Volume) Prepare(ops []merge.Op, confirmed bool) (*Pending, error) {
	return v.PrepareAt(v.Next(), ops, confirmed)
}

// PrepareAt is Prepare for operations that name the stamps they will have: at is what Next returned. ErrMoved when it no longer is
// later than all that was seen.
func (v *Volume) PrepareAt(at merge.Stamp, ops []merge.Op, confirmed bool) (*Pending, error) {
	v.busy.Lock()
	defer v.busy.Unlock()
	v.mu.RLock()
	defer v.mu.RUnlock()
	if err := v.mayPrepare(at); err != nil {
		return nil, fmt.Errorf("prepare a batch for %s: %w", v.name, err)
	}
	b := &merge.Batch{
		BatchID: merge.BatchID{Device: v.me.Device, Seq: v.newest[v.me.Device] + 1, Run: v.me.Run},
		Time:    at.Time, DeviceName: v.me.Name, Zone: v.me.Zone(), Parents: v.log.Heads(), Confirmed: confirmed, Ops: slices.Clone(ops),
	}
	if err := checkBatch(b.BatchID, b, "the new batch"); err != nil {
		return nil, err
	}
	body, err := EncodeBatch(b)
	if err != nil {
		return nil, err
	}
	v.pending = &Pending{ID: b.BatchID, Key: layout.Batch(b.BatchID), Body: body, Batch: b, fresh: true}
	return v.pending, nil
}

func (v *Volume) mayPrepare(at merge.Stamp) error {
	switch {
	case v.pending != nil && !v.pending.fresh:
		return ErrUnconfirmed
	case v.newer:
		return ErrNewer
	case at.Time <= v.log.Clock() || at.Device != v.me.Device || at.Run != v.me.Run:
		return ErrMoved
	}
	return nil
}

// Publish stores the batch under its name, adds it to the view and rings the notice. It may be called again with the same batch, also
// after a restart with what DecodePending made, until it returns nil: the name and the bytes are the same, so the batch is there once.
// ErrForeign when other bytes are there, ErrStale when it was never stored and is older than MaxLateness; both are final and nothing was
// sent. The notice is a hint: when it cannot be written, the next Pull does it.
func (v *Volume) Publish(ctx context.Context, p *Pending) error {
	v.busy.Lock()
	defer v.busy.Unlock()
	if p.fresh && (v.pending == nil || p.ID != v.pending.ID) {
		return fmt.Errorf("publish %s: %w", p.Key, ErrMoved)
	}
	v.used[p.ID] = true // also where it fails: it may be in the store now
	err := v.publish(ctx, p)
	if v.pending != nil && p.ID == v.pending.ID && (err == nil || errors.Is(err, ErrForeign) || errors.Is(err, ErrStale)) {
		v.pending = nil
	}
	if err != nil {
		return fmt.Errorf("publish %s: %w", p.Key, err)
	}
	return nil
}

func (v *Volume) publish(ctx context.Context, p *Pending) error {
	o, err := v.store(ctx, p)
	if err != nil {
		return err
	}
	s := StoredBatch{ID: p.ID, Body: p.Body, Stored: o.Modified.UnixNano()}
	b, err := decodeStored(s)
	if err != nil {
		return err
	}
	p.Batch = b
	v.mu.Lock()
	delete(v.problems, v.key(p.Key))
	v.add([]*merge.Batch{b})
	v.mu.Unlock()
	if err := v.cache.SaveBatches(ctx, v.id, []StoredBatch{s}); err != nil {
		return fmt.Errorf("cache it: %w", err)
	}
	v.owed = true
	if len(v.log.Late()) > 0 { // it is older than the checkpoint that was read, and counts only after that
		if err := v.replay(ctx, Poll); err != nil {
			return err
		}
	}
	if v.ring(ctx) != nil {
		v.owed = true
	}
	return nil
}

// store sees that the batch is in the store and returns how it stands there.
func (v *Volume) store(ctx context.Context, p *Pending) (objstore.Object, error) {
	key := v.key(p.Key)
	if !p.fresh {
		o, err := v.bucket.Head(ctx, key)
		if err == nil {
			return o, v.same(ctx, o, p)
		}
		if objstore.KindOf(err) != objstore.NotFound {
			return o, err
		}
	}
	if v.storeNow().Sub(time.UnixMilli(p.Batch.Time)) > MaxLateness {
		return objstore.Object{}, ErrStale
	}
	p.fresh = false
	if _, err := putHashed(ctx, v.bucket, key, p.Body); err != nil {
		return objstore.Object{}, err
	}
	o, err := v.bucket.Head(ctx, key)
	if err == nil {
		v.mu.Lock()
		v.sawClock(o)
		v.mu.Unlock()
	}
	return o, err
}

// same tells whether what is stored is the batch. Names hold 32 random bits of the run beside the device and the number, so that
// other bytes under it mean two computers that are copies of one disk and drew the same bits; nothing is overwritten even then.
func (v *Volume) same(ctx context.Context, o objstore.Object, p *Pending) error {
	if h := o.Meta[hashName]; h != "" {
		if h != sum(p.Body) {
			return ErrForeign
		}
		return nil
	}
	body, _, err := read(ctx, v.bucket, o.Key, maxBatchObject)
	if err != nil {
		return err
	}
	if sum(body) != sum(p.Body) {
		return ErrForeign
	}
	return nil
}
