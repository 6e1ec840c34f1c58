//go:build !linux && !windows && !darwin

package autostart

import (
	"context"
	"errors"
)

func look(context.Context, Program) (State, error) { return Off, errors.ErrUnsupported }

func enable(context.Context, Program) error { return errors.ErrUnsupported }

func disable(context.Context, Program) error { return errors.ErrUnsupported }
