package s3store

import (
	"context"
	"slices"
	"strings"

	"elkjopcloud/platform/objstore"
	"github.com/minio/minio-go/v7"
)

const serverPage = 1000 // more than this no server answers at once

// List implements objstore.Bucket. Placeholders of folders, whose keys end in "/", are left out.
func (b *Bucket) List(ctx context.Context, prefix, startAfter string, limit int) ([]objstore.Object, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	if limit <= 0 {
		limit = objstore.DefaultPage
	}
	options := minio.ListObjectsOptions{Prefix: b.prefix + prefix, Recursive: true, MaxKeys: min(limit, serverPage)}
	if startAfter != "" {
		// Control characters, which no key has, would make Ceph's answer unreadable; what comes before startAfter is left out below.
		start, _, _ := strings.Cut(strings.Map(control, startAfter), "\x00")
		options.StartAfter = b.prefix + start
	}
	var objects []objstore.Object
	for info := range b.core.ListObjectsIter(ctx, b.name, options) {
		if info.Err != nil {
			return nil, false, fail(ctx, objstore.OpList, prefix, info.Err)
		}
		key := strings.TrimPrefix(info.Key, b.prefix)
		if key == "" || strings.HasSuffix(key, "/") || key <= startAfter {
			continue
		}
		objects = append(objects, objstore.Object{Key: key, Size: info.Size, Modified: info.LastModified, ETag: info.ETag})
		if len(objects) == limit {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	if !slices.IsSortedFunc(objects, func(a, b objstore.Object) int { return strings.Compare(a.Key, b.Key) }) {
		return nil, false, objstore.Errorf(objstore.Damaged, objstore.OpList, prefix, "the server does not list in the order of the keys")
	}
	return objects, len(objects) == limit, nil
}

// control makes one of all control characters.
func control(r rune) rune {
	if r < 0x20 || r == 0x7f {
		return 0
	}
	return r
}
