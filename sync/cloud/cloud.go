// Package cloud is the other side of a pair: a volume of the user's space. It brings the content of new and changed files there and
// turns a plan into a batch.
//
// Reading order: cloud.go, content.go (the bytes of what is to be told), pack.go (small files together).
package cloud

import (
	"context"
	"time"

	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/tree"
)

// Source reads local files.
type Source interface {
	// Upload sends a file's bytes, or what of them is not in an earlier version, which may be nil, provided it is still the one that was observed; see
	// local.Replica.
	Upload(ctx context.Context, path string, was plan.Signature, newKey func() string, meta map[string]string, earlier *plan.Earlier) (plan.Sent, error)
	// Pack sends small files in one object, and answers in their order.
	Pack(ctx context.Context, files []plan.Small, newKey func() string, meta map[string]string) []plan.Packed
}

// Options of a Replica.
type Options struct {
	Volume   *space.Volume
	Source   Source
	NewID    func() layout.ULID
	Device   tree.Device      // kept beside each object
	Parallel int              // files sent at once
	Few      int              // how many small files that wait are sent one by one rather than together (default 7)
	Now      func() time.Time // this device's clock, by which it is told whether the line is fast (default time.Now)
	NoExec   bool             // the disk knows no execute bit: what the file had in the cloud stays
}

// Replica is the cloud side of one pair.
type Replica struct {
	Options
	room Room
}

// New returns a Replica.
func New(o Options) *Replica {
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	if o.Few <= 0 {
		o.Few = 7
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Replica{Options: o}
}

// State returns the merge as far as it is known here.
func (r *Replica) State() *merge.State { return r.Volume.State() }

// Prepare turns a part of a plan, whose contents are all in sent, into a batch that is ready to be published, and the Base that it leaves.
func (r *Replica) Prepare(in plan.Input, ups []plan.Up, sent map[plan.Handle]plan.Sent, confirmed bool) (*space.Pending, plan.Commit, error) {
	at := r.Volume.Next()
	ops, commit := plan.Batch(in, at, ups, sent)
	p, err := r.Volume.PrepareAt(at, ops, confirmed)
	return p, commit, err
}
