package dirstore

import (
	"errors"
	"io/fs"

	"elkjopcloud/platform/objstore"
)

// fail makes an objstore.Error of what the file system said; nil stays nil.
func fail(op, key string, err error) error {
	if err == nil {
		return nil
	}
	var e *objstore.Error
	if errors.As(err, &e) {
		return err
	}
	return &objstore.Error{Kind: kindOf(err), Op: op, Key: key, Err: err}
}

func kindOf(err error) objstore.Kind {
	if kind := errnoKind(err); kind != objstore.Other {
		return kind
	}
	switch {
	case errors.Is(err, errBlocked):
		return objstore.Invalid
	case errors.Is(err, fs.ErrPermission):
		return objstore.Denied
	case errors.Is(err, fs.ErrNotExist): // of something that was there a moment ago
		return objstore.Busy
	}
	return objstore.Other
}
