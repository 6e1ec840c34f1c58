package objstore

import (
	"context"
	"errors"
	"fmt"
)

// Kind says what a caller can do about a failure.
type Kind int

const (
	Other       Kind = iota // unknown
	NotFound                // no such object
	NotModified             // Get with IfNoneMatch: still the same
	NoBucket                // the bucket (or the folder that stands for it) does not exist
	NoUpload                // the multipart upload is gone
	KeyRefused              // the access key is unknown, expired, or its signature is wrong
	Denied                  // the key is good but may not do this
	ClockSkew               // this computer's clock is too far from the server's
	Untrusted               // the server's TLS certificate is not trusted
	NotAStore               // something answers there that is not an object store (a web page, a login portal)
	Unreachable             // no answer: no network, name not found, refused, timed out, cut
	Busy                    // the server asks to try later (throttled, 5xx)
	Full                    // no space left, or a quota is used up
	Invalid                 // the store cannot hold this key, or refuses this request for good
	Archived                // the object is in cold storage and cannot be read now
	Damaged                 // the bytes that came are not the bytes that were promised
)

// Error is a failed request.
type Error struct {
	Kind Kind
	Op   string // "put", "get", …
	Key  string // "" for the bucket
	Err  error
}

// Error gives operation, key and cause; never credentials.
func (e *Error) Error() string { return fmt.Sprintf("%s %s: %v", e.Op, e.Key, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first Error in err's chain, else Other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Other
}

// Temporary tells whether the same request may succeed later without anybody doing anything.
func Temporary(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	k := KindOf(err)
	return k == Unreachable || k == Busy || k == NotAStore
}
