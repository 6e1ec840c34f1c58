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

// String returns the kind as one word for logs.
func (k Kind) String() string {
	names := [...]string{
		"other", "not-found", "not-modified", "no-bucket", "no-upload", "key-refused", "denied", "clock-skew", "untrusted",
		"not-a-store", "unreachable", "busy", "full", "invalid", "archived", "damaged",
	}
	if k < 0 || int(k) >= len(names) {
		return fmt.Sprintf("kind-%d", int(k))
	}
	return names[k]
}

// Error is a failed request.
type Error struct {
	Kind Kind
	Op   string // "put", "get", … (see the Op constants)
	Key  string // "" for the bucket
	Err  error
}

// Error gives operation, key and cause; never credentials.
func (e *Error) Error() string {
	if e.Key == "" {
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("%s %s: %v", e.Op, e.Key, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of the given kind; format and args as in fmt.Errorf, %w included.
func Errorf(kind Kind, op, key, format string, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Key: key, Err: fmt.Errorf(format, args...)}
}

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
