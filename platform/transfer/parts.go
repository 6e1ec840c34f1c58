package transfer

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"

	"elkjopcloud/platform/objstore"
)

// The limits that S3-compatible stores share, beside those in objstore.
const (
	maxPart   = 5 << 30 // bytes of a part
	maxObject = 5 << 40 // bytes of an object
)

// partSize returns the bytes per part for a file: smallest, doubled until at most 10 000 parts are needed.
func partSize(size, smallest int64) int64 {
	p := smallest
	for parts(size, p) > objstore.MaxPart {
		p *= 2
	}
	return min(p, maxPart)
}

// parts returns how many parts a file has.
func parts(size, part int64) int {
	return int((size + part - 1) / part)
}

// partLen returns the bytes of part n, counted from 1.
func partLen(size, part int64, n int) int64 {
	return min(part, size-int64(n-1)*part)
}

// uploadID names the upload of a file in the journal. Keys of one file differ only in their last segment, so that the rest
// says which volume it goes to; the same file resumes only into the same place.
func uploadID(key, file string) string {
	sum := sha256.Sum256([]byte(path.Dir(key) + "\x00" + file))
	return hex.EncodeToString(sum[:16])
}

// fits tells whether an unfinished upload can become the object that would be begun now for this file, metadata and layout: what
// was promised at its beginning must still be true. Whether the bytes are the same is asked part by part.
func (u Unfinished) fits(now Unfinished) bool {
	return u.Key != "" && u.UploadID != "" && u.PartSize == now.PartSize && maps.Equal(u.Meta, now.Meta) &&
		u.Size == now.Size && u.Signature.Size == now.Signature.Size && u.Signature.Mtime == now.Signature.Mtime
}

// reusable returns the parts that the journal and the store agree on, by number: confirmed before, still there, with the same
// ETag and the size that the layout gives. Each still has to prove its Prefix against the file.
func (u Unfinished) reusable(listed []objstore.Part) map[int]StoredPart {
	there := make(map[int]objstore.Part, len(listed))
	for _, p := range listed {
		there[p.Number] = p
	}
	keep := make(map[int]StoredPart)
	for _, p := range u.Parts {
		l, ok := there[p.Number]
		if ok && p.Number >= 1 && p.Number <= parts(u.Size, u.PartSize) &&
			l.ETag == p.ETag && l.Size == p.Size && p.Size == partLen(u.Size, u.PartSize, p.Number) {
			keep[p.Number] = p
		}
	}
	return keep
}

// worthSaving tells whether the journal should be written again when unsaved of total parts are not in it: after every part at
// first, later only for each sixty-fourth more, because an entry holds all its parts. A crash costs that much to send again.
func worthSaving(unsaved, total int) bool {
	return unsaved >= max(1, total/64)
}

// madeOf tells whether the object may be what these parts of size bytes in all make. Where ETags are MD5 sums, as on S3 servers, the
// object's ETag is that of the parts' ETags; elsewhere the size has to do. A wrong no costs another upload, a wrong yes a file.
func madeOf(o objstore.Object, size int64, parts []StoredPart) bool {
	sums := md5.New()
	for _, p := range parts {
		sum, err := hex.DecodeString(p.ETag)
		if err != nil || len(sum) != md5.Size {
			return o.Size == size
		}
		sums.Write(sum)
	}
	return o.Size == size && o.ETag == fmt.Sprintf("%x-%d", sums.Sum(nil), len(parts))
}
