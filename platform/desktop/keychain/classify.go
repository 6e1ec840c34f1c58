package keychain

import (
	"errors"
	"fmt"

	keyring "github.com/zalando/go-keyring"
)

// classify puts the kind in front of an error of the library. What no system explains means that the keyring cannot be used.
func classify(err error) error {
	kind := kindOf(err)
	if errors.Is(err, kind) {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func kindOf(err error) error {
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return ErrNotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooBig
	case lockedError(err):
		return ErrLocked
	}
	return ErrUnavailable
}
