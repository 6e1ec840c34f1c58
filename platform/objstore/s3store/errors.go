package s3store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"elkjopcloud/platform/objstore"
	"github.com/minio/minio-go/v7"
)

// kinds by the codes of S3, and of the servers that add their own. What is not here is judged by its HTTP status.
var kinds = map[string]objstore.Kind{
	"NoSuchKey": objstore.NotFound, "NoSuchVersion": objstore.NotFound,
	"NoSuchBucket": objstore.NoBucket,
	"NoSuchUpload": objstore.NoUpload,

	"InvalidAccessKeyId": objstore.KeyRefused, "SignatureDoesNotMatch": objstore.KeyRefused, "ExpiredToken": objstore.KeyRefused,
	"InvalidToken": objstore.KeyRefused, "TokenRefreshRequired": objstore.KeyRefused, "InvalidClientTokenId": objstore.KeyRefused,
	"InvalidSecurity": objstore.KeyRefused, "UserDisabled": objstore.KeyRefused, "MissingSecurityHeader": objstore.KeyRefused,
	"NotSignedUp": objstore.KeyRefused, "UserSuspended": objstore.KeyRefused,

	"AccessDenied": objstore.Denied, "AllAccessDisabled": objstore.Denied, "AccountProblem": objstore.Denied, "MethodNotAllowed": objstore.Denied,
	"Unauthorized": objstore.Denied,

	"RequestTimeTooSkewed": objstore.ClockSkew, "RequestExpired": objstore.ClockSkew, "RequestNotReadyYet": objstore.ClockSkew,

	"SlowDown": objstore.Busy, "SlowDownRead": objstore.Busy, "SlowDownWrite": objstore.Busy, "ServiceUnavailable": objstore.Busy,
	"InternalError": objstore.Busy, "Throttling": objstore.Busy, "ThrottlingException": objstore.Busy, "RequestLimitExceeded": objstore.Busy,
	"RequestThrottled": objstore.Busy, "RequestTimeout": objstore.Busy, "OperationAborted": objstore.Busy, "TooManyRequests": objstore.Busy,
	"XMinioServerNotInitialized": objstore.Busy, "ConditionalRequestConflict": objstore.Busy,
	"IncompleteBody": objstore.Unreachable,

	"QuotaExceeded": objstore.Full, "XMinioStorageFull": objstore.Full, "XMinioAdminBucketQuotaExceeded": objstore.Full,
	"InsufficientStorage": objstore.Full, "InsufficientCapacity": objstore.Full, "ServiceQuotaExceeded": objstore.Full,

	"InvalidObjectState": objstore.Archived,

	"BadDigest": objstore.Damaged, "InvalidDigest": objstore.Damaged, "XAmzContentSHA256Mismatch": objstore.Damaged, "ContentSHA256Mismatch": objstore.Damaged,
	"XAmzContentChecksumMismatch": objstore.Damaged,
	"PreconditionFailed":          objstore.Busy, // only sent by Copy: the source changed meanwhile
}

// fail makes an objstore.Error of what the client library returns; nil stays nil. A context that ended is returned as it is.
func fail(ctx context.Context, op, key string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var e *objstore.Error
	if errors.As(err, &e) {
		return &objstore.Error{Kind: e.Kind, Op: op, Key: key, Err: e.Err}
	}
	kind, cause := judge(err)
	return &objstore.Error{Kind: kind, Op: op, Key: key, Err: cause}
}

// failBlocked looks twice at "there is a folder of that name": VersityGW says so too when it is just removing an empty one, and
// then the same request succeeds a moment later.
func (b *Bucket) failBlocked(ctx context.Context, op, key string, err error) error {
	const blocked = "ExistingObjectIsDirectory"
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) || answer.Code != blocked {
		return fail(ctx, op, key, err)
	}
	below, _, listErr := b.List(ctx, key+"/", "", 1)
	if listErr == nil && len(below) == 0 {
		return objstore.Errorf(objstore.Busy, op, key, "a folder of that name is being removed")
	}
	return fail(ctx, op, key, err)
}

func notAStore(op, key, why string) error {
	return &objstore.Error{Kind: objstore.NotAStore, Op: op, Key: key, Err: errors.New(why)}
}

// judge returns the kind of a failure and a cause that is fit to be shown.
func judge(err error) (objstore.Kind, error) {
	var answer minio.ErrorResponse
	if errors.As(err, &answer) {
		return judgeAnswer(answer)
	}
	var credentials *credentialsError
	if errors.As(err, &credentials) {
		if kind := objstore.KindOf(credentials.err); kind != objstore.Other {
			return kind, credentials
		}
		return objstore.KeyRefused, credentials
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return objstore.Unreachable, fmt.Errorf("the answer was cut: %w", err)
	}
	return judgeNetwork(err)
}

// judgeAnswer judges what a server said.
func judgeAnswer(a minio.ErrorResponse) (objstore.Kind, error) {
	cause := errors.New(short(a.Code + ": " + a.Error()))
	if strings.Contains(a.Message, "expired") && a.Code == "AccessDenied" {
		return objstore.ClockSkew, cause
	}
	switch a.Code {
	case "AuthorizationHeaderMalformed", "InvalidRegion", "IllegalLocationConstraintException", "PermanentRedirect":
		return objstore.Invalid, fmt.Errorf("%w: %w", ErrRegion, cause)
	case "InvalidBucketName":
		return objstore.Invalid, fmt.Errorf("%w: %w", ErrBucketName, cause)
	}
	if kind, ok := kinds[a.Code]; ok {
		return kind, cause
	}
	return judgeStatus(a.StatusCode), cause
}

// judgeStatus judges an HTTP status without a known code.
func judgeStatus(status int) objstore.Kind {
	switch {
	case status == http.StatusNotModified:
		return objstore.NotModified
	case status == http.StatusUnauthorized:
		return objstore.KeyRefused
	case status == http.StatusForbidden:
		return objstore.Denied
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == 499:
		return objstore.Busy
	case status == http.StatusInsufficientStorage:
		return objstore.Full
	case status == http.StatusNotImplemented:
		return objstore.Invalid
	case status >= 500:
		return objstore.Busy
	case status >= 300:
		return objstore.Invalid
	}
	return objstore.Other
}

// judgeNetwork judges what kept a request from being answered. The URL is left out of the cause: it says nothing new.
func judgeNetwork(err error) (objstore.Kind, error) {
	var bad *badAnswer
	if errors.As(err, &bad) {
		return bad.kind, bad
	}
	var request *url.Error
	if !errors.As(err, &request) {
		return objstore.Other, err
	}
	cause := request.Err
	switch {
	case untrusted(cause):
		return objstore.Untrusted, cause
	case strings.Contains(cause.Error(), "gave HTTP response to HTTPS client") || errors.As(cause, &tls.RecordHeaderError{}):
		return objstore.NotAStore, errors.New("the server does not speak TLS; is it http:// instead of https://?")
	case strings.Contains(cause.Error(), "Connection closed by foreign host"): // the library's words, with the URL
		return objstore.Unreachable, errors.New("the connection was closed")
	}
	return objstore.Unreachable, cause
}

func untrusted(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		host         x509.HostnameError
		invalid      x509.CertificateInvalidError
		roots        x509.SystemRootsError
	)
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &invalid) || errors.As(err, &roots)
}

// short keeps a server's words within a line.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return text
}
