package space

import (
	"context"
	"encoding/json"
	"io"
	"slices"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
)

// notice is the hint by which the others learn of new batches.
type notice struct {
	Format int             `json:"format"`
	Newest []merge.BatchID `json:"newest"` // of every device, as far as its writer knew
}

// readNotice asks whether the notice has changed and returns the batches that it names; none when it has not. A notice that is lost, or
// that lacks this device's newest batch, is put again later.
func (v *Volume) readNotice(ctx context.Context) ([]merge.BatchID, error) {
	n, tag, err := v.getNotice(ctx, v.tag)
	if objstore.KindOf(err) == objstore.NotModified {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v.tag = tag
	v.owed = v.owed || v.missingIn(n)
	return n.Newest, nil
}

// getNotice returns an empty notice where there is none, or none that can be read.
func (v *Volume) getNotice(ctx context.Context, known string) (n notice, tag string, err error) {
	r, o, err := v.bucket.Get(ctx, v.key(layout.Notice), objstore.GetOptions{IfNoneMatch: known})
	if objstore.KindOf(err) == objstore.NotFound {
		return notice{}, "", nil
	}
	if err != nil {
		return notice{}, "", err
	}
	defer r.Close()
	body, err := io.ReadAll(io.LimitReader(r, maxHint))
	if err != nil {
		return notice{}, "", err
	}
	if json.Unmarshal(body, &n) != nil || n.Format != Format {
		return notice{}, o.ETag, nil
	}
	n.Newest = slices.DeleteFunc(n.Newest, impossible)
	return n, o.ETag, nil
}

// impossible tells names that no batch has.
func impossible(id merge.BatchID) bool {
	_, ok := layout.ParseBatch(layout.Batch(id))
	return !ok
}

// own returns this device's newest batch that counts.
func (v *Volume) own() (merge.BatchID, bool) {
	var best merge.BatchID
	for _, b := range v.log.Batches() {
		if b.Device == v.me.Device && b.Seq >= best.Seq {
			best = b.BatchID
		}
	}
	if best.Seq == 0 && v.start != nil {
		for _, p := range v.start.Seen {
			if p.Device == v.me.Device && p.Seq >= best.Seq {
				best = merge.BatchID{Device: p.Device, Seq: p.Seq, Run: p.Run.Run}
			}
		}
	}
	return best, best.Seq > 0
}

func (v *Volume) missingIn(n notice) bool {
	own, any := v.own()
	return any && !slices.ContainsFunc(n.Newest, func(id merge.BatchID) bool {
		return id == own || id.Device == own.Device && id.Seq > own.Seq
	})
}

// ring puts this device's newest batch into the notice. What another writer puts at the same moment may be lost; it finds out and
// rings again.
func (v *Volume) ring(ctx context.Context) error {
	own, any := v.own()
	if !any {
		v.owed = false
		return nil
	}
	v.owed = true
	n, tag, err := v.getNotice(ctx, "")
	if err != nil {
		return err
	}
	if !v.missingIn(n) && tag != "" {
		v.owed = false
		return nil
	}
	next := notice{Format: Format, Newest: v.merged(n, own)}
	o, err := write(ctx, v.bucket, v.key(layout.Notice), next)
	if err != nil {
		return err
	}
	v.owed, v.tag = false, o.ETag
	if slices.ContainsFunc(n.Newest, func(id merge.BatchID) bool { return !v.has(id) }) {
		v.tag = "" // it also names what has not been read here
	}
	return nil
}

// merged replaces what the notice says of this device by its newest batch, except for what another computer of the same id wrote unseen.
func (v *Volume) merged(n notice, own merge.BatchID) []merge.BatchID {
	out := slices.DeleteFunc(slices.Clone(n.Newest), func(id merge.BatchID) bool {
		return id.Device == own.Device && v.log.Counts(id)
	})
	return append(out, own)
}
