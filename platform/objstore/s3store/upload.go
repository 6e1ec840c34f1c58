package s3store

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"github.com/minio/minio-go/v7"
)

const algorithmHeader = "X-Amz-Checksum-Algorithm"

// NewUpload implements objstore.Bucket. What the parts carry is settled here: CRC-32C when the server, asked for it, says so.
func (b *Bucket) NewUpload(ctx context.Context, key string, o objstore.PutOptions) (string, error) {
	if proof(b.proof.Load()) == byMD5 || b.plainParts.Load() {
		return b.begin(ctx, key, o, byMD5)
	}
	id, err := b.begin(ctx, key, o, byCRC)
	if how, _ := b.uploads.Load(id); err == nil && how == byCRC || err != nil && objstore.KindOf(err) != objstore.Invalid {
		return id, err
	}
	if err == nil {
		b.abandon(ctx, key, id) // it may want sums or not; nobody can tell
	}
	if id, err = b.begin(ctx, key, o, byMD5); err == nil {
		b.plainParts.Store(true)
	}
	return id, err
}

// begin begins an upload whose parts are to carry how; those that the server copies carry nothing, which is what goes with byMD5.
func (b *Bucket) begin(ctx context.Context, key string, o objstore.PutOptions, how proof) (string, error) {
	name, err := b.key(ctx, objstore.OpNewUpload, key)
	if err == nil {
		err = objstore.CheckMeta(objstore.OpNewUpload, key, o.Meta)
	}
	if err != nil {
		return "", err
	}
	opts := putOptions(o)
	if how == byCRC {
		opts.UserMetadata[algorithmHeader] = minio.ChecksumCRC32C.String()
	}
	ctx, answer := withAnswer(ctx)
	id, err := b.core.NewMultipartUpload(ctx, b.name, name, opts)
	if err != nil {
		return "", fail(ctx, objstore.OpNewUpload, key, err)
	}
	if id == "" {
		return "", notAStore(objstore.OpNewUpload, key, "the answer has no upload id")
	}
	b.uploads.Store(id, answer.checksums())
	return id, nil
}

// proofOf tells what the parts of an upload carry. Who did not begin it asks.
func (b *Bucket) proofOf(ctx context.Context, op, key, name, id string) (proof, error) {
	if how, ok := b.uploads.Load(id); ok {
		return how.(proof), nil
	}
	page, err := b.core.ListObjectParts(ctx, b.name, name, id, 0, 1)
	if err != nil {
		return byMD5, failUpload(op, key, fail(ctx, op, key, err))
	}
	how := proofNamed(page.ChecksumAlgorithm)
	b.uploads.Store(id, how)
	return how, nil
}

func proofNamed(algorithm string) proof {
	if strings.EqualFold(algorithm, minio.ChecksumCRC32C.String()) {
		return byCRC
	}
	return byMD5
}

// plain makes the next uploads carry MD5: the server does not do with the sums of parts what it does with those of whole objects. The upload in hand
// is of no use.
func (b *Bucket) plain(op, key string) error {
	b.plainParts.Store(true)
	return objstore.Errorf(objstore.NoUpload, op, key, "the server does not look at the CRC-32C of parts")
}

