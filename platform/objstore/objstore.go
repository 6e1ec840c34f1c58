// Package objstore is what the product asks of a place that stores objects: any S3-compatible server, or a plain folder. It
// names only what every measured server does alike. Nothing here is conditional on server-side versioning, conditional writes
// or change events, because at least one real server lacks each of them.
//
// Reading order: this file (the interface), error.go (kinds of failure), check.go and meta.go (what every store accepts), then the
// decorators: hooks.go, retry.go, limit.go with gate.go, log.go; probe.go tries a store out.
// Implementations: s3store, dirstore, memstore; faultstore wraps any of them for tests; storetest is the suite that all pass.
package objstore

import (
	"context"
	"io"
	"time"
)

// Object describes one stored object. List fills Key, Size, Modified and ETag; Head, Get and Put also fill Meta.
type Object struct {
	Key      string
	Size     int64     // bytes
	Modified time.Time // the store's clock
	ETag     string    // opaque; changes when the bytes change; without quotes
	Meta     map[string]string
}

// PutOptions are what is stored beside the bytes.
type PutOptions struct {
	Meta        map[string]string // lower-case ASCII names; values are any UTF-8 (stores escape what they cannot carry); at most MaxMeta in all
	ContentType string            // "" means application/octet-stream
}

// GetOptions select what Get returns. The zero value is the whole object.
type GetOptions struct {
	Offset      int64
	Length      int64  // 0 means to the end
	IfNoneMatch string // an ETag; Get then answers NotModified when the object still has it
}

// Part is one uploaded part of a multipart upload.
type Part struct {
	Number int // from 1 to 10 000
	Size   int64
	ETag   string
}

// Upload is a multipart upload that was neither completed nor aborted.
type Upload struct {
	Key, ID string
	Started time.Time
}

// Bucket stores objects under keys. Keys are UTF-8, at most 900 bytes, segments of at most 200 bytes separated by '/', never
// empty, "." or "..". A key may be a prefix of another at a '/' only where the caller can live with a refusal (some servers
// refuse it). Every method is safe for concurrent use. Errors carry a Kind (see KindOf); context errors are returned as they are.
type Bucket interface {
	// Put stores size bytes of body, whole or not at all, replacing an object of that key. body may be read more than once
	// (it is rewound to its start before every try).
	Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o PutOptions) (Object, error)
	// Get opens the object, or a range of it. A range that starts at or behind the end is an error of kind Invalid.
	Get(ctx context.Context, key string, o GetOptions) (io.ReadCloser, Object, error)
	// Head describes the object.
	Head(ctx context.Context, key string) (Object, error)
	// List returns up to limit objects (0 means 1000) whose keys begin with prefix and sort after startAfter, in the byte order
	// of their keys, and whether more may follow. What was written before the call began is in the answer.
	List(ctx context.Context, prefix, startAfter string, limit int) (objects []Object, more bool, err error)
	// Delete removes the object. An absent object is no error.
	Delete(ctx context.Context, key string) error
	// Copy copies src to dst inside the bucket, metadata included, any size.
	Copy(ctx context.Context, src, dst string) (Object, error)

	// NewUpload begins a multipart upload of key. Every part but the last has at least 5 MiB.
	NewUpload(ctx context.Context, key string, o PutOptions) (id string, err error)
	// PutPart uploads one part; a part of the same number is replaced. Kind NoUpload when the upload is gone, or must begin anew.
	PutPart(ctx context.Context, key, id string, number int, body io.ReadSeeker, size int64) (Part, error)
	// ListParts returns the parts that have arrived, by number. Kind NoUpload when the upload is gone.
	ListParts(ctx context.Context, key, id string) ([]Part, error)
	// CompleteUpload makes the object of the parts, in the order given. Kind NoUpload when the upload is gone; a store that
	// remembers having completed it may answer the object again instead.
	CompleteUpload(ctx context.Context, key, id string, parts []Part) (Object, error)
	// AbortUpload forgets the upload and its parts. An upload that is gone is no error.
	AbortUpload(ctx context.Context, key, id string) error
	// ListUploads returns the unfinished uploads whose keys begin with prefix. A store may be able to answer for whole keys only.
	ListUploads(ctx context.Context, prefix string) ([]Upload, error)
}
