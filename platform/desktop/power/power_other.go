//go:build !linux && !windows && !darwin

package power

import (
	"context"
	"errors"
)

func (*System) onBattery(context.Context) (bool, error) { return false, errors.ErrUnsupported }

func (*System) metered(context.Context) (bool, error) { return false, errors.ErrUnsupported }

func (*System) keepAwake(context.Context, string) (func(), error) { return nil, errors.ErrUnsupported }

func (*System) watch(context.Context, func()) error { return errors.ErrUnsupported }
