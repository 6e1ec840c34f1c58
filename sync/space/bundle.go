package space

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/sync/layout"
	"elkjopcloud/sync/tree"
)

const bundleExt = "zip"

// maxBundle is the largest zip of small files in bytes that is read to see what is in it. Those that are made here are far smaller.
const maxBundle = 64 << 20

// bundle returns the files in a zip of small ones, each a range of it whose bytes are those that it says. None is no error: it is not one of ours then,
// or damaged.
func (r *rebuilding) bundle(ctx context.Context, rel string) ([]found, error) {
	body, _, err := r.v.bucket.Get(ctx, r.v.key(rel), objstore.GetOptions{})
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(body, maxBundle))
	if err = errors.Join(err, body.Close()); err != nil {
		return nil, err
	}
	id, _ := layout.ParseContent(rel)
	var out []found
	for _, x := range filesIn(b) {
		if !r.named[piece{id.ID, x.content.Extents[0].Offset}] {
			x.id = id.ID
			x.content.Extents[0].Key = rel
			out = append(out, x)
		}
	}
	return out, nil
}

// filesIn returns what a zip holds and proves.
func filesIn(b []byte) []found {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil
	}
	var out []found
	for _, f := range z.File {
		if x, ok := member(f, b); ok {
			out = append(out, x)
		}
	}
	return out
}

// member reads what a zip says of one file, and proves it.
func member(f *zip.File, b []byte) (found, bool) {
	at, err := f.DataOffset()
	size := int64(f.UncompressedSize64)
	if err != nil || f.Method != zip.Store || f.CompressedSize64 != f.UncompressedSize64 || size <= 0 || at < 0 || size > int64(len(b))-at || tree.CheckPath(f.Name) != nil {
		return found{}, false
	}
	kv := map[string]string{}
	if json.Unmarshal([]byte(f.Comment), &kv) != nil {
		return found{}, false
	}
	m := layout.ParseMeta(kv)
	if m.Hash != sha256.Sum256(b[at:at+size]) {
		return found{}, false
	}
	c := tree.Content{Hash: m.Hash, Size: size, Mtime: m.Mtime, Exec: m.Exec, Extents: []tree.Extent{{Offset: at, Length: size}}}
	return found{path: f.Name, content: c}, true
}
