package s3store

import (
	"context"
	"time"

	"elkjopcloud/platform/objstore"
	"github.com/minio/minio-go/v7"
)

// copyLimits are the sizes, in bytes, up to which a server copies in one request, and of the parts above that.
type copyLimits struct{ whole, part int64 }

var defaultCopyLimits = copyLimits{whole: 5 << 30, part: 1 << 30}

// Copy implements objstore.Bucket. Objects above 5 GiB are copied as a multipart upload.
func (b *Bucket) Copy(ctx context.Context, src, dst string) (objstore.Object, error) {
	if err := objstore.CheckKey(objstore.OpCopy, dst); err != nil {
		return objstore.Object{}, err
	}
	from, err := b.Head(ctx, src)
	if err != nil || src == dst {
		return from, asOp(objstore.OpCopy, err)
	}
	if from.Size > b.copies.whole {
		return b.copyParts(ctx, from, dst)
	}
	ctx, answer := withAnswer(ctx)
	info, err := b.core.Client.CopyObject(ctx, minio.CopyDestOptions{Bucket: b.name, Object: b.prefix + dst},
		minio.CopySrcOptions{Bucket: b.name, Object: b.prefix + src, MatchETag: from.ETag})
	if err != nil {
		return objstore.Object{}, b.failBlocked(ctx, objstore.OpCopy, dst, err)
	}
	if info.ETag == "" {
		return objstore.Object{}, notAStore(objstore.OpCopy, dst, "the answer to a copy has no ETag")
	}
	return copied(from, dst, info.ETag, answer.time()), nil
}

func copied(from objstore.Object, dst, etag string, modified time.Time) objstore.Object {
	from.Key, from.ETag, from.Modified = dst, etag, modified
	return from
}

// copyParts copies a large object. The source cannot change meanwhile without being noticed.
func (b *Bucket) copyParts(ctx context.Context, from objstore.Object, dst string) (objstore.Object, error) {
	contentType, err := b.contentType(ctx, from.Key)
	if err != nil {
		return objstore.Object{}, err
	}
	id, err := b.begin(ctx, dst, objstore.PutOptions{Meta: from.Meta, ContentType: contentType}, byMD5)
	if err != nil {
		return objstore.Object{}, asOp(objstore.OpCopy, err)
	}
	o, err := b.copyInto(ctx, from, dst, id)
	if err != nil {
		b.abandon(ctx, dst, id)
		return objstore.Object{}, asOp(objstore.OpCopy, err)
	}
	o.Meta = from.Meta
	return o, nil
}

func (b *Bucket) contentType(ctx context.Context, key string) (string, error) {
	info, err := b.core.StatObject(ctx, b.name, b.prefix+key, minio.StatObjectOptions{})
	return info.ContentType, fail(ctx, objstore.OpCopy, key, err)
}

func (b *Bucket) copyInto(ctx context.Context, from objstore.Object, dst, id string) (objstore.Object, error) {
	var parts []objstore.Part
	same := map[string]string{"x-amz-copy-source-if-match": `"` + from.ETag + `"`}
	for offset := int64(0); offset < from.Size; offset += b.copies.part {
		size := min(b.copies.part, from.Size-offset)
		p, err := b.core.CopyObjectPart(ctx, b.name, b.prefix+from.Key, b.name, b.prefix+dst, id, len(parts)+1, offset, size, same)
		if err != nil {
			return objstore.Object{}, fail(ctx, objstore.OpCopy, from.Key, err)
		}
		parts = append(parts, objstore.Part{Number: p.PartNumber, Size: size, ETag: unquote(p.ETag)})
	}
	return b.CompleteUpload(ctx, dst, id, parts)
}

// abandon removes an upload that nobody will complete, also when the caller has given up.
func (b *Bucket) abandon(ctx context.Context, key, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	_ = b.AbortUpload(ctx, key, id) // ListUploads finds it otherwise
}
