package transfer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"elkjopcloud/platform/objstore"
)

// CleanUp aborts unfinished uploads of keys that begin with prefix: those in the journal that neither run now nor are wanted
// (Options.Wanted; call it when nothing is left to send), and those that only the store knows, when they are older than
// Options.Abandoned and this device's own (Options.Mine), or older than Options.Foreign. Objects are never touched. One that
// cannot be aborted does not keep the others from it; the errors come back joined.
func (t *Transfer) CleanUp(ctx context.Context, prefix string) error {
	if err := errors.Join(t.forgetUnwanted(ctx, prefix), t.abortStray(ctx, prefix)); err != nil {
		return fmt.Errorf("clean up uploads under %q: %w", prefix, err)
	}
	return nil
}

func (t *Transfer) forgetUnwanted(ctx context.Context, prefix string) error {
	all, err := t.journal.All(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for id, u := range all {
		if strings.HasPrefix(u.Key, prefix) {
			failed = append(failed, t.forgetOne(ctx, id))
		}
	}
	return errors.Join(failed...)
}

// forgetOne looks at the entry again once nobody else can use it.
func (t *Transfer) forgetOne(ctx context.Context, id string) error {
	release, ok := t.running.claim(id)
	if !ok {
		return nil
	}
	defer release()
	u, ok, err := t.journal.Load(ctx, id)
	if err != nil || !ok || t.o.Wanted(u) {
		return err
	}
	return t.discard(ctx, id, u)
}

// abortStray aborts what the store lists and the journal does not know. The journal is read after the store: an upload that is
// listed was in the journal before it began.
func (t *Transfer) abortStray(ctx context.Context, prefix string) error {
	uploads, err := t.bucket.ListUploads(ctx, prefix)
	if err != nil {
		return err
	}
	all, err := t.journal.All(ctx)
	if err != nil {
		return err
	}
	known := make(map[string]bool, len(all))
	for _, u := range all {
		known[u.Key] = true
	}
	var failed []error
	for _, u := range uploads {
		if strings.HasPrefix(u.Key, prefix) && !known[u.Key] && t.stray(u, time.Now()) {
			failed = append(failed, t.bucket.AbortUpload(ctx, u.Key, u.ID))
		}
	}
	return errors.Join(failed...)
}

// stray compares the store's clock with this computer's; a store that is used with signed requests refuses clocks that differ by
// more than minutes. An upload without a time is never stray.
func (t *Transfer) stray(u objstore.Upload, now time.Time) bool {
	age := t.o.Foreign
	if t.o.Mine(u.Key) {
		age = t.o.Abandoned
	}
	return !u.Started.IsZero() && now.Sub(u.Started) > age
}

// discard aborts the upload and forgets it. Should the abort fail, the journal still has it.
func (t *Transfer) discard(ctx context.Context, id string, u Unfinished) error {
	if u.UploadID != "" {
		if err := t.bucket.AbortUpload(ctx, u.Key, u.UploadID); err != nil {
			return err
		}
	}
	if err := t.abortAll(ctx, u.Key); err != nil {
		return err
	}
	return t.journal.Forget(ctx, id)
}

// abortAll aborts every upload of exactly this key, which is one that this device made up.
func (t *Transfer) abortAll(ctx context.Context, key string) error {
	uploads, err := t.bucket.ListUploads(ctx, key)
	if err != nil {
		return err
	}
	for _, u := range uploads {
		if u.Key != key {
			continue
		}
		if err := t.bucket.AbortUpload(ctx, key, u.ID); err != nil {
			return err
		}
	}
	return nil
}
