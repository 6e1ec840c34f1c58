//go:build !linux && !windows && !darwin

package opener

import (
	"context"
	"errors"
)

func reveal(context.Context, string) error { return errors.ErrUnsupported }

func open(context.Context, string) error { return errors.ErrUnsupported }

func openLink(context.Context, string) error { return errors.ErrUnsupported }
