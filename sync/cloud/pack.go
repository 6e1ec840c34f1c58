package cloud

import (
	"context"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
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

// packer forms the requests of some files: small files that stand near to one another go together, every other alone.
type packer struct {
	r     *Replica
	in    plan.Input
	small []plan.Up
	alone []plan.Up
}

func (r *Replica) packer(in plan.Input, ups []plan.Up) *packer {
	p := &packer{r: r, in: in}
	for _, u := range ups {
		if n := in.Local.Get(u.ID).Disk.Size; n > 0 && n <= Small {
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

// next returns what goes in the next request; nothing when all has gone.
func (p *packer) next() []plan.Up {
	if len(p.small) == 0 {
		l := p.alone[:min(1, len(p.alone))]
		p.alone = p.alone[len(l):]
		return l
	}
	n := 0
	for room := p.r.room.Load(); n < min(len(p.small), mostFiles); n++ {
		u := p.small[n]
		room -= p.in.Local.Get(u.ID).Disk.Size + 2*int64(len(u.Path)) + entryRoom
		if room < 0 && n > 0 {
			break
		}
	}
	l := p.small[:n]
	p.small = p.small[n:]
	return l
}

// entryRoom is more than what is kept of a file in a zip besides its bytes and name.
const entryRoom = 600

// pack sends small files in one object.
func (r *Replica) pack(ctx context.Context, in plan.Input, ups []plan.Up) []answer {
	files := make([]plan.Small, len(ups))
	for i, u := range ups {
		files[i] = plan.Small{Path: u.Path, Was: in.Local.Get(u.ID).Disk, Meta: r.meta(in, u)}
		delete(files[i].Meta, "path") // its name says so
	}
	dir := folderOf(ups)
	meta := layout.Meta{Path: dir, Device: r.Device}.Map()
	delete(meta, "sha256")
	delete(meta, "mtime")
	began := r.Now()
	sent := r.Source.Pack(ctx, files, func() string { return layout.Bundle(dir, r.NewID()) }, meta)
	if ctx.Err() == nil {
		r.took(r.Now().Sub(began))
	}
	out := make([]answer, len(ups))
	for i, u := range ups {
		out[i] = answer{u, sent[i].Sent, sent[i].Err, true}
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

// took learns from how long a zip was on its way how large the next ones may be.
func (r *Replica) took(d time.Duration) {
	room := r.room.Load()
	switch {
	case d < quickly:
		room = min(2*room, mostPack)
	case d > slowly:
		room = max(room/2, leastPack)
	}
	r.room.Store(room)
}

// folderOf returns the folder that all files are in or below.
func folderOf(ups []plan.Up) string {
	dir, _ := tree.Split(ups[0].Path)
	for _, u := range ups[1:] {
		for !tree.Under(u.Path, dir) {
			dir, _ = tree.Split(dir)
		}
	}
	return dir
}
