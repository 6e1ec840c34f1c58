package transfer

import (
	"context"

	"elkjopcloud/platform/objstore"
)

// state is what is left of an upload that was begun before.
type state int

const (
	nothing  state = iota // to be begun
	begun                 // the store has it, perhaps with parts
	complete              // the object was made, only the confirmation was lost
)

// resume takes up the upload that the journal knows for this file, or puts it away when it is of no use.
func (j *job) resume(ctx context.Context) (state, error) {
	u, ok, err := j.t.journal.Load(ctx, j.id)
	if err != nil || !ok {
		return nothing, err
	}
	if !u.fits(j.u) {
		return nothing, j.t.discard(ctx, j.id, u)
	}
	listed, err := j.t.bucket.ListParts(ctx, u.Key, u.UploadID)
	switch {
	case objstore.KindOf(err) == objstore.NoUpload:
		return j.vanished(ctx, u)
	case err != nil:
		return nothing, err
	}
	j.u, j.have = u, u.reusable(listed)
	return begun, nil
}

// vanished decides about an upload that the store does not know any more: completed with the confirmation lost, or aborted.
// The key is used by this upload alone.
func (j *job) vanished(ctx context.Context, u Unfinished) (state, error) {
	if u.Completing {
		o, err := j.t.bucket.Head(ctx, u.Key)
		if err == nil && madeOf(o, u.Size, u.Parts) {
			j.u = u
			return complete, nil
		}
		if err != nil && objstore.KindOf(err) != objstore.NotFound {
			return nothing, err
		}
	}
	return nothing, j.t.discard(ctx, j.id, u)
}
