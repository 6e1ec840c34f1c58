package wiring

import (
	"context"
	"errors"
	"fmt"

	"elkjopcloud/app"
	"elkjopcloud/app/config"
	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/s3store"
)

// inWords gives the failures of a store their words where only here it is known which bucket or folder it is.
func inWords(s config.Storage) objstore.Hooks {
	return objstore.Hooks{Around: func(ctx context.Context, _ objstore.Call, act objstore.Act) error {
		return told(s, act(ctx))
	}}
}

// told returns the words for a failure where it has some; other errors, and nil, stay what they are.
func told(s config.Storage, err error) error {
	if p := refused(s, err); p != nil {
		return p
	}
	return err
}

// refused returns nil for what needs no words of its own.
func refused(s config.Storage, err error) *app.Problem {
	kind := objstore.KindOf(err)
	switch {
	case s.Kind == config.S3 && kind == objstore.NoBucket:
		return &app.Problem{
			Code: "no-bucket", Message: fmt.Sprintf("There is no bucket %s at %s.", s.Bucket, s.Endpoint),
			Action: "Check the name and the address. If the bucket was removed, make it again or connect to another one.", Why: "no-such-bucket", Name: s.Bucket, Err: err,
		}
	case s.Kind == config.S3 && errors.Is(err, s3store.ErrRegion):
		return &app.Problem{
			Code: app.CodeWrongUse, Message: fmt.Sprintf("The bucket %s is in another region.", s.Bucket),
			Action: "Connect again without --region, or with the right one.", Why: "other-region", Name: s.Bucket, Err: err,
		}
	case s.Kind == config.S3 && errors.Is(err, s3store.ErrBucketName):
		return noName(s, err)
	case s.Kind == config.Folder && kind == objstore.Denied:
		return &app.Problem{
			Code: "denied", Message: fmt.Sprintf("The folder of the storage, %s, does not take changes, or cannot be read.", s.Dir),
			Action: "Allow your user to read and write there. If its disk is read-only, make it writable.", Why: "storage-denied", Name: s.Dir, Err: err,
		}
	}
	return nil
}

func noName(s config.Storage, err error) *app.Problem {
	return &app.Problem{Code: app.CodeWrongUse, Message: fmt.Sprintf("%q cannot be the name of a bucket.", s.Bucket),
		Action: "Use 3 to 63 small letters, digits, dots and hyphens.", Why: "bad-bucket", Name: s.Bucket, Err: err}
}

// misgiven says what of a bucket's place cannot be right; an error that is about something else stays what it is.
func misgiven(s config.Storage, err error) error {
	p := &app.Problem{Code: app.CodeWrongUse, Err: err}
	switch {
	case errors.Is(err, s3store.ErrEndpoint):
		p.Why, p.Message = "bad-address", "This cannot be the address of a storage."
		p.Action = "Give --endpoint as https://s3.example.com or http://nas:9000, with nothing behind it."
	case errors.Is(err, s3store.ErrBucketName):
		return noName(s, err)
	case errors.Is(err, s3store.ErrPrefix):
		p.Message = fmt.Sprintf("%q cannot be a prefix.", s.Prefix)
		p.Action = "Use a name such as family or family/kari, of at most 100 bytes."
	case errors.Is(err, s3store.ErrProxy):
		p.Why, p.Message = "bad-proxy", "This cannot be the address of a proxy."
		p.Action = "Give it as http://proxy.example.com:3128, https:// or socks5://, without a name or a password in it."
	case errors.Is(err, s3store.ErrCA):
		p.Code, p.Path = "untrusted", s.CA
		p.Why, p.Message = "bad-ca", "This file of certificates cannot be used."
		p.Action = "Give --ca a file that can be read and holds the server's certificate in PEM form."
	default:
		return err
	}
	return p
}
