//go:build !linux && !windows && !darwin

package notify

import (
	"context"
	"errors"
)

func show(context.Context, string, Message) error { return errors.ErrUnsupported }
