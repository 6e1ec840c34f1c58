//go:build !unix && !windows

package instance

import (
	"context"
	"errors"
)

func openDoor(string) (door, error) { return nil, errors.ErrUnsupported }

func knock(context.Context, string) (visitor, error) { return nil, errors.ErrUnsupported }
