package space

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/transfer"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/merge"
	"elkjopcloud/sync/tree"
)

// A zip of small files stays as long as one of them is kept. When more than half of it is kept no more, the rest moves to a new one, and the old one
// goes like everything that nothing names. What is deleted for ever is so at last, and takes no room.
const (
	sparsely   = 2       // times more bytes in it than are kept
	besides    = 400     // bytes that a zip has for each file besides its own, about
	mostRepack = 4 << 20 // bytes in a new zip, about
	mostSparse = 200     // zips that one sweep names
)

// sparse returns of objects that are old enough to be deleted the zips that hold little that is kept.
func (w *sweep) sparse(old []objstore.Object) []string {
	size := map[string]int64{}
	for _, o := range old {
		if rel, _ := w.name.Rel(o.Key); strings.HasSuffix(rel, "."+bundleExt) {
			size[rel] = o.Size
		}
	}
	if len(size) == 0 {
		return nil
	}
	live := map[string]int64{}
	for key, vs := range w.living(func(key string) bool { return size[key] > 0 }, w.gone) {
		last := int64(-1)
		for _, v := range vs {
			if x := v.Content.Extents[0]; x.Offset > last { // files of the same bytes share them
				live[key] += x.Length + besides
				last = x.Offset
			}
		}
	}
	var out []string
	for _, key := range slices.Sorted(maps.Keys(live)) {
		if live[key]*sparsely < size[key] && len(out) < mostSparse {
			out = append(out, key)
		}
	}
	return out
}

// living returns the versions that are kept and lie in one piece in objects that are asked for, by key, in the order of their places there. An object
// with a version that lies elsewhere as well is left out. v.mu need not be held, as nothing changes the log while busy is.
func (v *Volume) living(asked func(key string) bool, gone func(merge.Node) bool) map[string][]merge.Version {
	s := v.log.State()
	out, odd := map[string][]merge.Version{}, map[string]bool{}
	for id := range keeping(s, v.rules, v.storeNow().Add(-grace).UnixNano(), gone).versions.all {
		ver, ok := s.Version(id)
		if !ok || ver.ID != id {
			continue
		}
		for _, x := range ver.Content.Extents {
			if asked(x.Key) {
				out[x.Key] = append(out[x.Key], ver)
				odd[x.Key] = odd[x.Key] || len(ver.Content.Extents) > 1
			}
		}
	}
	maps.DeleteFunc(out, func(key string, _ []merge.Version) bool { return odd[key] })
	for _, vs := range out {
		slices.SortFunc(vs, func(a, b merge.Version) int {
			return cmp.Or(cmp.Compare(a.Content.Extents[0].Offset, b.Content.Extents[0].Offset), a.ID.Compare(b.ID))
		})
	}
	return out
}

// Repack copies what is kept of the zips that a sweep has reported as Sparse to new ones, and returns the operations that say so. An object that cannot be
// read as it should be is left as it is. Until the operations are published nothing has changed; without them the new objects are swept one day.
func (v *Volume) Repack(ctx context.Context, sweep SweepReport) ([]merge.Op, error) {
	v.busy.Lock()
	defer v.busy.Unlock()
	asked := map[string]bool{}
	for _, key := range sweep.Sparse {
		asked[key] = true
	}
	r := &repacking{v: v}
	living := v.living(func(key string) bool { return asked[key] }, sweep.gone)
	for _, key := range slices.Sorted(maps.Keys(living)) {
		if err := r.object(ctx, key, living[key]); err != nil {
			return nil, fmt.Errorf("repack %s: %w", key, err)
		}
	}
	if err := r.store(ctx); err != nil {
		return nil, fmt.Errorf("repack: %w", err)
	}
	return r.ops, nil
}

// repacking fills one zip after the other.
type repacking struct {
	v   *Volume
	zip *transfer.Zip
	dir string // in which all of its files were
	new []merge.Op
	ops []merge.Op // of the zips that are stored
}

