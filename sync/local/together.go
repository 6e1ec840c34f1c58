package local

import (
	"context"
	"strings"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Pack sends small files in one object under a key that newKey gives (relative to the volume). The answers are in the order of the files.
func (r *Replica) Pack(ctx context.Context, files []plan.Small, newKey func() string, meta map[string]string) []plan.Packed {
	ms := make([]transfer.Member, len(files))
	for i, f := range files {
		ms[i] = transfer.Member{Path: f.Path, Name: tree.NFC(f.Path), Want: toDisk(f.Was), Meta: f.Meta}
		if f.Held != nil {
			ms[i].Held = func(h [32]byte) bool { return f.Held(h) }
		}
	}
	out := make([]plan.Packed, len(files))
	for i, p := range r.Transfer.UploadTogether(ctx, r.FS, ms, func() string { return r.Prefix + newKey() }, meta) {
		if p.Err != nil {
			out[i].Err = p.Err
			continue
		}
		out[i].Sent, out[i].Held = r.sent(files[i].Was, p.Uploaded), p.Held
	}
	return out
}

// sent is what a batch needs to know of a file that was uploaded.
func (r *Replica) sent(was plan.Signature, u transfer.Uploaded) plan.Sent {
	c := r.content(u)
	s := was
	s.Size, s.Mtime, s.Ctime, s.Number, s.Birth = u.Signature.Size, u.Signature.Mtime, u.Signature.Ctime, u.Signature.ID.Number, u.Signature.ID.Birth
	s.Exec = u.Exec
	return plan.Sent{Content: c, Disk: s}
}

// content returns what was uploaded. A range without a key is of the object that is being made.
func (r *Replica) content(u transfer.Uploaded) tree.Content {
	c := tree.Content{Hash: u.SHA256, Size: u.Size, Mtime: u.Mtime, Exec: u.Exec}
	for _, x := range u.Ranges {
		if x.Length > 0 {
			c.Extents = append(c.Extents, tree.Extent{Key: strings.TrimPrefix(x.Key, r.Prefix), Offset: x.Offset, Length: x.Length})
		}
	}
	return c
}

// ranges is where a content lies in the store.
func (r *Replica) ranges(c tree.Content) []transfer.Range {
	ranges := make([]transfer.Range, len(c.Extents))
	for i, e := range c.Extents {
		ranges[i] = transfer.Range{Key: r.Prefix + e.Key, Offset: e.Offset, Length: e.Length}
	}
	return ranges
}

// Group is versions that StageGroup brings in one go, as places in the list that Groups was given.
type Group []int

// Groups sorts versions by what is brought in one go: small files that lie near to one another in one object, and every other alone. Versions that
// wait in the staging folder, and second ones of one version, are in none.
func (r *Replica) Groups(vs []merge.Version) []Group {
	var need []int
	var at []transfer.Range
	seen := map[string]bool{}
	for i, v := range vs {
		if name := staged(v); !seen[name] && !r.isReady(v) {
			seen[name] = true
			need, at = append(need, i), append(at, r.piece(v.Content))
		}
	}
	var out []Group
	for _, g := range transfer.Together(at) {
		for i := range g {
			g[i] = need[g[i]]
		}
		out = append(out, g)
	}
	return out
}

// piece returns where a content lies if it lies in one piece, else none.
func (r *Replica) piece(c tree.Content) transfer.Range {
	if len(c.Extents) != 1 {
		return transfer.Range{}
	}
	return r.ranges(c)[0]
}

// StageGroup is Stage for the versions of a group; the answers are in its order.
func (r *Replica) StageGroup(ctx context.Context, vs []merge.Version) []error {
	errs := make([]error, len(vs))
	if len(vs) > 1 {
		errs = r.together(ctx, vs)
	}
	for i, v := range vs {
		if objstore.Temporary(errs[i]) {
			continue // the store does not answer: to ask for each file would only take longer
		}
		if errs[i] = ctx.Err(); errs[i] == nil {
			errs[i] = r.Stage(ctx, v, nil) // which has nothing to do for what together has brought
		}
	}
	return errs
}

// together brings what it can in one go. What is left, for whatever reason, is left to Stage, which goes on with what is there and tells why not.
func (r *Replica) together(ctx context.Context, vs []merge.Version) []error {
	if err := mkdirAll(r.FS, stage); err != nil {
		return make([]error, len(vs))
	}
	files := make([]transfer.Wanted, len(vs))
	for i, v := range vs {
		files[i] = transfer.Wanted{Range: r.piece(v.Content), SHA256: v.Content.Hash, Staging: staged(v), Mtime: v.Content.Mtime, Exec: v.Content.Exec}
	}
	errs := r.Transfer.DownloadTogether(ctx, files, r.FS)
	for i, v := range vs {
		if errs[i] == nil {
			r.setReady(v, true)
		}
	}
	return errs
}
