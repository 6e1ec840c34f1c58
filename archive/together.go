package archive

import (
	"context"
	"iter"

	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/cloud"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/plan"
)

// few is how many small files are sent one by one rather than together.
const few = 7

// loads returns what goes in one request: small files of one disk together, every other file alone. How many are together is learnt on the way.
func (w *adding) loads(files []*found) iter.Seq[[]*found] {
	var disks []string
	small := map[string][]*found{}
	var alone []*found
	for _, f := range files {
		if f.info.Size == 0 || f.info.Size > cloud.Small {
			alone = append(alone, f)
			continue
		}
		if small[f.root] == nil {
			disks = append(disks, f.root)
		}
		small[f.root] = append(small[f.root], f)
	}
	return func(yield func([]*found) bool) {
		for _, d := range disks {
			if len(small[d]) <= few {
				alone = append(alone, small[d]...)
				continue
			}
			for l := small[d]; len(l) > 0; {
				n := w.room.Fill(len(l), func(i int) (int64, string) { return l[i].info.Size, l[i].target })
				if !yield(l[:n]) {
					return
				}
				l = l[n:]
			}
		}
		for i := range alone {
			if !yield(alone[i : i+1]) {
				return
			}
		}
	}
}

// together sends small files of one disk in one object, and returns those that have to be tried alone.
func (w *adding) together(ctx context.Context, files []*found, have contents, prior map[string]plan.Sent) (left []*found) {
	var send []*found
	for _, f := range files {
		known, err := w.known(ctx, f, have, prior)
		switch {
		case err != nil:
			left = append(left, f)
		case known:
			w.step(f, nil)
		default:
			send = append(send, f)
		}
	}
	if len(send) < 2 {
		return append(left, send...)
	}
	began := w.Now()
	for i, p := range w.pack(ctx, send) {
		if p.Err != nil {
			left = append(left, send[i])
			continue
		}
		w.sent(send[i], p.Uploaded)
		w.step(send[i], nil)
	}
	w.room.Took(w.Now().Sub(began))
	return left
}

// pack makes an object of small files.
func (w *adding) pack(ctx context.Context, files []*found) []transfer.Packed {
	members := make([]transfer.Member, len(files))
	for i, f := range files {
		members[i] = transfer.Member{Path: f.path, Name: f.target, Want: f.info.Signature, Meta: w.meta(f)}
		delete(members[i].Meta, "path") // its name says so
	}
	dir := cloud.FolderOf(len(files), func(i int) string { return files[i].target })
	meta := layout.Meta{Path: dir, Device: w.Device}.Map()
	delete(meta, "sha256")
	delete(meta, "mtime")
	return w.Transfer.UploadTogether(ctx, files[0].fs, members, func() string { return w.prefix() + layout.Bundle(dir, w.NewID()) }, meta)
}
