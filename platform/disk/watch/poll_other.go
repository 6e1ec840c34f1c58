//go:build !linux && !windows && !(darwin && cgo)

package watch

import (
	"context"
	"errors"
	"fmt"
)

// openSource: a build without the system's own notices polls.
func openSource(context.Context, target) (source, error) {
	return nil, fmt.Errorf("this build cannot watch folders: %w", errors.ErrUnsupported)
}