// PutPart implements objstore.Bucket.
func (b *Bucket) PutPart(ctx context.Context, key, id string, number int, body io.ReadSeeker, size int64) (objstore.Part, error) {
	name, err := b.key(ctx, objstore.OpPutPart, key)
	if err == nil {
		err = objstore.CheckPart(objstore.OpPutPart, key, number)
	}
	if err != nil {
		return objstore.Part{}, err
	}
	how, err := b.proofOf(ctx, objstore.OpPutPart, key, name, id)
	if err != nil {
		return objstore.Part{}, err
	}
	up, sum, err := prepare(ctx, objstore.OpPutPart, key, body, size, how)
	if err != nil {
		return objstore.Part{}, err
	}
	opts := minio.PutObjectPartOptions{Md5Base64: sum.md5, DisableContentSha256: true}
	if how == byCRC {
		opts.CustomHeader = http.Header{minio.ChecksumCRC32C.Key(): {sum.crc}}
	}
	p, err := b.core.PutObjectPart(ctx, b.name, name, id, number, up, size, opts)
	if err != nil {
		err = failUpload(objstore.OpPutPart, key, b.failUp(ctx, objstore.OpPutPart, key, up, err))
		if how == byCRC && up.err == nil && objstore.KindOf(err) == objstore.Invalid {
			err = b.plain(objstore.OpPutPart, key)
		}
		return objstore.Part{}, err
	}
	if how == byCRC && p.ChecksumCRC32C != sum.crc {
		return objstore.Part{}, b.plain(objstore.OpPutPart, key)
	}
	if p.ETag == "" {
		return objstore.Part{}, notAStore(objstore.OpPutPart, key, "the answer to an upload has no ETag")
	}
	return objstore.Part{Number: number, Size: size, ETag: p.ETag}, nil
}

// failUpload takes "no such key" for what it is when an upload was asked for.
func failUpload(op, key string, err error) error {
	if objstore.KindOf(err) == objstore.NotFound {
		return objstore.Errorf(objstore.NoUpload, op, key, "no such upload")
	}
	return err
}

// ListParts implements objstore.Bucket.
func (b *Bucket) ListParts(ctx context.Context, key, id string) ([]objstore.Part, error) {
	name, err := b.key(ctx, objstore.OpListParts, key)
	if err != nil {
		return nil, err
	}
	listed, _, err := b.listParts(ctx, objstore.OpListParts, key, name, id)
	if err != nil {
		return nil, err
	}
	parts := make([]objstore.Part, len(listed))
	for i, p := range listed {
		parts[i] = objstore.Part{Number: p.PartNumber, Size: p.Size, ETag: unquote(p.ETag)}
	}
	return parts, nil
}

// listParts returns the parts by number, and what they carry.
func (b *Bucket) listParts(ctx context.Context, op, key, name, id string) (parts []minio.ObjectPart, how proof, err error) {
	for marker := 0; ; {
		page, err := b.core.ListObjectParts(ctx, b.name, name, id, marker, serverPage)
		if err != nil {
			return nil, how, failUpload(op, key, fail(ctx, op, key, err))
		}
		how = proofNamed(page.ChecksumAlgorithm)
		parts = append(parts, page.ObjectParts...)
		if !page.IsTruncated || page.NextPartNumberMarker <= marker {
			break
		}
		marker = page.NextPartNumberMarker
	}
	b.uploads.Store(id, how)
	slices.SortFunc(parts, func(a, b minio.ObjectPart) int { return cmp.Compare(a.PartNumber, b.PartNumber) })
	return parts, how, nil
}

func unquote(etag string) string { return strings.Trim(etag, `"`) }

// CompleteUpload implements objstore.Bucket. The answer carries no metadata.
func (b *Bucket) CompleteUpload(ctx context.Context, key, id string, parts []objstore.Part) (objstore.Object, error) {
	name, err := b.key(ctx, objstore.OpComplete, key)
	if err == nil {
		err = objstore.CheckParts(key, parts)
	}
	if err != nil {
		return objstore.Object{}, err
	}
	var size int64
	list := make([]minio.CompletePart, len(parts))
	for i, p := range parts {
		list[i] = minio.CompletePart{PartNumber: p.Number, ETag: p.ETag}
		size += p.Size
	}
	how, err := b.addSums(ctx, key, name, id, list)
	if err != nil {
		return objstore.Object{}, err
	}
	ctx, answer := withAnswer(ctx)
	info, err := b.core.CompleteMultipartUpload(ctx, b.name, name, id, list, minio.PutObjectOptions{})
	if err != nil {
		err = failUpload(objstore.OpComplete, key, b.failBlocked(ctx, objstore.OpComplete, key, err))
		if how == byCRC && objstore.KindOf(err) == objstore.Invalid {
			b.plainParts.Store(true) // whoever tries again from the start gets on
		}
		return objstore.Object{}, err
	}
	b.uploads.Delete(id)
	if info.ETag == "" && !b.joined(ctx, key, size, parts) {
		return objstore.Object{}, notAStore(objstore.OpComplete, key, "the answer has no ETag")
	}
	return objstore.Object{Key: key, Size: size, Modified: answer.time(), ETag: cmp.Or(info.ETag, objstore.JoinedETag(parts))}, nil
}

