package s3store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

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
		options.StartAfter = b.prefix + startAfter[:sendable(startAfter)] // what comes before startAfter is left out below
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

// sendable returns how many bytes of s every server understands and repeats. No key has others: control characters would make Ceph's answer unreadable, and
// of bytes that are not UTF-8 the library makes a character that may sort after keys that follow.
func sendable(s string) int {
	i := strings.IndexFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f || r == utf8.RuneError })
	if i < 0 {
		return len(s)
	}
	return i
}
