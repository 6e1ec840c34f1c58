package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"

	"elkjopcloud/platform/disk"
	"elkjopcloud/platform/objstore"
)

// Hash returns the sha256 of the file, or ErrChanged when the file is not the one in want before or after it was read. The blocks of a large one are
// remembered.
func (t *Transfer) Hash(ctx context.Context, fsys disk.FS, path string, want disk.Signature) ([32]byte, error) {
	sum, err := t.hash(ctx, fsys, path, want)
	if err != nil {
		return sum, fmt.Errorf("hash %s: %w", path, ended(ctx, err))
	}
	return sum, nil
}

func (t *Transfer) hash(ctx context.Context, fsys disk.FS, path string, want disk.Signature) ([32]byte, error) {
	src, err := openSource(ctx, fsys, path, want)
	if err != nil {
		return [32]byte{}, err
	}
	defer src.close()
	if t.o.Blocks == nil || src.size < t.o.BlocksFrom || weight(t.blockSize(src.size)) > t.o.Memory {
		return t.hashSource(ctx, src)
	}
	l := newList(src.size, t.blockSize(src.size))
	sum, err := t.scan(ctx, src, l, func(int64, int64) error { return nil })
	if err == nil {
		t.remember(ctx, sum, l)
	}
	return sum, err
}

func (t *Transfer) hashSource(ctx context.Context, src *source) ([32]byte, error) {
	sum := sha256.New()
	if err := src.hashTo(ctx, t.memory, 0, src.size, sum); err != nil {
		return [32]byte{}, err
	}
	if err := src.unchanged(); err != nil {
		return [32]byte{}, err
	}
	return [32]byte(sum.Sum(nil)), nil
}

// Upload stores the file under a key of its own, which newKey gives; keys of one file may differ only in their last segment.
// The metadata is stored with it, and for objects in one request also "sha256" (hexadecimal). ErrChanged means that the file is not
// the one in want, or stopped being it while it was read: no object was made. After any other error the same call goes on where
// it was, provided that meta is the same. An upload begun before may be finished under the key that it had.
func (t *Transfer) Upload(ctx context.Context, fsys disk.FS, path string, want disk.Signature, newKey func() string, meta map[string]string) (Uploaded, error) {
	return t.UploadChanged(ctx, fsys, path, want, newKey, meta, nil)
}

// UploadChanged is Upload for a file of which the store has an earlier version: where few of its blocks have changed, only they are sent, to one object
// under a key that earlier.NewKey gives. earlier may be nil.
func (t *Transfer) UploadChanged(ctx context.Context, fsys disk.FS, path string, want disk.Signature, newKey func() string, meta map[string]string, earlier *Earlier) (Uploaded, error) {
	up, err := t.upload(ctx, fsys, path, want, newKey, meta, earlier)
	if err != nil {
		return Uploaded{}, fmt.Errorf("upload %s: %w", path, ended(ctx, err))
	}
	return up, nil
}

func (t *Transfer) upload(ctx context.Context, fsys disk.FS, path string, want disk.Signature, newKey func() string, meta map[string]string, earlier *Earlier) (Uploaded, error) {
	if want.Size > maxObject {
		return Uploaded{}, objstore.Errorf(objstore.Invalid, objstore.OpPut, path, "%w", ErrTooLarge)
	}
	src, err := openSource(ctx, fsys, path, want)
	if err != nil {
		return Uploaded{}, err
	}
	defer src.close()
	up := Uploaded{Size: want.Size, Mtime: want.Mtime, Exec: src.info.Exec, Signature: want}
	if want.Size < t.o.BlocksFrom {
		return up, t.uploadAll(ctx, src, newKey, meta, &up)
	}
	if earlier != nil {
		done, err := t.uploadChanged(ctx, src, meta, earlier, &up)
		if done || err != nil {
			return up, err
		}
	}
	list := newList(want.Size, t.blockSize(want.Size))
	if t.o.Blocks != nil {
		src.seen, src.align = list.see, list.Size
	}
	if err := t.uploadAll(ctx, src, newKey, meta, &up); err != nil {
		return up, err
	}
	t.remember(ctx, up.SHA256, list)
	return up, nil
}

// uploadAll stores the file as one object.
func (t *Transfer) uploadAll(ctx context.Context, src *source, newKey func() string, meta map[string]string, up *Uploaded) error {
	key, sum, err := t.store(ctx, src, newKey, meta)
	up.Key, up.SHA256, up.Ranges = key, sum, []Range{{key, 0, up.Size}}
	return err
}

// store makes an object of what the source gives, and returns its key and sha256.
func (t *Transfer) store(ctx context.Context, src *source, newKey func() string, meta map[string]string) (string, [32]byte, error) {
	if src.size >= t.o.MultipartFrom {
		return t.uploadParts(ctx, src, newKey, meta)
	}
	return t.uploadWhole(ctx, src, newKey, meta)
}

// uploadWhole reads the file into memory, makes sure that it is one state of the file, and stores it in one request.
func (t *Transfer) uploadWhole(ctx context.Context, src *source, newKey func() string, meta map[string]string) (string, [32]byte, error) {
	buf, err := t.memory.get(ctx, src.size)
	if err != nil {
		return "", [32]byte{}, err
	}
	defer buf.release()
	h := sha256.New()
	if err := src.read(ctx, buf.b, 0, h); err != nil {
		return "", [32]byte{}, err
	}
	if err := errors.Join(src.seen(0, buf.b), src.unchanged()); err != nil {
		return "", [32]byte{}, err
	}
	key, sum := newKey(), [32]byte(h.Sum(nil))
	return key, sum, t.put(ctx, key, buf.b, meta, "sha256", hex.EncodeToString(sum[:]))
}

// put stores the bytes, with their sum in the metadata under name; an answer that was lost is settled by looking, then by sending the same bytes to
// the same key again.
func (t *Transfer) put(ctx context.Context, key string, b []byte, meta map[string]string, name, sum string) error {
	all := maps.Clone(meta)
	if all == nil {
		all = make(map[string]string, 1)
	}
	all[name] = sum
	var err error
	for range 2 {
		if err = t.putOnce(ctx, key, b, all); err == nil || !unknown(ctx, err) {
			return err
		}
		o, asked := t.head(ctx, key)
		if o.Size == int64(len(b)) && o.Meta[name] == sum {
			t.o.Progress(o.Size)
			return nil
		}
		if !asked {
			return err // the store does not answer: another try would fare no better
		}
	}
	return err
}

// head describes the object, the zero Object when there is none; false when the store did not say.
func (t *Transfer) head(ctx context.Context, key string) (objstore.Object, bool) {
	o, err := t.bucket.Head(ctx, key)
	if err != nil {
		return objstore.Object{}, objstore.KindOf(err) == objstore.NotFound
	}
	return o, true
}

func (t *Transfer) putOnce(ctx context.Context, key string, b []byte, meta map[string]string) error {
	body := newBody(bytes.NewReader(b), t.o.Progress)
	_, err := t.bucket.Put(ctx, key, body, int64(len(b)), objstore.PutOptions{Meta: meta})
	body.revoke(err == nil)
	return err
}

// unknown tells whether a request that failed may have done its work all the same.
func unknown(ctx context.Context, err error) bool {
	if ctx.Err() != nil || errors.Is(err, ErrChanged) {
		return false
	}
	k := objstore.KindOf(err)
	return objstore.Temporary(err) || k == objstore.Other || k == objstore.Damaged
}

// ended puts the end of ctx in the place of what it led to.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
