package transfer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"

	"elkjopcloud/platform/disk"
)

// Member is a small file that is stored together with others.
type Member struct {
	Path string // on the disk
	Name string // in the zip: a relative path with '/'
	Want disk.Signature
	Meta map[string]string     // kept beside it, as "sha256" is
	Held func(h [32]byte) bool // whether bytes of that SHA-256 need not be stored; may be nil
}

// Packed describes a file that lies in an object among others, or says why it does not.
type Packed struct {
	Uploaded      // of what is Held without Key and Ranges
	Held     bool // Member.Held said so: it was read and not stored
	Err      error
}

// MaxTogether is the largest file in bytes that UploadTogether takes.
const MaxTogether = 1 << 20

// UploadTogether stores small files in one object: a zip without compression, so that every file is a range of it and any program can open it. The
// metadata of each is JSON in its comment there. The answers are in the order of the files. A file that changed or cannot be read is left out, and so
// are all when the object could not be stored. Members is stored beside the object, with meta.
func (t *Transfer) UploadTogether(ctx context.Context, fsys disk.FS, files []Member, newKey func() string, meta map[string]string) []Packed {
	out := make([]Packed, len(files))
	err := t.uploadTogether(ctx, fsys, files, newKey, meta, out)
	for i := range out {
		if err != nil && out[i].Err == nil && !out[i].Held {
			out[i].Err = err
		}
		if out[i].Err != nil {
			out[i] = Packed{Err: fmt.Errorf("upload %s: %w", files[i].Path, ended(ctx, out[i].Err))}
		}
	}
	return out
}

func (t *Transfer) uploadTogether(ctx context.Context, fsys disk.FS, files []Member, newKey func() string, meta map[string]string, out []Packed) error {
	room := int64(zipEnd)
	for _, f := range files {
		room += zipRoom(f)
	}
	buf, err := t.memory.get(ctx, room)
	if err != nil {
		return err
	}
	defer buf.release()
	z := newZip(buf.b[:0])
	var read reading
	for i, f := range files {
		info, err := read.file(ctx, fsys, f)
		if err != nil {
			out[i].Err = err
			continue
		}
		out[i].Uploaded = Uploaded{SHA256: read.sum, Size: f.Want.Size, Mtime: f.Want.Mtime, Exec: info.Exec, Signature: f.Want}
		if out[i].Held = f.Held != nil && f.Held(read.sum); out[i].Held {
			continue
		}
		at, err := z.Add(Entry{Name: f.Name, Bytes: read.bytes, SHA256: read.sum, Mtime: f.Want.Mtime, Exec: info.Exec, Meta: f.Meta})
		if err != nil {
			out[i].Err = err
			continue
		}
		out[i].Ranges = []Range{{Offset: at, Length: f.Want.Size}}
	}
	if z.Len() == 0 {
		return nil
	}
	body, sum, err := z.Close()
	if err != nil {
		return err
	}
	key, own := newKey(), int64(0)
	for i := range out {
		if out[i].Err == nil && !out[i].Held {
			out[i].Key, out[i].Ranges[0].Key = key, key
			own += out[i].Size
		}
	}
	if err := t.put(ctx, key, body, meta, Members, sum); err != nil {
		return err
	}
	t.o.Progress(own - int64(len(body))) // what is beside the files in a zip is more than small ones are
	return nil
}

// reading is a small file's bytes. They are overwritten by the next one's.
type reading struct {
	bytes []byte
	sum   [32]byte
}

// file reads a file whole, and makes sure that it was one state of it.
func (r *reading) file(ctx context.Context, fsys disk.FS, f Member) (disk.Info, error) {
	if f.Want.Size > MaxTogether {
		return disk.Info{}, fmt.Errorf("%d bytes are too many for a file among others", f.Want.Size)
	}
	src, err := openSource(ctx, fsys, f.Path, f.Want)
	if err != nil {
		return disk.Info{}, err
	}
	defer src.close()
	r.bytes = slices.Grow(r.bytes[:0], int(f.Want.Size))[:f.Want.Size]
	h := sha256.New()
	if err := src.read(ctx, r.bytes, 0, h); err != nil {
		return disk.Info{}, err
	}
	r.sum = [32]byte(h.Sum(nil))
	return src.info, src.unchanged()
}

// zipRoom returns how many bytes a file takes in a zip with others, unless its metadata is full of what JSON escapes.
func zipRoom(f Member) int64 {
	n := f.Want.Size + zipEntry + 2*int64(len(f.Name)) + int64(len(`{"sha256":"",}`)+64)
	for k, v := range f.Meta {
		n += 2 * int64(len(k)+len(v)+len(`"":"",`))
	}
	return n
}
