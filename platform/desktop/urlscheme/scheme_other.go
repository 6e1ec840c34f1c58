//go:build !linux && !windows

package urlscheme

import (
	"context"
	"errors"
)

// Only an application's bundle says which links it opens (CFBundleURLTypes), and the system hands them over as events.

func look(context.Context, Handler) (State, error) { return Nobody, errors.ErrUnsupported }

func register(context.Context, Handler) error { return errors.ErrUnsupported }

func unregister(context.Context, Handler) error { return errors.ErrUnsupported }
