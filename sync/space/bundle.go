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
	"elkjopcloud/sync/merge"
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

// ErrTooLarge means that an object is too large to be mended in memory.
var ErrTooLarge = errors.New("the object is too large to be mended")

// Mend puts the right bytes into an object that holds several files, at their offsets, where the store has lost or damaged it. What else is in it stays
// as it is there. It is read twice for that: what came damaged on the way must not be written back. Nor is it when another file that is kept there came with
// other bytes than its own, since nobody can tell then whether the store has it so.
func (v *Volume) Mend(ctx context.Context, rel string, right map[int64][]byte) error {
	v.busy.Lock()
	defer v.busy.Unlock()
	size := int64(0)
	for at, b := range right {
		size = max(size, at+int64(len(b)))
	}
	key := v.key(rel)
	b, meta, err := v.readTwice(ctx, key)
	if err != nil {
		return err
	}
	if size = max(size, int64(len(b))); size > maxBundle {
		return ErrTooLarge
	}
	if err := v.othersWhole(rel, b, right); err != nil {
		return err
	}
	b = append(b, make([]byte, size-int64(len(b)))...)
	for at, p := range right {
		copy(b[at:], p)
	}
	_, err = v.bucket.Put(ctx, key, bytes.NewReader(b), size, objstore.PutOptions{Meta: meta})
	return err
}

// othersWhole makes sure that what came of an object has the right bytes of each file that is kept there and not to be mended, as far as it reaches.
func (v *Volume) othersWhole(rel string, b []byte, right map[int64][]byte) error {
	never := func(merge.Node) bool { return false }
	for _, ver := range v.living(func(key string) bool { return key == rel }, never)[rel] {
		x := ver.Content.Extents[0]
		if _, mended := right[x.Offset]; mended || x.Offset+x.Length > int64(len(b)) {
			continue
		}
		if sha256.Sum256(b[x.Offset:x.Offset+x.Length]) != ver.Content.Hash {
			return objstore.Errorf(objstore.Damaged, objstore.OpGet, v.key(rel), "%w", errOthers)
		}
	}
	return nil
}

// errOthers: another device may hold it.
var errOthers = errors.New("more of it has other bytes than can be mended from here")

// errUnsteady: it may be right the next time.
var errUnsteady = errors.New("it came with other bytes the second time")

// readTwice returns an object's bytes and what is stored beside it; nothing when it is gone.
func (v *Volume) readTwice(ctx context.Context, key string) ([]byte, map[string]string, error) {
	var first []byte
	var meta map[string]string
	for try := range 2 {
		body, o, err := v.bucket.Get(ctx, key, objstore.GetOptions{})
		if objstore.KindOf(err) == objstore.NotFound && try == 0 {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		b, err := io.ReadAll(io.LimitReader(body, maxBundle+1))
		if err = errors.Join(err, body.Close()); err != nil {
			return nil, nil, err
		}
		if try == 1 && !bytes.Equal(first, b) {
			return nil, nil, objstore.Errorf(objstore.Damaged, objstore.OpGet, key, "%w", errUnsteady)
		}
		first, meta = b, o.Meta
	}
	return first, meta, nil
}