// addSums adds to each part of an upload with CRC-32C the sum that the server has proved and wants to hear again. It returns what the parts carry.
func (b *Bucket) addSums(ctx context.Context, key, name, id string, list []minio.CompletePart) (proof, error) {
	if how, known := b.uploads.Load(id); known && how != byCRC {
		return byMD5, nil
	}
	listed, how, err := b.listParts(ctx, objstore.OpComplete, key, name, id)
	if err != nil || how != byCRC {
		return how, err
	}
	sums := make(map[int]minio.ObjectPart, len(listed))
	for _, p := range listed {
		sums[p.PartNumber] = p
	}
	for i, p := range list {
		if l := sums[p.PartNumber]; unquote(l.ETag) == unquote(p.ETag) {
			list[i].ChecksumCRC32C = l.ChecksumCRC32C
		}
	}
	return how, nil
}

// joined tells whether the object is the one that these parts make. Ceph 16 completes an upload and leaves the ETag in its answer empty.
func (b *Bucket) joined(ctx context.Context, key string, size int64, parts []objstore.Part) bool {
	got, err := b.Head(ctx, key)
	return err == nil && got.Size == size && got.ETag != "" && got.ETag == objstore.JoinedETag(parts)
}

// AbortUpload implements objstore.Bucket.
func (b *Bucket) AbortUpload(ctx context.Context, key, id string) error {
	name, err := b.key(ctx, objstore.OpAbort, key)
	if err != nil {
		return err
	}
	b.uploads.Delete(id)
	err = fail(ctx, objstore.OpAbort, key, b.core.AbortMultipartUpload(ctx, b.name, name, id))
	if kind := objstore.KindOf(err); kind == objstore.NoUpload || kind == objstore.NotFound {
		return nil
	}
	return err
}

// ListUploads implements objstore.Bucket.
func (b *Bucket) ListUploads(ctx context.Context, prefix string) ([]objstore.Upload, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var uploads []objstore.Upload
	for keyMarker, idMarker := "", ""; ; {
		page, err := b.core.ListMultipartUploads(ctx, b.name, b.prefix+prefix, keyMarker, idMarker, "", serverPage)
		if err != nil {
			return nil, fail(ctx, objstore.OpListUploads, prefix, err)
		}
		for _, u := range page.Uploads {
			if key, ok := strings.CutPrefix(named(u.Key, page.EncodingType), b.prefix); ok {
				uploads = append(uploads, objstore.Upload{Key: key, ID: u.UploadID, Started: u.Initiated})
			}
		}
		next := named(page.NextKeyMarker, page.EncodingType)
		if !page.IsTruncated || (next == keyMarker && page.NextUploadIDMarker == idMarker) {
			break
		}
		keyMarker, idMarker = next, page.NextUploadIDMarker
	}
	objstore.SortUploads(uploads)
	return uploads, nil
}

// named returns a key of a list for which the library asked, and which it read, as encoded. Ceph 16 encodes, but does not say so. Should another server neither
// say so nor do so, a key that only looks encoded is misread: its upload is then not found, and stays.
func named(key, encoding string) string {
	if plain, err := url.PathUnescape(key); encoding == "" && err == nil && strings.Contains(key, "%") {
		return plain
	}
	return key
}
