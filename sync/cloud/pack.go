package cloud

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/tree"
)

// Small files that wait together go in one zip: a request costs more than their bytes.
const (
	Small     = 256 << 10 // the largest file in bytes that goes with others
	firstPack = 1 << 20   // bytes in the first zip; then as many as the line takes in a few seconds
	leastPack = 256 << 10
	mostPack  = 4 << 20 // a zip is made in memory, several at once
	mostFiles = 2000
	quickly   = 2 * time.Second
	slowly    = 8 * time.Second // what is cut off by a crash or a bad line is sent again whole
)

// Room learns how many bytes of small files go in one object. The zero value is ready; it is safe for concurrent use.
type Room struct{ bytes atomic.Int64 }

// Fill tells how many of n files go in the next object, at least one: the first ones of them. file returns a file's bytes and its path.
func (r *Room) Fill(n int, file func(i int) (size int64, path string)) int {
	room := r.now()
	for i := range min(n, mostFiles) {
		size, path := file(i)
		room -= size + 2*int64(len(path)) + entryRoom
		if room < 0 {
			return max(i, 1)
		}
	}
	return min(n, mostFiles)
}

func (r *Room) now() int64 {
	if n := r.bytes.Load(); n > 0 {
		return n
	}
	return firstPack
}

// Took learns from how long an object was on its way how large the next ones may be.
func (r *Room) Took(d time.Duration) {
	switch room := r.now(); {
	case d < quickly:
		r.bytes.Store(min(2*room, mostPack))
	case d > slowly:
		r.bytes.Store(max(room/2, leastPack))
	}
}

// entryRoom is more than what is kept of a file in a zip besides its bytes and name.
const entryRoom = 600

// packer forms the requests of some files: small files that stand near to one another go together, every other alone.
type packer struct {
	r     *Replica
	in    plan.Input
	small []plan.Up
	alone []plan.Up
}

// load is what goes in one request.
type load struct {
	ups      []plan.Up
	together bool
}

func (r *Replica) packer(in plan.Input, ups []plan.Up) *packer {
	p := &packer{r: r, in: in}
	for _, u := range ups {
		if isSmall(in, u) {
			p.small = append(p.small, u)
		} else {
			p.alone = append(p.alone, u)
		}
	}
	if len(p.small) <= r.Few {
		p.small, p.alone = nil, ups
	}
	return p
}

func isSmall(in plan.Input, u plan.Up) bool {
	n := in.Local.Get(u.ID).Disk.Size
	return n > 0 && n <= Small
}

// isNew tells of a new file whether it is not known what it holds.
func isNew(u plan.Up) bool { return u.Kind == merge.Create && u.Known.IsZero() }

// Together tells whether the small files among these are sent together, so that Contents may look what of them the volume has: they are read once then.
func (r *Replica) Together(in plan.Input, ups []plan.Up, have Have) bool {
	n := 0
	for _, u := range ups {
		if (u.Kind == merge.Create || u.Kind == merge.Put) && isSmall(in, u) && !r.Has(in, u, have) {
			n++
		}
	}
	return n > r.Few
}

// next returns what goes in the next request; nothing when all has gone.
func (p *packer) next() load {
	if len(p.small) == 0 {
		l := p.alone[:min(1, len(p.alone))]
		p.alone = p.alone[len(l):]
		return load{l, false}
	}
	n := p.r.room.Fill(len(p.small), func(i int) (int64, string) { return p.in.Local.Get(p.small[i].ID).Disk.Size, p.small[i].Path })
	l := p.small[:n]
	p.small = p.small[n:]
	return load{l, n > 1 || isNew(l[0])}
}

// pack sends small files in one object, but for new ones whose bytes may be held already.
func (r *Replica) pack(ctx context.Context, in plan.Input, ups []plan.Up, held func(tree.Hash) bool) []answer {
	files := make([]plan.Small, len(ups))
	for i, u := range ups {
		files[i] = plan.Small{Path: u.Path, Was: in.Local.Get(u.ID).Disk, Meta: r.meta(in, u)}
		delete(files[i].Meta, "path") // its name says so
		if isNew(u) {
			files[i].Held = held
		}
	}
	dir := FolderOf(len(ups), func(i int) string { return ups[i].Path })
	meta := layout.Meta{Path: dir, Device: r.Device}.Map()
	delete(meta, "sha256")
	delete(meta, "mtime")
	began := r.Now()
	sent := r.Source.Pack(ctx, files, func() string { return layout.Bundle(dir, r.NewID()) }, meta)
	if ctx.Err() == nil && slices.ContainsFunc(sent, func(p plan.Packed) bool { return !p.Held }) {
		r.room.Took(r.Now().Sub(began))
	}
	out := make([]answer, len(ups))
	for i, u := range ups {
		out[i] = answer{up: u, sent: sent[i].Sent, err: sent[i].Err, held: sent[i].Held, fresh: true}
		if refused(sent[i].Err) && ctx.Err() == nil {
			out[i].sent, out[i].err = r.Sending(in, u)(ctx)
		}
		out[i].sent.Content.Exec = r.exec(in, u)
	}
	return out
}

// refused tells whether the store takes no object like this one, which says nothing of each file in it.
func refused(err error) bool {
	switch objstore.KindOf(err) {
	case objstore.Full, objstore.Invalid, objstore.Damaged:
		return true
	}
	return false
}

// FolderOf returns the folder that n files are in or below.
func FolderOf(n int, path func(i int) string) string {
	dir, _ := tree.Split(path(0))
	for i := range n {
		for !tree.Under(path(i), dir) {
			dir, _ = tree.Split(dir)
		}
	}
	return dir
}