// object takes what is kept out of one zip; nothing when one of the files is not there as it should be.
func (r *repacking) object(ctx context.Context, key string, vs []merge.Version) error {
	body, _, err := r.v.bucket.Get(ctx, r.v.key(key), objstore.GetOptions{})
	if objstore.KindOf(err) == objstore.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := io.ReadAll(io.LimitReader(body, maxBundle))
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	entries, ok := r.entries(b, vs)
	if !ok {
		return nil
	}
	for i, e := range entries {
		if err := r.add(ctx, vs[i], e); err != nil {
			return err
		}
	}
	return nil
}

// entries returns what a zip says of some versions; false when it does not hold one of them, or when they are most of what is in it: names can be longer
// than the files, and what was repacked must not be so again every day.
func (r *repacking) entries(b []byte, vs []merge.Version) ([]transfer.Entry, bool) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, false
	}
	at := map[int64]*zip.File{}
	for _, f := range z.File {
		if off, err := f.DataOffset(); err == nil {
			at[off] = f
		}
	}
	out := make([]transfer.Entry, len(vs))
	kept := map[*zip.File]bool{}
	for i, v := range vs {
		x := v.Content.Extents[0]
		f := at[x.Offset]
		if f == nil {
			return nil, false
		}
		got, ok := member(f, b)
		if !ok || got.content.Hash != v.Content.Hash || got.content.Size != x.Length {
			return nil, false
		}
		out[i] = transfer.Entry{Name: f.Name, Bytes: b[x.Offset : x.Offset+x.Length], SHA256: v.Content.Hash, Mtime: v.Content.Mtime, Exec: v.Content.Exec, Meta: metaOf(f)}
		kept[f] = true
	}
	return out, isSparse(z.File, kept)
}

// isSparse tells whether what is kept takes less than half of the room.
func isSparse(all []*zip.File, kept map[*zip.File]bool) bool {
	var room, live uint64
	for _, f := range all {
		n := f.UncompressedSize64 + uint64(2*len(f.Name)+len(f.Comment)) + 100
		room += n
		if kept[f] {
			live += n
		}
	}
	return live*sparsely < room
}

// metaOf returns what was kept beside a file.
func metaOf(f *zip.File) map[string]string {
	kv := map[string]string{}
	_ = json.Unmarshal([]byte(f.Comment), &kv) // member has read it
	delete(kv, "sha256")
	return kv
}

func (r *repacking) add(ctx context.Context, v merge.Version, e transfer.Entry) error {
	dir, _ := tree.Split(e.Name)
	if r.zip == nil {
		r.zip, r.dir = transfer.NewZip(), dir
	}
	for !tree.Under(dir, r.dir) {
		r.dir, _ = tree.Split(r.dir)
	}
	at, err := r.zip.Add(e)
	if err != nil {
		return err
	}
	c := v.Content
	c.Extents = []tree.Extent{{Offset: at, Length: c.Size}}
	r.new = append(r.new, merge.Op{Kind: merge.Repack, Version: v.ID, Content: &c})
	if r.zip.Size() >= mostRepack {
		return r.store(ctx)
	}
	return nil
}

// store sends the zip that is being filled.
func (r *repacking) store(ctx context.Context) error {
	if r.zip == nil {
		return nil
	}
	body, sum, err := r.zip.Close()
	if err != nil {
		return err
	}
	var random [10]byte
	if _, err := io.ReadFull(r.v.me.Rand, random[:]); err != nil {
		return err
	}
	key := layout.Bundle(r.dir, layout.NewULID(r.v.storeNow().UnixMilli(), random))
	meta := layout.Meta{Path: r.dir, Device: r.v.me.Device}.Map()
	delete(meta, "sha256")
	delete(meta, "mtime")
	meta[transfer.Members] = sum
	if _, err := r.v.bucket.Put(ctx, r.v.key(key), bytes.NewReader(body), int64(len(body)), objstore.PutOptions{Meta: meta}); err != nil {
		return err
	}
	for _, op := range r.new {
		op.Content.Extents[0].Key = key
	}
	r.ops = append(r.ops, r.new...)
	r.zip, r.new = nil, nil
	return nil
}
