package engine

import (
	"context"

	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Store keeps what one pair must remember. It is a cache of what disk and cloud can tell again, except for the intent: a batch that
// may have been sent must be sent again as it was.
type Store interface {
	// Load returns everything that was saved.
	Load(ctx context.Context) (Saved, error)
	// Save makes the whole change durable before it returns, or nothing of it.
	Save(ctx context.Context, c Change) error
}

// Saved is the content of a Store.
type Saved struct {
	Base    *plan.Bases // the engine's own from then on; nil for none
	Intent  *Intent
	Uploads []Upload
	Open    []plan.Open // acts on the disk that were begun and are not in Base; of their Version, ID and execute bit
	Guard   []byte      // the guard's open question, as the engine wrote it
	Joined  bool        // all that lay in the folder at the beginning was compared with the cloud
}

// Change is one transaction on a Store.
type Change struct {
	Set         []*plan.Base
	Drop        []plan.Handle
	Intent      *Intent // sets the intent
	ClearIntent bool    // or removes it
	Uploads     []Upload
	NoUploads   []tree.Hash // uploads that a confirmed batch has told, or that are of no use any more
	Open        []plan.Open // nil leaves them, any other takes their place
	Guard       []byte      // nil leaves it, empty removes it
	Joined      bool        // sets Saved.Joined
}

// Intent is a batch that was or will be sent, and what Base becomes then.
type Intent struct {
	Key    string      // of the batch object
	Body   []byte      // its exact bytes
	Commit plan.Commit // what Base becomes when it is confirmed
	Told   []tree.Hash // uploads that it refers to
}

// Upload is content that lies in the volume and that no batch has told yet.
type Upload struct {
	Path    string
	Disk    plan.Signature // of the file when it was read
	Content tree.Content
}
