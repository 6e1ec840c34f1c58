package s3store

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"github.com/minio/minio-go/v7"
)

// NewUpload implements objstore.Bucket.
func (b *Bucket) NewUpload(ctx context.Context, key string, o objstore.PutOptions) (string, error) {
	name, err := b.key(ctx, objstore.OpNewUpload, key)
	if err == nil {
		err = objstore.CheckMeta(objstore.OpNewUpload, key, o.Meta)
	}
	if err != nil {
		return "", err
	}
	id, err := b.core.NewMultipartUpload(ctx, b.name, name, putOptions(o))
	if err != nil {
		return "", fail(ctx, objstore.OpNewUpload, key, err)
	}
	if id == "" {
		return "", notAStore(objstore.OpNewUpload, key, "the answer has no upload id")
	}
	return id, nil
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
	up, sum, err := prepare(ctx, objstore.OpPutPart, key, body, size, byMD5)
	if err != nil {
		return objstore.Part{}, err
	}
	p, err := b.core.PutObjectPart(ctx, b.name, name, id, number, up, size, minio.PutObjectPartOptions{Md5Base64: sum.md5, DisableContentSha256: true})
	if err != nil {
		return objstore.Part{}, failUpload(objstore.OpPutPart, key, b.failUp(ctx, objstore.OpPutPart, key, up, err))
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
	var parts []objstore.Part
	for marker := 0; ; {
		page, err := b.core.ListObjectParts(ctx, b.name, name, id, marker, serverPage)
		if err != nil {
			return nil, failUpload(objstore.OpListParts, key, fail(ctx, objstore.OpListParts, key, err))
		}
		for _, p := range page.ObjectParts {
			parts = append(parts, objstore.Part{Number: p.PartNumber, Size: p.Size, ETag: unquote(p.ETag)})
		}
		if !page.IsTruncated || page.NextPartNumberMarker <= marker {
			break
		}
		marker = page.NextPartNumberMarker
	}
	slices.SortFunc(parts, func(a, b objstore.Part) int { return cmp.Compare(a.Number, b.Number) })
	return parts, nil
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
	ctx, answer := withAnswer(ctx)
	info, err := b.core.CompleteMultipartUpload(ctx, b.name, name, id, list, minio.PutObjectOptions{})
	if err != nil {
		return objstore.Object{}, failUpload(objstore.OpComplete, key, b.failBlocked(ctx, objstore.OpComplete, key, err))
	}
	if info.ETag == "" && !b.joined(ctx, key, size, parts) {
		return objstore.Object{}, notAStore(objstore.OpComplete, key, "the answer has no ETag")
	}
	return objstore.Object{Key: key, Size: size, Modified: answer.time(), ETag: cmp.Or(info.ETag, objstore.JoinedETag(parts))}, nil
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
			if key, ok := strings.CutPrefix(u.Key, b.prefix); ok {
				uploads = append(uploads, objstore.Upload{Key: key, ID: u.UploadID, Started: u.Initiated})
			}
		}
		if !page.IsTruncated || (page.NextKeyMarker == keyMarker && page.NextUploadIDMarker == idMarker) {
			break
		}
		keyMarker, idMarker = page.NextKeyMarker, page.NextUploadIDMarker
	}
	objstore.SortUploads(uploads)
	return uploads, nil
}
